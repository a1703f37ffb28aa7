/* What terminals say of themselves, and until when their taps are surely here: nobody is told of an absence while the
 * tap that disproves it may be on its way.
 *
 * States go into the store at once; in memory is only whether a terminal was heard since the connection to the broker
 * was made, because what it said before is older than what we missed. */
#ifndef DAEMON_TERMINALS_H
#define DAEMON_TERMINALS_H

#include "common/wire.h"
#include "daemon/core/school/school.h"
#include "daemon/store/store.h"

struct terminals {
    struct store *store;
    int32_t rate;     /* civil milliseconds for each monotonic one */
    bool any_revoked; /* false: the store need not be asked about a terminal */
    size_t heard_count;
    char heard[SCHOOL_TERMINALS_MAX][ID_BYTES]; /* further ones count as not heard */
    char told[ID_BYTES];                        /* the latest revoked one that the log told of */
};

void terminals_init(struct terminals *terminals, struct store *store, int32_t rate);
void terminals_reload(struct terminals *terminals);       /* a terminal may have been revoked */
void terminals_forget_heard(struct terminals *terminals); /* the connection is gone */

/* Its certificate was taken back: nothing that still comes in its name is believed. Said once in the log when it comes. */
bool terminals_revoked(struct terminals *terminals, const char *terminal);

/* `retained`: the broker kept it, its age is what it says itself. A will or kept word of an older birth
 * changes nothing: it must not mark a reborn terminal as lost. False when it was such a one. What is said live counts,
 * whatever its birth. */
bool terminals_state(struct terminals *terminals, const char *terminal, const struct wire_state *state, bool retained,
                     int64_t now_ms);

/* Every tap made there before this time (UTC) has been received; INT64_MIN when it is lost or was not heard. Of a revoked
 * one no more will come. */
int64_t terminals_complete_until(struct terminals *terminals, const char *terminal);

#endif
