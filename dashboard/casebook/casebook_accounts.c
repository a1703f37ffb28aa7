#include "dashboard/casebook/casebook_accounts.h"

#include <string.h>
#include "dashboard/casebook/casebook_sql.h"

bool casebook_users(struct casebook *book, casebook_user_row *row, void *into)
{
    struct casebook_user user;
    sqlite3_stmt *statement = book->statements[CASEBOOK_SQL_USERS];
    enum casebook_found found;
    while ((found = casebook_step(book, statement)) == CASEBOOK_FOUND)
        if (casebook_read_user(statement, &user) && !row(into, &user))
            break;
    sqlite3_reset(statement);
    return found != CASEBOOK_FAILED;
}

static bool end_sessions(struct casebook *book, const char *user, const uint8_t *kept)
{
    uint8_t hash[SECRET_HASH_BYTES];
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_SESSIONS_END, user, NULL);
    if (kept) {
        secret_hash(kept, SECRET_ID_BYTES, hash);
        sqlite3_bind_blob(statement, 2, hash, sizeof hash, SQLITE_STATIC);
    }
    return casebook_done(book, CASEBOOK_SQL_SESSIONS_END);
}

bool casebook_password_set(struct casebook *book, const char *user, const char *hash,
                           const uint8_t kept[SECRET_ID_BYTES])
{
    casebook_with_text(book, CASEBOOK_SQL_USER_PASSWORD, user, hash);
    return casebook_done(book, CASEBOOK_SQL_USER_PASSWORD) && end_sessions(book, user, kept);
}

bool casebook_user_disable(struct casebook *book, const char *user, bool disable, int64_t now_ms)
{
    enum casebook_statement which = disable ? CASEBOOK_SQL_USER_DISABLE : CASEBOOK_SQL_USER_ENABLE;
    sqlite3_stmt *statement = casebook_with_text(book, which, user, NULL);
    if (disable)
        sqlite3_bind_int64(statement, 2, now_ms);
    return casebook_done(book, which) && end_sessions(book, user, NULL);
}

struct totp {
    bool has_secret, has_offer;
    uint8_t secret[TOTP_SECRET_BYTES], offered[TOTP_SECRET_BYTES];
    int64_t last_step, offered_ms;
};

static bool copy_secret(sqlite3_stmt *statement, int column, uint8_t out[TOTP_SECRET_BYTES])
{
    if (sqlite3_column_bytes(statement, column) != TOTP_SECRET_BYTES)
        return false;
    memcpy(out, sqlite3_column_blob(statement, column), TOTP_SECRET_BYTES);
    return true;
}

static enum casebook_found find_totp(struct casebook *book, const char *user, struct totp *out)
{
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_TOTP_FIND, user, NULL);
    enum casebook_found found = casebook_step(book, statement);
    *out = (struct totp){0};
    if (found == CASEBOOK_FOUND) {
        out->has_secret = copy_secret(statement, 0, out->secret);
        out->last_step = sqlite3_column_int64(statement, 1);
        out->has_offer = copy_secret(statement, 2, out->offered);
        out->offered_ms = sqlite3_column_int64(statement, 3);
    }
    sqlite3_reset(statement);
    return found;
}

bool casebook_totp_offer(struct casebook *book, const char *user, const uint8_t secret[TOTP_SECRET_BYTES],
                         int64_t now_ms)
{
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_TOTP_OFFER, user, NULL);
    sqlite3_bind_blob(statement, 2, secret, TOTP_SECRET_BYTES, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 3, now_ms);
    return casebook_done(book, CASEBOOK_SQL_TOTP_OFFER);
}

static enum casebook_found keep_step(struct casebook *book, enum casebook_statement which, const char *user,
                                     int64_t step)
{
    if (step == 0)
        return CASEBOOK_ABSENT;
    sqlite3_bind_int64(casebook_with_text(book, which, user, NULL), 2, step);
    return casebook_done(book, which) ? CASEBOOK_FOUND : CASEBOOK_FAILED;
}

enum casebook_found casebook_totp_confirm(struct casebook *book, const char *user, const char *code, int64_t now_ms)
{
    struct totp totp;
    enum casebook_found found = find_totp(book, user, &totp);
    int64_t age_ms = now_ms - totp.offered_ms;
    bool good = found == CASEBOOK_FOUND && totp.has_offer && age_ms >= 0 && age_ms < CASEBOOK_OFFER_MS;
    int64_t step = good ? totp_step(totp.offered, code, now_ms, 0) : 0;
    secret_wipe(&totp, sizeof totp);
    return found == CASEBOOK_FOUND ? keep_step(book, CASEBOOK_SQL_TOTP_CONFIRM, user, step) : found;
}

enum casebook_found casebook_totp_use(struct casebook *book, const char *user, const char *code, int64_t now_ms)
{
    struct totp totp;
    enum casebook_found found = find_totp(book, user, &totp);
    int64_t step =
        found == CASEBOOK_FOUND && totp.has_secret ? totp_step(totp.secret, code, now_ms, totp.last_step) : 0;
    secret_wipe(&totp, sizeof totp);
    return found == CASEBOOK_FOUND ? keep_step(book, CASEBOOK_SQL_TOTP_USED, user, step) : found;
}

bool casebook_totp_remove(struct casebook *book, const char *user)
{
    casebook_with_text(book, CASEBOOK_SQL_TOTP_REMOVE, user, NULL);
    return casebook_done(book, CASEBOOK_SQL_TOTP_REMOVE);
}
