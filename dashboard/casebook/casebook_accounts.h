/* The casebook's part for accounts: passwords, one-time codes, who may not sign in any more. */
#ifndef DASHBOARD_CASEBOOK_ACCOUNTS_H
#define DASHBOARD_CASEBOOK_ACCOUNTS_H

#include "dashboard/casebook/casebook.h"
#include "common/civil.h"
#include "dashboard/shell/totp.h"

#define CASEBOOK_OFFER_MS (10 * CIVIL_MS_PER_MINUTE) /* a secret not confirmed for so long is forgotten */

/* By login name. */
struct query casebook_users(struct casebook *book);
bool casebook_next_user(struct query *rows, struct casebook_user *out);
/* `hash` of the new password. All sessions of the user end but `kept` (NULL: all). */
bool casebook_password_set(struct casebook *book, const char *user, const char *hash,
                           const uint8_t kept[SECRET_ID_BYTES]);
/* A disabled user's sessions end. */
bool casebook_user_disable(struct casebook *book, const char *user, bool disable, int64_t now_ms);

/* `now_ms` is real time here. */
bool casebook_totp_offer(struct casebook *book, const char *user, const uint8_t secret[TOTP_SECRET_BYTES],
                         int64_t now_ms);
/* Is `code` one of the secret that was offered? Then it is the user's from now on. */
enum casebook_found casebook_totp_confirm(struct casebook *book, const char *user, const char *code, int64_t now_ms);
/* Is `code` the user's, and not used before? */
enum casebook_found casebook_totp_use(struct casebook *book, const char *user, const char *code, int64_t now_ms);
bool casebook_totp_remove(struct casebook *book, const char *user);

#endif
