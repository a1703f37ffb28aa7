/* Brings a database to the version of the program that opens it.
 *
 * A database holds its version in PRAGMA user_version. 0 is a new one: it gets the whole newest schema. An older one
 * goes through the steps from its version to the newest in one transaction, after a verified copy of it as it was
 * has been put beside it: NAME.before-vN, N the version it is brought to (common/dbcopy.h). A newer one is refused.
 * Whatever fails, a crash or a power cut included, the database is afterwards either what it was or wholly the
 * newest, and the next start goes on from there.
 *
 * To add a step: put NNN.sql, NNN the version it reaches, into the folder `migrations` beside the schema, make the
 * same change in the schema, and put a database of the version before into tests/databases. Nothing else names a
 * version. A step runs with foreign keys unenforced; they are checked before the commit. A step that was released
 * never changes. */
#ifndef COMMON_MIGRATE_H
#define COMMON_MIGRATE_H

#include <sqlite3.h>
#include <stdbool.h>

#define MIGRATE_WHY_BYTES 256

/* SQL between two addresses, as the linker embeds it: not ended by a zero. */
struct migrate_text {
    const char *begin, *end;
};

/* One program's: the newest schema, and the steps to version 2, 3, … one after the other. The table of each database is
 * made by common/migrations.sh from its folder. */
struct migrations {
    struct migrate_text schema;
    const struct migrate_text *steps;
    int step_count;
};

/* The version that a new database gets. */
int migrate_newest(const struct migrations *migrations);

/* `database` is open for writing, in no transaction and read by no statement. False: refused or failed, nothing has
 * changed in it, and *why says why and what to do. Logs what it does, when there is a step to take. */
bool migrate(sqlite3 *database, const struct migrations *migrations, char why[MIGRATE_WHY_BYTES]);

#endif
