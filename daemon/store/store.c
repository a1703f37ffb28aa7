#include "daemon/store/store.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/fault.h"
#include "daemon/store/store_sql.h"

#define SCHEMA_VERSION   2
#define BUSY_PATIENCE_MS 5000
#define WAL_PATIENCE_MS  50

extern const char _binary_daemon_store_schema_sql_start[], _binary_daemon_store_schema_sql_end[];

struct store {
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENTS];
    int wal_pages; /* as of the latest commit */
    bool failed;
    bool holds_erased; /* the WAL may: to be emptied */
    char why[STORE_WHY_BYTES];
};

static void fail(struct store *store, const char *doing)
{
    if (store->failed || (FAULT(disk_full_swallowed) && sqlite3_errcode(store->database) == SQLITE_FULL))
        return;
    store->failed = true;
    snprintf(store->why, sizeof store->why, "%s (%d) in: %s", sqlite3_errmsg(store->database),
             sqlite3_extended_errcode(store->database), doing);
}

static void execute(struct store *store, const char *text)
{
    if (!store->failed && sqlite3_exec(store->database, text, NULL, NULL, NULL) != SQLITE_OK)
        fail(store, text);
}

static int count_wal_pages(void *context, sqlite3 *database, const char *name, int pages)
{
    (void)database;
    (void)name;
    ((struct store *)context)->wal_pages = pages;
    return SQLITE_OK;
}

/* FULL, because NORMAL loses committed transactions at a power cut; secure_delete,
 * because erased means erased; PERSIST_WAL, because read-only readers fail after a clean close without it. */
