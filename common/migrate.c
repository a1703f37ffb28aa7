/* Creates the newest schema or runs the steps to it: see the header. Copy and steps see the same state, because both
 * happen in one transaction that begins by reading: had another connection written since, the first step's write
 * would fail. */
#include "common/migrate.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/clock.h"
#include "common/dbcopy.h"
#include "common/log.h"

int migrate_newest(const struct migrations *migrations)
{
    return 1 + migrations->step_count;
}

static bool refuse(sqlite3 *database, const char *doing, char *why)
{
    snprintf(why, MIGRATE_WHY_BYTES, "%s: %s%s", doing, sqlite3_errmsg(database),
             sqlite3_errcode(database) == SQLITE_FULL ? " (make room and start again: nothing has changed)" : "");
    return false;
}

static bool run(sqlite3 *database, const char *sql)
{
    return sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static bool run_text(sqlite3 *database, const struct migrate_text *text)
{
    // cppcheck-suppress comparePointers ; both are symbols of the linker: the two ends of one text
    char *sql = strndup(text->begin, (size_t)(text->end - text->begin));
    bool good = sql != NULL && run(database, sql);
    free(sql);
    return good;
}

/* *answer is the first column of the first row, or `none` without a row. False: failed, and *why says why. */
static bool ask(sqlite3 *database, const char *question, int none, int *answer, char *why)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(database, question, -1, &statement, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_step(statement);
    *answer = result == SQLITE_ROW ? sqlite3_column_int(statement, 0) : none;
    bool good = result == SQLITE_ROW || result == SQLITE_DONE || refuse(database, question, why);
    sqlite3_finalize(statement);
    return good;
}

static bool set_version(sqlite3 *database, int version)
{
    char pragma[64];
    snprintf(pragma, sizeof pragma, "PRAGMA user_version = %d", version);
    return run(database, pragma);
}

static bool create(sqlite3 *database, const struct migrations *migrations, char *why)
{
    if (run(database, "BEGIN IMMEDIATE") && run_text(database, &migrations->schema) &&
        set_version(database, migrate_newest(migrations)) && run(database, "COMMIT"))
        return true;
    return refuse(database, "cannot make the schema", why);
}

/* Within the caller's transaction, which it commits. Foreign keys are off meanwhile, so they are checked as a whole
 * at the end. */
static bool run_steps(sqlite3 *database, const struct migrations *migrations, int from, char *why)
{
    int newest = migrate_newest(migrations), orphans;
    char doing[64];
    for (int version = from + 1; version <= newest; version++) {
        snprintf(doing, sizeof doing, "cannot take the step to version %d", version);
        if (!run_text(database, &migrations->steps[version - 2]))
            return refuse(database, doing, why);
    }
    if (!ask(database, "SELECT count(*) FROM pragma_foreign_key_check", 0, &orphans, why))
        return false;
    if (orphans > 0) {
        snprintf(why, MIGRATE_WHY_BYTES, "after the steps to version %d, %d rows refer to none: nothing has changed",
                 newest, orphans);
        return false;
    }
    return (set_version(database, newest) && run(database, "COMMIT")) || refuse(database, "cannot commit", why);
}

/* The version is read again inside the transaction: another process may have migrated between the first look and
 * BEGIN. */
static bool bring_forward(sqlite3 *database, const struct migrations *migrations, char *why)
{
    struct clock clock = clock_system();
    int64_t begun_ms = clock_mono_ms(&clock);
    int newest = migrate_newest(migrations), from;
    char ending[32], copy[DBCOPY_NAME_BYTES];
    const char *file = sqlite3_db_filename(database, "main");
    if (!run(database, "BEGIN"))
        return refuse(database, "BEGIN", why);
    if (!ask(database, "PRAGMA user_version", 0, &from, why))
        return false;
    log_info("database is brought to a newer version file=\"%s\" from=%d to=%d", file, from, newest);
    snprintf(ending, sizeof ending, ".before-v%d", newest);
    if (!dbcopy_make(database, ending, copy, why))
        return false;
    log_info("database copied file=\"%s\" took_ms=%lld", copy, (long long)(clock_mono_ms(&clock) - begun_ms));
    if (!run_steps(database, migrations, from, why))
        return false;
    log_info("database is of the newest version file=\"%s\" version=%d took_ms=%lld", file, newest,
             (long long)(clock_mono_ms(&clock) - begun_ms));
    return true;
}

/* A step may rebuild a table that others refer to. PRAGMA foreign_keys does nothing inside a transaction, so it
 * comes before. */
static bool migrate_old(sqlite3 *database, const struct migrations *migrations, char *why)
{
    int foreign_keys;
    if (!ask(database, "PRAGMA foreign_keys", 0, &foreign_keys, why))
        return false;
    if (!run(database, "PRAGMA foreign_keys = OFF"))
        return refuse(database, "PRAGMA foreign_keys", why);
    bool good = bring_forward(database, migrations, why);
    if (!good && sqlite3_get_autocommit(database) == 0)
        run(database, "ROLLBACK");
    if (foreign_keys && !run(database, "PRAGMA foreign_keys = ON"))
        return good && refuse(database, "PRAGMA foreign_keys", why);
    return good;
}

bool migrate(sqlite3 *database, const struct migrations *migrations, char why[MIGRATE_WHY_BYTES])
{
    int version, newest = migrate_newest(migrations);
    if (!ask(database, "PRAGMA user_version", 0, &version, why))
        return false;
    if (version == newest)
        return true;
    if (version == 0)
        return create(database, migrations, why);
    if (version > 0 && version < newest)
        return migrate_old(database, migrations, why);
    snprintf(
        why, MIGRATE_WHY_BYTES,
        "its version is %d, this program knows 1 to %d: start the program that wrote it, or put back the copy from "
        "before it, which ends in .before-v%d (docs/operating.md)",
        version, newest, version);
    return false;
}
