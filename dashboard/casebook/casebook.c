#include "dashboard/casebook/casebook.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/fault.h"
#include "common/log.h"
#include "dashboard/casebook/casebook_sql.h"

/* The text of dashboard/casebook/casebook.sql. */
extern const char schema_begin[] __asm__("_binary_dashboard_casebook_casebook_sql_start");
extern const char schema_end[] __asm__("_binary_dashboard_casebook_casebook_sql_end");

static bool create(sqlite3 *db)
{
    // cppcheck-suppress comparePointers ; the linker made both: the ends of one text
    size_t bytes = (size_t)(schema_end - schema_begin);
    char *schema = malloc(bytes + 1);
    if (!schema)
        return false;
    memcpy(schema, schema_begin, bytes);
    schema[bytes] = '\0';
    bool made = sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK &&
                sqlite3_exec(db, schema, NULL, NULL, NULL) == SQLITE_OK &&
                sqlite3_exec(db, "PRAGMA user_version = 1; COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    free(schema);
    return made;
}

static bool open_database(struct casebook *book, const char *path)
{
    if (sqlite3_open_v2(path, &book->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL))
        return false;
    sqlite3_db_config(book->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    const char *pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                          "PRAGMA busy_timeout = 2000; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;"
                          "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;"
                          "PRAGMA journal_size_limit = 4194304";
    if (sqlite3_exec(book->db, pragmas, NULL, NULL, NULL) || !create(book->db))
        return false;
    for (int i = 0; i < CASEBOOK_STATEMENTS; i++)
        if (sqlite3_prepare_v3(book->db, CASEBOOK_SQL[i], -1, SQLITE_PREPARE_PERSISTENT, &book->statements[i], NULL))
            return false;
    return true;
}

static bool audit_resume(struct casebook *book)
{
    sqlite3_stmt *statement = book->statements[CASEBOOK_SQL_AUDIT_LAST];
    enum casebook_found last = casebook_step(book, statement);
    bool good = last == CASEBOOK_ABSENT;
    if (last == CASEBOOK_FOUND && sqlite3_column_bytes(statement, 1) == SECRET_MAC_BYTES) {
        book->head.sequence = sqlite3_column_int64(statement, 0);
        memcpy(book->head.mac, sqlite3_column_blob(statement, 1), SECRET_MAC_BYTES);
        good = true;
    }
    sqlite3_reset(statement);
    return good;
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
    char path[4096];
    *why = reason;
    struct casebook *book = calloc(1, sizeof *book);
    if (!book) {
        *why = "no memory";
        return NULL;
    }
    if ((size_t)snprintf(path, sizeof path, "%s/casebook.db", folder) >= sizeof path) {
        *why = "the folder's name is too long";
        goto fail;
    }
    if (!open_database(book, path) || !audit_resume(book)) {
        snprintf(reason, sizeof reason, "%s: %s", path, book->db ? sqlite3_errmsg(book->db) : "no memory");
        goto fail;
    }
    snprintf(path, sizeof path, "%s/audit.key", folder);
    if (!key_load(path, book->head.sequence == 0, book->audit_key)) {
        snprintf(reason, sizeof reason, "%s: missing, unreadable, or not %d bytes", path, SECRET_KEY_BYTES);
        goto fail;
    }
    return book;
fail:
    casebook_close(book);
    return NULL;
}

void casebook_close(struct casebook *book)
{
    for (int i = 0; i < CASEBOOK_STATEMENTS; i++)
        sqlite3_finalize(book->statements[i]);
    sqlite3_close(book->db);
    secret_wipe(book->audit_key, sizeof book->audit_key);
    free(book);
}

bool casebook_read_user(sqlite3_stmt *statement, struct casebook_user *out)
{
    casebook_copy(statement, 0, out->user, sizeof out->user);
    casebook_copy(statement, 1, out->name, sizeof out->name);
    casebook_copy(statement, 2, out->language, sizeof out->language);
    casebook_copy(statement, 4, out->password, sizeof out->password);
    out->disabled = sqlite3_column_int(statement, 5) != 0;
    out->has_totp = sqlite3_column_int(statement, 6) != 0;
    return access_role_read((const char *)sqlite3_column_text(statement, 3), &out->role);
}

enum casebook_found casebook_user(struct casebook *book, const char *user, struct casebook_user *out)
{
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_USER_FIND, user, NULL);
    enum casebook_found result = casebook_step(book, statement);
    if (result == CASEBOOK_FOUND && !casebook_read_user(statement, out))
        result = CASEBOOK_FAILED;
    sqlite3_reset(statement);
    return result;
}

static bool insert_user(struct casebook *book, const struct casebook_user *user, int64_t now_ms)
{
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_USER_ADD, user->user, user->name);
    sqlite3_bind_text(statement, 3, user->language, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 4, ROLE_WORDS[user->role], -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 5, user->password, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 6, now_ms);
    return casebook_done(book, CASEBOOK_SQL_USER_ADD);
}

