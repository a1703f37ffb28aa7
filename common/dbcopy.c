/* SQLite's backup interface copies the pages and its pager makes them durable. The copy is then opened anew, checked
 * and compared, because it matters only on the day when something else went wrong. */
#include "common/dbcopy.h"

#include <stdio.h>
#include <string.h>

/* synchronous=EXTRA also syncs the folder after the rollback journal was removed: a journal that came back after a
 * power cut would undo the copy. The pages say WAL mode, as the database's do; the copy is taken out of it to be one
 * file. */
#define COPY_PRAGMAS "PRAGMA synchronous = EXTRA; PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF"
#define ONE_FILE     "PRAGMA journal_mode = DELETE"
#define TABLES       "SELECT 'sqlite_schema' UNION ALL SELECT name FROM sqlite_schema WHERE type = 'table'"

enum found {
    FOUND_NOTHING,    /* no file, an empty one, or a damaged one, as a crash leaves it: may be replaced */
    FOUND_SAME,       /* a sound copy of the state that is to be copied */
    FOUND_OTHER,      /* a sound copy of another state: never replaced */
    FOUND_UNREADABLE, /* no verdict: the error is not one of damage */
};

struct copy {
    sqlite3 *of, *database;
    sqlite3_vfs *vfs;
    char *name, *why;
};

static bool refuse(const struct copy *copy, const char *sentence)
{
    snprintf(copy->why, DBCOPY_WHY_BYTES, "%s", sentence);
    return false;
}

static bool open_copy(struct copy *copy, int more_flags)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | more_flags;
    return sqlite3_open_v2(copy->name, &copy->database, flags, copy->vfs->zName) == SQLITE_OK &&
           sqlite3_exec(copy->database, COPY_PRAGMAS, NULL, NULL, NULL) == SQLITE_OK;
}

static void close_copy(struct copy *copy)
{
    sqlite3_close(copy->database);
    copy->database = NULL;
}

static bool exists(const struct copy *copy, const char *name)
{
    int there = 0;
    return copy->vfs->xAccess(copy->vfs, name, SQLITE_ACCESS_EXISTS, &there) == SQLITE_OK && there;
}

static void remove_files(const struct copy *copy)
{
    /* The file last: a journal or log that outlived it would be applied to the next file of that name. */
    static const char *const ENDINGS[] = {"-journal", "-wal", ""};
    char name[DBCOPY_NAME_BYTES + 16];
    for (size_t i = 0; i < sizeof ENDINGS / sizeof ENDINGS[0]; i++) {
        snprintf(name, sizeof name, "%s%s", copy->name, ENDINGS[i]);
        if (exists(copy, name))
            copy->vfs->xDelete(copy->vfs, name, 1);
    }
}

/* Byte for byte, types too: 1 and '1' are not the same value. */
static bool same_row(sqlite3_stmt *left, sqlite3_stmt *right)
{
    for (int i = 0; i < sqlite3_column_count(left); i++) {
        if (sqlite3_column_type(left, i) != sqlite3_column_type(right, i))
            return false;
        if (sqlite3_column_type(left, i) == SQLITE_INTEGER) {
            if (sqlite3_column_int64(left, i) != sqlite3_column_int64(right, i))
                return false;
            continue;
        }
        const void *bytes = sqlite3_column_blob(left, i), *others = sqlite3_column_blob(right, i);
        int length = sqlite3_column_bytes(left, i);
        if (length != sqlite3_column_bytes(right, i) || (length > 0 && memcmp(bytes, others, (size_t)length) != 0))
            return false;
    }
    return true;
}

/* Pairwise in scan order, without sorting: the same statement on the same schema has the same plan on both sides. */
static bool same_rows(sqlite3_stmt *left, sqlite3_stmt *right)
{
    int result, other;
    do {
        result = sqlite3_step(left);
        other = sqlite3_step(right);
        if (result == SQLITE_ROW && other == SQLITE_ROW && !same_row(left, right))
            return false;
    } while (result == SQLITE_ROW && other == SQLITE_ROW);
    return result == SQLITE_DONE && other == SQLITE_DONE;
}

static bool same_table(const struct copy *copy, const char *table)
{
    sqlite3_stmt *left = NULL, *right = NULL;
    char *question = sqlite3_mprintf("SELECT * FROM \"%w\"", table);
    bool same = question != NULL && sqlite3_prepare_v2(copy->of, question, -1, &left, NULL) == SQLITE_OK &&
                sqlite3_prepare_v2(copy->database, question, -1, &right, NULL) == SQLITE_OK &&
                sqlite3_column_count(left) == sqlite3_column_count(right) && same_rows(left, right);
    sqlite3_finalize(left);
    sqlite3_finalize(right);
    sqlite3_free(question);
    return same;
}

static bool same_content(const struct copy *copy)
{
    sqlite3_stmt *tables = NULL;
    int result = sqlite3_prepare_v2(copy->of, TABLES, -1, &tables, NULL);
    bool same = result == SQLITE_OK;
    while (same && (result = sqlite3_step(tables)) == SQLITE_ROW)
        same = same_table(copy, (const char *)sqlite3_column_text(tables, 0));
    sqlite3_finalize(tables);
    return same && result == SQLITE_DONE;
}

/* Copies the first column of the first row of `question`. Returns SQLITE_OK when there was a row, else SQLite's
 * result. */
