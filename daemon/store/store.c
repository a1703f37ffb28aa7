/* Opens and configures the database, and holds the transaction and the WAL's checkpoints. The settings are chosen
 * for durability at a power cut. */
#include "daemon/store/store.h"

#include <assert.h>
#include <malloc.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/dbfile.h"
#include "common/fault.h"
#include "common/migrate.h"
#include "daemon/store/store_sql.h"

#define BUSY_PATIENCE_MS 5000
#define WAL_PATIENCE_MS  50

extern const struct migrations STORE_MIGRATIONS; /* of daemon/store */

struct store {
    struct database database;
    sqlite3_stmt *statements[STATEMENTS];
    struct dbfile *file; /* the owner's, once it is kept */
    int wal_pages;       /* as of the latest commit */
    bool large;          /* the transaction has the larger cache */
    bool holds_erased;   /* the WAL may hold erased rows and must be emptied */
};

static int count_wal_pages(void *context, sqlite3 *database, const char *name, int pages)
{
    (void)database;
    (void)name;
    ((struct store *)context)->wal_pages = pages;
    return SQLITE_OK;
}

static void set_cache(struct store *store, int kib)
{
    char cache[64];
    snprintf(cache, sizeof cache, "PRAGMA cache_size=-%d", kib);
    database_execute(&store->database, cache);
}

/* FULL, because NORMAL loses committed transactions at a power cut; secure_delete,
 * because erased means erased; PERSIST_WAL, because read-only readers fail after a clean close without it. */
static void configure(struct store *store)
{
    struct database *database = &store->database;
    int on = 1;
    sqlite3_db_config(database->connection, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(database->connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL); /* store_close knows when */
    sqlite3_busy_timeout(database->connection, BUSY_PATIENCE_MS);
    database_execute(database, "PRAGMA journal_mode=WAL");
    database_execute(database, FAULT(synchronous_normal) ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL");
    database_execute(database, "PRAGMA journal_size_limit=16777216");
    database_execute(database, "PRAGMA foreign_keys=ON");
    database_execute(database, "PRAGMA secure_delete=ON");
    database_execute(database, "PRAGMA trusted_schema=OFF");
    database_execute(database, "PRAGMA cell_size_check=ON");
    database_execute(database, "PRAGMA mmap_size=0");
    database_execute(database, "PRAGMA temp_store=MEMORY");
    set_cache(store, STORE_CACHE_KIB);
    sqlite3_file_control(database->connection, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
    sqlite3_wal_hook(database->connection, count_wal_pages, store); /* in place of checkpoints inside commits */
}

bool store_is_sound(struct store *store, char why[STORE_WHY_BYTES])
{
    return database_is_sound(&store->database, DATABASE_WHOLE_CHECK, why, STORE_WHY_BYTES);
}

static void make_schema(struct store *store)
{
    static_assert(MIGRATE_WHY_BYTES <= sizeof store->database.why, "why there is no schema fits");
    if (!store->database.failed)
        store->database.failed = !migrate(store->database.connection, &STORE_MIGRATIONS, store->database.why);
}

/* Each part does nothing once one has failed, so that a single test at the end suffices. */
struct store *store_open(const char *path, const char *vfs, char why[STORE_WHY_BYTES])
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        snprintf(why, STORE_WHY_BYTES, "out of memory");
        return NULL;
    }
    store->holds_erased = true;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &store->database.connection, flags, vfs) != SQLITE_OK)
        database_fail(&store->database, "open");
    sqlite3_extended_result_codes(store->database.connection, 1);
    configure(store);
    database_check(&store->database);
    make_schema(store);
    if (!store->database.failed)
        database_prepare(&store->database, STORE_SQL, store->statements, STATEMENTS);
    if (store->database.failed) {
        snprintf(why, STORE_WHY_BYTES, "%s", store->database.why);
        store_close(store);
        return NULL;
    }
    return store;
}

bool store_keep(struct store *store, struct dbfile *file, char *why)
{
    store->file = file;
    return dbfile_keep(file, store->database.connection, why);
}

static int checkpoint(struct store *store, int mode)
{
    return dbfile_checkpoint(store->file, store->database.connection, mode);
}

/* A reader that stays would keep the WAL as it is, and a copy put back while all is stopped would meet it. */
void store_close(struct store *store)
{
    if (!store->database.failed)
        dbfile_leave(store->file, store->database.connection);
    database_close(&store->database);
    free(store);
}

static void run(struct store *store, enum statement which)
{
    struct query query = store_query(store, which);
    query_run(&query);
}

void store_begin(struct store *store)
{
    if (!store_in_transaction(store))
        run(store, SQL_BEGIN);
}

void store_begin_large(struct store *store)
{
    set_cache(store, STORE_CACHE_LARGE_KIB);
    store->large = true;
    store_begin(store);
}

/* What the pages took goes back to the system, too. */
static void end_large(struct store *store)
{
    if (!store->large)
        return;
    store->large = false;
    set_cache(store, STORE_CACHE_KIB);
    malloc_trim(0);
}

bool store_commit(struct store *store)
{
    if (store_in_transaction(store))
        run(store, SQL_COMMIT);
    if (store->database.failed)
        store_rollback(store);
    end_large(store);
    return !store->database.failed;
}

void store_rollback(struct store *store)
{
    if (store_in_transaction(store))
        database_rollback(&store->database, SQL_ROLLBACK);
    end_large(store);
}

bool store_in_transaction(const struct store *store)
{
    return database_in_transaction(&store->database);
}

bool store_failed(const struct store *store)
{
    return store->database.failed;
}

const char *store_error(const struct store *store)
{
    return store->database.why;
}

void store_erased(struct store *store)
{
    store->holds_erased = true;
}

/* An open reader prevents it; the next idle turn tries again, and nothing waits for it. */
static void empty_wal(struct store *store)
{
    sqlite3_busy_timeout(store->database.connection, WAL_PATIENCE_MS);
    int result = checkpoint(store, SQLITE_CHECKPOINT_TRUNCATE);
    sqlite3_busy_timeout(store->database.connection, BUSY_PATIENCE_MS);
    if (result != SQLITE_OK && result != SQLITE_BUSY)
        database_fail(&store->database, "checkpoint");
    if (result != SQLITE_OK)
        return;
    store->holds_erased = false;
    store->wal_pages = 0;
}

void store_checkpoint(struct store *store, bool idle)
{
    assert(!store_in_transaction(store));
    if (store->holds_erased && idle && !store->database.failed)
        empty_wal(store);
    if (store->wal_pages < (idle ? STORE_CHECKPOINT_PAGES : STORE_CHECKPOINT_PAGES_MAX) || store->database.failed)
        return;
    /* BUSY only says that a reader still needs the rest: the next commit counts the pages again. */
    int result = checkpoint(store, SQLITE_CHECKPOINT_PASSIVE);
    if (result != SQLITE_OK && result != SQLITE_BUSY)
        database_fail(&store->database, "checkpoint");
    store->wal_pages = 0;
}

struct query store_query(struct store *store, enum statement which)
{
    return query_begin(&store->database, which);
}

struct text store_text_column(const struct query *query, int column)
{
    size_t length;
    const char *bytes = query_column_bytes(query, column, &length);
    return (struct text){bytes == NULL ? "" : bytes, length};
}

int64_t store_last_rowid(const struct store *store)
{
    return database_last_rowid(&store->database);
}

int64_t store_changed_rows(const struct store *store)
{
    return database_changed_rows(&store->database);
}