bool casebook_user_add(struct casebook *book, const struct casebook_user *user, const char *const *named_for,
                       size_t named_count, int64_t now_ms)
{
    if (!casebook_begin(book))
        return false;
    bool good = insert_user(book, user, now_ms);
    for (size_t i = 0; good && i < named_count; i++)
        good = casebook_name_user(book, user->user, named_for[i]);
    return casebook_end(book, good);
}

bool casebook_language_set(struct casebook *book, const char *user, const char *language)
{
    casebook_with_text(book, CASEBOOK_SQL_USER_LANGUAGE, user, language);
    return casebook_done(book, CASEBOOK_SQL_USER_LANGUAGE);
}

bool casebook_name_user(struct casebook *book, const char *user, const char *pupil)
{
    casebook_with_text(book, CASEBOOK_SQL_NAMED_ADD, user, pupil);
    return casebook_done(book, CASEBOOK_SQL_NAMED_ADD);
}

bool casebook_user_is_named(struct casebook *book, const char *user, const char *pupil)
{
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_NAMED_FIND, user, pupil);
    bool named = casebook_step(book, statement) == CASEBOOK_FOUND;
    sqlite3_reset(statement);
    return named;
}

bool casebook_session_begin(struct casebook *book, const char *user, int64_t now_ms, uint8_t id[SECRET_ID_BYTES])
{
    uint8_t hash[SECRET_HASH_BYTES];
    secret_random(id, SECRET_ID_BYTES);
    secret_hash(id, SECRET_ID_BYTES, hash);
    sqlite3_bind_int64(book->statements[CASEBOOK_SQL_SESSION_SWEEP], 1, now_ms - CASEBOOK_IDLE_MS);
    sqlite3_bind_int64(book->statements[CASEBOOK_SQL_SESSION_SWEEP], 2, now_ms - CASEBOOK_SESSION_MS);
    casebook_done(book, CASEBOOK_SQL_SESSION_SWEEP);
    sqlite3_stmt *statement = casebook_with_hash(book, CASEBOOK_SQL_SESSION_ADD, hash);
    sqlite3_bind_text(statement, 2, user, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 3, now_ms);
    return casebook_done(book, CASEBOOK_SQL_SESSION_ADD);
}

/* A clock that was set back ends sessions rather than prolonging them. */
static bool is_alive(int64_t began_ms, int64_t seen_ms, int64_t now_ms)
{
    int64_t idle_ms = now_ms - seen_ms, age_ms = now_ms - began_ms;
    return idle_ms > -60000 && idle_ms < CASEBOOK_IDLE_MS && age_ms > -60000 && age_ms < CASEBOOK_SESSION_MS;
}

static enum casebook_found session(struct casebook *book, const uint8_t hash[SECRET_HASH_BYTES], int64_t now_ms,
                                   char user[CASEBOOK_USER_BYTES], int64_t *seen_ms)
{
    sqlite3_stmt *statement = casebook_with_hash(book, CASEBOOK_SQL_SESSION_FIND, hash);
    enum casebook_found result = casebook_step(book, statement);
    if (result == CASEBOOK_FOUND) {
        casebook_copy(statement, 0, user, CASEBOOK_USER_BYTES);
        *seen_ms = sqlite3_column_int64(statement, 2);
        if (!is_alive(sqlite3_column_int64(statement, 1), *seen_ms, now_ms) && !FAULT(dead_session_alive))
            result = CASEBOOK_ABSENT;
    }
    sqlite3_reset(statement);
    return result;
}