static void configure(struct store *store)
{
    int on = 1;
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_busy_timeout(store->database, BUSY_PATIENCE_MS);
    execute(store, "PRAGMA journal_mode=WAL");
    execute(store, FAULT(synchronous_normal) ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL");
    execute(store, "PRAGMA journal_size_limit=16777216");
    execute(store, "PRAGMA foreign_keys=ON");
    execute(store, "PRAGMA secure_delete=ON");
    execute(store, "PRAGMA trusted_schema=OFF");
    execute(store, "PRAGMA cell_size_check=ON");
    execute(store, "PRAGMA mmap_size=0");
    execute(store, "PRAGMA temp_store=MEMORY");
    char cache[64];
    snprintf(cache, sizeof cache, "PRAGMA cache_size=-%d", STORE_CACHE_KIB);
    execute(store, cache);
    sqlite3_file_control(store->database, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
    sqlite3_wal_hook(store->database, count_wal_pages, store); /* in place of checkpoints inside commits */
}

/* The first column of the first row, as an integer; -1 when there is none. */
static int64_t ask_integer(struct store *store, const char *text)
{
    sqlite3_stmt *statement = NULL;
    int64_t answer = -1;
    if (sqlite3_prepare_v2(store->database, text, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        answer = sqlite3_column_int64(statement, 0);
    else
        fail(store, text);
    sqlite3_finalize(statement);
    return answer;
}

static void check_sound(struct store *store)
{
    sqlite3_stmt *statement = NULL;
    if (store->failed)
        return;
    if (sqlite3_prepare_v2(store->database, "PRAGMA quick_check(1)", -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW) {
        fail(store, "quick_check");
    } else if (strcmp((const char *)sqlite3_column_text(statement, 0), "ok") != 0) {
        store->failed = true;
        snprintf(store->why, sizeof store->why, "the database is damaged: %s", sqlite3_column_text(statement, 0));
    }
    sqlite3_finalize(statement);
}

static void make_schema(struct store *store)
{
    if (store->failed)
        return;
    int64_t version = ask_integer(store, "PRAGMA user_version");
    if (version == SCHEMA_VERSION || store->failed)
        return;
    if (version != 0) {
        store->failed = true;
        snprintf(store->why, sizeof store->why, "its schema is version %d, this program knows %d", (int)version,
                 SCHEMA_VERSION);
        return;
    }
    /* cppcheck-suppress comparePointers ; the linker's two ends of one object */
    size_t bytes = (size_t)(_binary_daemon_store_schema_sql_end - _binary_daemon_store_schema_sql_start);
    char *schema = strndup(_binary_daemon_store_schema_sql_start, bytes);
    char version_text[64];
    snprintf(version_text, sizeof version_text, "PRAGMA user_version=%d", SCHEMA_VERSION);
    execute(store, "BEGIN IMMEDIATE");
    if (schema != NULL)
        execute(store, schema);
    execute(store, version_text);
    execute(store, "COMMIT");
    free(schema);
}

static void prepare_statements(struct store *store)
{
    for (int i = 0; i < STATEMENTS && !store->failed; i++) {
        assert(STORE_SQL[i] != NULL);
        if (sqlite3_prepare_v3(store->database, STORE_SQL[i], -1, SQLITE_PREPARE_PERSISTENT, &store->statements[i],
                               NULL) != SQLITE_OK)
            fail(store, STORE_SQL[i]);
    }
}

struct store *store_open(const char *path, const char *vfs, char why[STORE_WHY_BYTES])
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        snprintf(why, STORE_WHY_BYTES, "out of memory");
        return NULL;
    }
    store->holds_erased = true;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &store->database, flags, vfs) != SQLITE_OK)
        fail(store, "open");
    sqlite3_extended_result_codes(store->database, 1);
    configure(store);
    check_sound(store);
    make_schema(store);
    prepare_statements(store);
    if (store->failed) {
        snprintf(why, STORE_WHY_BYTES, "%s", store->why);
        store_close(store);
        return NULL;
    }
    return store;
}

void store_close(struct store *store)
{
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->database);
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

bool store_commit(struct store *store)
{
    if (store_in_transaction(store))
        run(store, SQL_COMMIT);
    if (store->failed)
        store_rollback(store);
    return !store->failed;
}

void store_rollback(struct store *store)
{
    sqlite3_stmt *rollback = store->statements[SQL_ROLLBACK];
    if (!store_in_transaction(store))
        return;
    if (sqlite3_step(rollback) != SQLITE_DONE)
        fail(store, "ROLLBACK");
    sqlite3_reset(rollback);
}

bool store_in_transaction(const struct store *store)
{
    return sqlite3_get_autocommit(store->database) == 0;
}

bool store_failed(const struct store *store)
{
    return store->failed;
}

const char *store_error(const struct store *store)
{
    return store->why;
}

void store_erased(struct store *store)
{
    store->holds_erased = true;
}

bool store_is_clean(const struct store *store)
{
    return !store->holds_erased;
}

/* Readers hold it up: then the next idle turn tries again, and nobody waits meanwhile. */
static void empty_wal(struct store *store)
{
    sqlite3_busy_timeout(store->database, WAL_PATIENCE_MS);
    int result = sqlite3_wal_checkpoint_v2(store->database, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(store->database, BUSY_PATIENCE_MS);
    if (result != SQLITE_OK && result != SQLITE_BUSY)
        fail(store, "checkpoint");
    if (result != SQLITE_OK)
        return;
    store->holds_erased = false;
    store->wal_pages = 0;
}

void store_checkpoint(struct store *store, bool idle)
{
    assert(!store_in_transaction(store));
    if (store->holds_erased && idle && !store->failed)
        empty_wal(store);
    if (store->wal_pages < (idle ? STORE_CHECKPOINT_PAGES : STORE_CHECKPOINT_PAGES_MAX) || store->failed)
        return;
    /* BUSY only says that a reader still needs the rest: the next commit counts the pages again. */
    int result = sqlite3_wal_checkpoint_v2(store->database, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (result != SQLITE_OK && result != SQLITE_BUSY)
        fail(store, "checkpoint");
    store->wal_pages = 0;
}

struct query store_query(struct store *store, enum statement which)
{
    return (struct query){.store = store, .statement = store->statements[which]};
}

static void bound(struct query *query, int result)
{
    if (result != SQLITE_OK)
        fail(query->store, sqlite3_sql(query->statement));
}

void query_integer(struct query *query, int64_t value)
{
    bound(query, sqlite3_bind_int64(query->statement, ++query->parameters, value));
}

void query_text(struct query *query, const char *text)
{
    bound(query, sqlite3_bind_text(query->statement, ++query->parameters, text, -1, SQLITE_STATIC));
}

void query_characters(struct query *query, const char *text, size_t length)
{
    bound(query, sqlite3_bind_text64(query->statement, ++query->parameters, length == 0 ? "" : text, length,
                                     SQLITE_STATIC, SQLITE_UTF8));
}

void query_blob(struct query *query, const void *bytes, size_t length)
{
    bound(query, sqlite3_bind_blob64(query->statement, ++query->parameters, bytes, length, SQLITE_STATIC));
}

void query_null(struct query *query)
{
    bound(query, sqlite3_bind_null(query->statement, ++query->parameters));
}

bool query_row(struct query *query)
{
    if (!query->store->failed) {
        assert(query->parameters == sqlite3_bind_parameter_count(query->statement));
        int result = sqlite3_step(query->statement);
        if (result == SQLITE_ROW)
            return true;
        if (result != SQLITE_DONE)
            fail(query->store, sqlite3_sql(query->statement));
    }
    query_end(query);
    return false;
}

void query_run(struct query *query)
{
    bool row = query_row(query);
    assert(!row);
}

void query_end(struct query *query)
{
    if (sqlite3_reset(query->statement) != SQLITE_OK) /* a column that memory was too short for says so only here */
        fail(query->store, sqlite3_sql(query->statement));
    sqlite3_clear_bindings(query->statement);
}

int64_t query_column(const struct query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

bool query_column_null(const struct query *query, int column)
{
    return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

void query_column_text(const struct query *query, int column, char *out, size_t bytes)
{
    const unsigned char *text = sqlite3_column_text(query->statement, column);
    snprintf(out, bytes, "%s", text == NULL ? "" : (const char *)text);
}

int64_t store_last_rowid(const struct store *store)
{
    return sqlite3_last_insert_rowid(store->database);
}

int64_t store_changed_rows(const struct store *store)
{
    return sqlite3_changes64(store->database);
}
