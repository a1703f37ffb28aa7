/* VACUUM INTO is a copy in one read transaction: in WAL mode it neither waits for the writer nor keeps it waiting. */
#include "daemon/cli/backup_database.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/migrate.h"

#define PATIENCE_MS 30000
#define TABLES      "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"

extern const struct migrations STORE_MIGRATIONS;    /* of daemon/store */
extern const struct migrations CASEBOOK_MIGRATIONS; /* of dashboard/casebook */

static const struct kind {
    const char *of_kind; /* 1 when it has the table that only this kind has */
    const char *latest;
    const struct migrations *migrations;
} KINDS[BACKUP_DATABASES] = {
    [BACKUP_ATTENDANCE] = {"SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'event'",
                           "SELECT max(coalesce((SELECT max(received_ms) FROM event), 0), "
                           "coalesce((SELECT max(received_ms) FROM receipt), 0))",
                           &STORE_MIGRATIONS},
    [BACKUP_CASEBOOK] = {"SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'audit'",
                         "SELECT coalesce(max(at_ms), 0) FROM audit", &CASEBOOK_MIGRATIONS},
};

static bool say(char *why, const char *path, const char *what)
{
    snprintf(why, BACKUP_WHY_BYTES, "%s: %s", path, what);
    return false;
}

static bool say_sqlite(char *why, const char *path, sqlite3 *connection)
{
    return say(why, path, connection != NULL ? sqlite3_errmsg(connection) : "out of memory");
}

/* NULL: *why says why. */
static sqlite3 *open_to_read(const char *path, char *why)
{
    sqlite3 *connection = NULL;
    if (sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
        sqlite3_busy_timeout(connection, PATIENCE_MS) == SQLITE_OK)
        return connection;
    say_sqlite(why, path, connection);
    sqlite3_close(connection);
    return NULL;
}

/* The number in the first column of the first row. */
static bool number_of(sqlite3 *connection, const char *question, int64_t *number)
{
    sqlite3_stmt *statement = NULL;
    bool good = sqlite3_prepare_v2(connection, question, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_ROW;
    if (good)
        *number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return good;
}

static bool run(const char *path, int flags, const char *text, char *why)
{
    sqlite3 *connection = NULL;
    bool good = text != NULL && sqlite3_open_v2(path, &connection, flags | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
                sqlite3_busy_timeout(connection, PATIENCE_MS) == SQLITE_OK &&
                sqlite3_exec(connection, text, NULL, NULL, NULL) == SQLITE_OK;
    if (!good && sqlite3_errcode(connection) == SQLITE_FULL)
        say(why, path, "the disk is full: as much room as the database has is needed for its copy");
    else if (!good)
        say_sqlite(why, path, connection);
    sqlite3_close(connection);
    return good;
}

bool backup_database_copy(const char *from, const char *to, char why[BACKUP_WHY_BYTES])
{
    char *copy = sqlite3_mprintf("VACUUM INTO %Q", to);
    bool good =
        run(from, SQLITE_OPEN_READONLY, copy, why) && run(to, SQLITE_OPEN_READWRITE, "PRAGMA application_id = 0", why);
    sqlite3_free(copy);
    return good;
}

static bool is_sound(sqlite3 *connection, const char *path, char *why)
{
    sqlite3_stmt *statement = NULL;
    const char *answer = NULL;
    if (sqlite3_prepare_v2(connection, "PRAGMA integrity_check(1)", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        answer = (const char *)sqlite3_column_text(statement, 0);
    bool sound = answer != NULL && strcmp(answer, "ok") == 0;
    if (!sound)
        snprintf(why, BACKUP_WHY_BYTES, "%s is damaged: %s", path,
                 answer != NULL ? answer : sqlite3_errmsg(connection));
    sqlite3_finalize(statement);
    return sound;
}

static bool is_known(sqlite3 *connection, const struct kind *kind, const char *path, int64_t *version, char *why)
{
    int64_t tables = 0, newest = migrate_newest(kind->migrations);
    if (!number_of(connection, "PRAGMA user_version", version) || !number_of(connection, kind->of_kind, &tables))
        return say_sqlite(why, path, connection);
    if (tables == 1 && *version >= 1 && *version <= newest)
        return true;
    if (tables == 1)
        snprintf(why, BACKUP_WHY_BYTES,
                 "%s: its version is %lld, this program knows 1 to %lld: install the newer program first", path,
                 (long long)*version, (long long)newest);
    else
        say(why, path, "a database of another kind");
    return false;
}

/* How many rows each table has. */
static json_t *count_rows(sqlite3 *connection)
{
    sqlite3_stmt *tables = NULL;
    json_t *rows = json_object();
    int result = sqlite3_prepare_v2(connection, TABLES, -1, &tables, NULL);
    while (rows != NULL && result == SQLITE_OK && sqlite3_step(tables) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(tables, 0);
        char *question = sqlite3_mprintf("SELECT count(*) FROM \"%w\"", table);
        int64_t count = 0;
        if (question == NULL || !number_of(connection, question, &count) ||
            json_object_set_new(rows, table, json_integer(count)) != 0)
            result = SQLITE_ERROR;
        sqlite3_free(question);
    }
    sqlite3_finalize(tables);
    if (result == SQLITE_OK)
        return rows;
    json_decref(rows);
    return NULL;
}

json_t *backup_database_told(enum backup_database which, const char *path, char why[BACKUP_WHY_BYTES])
{
    const struct kind *kind = &KINDS[which];
    int64_t version = 0, latest_ms = 0, pages = 0, page_bytes = 0;
    json_t *rows = NULL;
    sqlite3 *connection = open_to_read(path, why);
    if (connection != NULL && is_sound(connection, path, why) && is_known(connection, kind, path, &version, why)) {
        rows = number_of(connection, "PRAGMA page_count", &pages) &&
                       number_of(connection, "PRAGMA page_size", &page_bytes) &&
                       number_of(connection, kind->latest, &latest_ms)
                   ? count_rows(connection)
                   : NULL;
        if (rows == NULL)
            say_sqlite(why, path, connection);
    }
    sqlite3_close(connection);
    return rows == NULL ? NULL
                        : json_pack("{s:I, s:I, s:I, s:o}", "version", (json_int_t)version, "bytes",
                                    (json_int_t)pages * (json_int_t)page_bytes, "latest_ms", (json_int_t)latest_ms,
                                    "rows", rows);
}

bool backup_database_latest(enum backup_database which, const char *path, int64_t *latest_ms)
{
    char why[BACKUP_WHY_BYTES];
    sqlite3 *connection = open_to_read(path, why);
    bool good = connection != NULL && number_of(connection, KINDS[which].latest, latest_ms);
    sqlite3_close(connection);
    return good;
}

bool backup_database_protects(const char *path, bool *protects, char why[BACKUP_WHY_BYTES])
{
    int64_t pupils = 0;
    sqlite3 *connection = open_to_read(path, why);
    bool good = connection != NULL && number_of(connection, "SELECT count(*) FROM pupil WHERE protected <> 0", &pupils);
    if (connection != NULL && !good)
        say_sqlite(why, path, connection);
    sqlite3_close(connection);
    *protects = pupils > 0;
    return good;
}
