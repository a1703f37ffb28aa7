/* What a terminal's events say of the times at which it could not record: a reader out, no power, a gap in its journal.
 * Runs inside the store's transaction; puts the dates concerned into `touched`.
 *
 * Any reader out counts as the terminal out: a pupil may have tried there, and unknown is never absent. A boot ends what
 * was open before it: a terminal says again which readers are still out. */
#ifndef DAEMON_OUTAGES_H
#define DAEMON_OUTAGES_H

#include "daemon/dayset.h"
#include "common/civil.h"
#include "daemon/store/store_events.h"

/* The longest outage that a terminal may claim: a summer, and weeks on both sides. A longer one is a broken clock or
 * a lie, and would make every date of years due again. */
#define OUTAGES_CLAIM_MS (INT64_C(120) * CIVIL_MS_PER_DAY)

/* `event` happened at settled_ms. Other kinds than out, in and boot change nothing. */
void outages_apply(struct store *store, const char *terminal, const struct event *event, int64_t settled_ms,
                   struct dayset *touched);
/* Events are missing between these times. */
void outages_gap(struct store *store, const char *terminal, int64_t from_ms, int64_t to_ms, struct dayset *touched);
/* Works all of them out again, when an event of the terminal got another time. */
void outages_rebuild(struct store *store, const char *terminal, struct dayset *touched);

#endif
