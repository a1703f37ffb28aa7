/* When did an event happen? (docs/wire.md) Its own time when the terminal's clock was set; otherwise the latest
 * EVENT_CLOCK of the same boot; otherwise its age when it was received; otherwise nobody knows: then it is kept, shown to
 * staff, and counts nowhere. Reads the store for the second; decides whether a tap counts as well. */
#ifndef DAEMON_DATING_H
#define DAEMON_DATING_H

#include "daemon/store/store_events.h"
#include "common/civil.h"

#define DATING_FUTURE_MS (5 * CIVIL_MS_PER_MINUTE)         /* an event may be this far ahead of our clock */
#define DATING_PAST_MS   (INT64_C(400) * CIVIL_MS_PER_DAY) /* and this far behind: older is a broken clock */

/* `rate`: civil milliseconds for each monotonic one (common/clock.h). */
struct settlement dating_settle(struct store *store, const char *terminal, const struct event *event,
                                int64_t received_ms, int32_t rate);
/* The same once `at_ms` is settled, or SETTLED_NONE: its date, and whether a tap counts. */
struct settlement dating_settled_at(struct store *store, enum event_kind kind, uint64_t token, int64_t at_ms,
                                    int64_t received_ms);

#endif
