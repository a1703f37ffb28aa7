/* Passwords, one-time codes and disabled users. */
#include "dashboard/casebook/casebook_accounts.h"

#include <string.h>
#include "dashboard/casebook/casebook_sql.h"

struct query casebook_users(struct casebook *book)
{
    return casebook_query(book, CASEBOOK_SQL_USERS);
}

bool casebook_next_user(struct query *rows, struct casebook_user *out)
{
    while (query_row(rows))
        if (casebook_read_user(rows, out))
            return true;
    return false;
}

static bool end_sessions(struct casebook *book, const char *user, const uint8_t *kept)
{
    uint8_t hash[SECRET_HASH_BYTES];
    struct query query = casebook_query(book, CASEBOOK_SQL_SESSIONS_END);
    query_text(&query, user);
    if (kept != NULL)
        secret_hash(kept, SECRET_ID_BYTES, hash);
    query_blob(&query, kept != NULL ? hash : NULL, sizeof hash);
    return casebook_write(&query);
}

bool casebook_password_set(struct casebook *book, const char *user, const char *hash,
                           const uint8_t kept[SECRET_ID_BYTES])
{
    struct query query = casebook_query(book, CASEBOOK_SQL_USER_PASSWORD);
    query_text(&query, user);
    query_text(&query, hash);
    return casebook_write(&query) && end_sessions(book, user, kept);
}

bool casebook_user_disable(struct casebook *book, const char *user, bool disable, int64_t now_ms)
{
    struct query query = casebook_query(book, disable ? CASEBOOK_SQL_USER_DISABLE : CASEBOOK_SQL_USER_ENABLE);
    query_text(&query, user);
    if (disable)
        query_integer(&query, now_ms);
    return casebook_write(&query) && end_sessions(book, user, NULL);
}

struct totp {
    bool has_secret, has_offer;
    uint8_t secret[TOTP_SECRET_BYTES], offered[TOTP_SECRET_BYTES];
    int64_t last_step, offered_ms;
};

static bool copy_secret(const struct query *query, int column, uint8_t out[TOTP_SECRET_BYTES])
{
    size_t length;
    const void *secret = query_column_bytes(query, column, &length);
    if (length != TOTP_SECRET_BYTES)
        return false;
    memcpy(out, secret, TOTP_SECRET_BYTES);
    return true;
}

static enum casebook_found find_totp(struct casebook *book, const char *user, struct totp *out)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_TOTP_FIND);
    query_text(&query, user);
    *out = (struct totp){0};
    bool there = query_row(&query);
    if (there) {
        out->has_secret = copy_secret(&query, 0, out->secret);
        out->last_step = query_column(&query, 1);
        out->has_offer = copy_secret(&query, 2, out->offered);
        out->offered_ms = query_column(&query, 3);
    }
    return casebook_answered(&query, there);
}

bool casebook_totp_offer(struct casebook *book, const char *user, const uint8_t secret[TOTP_SECRET_BYTES],
                         int64_t now_ms)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_TOTP_OFFER);
    query_text(&query, user);
    query_blob(&query, secret, TOTP_SECRET_BYTES);
    query_integer(&query, now_ms);
    return casebook_write(&query);
}

static enum casebook_found keep_step(struct casebook *book, enum casebook_statement which, const char *user,
                                     int64_t step)
{
    if (step == 0)
        return CASEBOOK_ABSENT;
    struct query query = casebook_query(book, which);
    query_text(&query, user);
    query_integer(&query, step);
    return casebook_write(&query) ? CASEBOOK_FOUND : CASEBOOK_FAILED;
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
    struct query query = casebook_query(book, CASEBOOK_SQL_TOTP_REMOVE);
    query_text(&query, user);
    return casebook_write(&query);
}
