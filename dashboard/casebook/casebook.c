/* Opening, users, sessions, transactions and the chain of the audit log. The chain's head in memory is always that of
 * the last row that the open transaction has: what is rolled back takes the head back with it. */
#include "dashboard/casebook/casebook.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/dbfile.h"
#include "common/fault.h"
#include "common/log.h"
#include "common/migrate.h"
#include "dashboard/casebook/casebook_sql.h"

#define LOG_PAGES 1000 /* of the -wal: worth a checkpoint */

extern const struct migrations CASEBOOK_MIGRATIONS; /* of dashboard/casebook */

/* False: *why says why, or it is empty and SQLite knows. */
static bool open_database(struct casebook *book, const char *path, char why[MIGRATE_WHY_BYTES])
{
    struct database *database = &book->database;
    if (sqlite3_open_v2(path, &database->connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL))
        return false;
    sqlite3_db_config(database->connection, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(database->connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL); /* casebook_close knows when */
    const char *pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                          "PRAGMA busy_timeout = 2000; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;"
                          "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;"
                          "PRAGMA journal_size_limit = 4194304";
    database_execute(database, pragmas);
    database_check(database);
    if (database->failed)
        snprintf(why, MIGRATE_WHY_BYTES, "%s", database->why);
    if (database->failed || !migrate(database->connection, &CASEBOOK_MIGRATIONS, why))
        return false;
    database_prepare(database, CASEBOOK_SQL, book->statements, CASEBOOK_STATEMENTS);
    return !database->failed;
}

struct query casebook_query(struct casebook *book, enum casebook_statement which)
{
    return query_begin(&book->database, which);
}

/* Logs a failure once, and forgives it so that the next statement is tried. */
static bool is_good(struct database *database)
{
    bool good = !database->failed;
    if (!good)
        log_warn("casebook failed why=\"%s\"", database->why);
    database_forgive(database);
    return good;
}

bool casebook_good(struct casebook *book)
{
    return is_good(&book->database);
}

bool casebook_write(struct query *query)
{
    query_run(query);
    return is_good(query->database);
}

enum casebook_found casebook_answered(struct query *query, bool there)
{
    query_end(query);
    if (!is_good(query->database))
        return CASEBOOK_FAILED;
    return there ? CASEBOOK_FOUND : CASEBOOK_ABSENT;
}

static bool run(struct casebook *book, enum casebook_statement which)
{
    struct query query = casebook_query(book, which);
    return casebook_write(&query);
}

static bool audit_resume(struct casebook *book)
{
    size_t length = SECRET_MAC_BYTES;
    struct query query = casebook_query(book, CASEBOOK_SQL_AUDIT_LAST);
    bool there = query_row(&query);
    if (there) {
        const void *mac = query_column_bytes(&query, 1, &length);
        book->head.sequence = query_column(&query, 0);
        if (length == SECRET_MAC_BYTES)
            memcpy(book->head.mac, mac, SECRET_MAC_BYTES);
    }
    return casebook_answered(&query, there) != CASEBOOK_FAILED && length == SECRET_MAC_BYTES;
}

static bool key_create(const char *path, uint8_t key[SECRET_KEY_BYTES])
{
    secret_random(key, SECRET_KEY_BYTES);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool written = write(fd, key, SECRET_KEY_BYTES) == SECRET_KEY_BYTES && fsync(fd) == 0;
    return close(fd) == 0 && written;
}

/* A key is made only together with the first row: a lost key must be noticed, not replaced. */
static bool key_load(const char *path, bool may_create, uint8_t key[SECRET_KEY_BYTES])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT && may_create && key_create(path, key);
    uint8_t bytes[SECRET_KEY_BYTES + 1];
    bool whole = read(fd, bytes, sizeof bytes) == SECRET_KEY_BYTES;
    close(fd);
    memcpy(key, bytes, SECRET_KEY_BYTES);
    secret_wipe(bytes, sizeof bytes);
    return whole;
}

struct casebook *casebook_open(const char *folder, const char **why)
{
    static char reason[4400];
    char path[4096], doing[MIGRATE_WHY_BYTES] = "";
    *why = reason;
    struct casebook *book = calloc(1, sizeof *book);
    if (book == NULL) {
        *why = "out of memory";
        return NULL;
    }
    if ((size_t)snprintf(path, sizeof path, "%s/casebook.db", folder) >= sizeof path) {
        *why = "the folder's name is too long";
        goto fail;
    }
    if (!open_database(book, path, doing) || !audit_resume(book)) {
        sqlite3 *connection = book->database.connection;
        const char *sqlite_says = connection != NULL ? sqlite3_errmsg(connection) : "out of memory";
        snprintf(reason, sizeof reason, "%s: %s", path, doing[0] != '\0' ? doing : sqlite_says);
        goto fail;
    }
    snprintf(path, sizeof path, "%s/audit.key", folder);
    if (!key_load(path, book->head.sequence == 0, book->audit_key)) {
        snprintf(reason, sizeof reason, "%s: missing, unreadable, or not %d bytes", path, SECRET_KEY_BYTES);
        goto fail;
    }
    return book;
fail:
    book->database.failed = true; /* what is refused stays as it is */
    casebook_close(book);
    return NULL;
}

