/* The states of terminals, and until when all their taps have been received: no guardian is told of an absence while
 * the tap that disproves it may be on its way. States are stored at once. Memory holds only which terminals were
 * heard since the connection to the broker was made, because an older state says nothing about what was missed
 * meanwhile. */
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
    char heard[SCHOOL_TERMINALS_MAX][ID_BYTES]; /* terminals beyond the limit count as not heard */
    char told[ID_BYTES];                        /* the revoked terminal that was logged last */
};

void terminals_init(struct terminals *terminals, struct store *store, int32_t rate);
void terminals_reload(struct terminals *terminals);       /* a terminal may have been revoked */
void terminals_forget_heard(struct terminals *terminals); /* the connection is gone */

/* Is its certificate revoked? Then its messages are ignored. Logged once, until another one's message comes between. */
bool terminals_revoked(struct terminals *terminals, const char *terminal);

/* `retained`: the broker kept it, and its age is what the state itself says. A will or retained state of an older
 * birth is ignored, and the answer is false: it must not mark a restarted terminal as lost. A live state counts
 * whatever its birth. */
bool terminals_state(struct terminals *terminals, const char *terminal, const struct wire_state *state, bool retained,
                     int64_t now_ms);

/* Every tap made there before this time (UTC) has been received. INT64_MIN: the terminal is lost or has not been
 * heard; INT64_MAX: nothing is queued, or it is revoked and no more of it is awaited. */
int64_t terminals_complete_until(struct terminals *terminals, const char *terminal);

#endif
