/* The store's part for terminals and their certificates. Inside the open transaction where it writes; failures are the
 * store's. */
#ifndef DAEMON_STORE_TERMINALS_H
#define DAEMON_STORE_TERMINALS_H

#include "common/query.h"
#include "common/ids.h"
#include "daemon/core/school/schoolfiles.h"
#include "daemon/store/store.h"

struct store_terminal { /* texts until the next; phase "" when it was never heard of */
    const char *terminal, *room, *phase;
    int64_t queued, received_ms;
    int64_t certificate_to_ms; /* 0: it has none of `narvaro terminal` */
    int64_t revoked_ms;
    const char *revoked_why; /* 0, "": it is not */
};
/* Each with its place on `day`; of one that hangs nowhere then, the latest before, else the first to come. */
struct query store_terminals_seen(struct store *store, int32_t day);
bool store_next_terminal(struct query *rows, struct store_terminal *out);

/* In which room does the terminal hang on `day`, as above? False when the school's data does not list it. */
bool store_terminal_room(struct store *store, const char *terminal, int32_t day, char room[NAME_BYTES]);
/* It hangs there from `day` on. */
void store_terminal_insert(struct store *store, const char *terminal, const char *room, int32_t day, int64_t now_ms);
/* Is it the room of a lesson or a terminal, or are there no lessons yet that could tell? */
bool store_room_known(struct store *store, const char *room);

/* `is_new`: the terminal was not listed before. Kept of the first certificate: until its first start it recorded nothing. */
void store_certificate_put(struct store *store, const char *terminal, int64_t to_ms, bool is_new);
/* It started then, and may have for the first time. Kept here, because its events are erased in time. */
void store_certificate_first(struct store *store, const char *terminal, int64_t started_ms);
/* From now on nothing of it counts. The first revocation stays. */
void store_certificate_revoke(struct store *store, const char *terminal, int64_t now_ms, const char *why);
bool store_terminal_revoked(struct store *store, const char *terminal); /* NULL: is any? */

#endif