static int count_log_pages(void *context, sqlite3 *database, const char *name, int pages)
{
    (void)database;
    (void)name;
    ((struct casebook *)context)->log_pages = pages;
    return SQLITE_OK;
}

bool casebook_keep(struct casebook *book, struct dbfile *file, char *why)
{
    sqlite3_wal_hook(book->database.connection, count_log_pages, book); /* in place of checkpoints inside commits */
    book->file = file;
    return dbfile_keep(file, book->database.connection, why);
}

void casebook_shorten_log(struct casebook *book)
{
    if (book->log_pages < LOG_PAGES || database_in_transaction(&book->database))
        return;
    dbfile_checkpoint(book->file, book->database.connection, SQLITE_CHECKPOINT_PASSIVE);
    book->log_pages = 0; /* a reader may need the rest: the next commit counts again */
}

void casebook_close(struct casebook *book)
{
    if (book->database.connection != NULL && !book->database.failed)
        dbfile_leave(book->file, book->database.connection);
    database_close(&book->database);
    secret_wipe(book->audit_key, sizeof book->audit_key);
    free(book);
}

bool casebook_read_user(const struct query *query, struct casebook_user *out)
{
    query_column_copy(query, 0, out->user, sizeof out->user);
    query_column_copy(query, 1, out->name, sizeof out->name);
    query_column_copy(query, 2, out->language, sizeof out->language);
    query_column_copy(query, 4, out->password, sizeof out->password);
    out->disabled = query_column(query, 5) != 0;
    out->has_totp = query_column(query, 6) != 0;
    const char *role = query_column_text(query, 3);
    return role != NULL && access_role_read(role, &out->role);
}

enum casebook_found casebook_user(struct casebook *book, const char *user, struct casebook_user *out)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_USER_FIND);
    query_text(&query, user);
    bool there = query_row(&query), readable = there && casebook_read_user(&query, out);
    enum casebook_found found = casebook_answered(&query, there);
    return found == CASEBOOK_FOUND && !readable ? CASEBOOK_FAILED : found;
}

static bool insert_user(struct casebook *book, const struct casebook_user *user, int64_t now_ms)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_USER_ADD);
    query_text(&query, user->user);
    query_text(&query, user->name);
    query_text(&query, user->language);
    query_text(&query, ROLE_WORDS[user->role]);
    query_text(&query, user->password);
    query_integer(&query, now_ms);
    return casebook_write(&query);
}

bool casebook_user_add(struct casebook *book, const struct casebook_user *user, const char *const *named_for,
                       size_t named_count, int64_t now_ms)
{
    bool good = insert_user(book, user, now_ms);
    for (size_t i = 0; good && i < named_count; i++)
        good = casebook_name_user(book, user->user, named_for[i]);
    return good;
}

bool casebook_language_set(struct casebook *book, const char *user, const char *language)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_USER_LANGUAGE);
    query_text(&query, user);
    query_text(&query, language);
    return casebook_write(&query);
}

bool casebook_name_user(struct casebook *book, const char *user, const char *pupil)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_NAMED_ADD);
    query_text(&query, user);
    query_text(&query, pupil);
    return casebook_write(&query);
}

bool casebook_user_is_named(struct casebook *book, const char *user, const char *pupil)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_NAMED_FIND);
    query_text(&query, user);
    query_text(&query, pupil);
    return casebook_answered(&query, query_row(&query)) == CASEBOOK_FOUND;
}

bool casebook_session_begin(struct casebook *book, const char *user, int64_t now_ms, uint8_t id[SECRET_ID_BYTES])
{
    uint8_t hash[SECRET_HASH_BYTES];
    secret_random(id, SECRET_ID_BYTES);
    secret_hash(id, SECRET_ID_BYTES, hash);
    struct query sweep = casebook_query(book, CASEBOOK_SQL_SESSION_SWEEP);
    query_integer(&sweep, now_ms - CASEBOOK_IDLE_MS);
    query_integer(&sweep, now_ms - CASEBOOK_SESSION_MS);
    casebook_write(&sweep);
    struct query query = casebook_query(book, CASEBOOK_SQL_SESSION_ADD);
    query_blob(&query, hash, sizeof hash);
    query_text(&query, user);
    query_integer(&query, now_ms);
    return casebook_write(&query);
}

