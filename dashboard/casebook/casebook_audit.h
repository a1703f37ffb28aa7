/* The audit log of the casebook.
 *
 * It is a chain: row n's mac is HMAC-SHA-256, under the key in the file audit.key beside the
 * database, of row n-1's mac (32 zero bytes before the first) followed by the row's fields sequence, at_ms,
 * user, action, object, each as decimal byte length, ':', the bytes, ','. So whoever can write the database
 * but not read the key can neither change nor remove a row in the middle. HMAC-SHA-256 and not BLAKE2b,
 * because any language's standard library can then verify it. Cutting off the end shows only against a head
 * that was kept elsewhere. Retention cuts off the beginning: a row `audit_cut` names the last row that went,
 * by sequence and mac (hex), so that the first that is kept still follows from something under the key. */
#ifndef DASHBOARD_CASEBOOK_AUDIT_H
#define DASHBOARD_CASEBOOK_AUDIT_H

#include "dashboard/casebook/casebook.h"

#define CASEBOOK_WALK_BYTES_MAX 1048576 /* of rows: a step ends with the row that passes it */
#define CASEBOOK_BROKEN_BYTES   160

/* The audit log's last row. */
struct casebook_head {
    int64_t sequence; /* 0: no row yet */
    uint8_t mac[SECRET_MAC_BYTES];
};

/* On disk when it returns true (or casebook_end does, or casebook_settle). What cannot be written here must not be shown. */
bool casebook_audit(struct casebook *book, int64_t at_ms, const char *user, const char *action, const char *object);

/* An act at the daemon's control socket, which the daemon keeps until the log has it. */
struct casebook_act {
    int64_t act, at_ms;
    const char *action, *object;
};

/* How far they have been taken over: the last one's number, and the latest time. Zeros: none yet. False: it could not be read. */
bool casebook_acts_taken(struct casebook *book, struct casebook_act *last);
/* A row as of the command line; between casebook_begin and _end. */
bool casebook_act_take(struct casebook *book, const struct casebook_act *act);

/* The last row, to be kept elsewhere: cutting off the log's end shows only against it. */
struct casebook_head casebook_audit_head(const struct casebook *book);

/* How far the log has been walked along. Zeroed, before the beginning. */
struct casebook_walk {
    int64_t first;                   /* the number of the first row that there is; 0: not known yet */
    struct casebook_head last;       /* the last row found to follow from all before it */
    int64_t broken;                  /* the first row that is missing or is not what was written */
    char why[CASEBOOK_BROKEN_BYTES]; /* says which, or what is wrong with the file, in a sentence */
};

enum casebook_walked {
    CASEBOOK_WALKED,       /* to row `to`, or to the log's end */
    CASEBOOK_WALK_ON,      /* there is more: call again */
    CASEBOOK_WALK_BROKEN,  /* `broken` and `why` tell */
    CASEBOOK_WALK_DAMAGED, /* not the log but the file is not what it should be: `why` tells */
    CASEBOOK_WALK_FAILED   /* the database could not be read */
};

/* At the log's beginning the whole file is looked through. Verifies rows from where the walk stands up to row `to`, one step of them. Retention may cut the log's beginning between
 * two steps. At the log's end it must be the row that this program wrote last. */
enum casebook_walked casebook_audit_walk(struct casebook *book, struct casebook_walk *walk, int64_t to);

#endif
