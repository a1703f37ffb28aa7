/* Which taps wait for a person before they count: those that came too late, and those that would change what was decided of
 * a date by saying that somebody was where nobody expected them. They are stored as all others, so the promise to the lamp
 * stands; what is not accepted counts nowhere (docs/rollcall.md). */
#ifndef DAEMON_HELD_H
#define DAEMON_HELD_H

#include "daemon/store/store_events.h"

/* A tap was stored, or got another time. `now_ms`: when that became known. */
void held_consider(struct store *store, const char *terminal, uint64_t generation, uint64_t sequence, uint64_t token,
                   const struct settlement *settlement, int64_t now_ms);

#endif
