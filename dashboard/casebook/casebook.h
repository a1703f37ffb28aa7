/* The casebook: the dashboard's own database (dashboard/casebook/casebook.sql): users, sessions, the audit log.
 *
 * One thread. Functions that return bool return false when the database could not do it (full disk, say),
 * unless said otherwise; the reason has been logged.
 *
 * What gives rows gives a cursor: its next function fills one in, until it says false. Texts in a row are valid until
 * then. A loop that is left early calls query_end; after loops casebook_good says whether all rows came. */
#ifndef DASHBOARD_CASEBOOK_H
#define DASHBOARD_CASEBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/ids.h"
#include "common/civil.h"
#include "common/query.h"
#include "dashboard/shell/access.h"
#include "dashboard/shell/secret.h"

#define CASEBOOK_IDLE_MS      (15 * 60 * 1000)
#define CASEBOOK_SESSION_MS   (8 * CIVIL_MS_PER_HOUR)
#define CASEBOOK_SEEN_STEP_MS 30000 /* use is recorded this often, not at every request: the disk's sake */
#define CASEBOOK_NAME_BYTES   129

struct casebook_user {
    char user[USER_BYTES];
    char name[CASEBOOK_NAME_BYTES];
    char language[3];
    enum role role;
    char password[SECRET_PASSWORD_BYTES]; /* its hash */
    bool disabled;                        /* may not sign in, and has no session */
    bool has_totp;                        /* signs in with a one-time code */
};

enum casebook_found { CASEBOOK_FOUND, CASEBOOK_ABSENT, CASEBOOK_FAILED };

struct casebook;
struct dbfile;

/* `folder` holds casebook.db and audit.key; both are made when missing. NULL with a sentence in `why`. */
struct casebook *casebook_open(const char *folder, const char **why);
/* dbfile_keep (common/dbfile.h) for casebook.db. */
bool casebook_keep(struct casebook *book, struct dbfile *file, char *why);
/* Takes pages of the -wal into the file when there are enough of them and no transaction is open. To be called now and then. */
void casebook_shorten_log(struct casebook *book);
void casebook_close(struct casebook *book); /* leaves an empty -wal behind, unless a reader or the disk forbids it */

/* False: a row that should have come could not be read, since this was asked the last time; it has been logged. */
bool casebook_good(struct casebook *book);

enum casebook_found casebook_user(struct casebook *book, const char *user, struct casebook_user *out);
/* With the protected pupils for whom the user is named; between casebook_begin and _end. */
bool casebook_user_add(struct casebook *book, const struct casebook_user *user, const char *const *named_for,
                       size_t named_count, int64_t now_ms);
bool casebook_language_set(struct casebook *book, const char *user, const char *language);
/* Names the user for one more protected pupil; between casebook_begin and _end. */
bool casebook_name_user(struct casebook *book, const char *user, const char *pupil);
/* A failure counts as no. */
bool casebook_user_is_named(struct casebook *book, const char *user, const char *pupil);

/* A new session with a new id. `now_ms` is real time here. Sessions that are over are swept at the same time.
 */
bool casebook_session_begin(struct casebook *book, const char *user, int64_t now_ms, uint8_t id[SECRET_ID_BYTES]);
/* Whose session it is, when it is alive. `_use` records that somebody was there; `_look` does not, for what a
 * page asks by itself. */
enum casebook_found casebook_session_use(struct casebook *book, const uint8_t id[SECRET_ID_BYTES], int64_t now_ms,
                                         struct casebook_user *out);
enum casebook_found casebook_session_look(struct casebook *book, const uint8_t id[SECRET_ID_BYTES], int64_t now_ms,
                                          struct casebook_user *out);
/* By what is stored; not recorded as use either. */
bool casebook_session_alive(struct casebook *book, const uint8_t hash[SECRET_HASH_BYTES], int64_t now_ms);
bool casebook_session_end(struct casebook *book, const uint8_t id[SECRET_ID_BYTES]);

/* Between these, writes become durable together, audit rows too; `good` false takes them back. Not nested. */
bool casebook_begin(struct casebook *book);
bool casebook_end(struct casebook *book, bool good);
/* Rises with every such change; not with what is only looked at, and not with sessions. */
uint32_t casebook_changes(const struct casebook *book);

/* Reads share one commit: from casebook_gather on, audit rows are on disk only when casebook_settle says so, and what they
 * tell of must wait for it. casebook_begin and casebook_flush make what is gathered durable before what follows. */
bool casebook_gather(struct casebook *book);
void casebook_flush(struct casebook *book);
/* False: something that was gathered since the last call is lost. */
bool casebook_settle(struct casebook *book);

/* What was erased leaves the write-ahead log. False: a reader holds it up. */
bool casebook_empty_log(struct casebook *book);

#endif
