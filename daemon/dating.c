/* The three sources of an event's time are tried in the order of how much they can be trusted: the event's own
 * clock, a clock event of the same boot, the age at sending. */
#include "daemon/dating.h"

#include "common/civil.h"

static bool believable(int64_t at_ms, int64_t received_ms)
{
    return at_ms <= received_ms + DATING_FUTURE_MS && at_ms >= received_ms - DATING_PAST_MS;
}

struct settlement dating_settled_at(struct store *store, enum event_kind kind, uint64_t token, int64_t at_ms,
                                    int64_t received_ms)
{
    if (at_ms == SETTLED_NONE || !believable(at_ms, received_ms))
        return (struct settlement){.settled_ms = SETTLED_NONE, .refused = REFUSAL_BAD_TIME};
    struct settlement settlement = {
        .settled_ms = at_ms, .settled_day = civil_from_utc_ms(at_ms).day, .refused = REFUSAL_NONE};
    if (kind == EVENT_TAP)
        settlement.refused = store_card_refusal(store, token, at_ms);
    return settlement;
}

struct settlement dating_settle(struct store *store, const char *terminal, const struct event *event,
                                int64_t received_ms, int32_t rate)
{
    int64_t at_ms = SETTLED_NONE, clock_at_ms, clock_mono_ms;
    if (event->clock != CLOCK_UNSET)
        at_ms = event->at_ms;
    else if (store_boot_clock(store, terminal, event->generation, event->boot, &clock_at_ms, &clock_mono_ms))
        at_ms = clock_at_ms - (clock_mono_ms - event->mono_ms) * rate;
    else if (event->age_ms >= 0 && event->age_ms <= DATING_PAST_MS)
        at_ms = received_ms - event->age_ms * rate;
    return dating_settled_at(store, event->kind, event->token, at_ms, received_ms);
}