enum casebook_found casebook_session_look(struct casebook *book, const uint8_t id[SECRET_ID_BYTES], int64_t now_ms,
                                          struct casebook_user *out)
{
    uint8_t hash[SECRET_HASH_BYTES];
    char user[CASEBOOK_USER_BYTES];
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
    sqlite3_bind_int64(casebook_with_hash(book, CASEBOOK_SQL_SESSION_SEEN, hash), 2, now_ms);
    sqlite3_bind_int64(book->statements[CASEBOOK_SQL_SESSION_SEEN], 3, now_ms - CASEBOOK_SEEN_STEP_MS);
    casebook_done(book, CASEBOOK_SQL_SESSION_SEEN); /* without it the session ends sooner, that is all */
    return CASEBOOK_FOUND;
}

bool casebook_session_alive(struct casebook *book, const uint8_t hash[SECRET_HASH_BYTES], int64_t now_ms)
{
    char user[CASEBOOK_USER_BYTES];
    int64_t seen_ms;
    return session(book, hash, now_ms, user, &seen_ms) == CASEBOOK_FOUND;
}

bool casebook_session_end(struct casebook *book, const uint8_t id[SECRET_ID_BYTES])
{
    uint8_t hash[SECRET_HASH_BYTES];
    secret_hash(id, SECRET_ID_BYTES, hash);
    casebook_with_hash(book, CASEBOOK_SQL_SESSION_END, hash);
    return casebook_done(book, CASEBOOK_SQL_SESSION_END);
}

bool casebook_begin(struct casebook *book)
{
    casebook_flush(book);
    book->head_before = book->head;
    return casebook_done(book, CASEBOOK_SQL_BEGIN);
}

static bool end(struct casebook *book, bool good)
{
    if (good && casebook_done(book, CASEBOOK_SQL_COMMIT))
        return true;
    casebook_done(book, CASEBOOK_SQL_ROLLBACK);
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

/* A full disk takes back the whole transaction: what comes must not follow rows that are gone. */
static void look_after_gathered(struct casebook *book)
{
    if (!book->is_gathering || !sqlite3_get_autocommit(book->db))
        return;
    book->is_gathering = false;
    book->lost_gathered = true;
    book->head = book->head_before;
}

static void audit_mac(const struct casebook *book, int64_t at_ms, const char *const texts[3], char *line,
                      size_t line_bytes, uint8_t mac[SECRET_MAC_BYTES])
{
    char number[2][24];
    snprintf(number[0], sizeof number[0], "%" PRId64, book->head.sequence + 1);
    snprintf(number[1], sizeof number[1], "%" PRId64, at_ms);
    const char *fields[] = {number[0], number[1], texts[0], texts[1], texts[2]};
    size_t used = 0;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        used += (size_t)snprintf(line + used, line_bytes - used, "%zu:%s,", strlen(fields[i]), fields[i]);
    assert(used < line_bytes);
    secret_mac(book->audit_key, book->head.mac, line, used, mac);
}

bool casebook_audit(struct casebook *book, int64_t at_ms, const char *user, const char *action, const char *object)
{
    if (FAULT(audit_row_skipped))
        return true;
    size_t line_bytes = strlen(user) + strlen(action) + strlen(object) + 160;
    char *line = malloc(line_bytes);
    if (!line)
        return false;
    uint8_t mac[SECRET_MAC_BYTES];
    audit_mac(book, at_ms, (const char *const[]){user, action, object}, line, line_bytes, mac);
    free(line);
    sqlite3_stmt *statement = book->statements[CASEBOOK_SQL_AUDIT_ADD];
    sqlite3_bind_int64(statement, 1, book->head.sequence + 1);
    sqlite3_bind_int64(statement, 2, at_ms);
    sqlite3_bind_text(statement, 3, user, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 4, action, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 5, object, -1, SQLITE_STATIC);
    sqlite3_bind_blob(statement, 6, mac, sizeof mac, SQLITE_STATIC);
    if (!casebook_done(book, CASEBOOK_SQL_AUDIT_ADD)) {
        look_after_gathered(book);
        return false;
    }
    book->head.sequence++;
    memcpy(book->head.mac, mac, sizeof mac);
    return true;
}