/* A clock that was set back ends sessions rather than prolonging them. */
static bool is_alive(int64_t began_ms, int64_t seen_ms, int64_t now_ms)
{
    int64_t idle_ms = now_ms - seen_ms, age_ms = now_ms - began_ms;
    return idle_ms > -60000 && idle_ms < CASEBOOK_IDLE_MS && age_ms > -60000 && age_ms < CASEBOOK_SESSION_MS;
}

static enum casebook_found session(struct casebook *book, const uint8_t hash[SECRET_HASH_BYTES], int64_t now_ms,
                                   char user[USER_BYTES], int64_t *seen_ms)
{
    bool alive = false;
    struct query query = casebook_query(book, CASEBOOK_SQL_SESSION_FIND);
    query_blob(&query, hash, SECRET_HASH_BYTES);
    if (query_row(&query)) {
        query_column_copy(&query, 0, user, USER_BYTES);
        *seen_ms = query_column(&query, 2);
        alive = is_alive(query_column(&query, 1), *seen_ms, now_ms) || FAULT(dead_session_alive);
    }
    return casebook_answered(&query, alive);
}

enum casebook_found casebook_session_look(struct casebook *book, const uint8_t id[SECRET_ID_BYTES], int64_t now_ms,
                                          struct casebook_user *out)
{
    uint8_t hash[SECRET_HASH_BYTES];
    char user[USER_BYTES];
    int64_t seen_ms;
    secret_hash(id, SECRET_ID_BYTES, hash);
    enum casebook_found result = session(book, hash, now_ms, user, &seen_ms);
    if (result == CASEBOOK_FOUND)
        result = casebook_user(book, user, out);
    return result == CASEBOOK_FOUND && out->disabled ? CASEBOOK_ABSENT : result;
}

enum casebook_found casebook_session_use(struct casebook *book, const uint8_t id[SECRET_ID_BYTES], int64_t now_ms,
                                         struct casebook_user *out)
{
    enum casebook_found result = casebook_session_look(book, id, now_ms, out);
    if (result != CASEBOOK_FOUND)
        return result;
    uint8_t hash[SECRET_HASH_BYTES];
    secret_hash(id, SECRET_ID_BYTES, hash);
    struct query query = casebook_query(book, CASEBOOK_SQL_SESSION_SEEN);
    query_blob(&query, hash, sizeof hash);
    query_integer(&query, now_ms);
    query_integer(&query, now_ms - CASEBOOK_SEEN_STEP_MS);
    casebook_write(&query); /* if it fails the session only ends sooner */
    return CASEBOOK_FOUND;
}

bool casebook_session_alive(struct casebook *book, const uint8_t hash[SECRET_HASH_BYTES], int64_t now_ms)
{
    char user[USER_BYTES];
    int64_t seen_ms;
    return session(book, hash, now_ms, user, &seen_ms) == CASEBOOK_FOUND;
}

bool casebook_session_end(struct casebook *book, const uint8_t id[SECRET_ID_BYTES])
{
    uint8_t hash[SECRET_HASH_BYTES];
    secret_hash(id, SECRET_ID_BYTES, hash);
    struct query query = casebook_query(book, CASEBOOK_SQL_SESSION_END);
    query_blob(&query, hash, sizeof hash);
    return casebook_write(&query);
}

bool casebook_begin(struct casebook *book)
{
    casebook_flush(book);
    book->head_before = book->head;
    return run(book, CASEBOOK_SQL_BEGIN);
}

static bool end(struct casebook *book, bool good)
{
    if (good && run(book, CASEBOOK_SQL_COMMIT))
        return true;
    if (database_in_transaction(&book->database)) /* SQLite rolls back by itself on a full disk */
        database_rollback(&book->database, CASEBOOK_SQL_ROLLBACK);
    casebook_good(book);
    book->head = book->head_before;
    return false;
}

bool casebook_end(struct casebook *book, bool good)
{
    bool done = end(book, good);
    book->changes += done;
    return done;
}

uint32_t casebook_changes(const struct casebook *book)
{
    return book->changes;
}

bool casebook_empty_log(struct casebook *book)
{
    return dbfile_checkpoint(book->file, book->database.connection, SQLITE_CHECKPOINT_TRUNCATE) == SQLITE_OK;
}

bool casebook_gather(struct casebook *book)
{
    if (!book->is_gathering)
        book->is_gathering = casebook_begin(book);
    return book->is_gathering;
}

void casebook_flush(struct casebook *book)
{
    if (!book->is_gathering)
        return;
    book->is_gathering = false;
    book->lost_gathered |= !end(book, true);
}

bool casebook_settle(struct casebook *book)
{
    casebook_flush(book);
    bool good = !book->lost_gathered;
    book->lost_gathered = false;
    return good;
}