static int answer_of(sqlite3 *database, const char *question, char *answer, size_t bytes)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(database, question, -1, &statement, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_step(statement);
    const unsigned char *text = result == SQLITE_ROW ? sqlite3_column_text(statement, 0) : NULL;
    snprintf(answer, bytes, "%s", text == NULL ? "" : (const char *)text);
    sqlite3_finalize(statement);
    return result == SQLITE_ROW ? SQLITE_OK : result;
}

static bool means_damage(int result)
{
    return (result & 0xff) == SQLITE_CORRUPT || (result & 0xff) == SQLITE_NOTADB;
}

/* Reading the schema comes first: it is what fails on a file that is no database, and what an empty file has none
 * of. */
static enum found classify(const struct copy *copy)
{
    char answer[128];
    int result = answer_of(copy->database, "SELECT count(*) FROM sqlite_schema", answer, sizeof answer);
    if (result == SQLITE_OK && strcmp(answer, "0") == 0)
        return FOUND_NOTHING;
    if (result == SQLITE_OK)
        result = answer_of(copy->database, ONE_FILE, answer, sizeof answer);
    if (result == SQLITE_OK)
        result = answer_of(copy->database, "PRAGMA integrity_check(1)", answer, sizeof answer);
    if (means_damage(result) || (result == SQLITE_OK && strcmp(answer, "ok") != 0)) {
        snprintf(copy->why, DBCOPY_WHY_BYTES, "the copy %s is not sound: %s", copy->name,
                 result == SQLITE_OK ? answer : sqlite3_errmsg(copy->database));
        return FOUND_NOTHING;
    }
    if (result == SQLITE_OK)
        return same_content(copy) ? FOUND_SAME : FOUND_OTHER;
    snprintf(copy->why, DBCOPY_WHY_BYTES, "the copy %s cannot be read: %s", copy->name, sqlite3_errmsg(copy->database));
    return FOUND_UNREADABLE;
}

static enum found inspect(struct copy *copy)
{
    if (!exists(copy, copy->name))
        return FOUND_NOTHING;
    enum found found = FOUND_UNREADABLE;
    if (open_copy(copy, 0))
        found = classify(copy);
    else if (means_damage(sqlite3_errcode(copy->database)))
        found = FOUND_NOTHING;
    else
        snprintf(copy->why, DBCOPY_WHY_BYTES, "the copy %s cannot be opened: %s", copy->name,
                 sqlite3_errmsg(copy->database));
    close_copy(copy);
    return found;
}

static void explain(const struct copy *copy, int result)
{
    if ((result & 0xff) == SQLITE_FULL)
        snprintf(copy->why, DBCOPY_WHY_BYTES,
                 "the disk is full: a copy as large as the database must fit beside it, and once more as much while it "
                 "is changed; make room and start again");
    else
        snprintf(copy->why, DBCOPY_WHY_BYTES, "cannot write the copy %s: %s", copy->name,
                 sqlite3_errmsg(copy->database));
}

static bool write_copy(struct copy *copy)
{
    int result = SQLITE_CANTOPEN;
    char mode[16];
    if (open_copy(copy, SQLITE_OPEN_CREATE)) {
        sqlite3_backup *backup = sqlite3_backup_init(copy->database, "main", copy->of, "main");
        if (backup != NULL)
            sqlite3_backup_step(backup, -1);
        result = backup == NULL ? sqlite3_errcode(copy->database) : sqlite3_backup_finish(backup);
        if (result == SQLITE_OK)
            result = answer_of(copy->database, ONE_FILE, mode, sizeof mode);
    }
    if (result != SQLITE_OK)
        explain(copy, result);
    close_copy(copy);
    return result == SQLITE_OK;
}

/* Writes the copy, then reads it through a new connection, whose cache holds none of its pages. */
static bool make_at(struct copy *copy)
{
    remove_files(copy);
    if (write_copy(copy)) {
        copy->why[0] = '\0';
        if (inspect(copy) == FOUND_SAME)
            return true;
        if (copy->why[0] == '\0')
            refuse(copy, "the copy beside the database is not what was copied");
    }
    remove_files(copy);
    return false;
}

/* Tries the names in turn. A name is written to only while nothing sound is there, so no copy is ever lost. */
bool dbcopy_make(sqlite3 *database, const char *ending, char name[DBCOPY_NAME_BYTES], char why[DBCOPY_WHY_BYTES])
{
    struct copy copy = {.of = database, .name = name, .why = why};
    const char *path = sqlite3_db_filename(database, "main");
    if (sqlite3_file_control(database, "main", SQLITE_FCNTL_VFS_POINTER, &copy.vfs) != SQLITE_OK ||
        strlen(path) + strlen(ending) + 8 >= DBCOPY_NAME_BYTES)
        return refuse(&copy, "there is no place for a copy beside the database");
    for (int number = 1; number <= DBCOPIES_MAX; number++) {
        snprintf(name, DBCOPY_NAME_BYTES, number == 1 ? "%s%s" : "%s%s-%d", path, ending, number);
        switch (inspect(&copy)) {
        case FOUND_NOTHING:
            return make_at(&copy);
        case FOUND_SAME:
            return true;
        case FOUND_UNREADABLE:
            return false;
        case FOUND_OTHER:
            break;
        }
    }
    return refuse(&copy, "there are nine copies from other times beside the database: move them away and start again");
}
