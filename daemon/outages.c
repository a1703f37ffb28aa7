/* Outages are derived from events and can be rebuilt from them, which is how a corrected time takes effect. */
#include "daemon/outages.h"

#include "common/civil.h"
#include "common/fault.h"
#include "daemon/store/store_terminals.h"

/* An open outage, which may be reported days later, concerns every date since it began. */
static void touch(struct dayset *touched, int64_t from_ms, int64_t to_ms)
{
    int32_t to_day = to_ms == SETTLED_NONE ? INT32_MAX : civil_from_utc_ms(to_ms).day;
    dayset_add_range(touched, civil_from_utc_ms(from_ms).day, to_day);
}

static void insert(struct store *store, const char *terminal, int reader, int64_t from_ms, int64_t to_ms,
                   struct dayset *touched)
{
    if (from_ms >= to_ms)
        return;
    store_outage_insert(store, terminal, reader, from_ms, to_ms);
    touch(touched, from_ms, to_ms);
}

/* An outage from when the terminal was last alive, as it says itself, until now. */
static void insert_claimed(struct store *store, const char *terminal, int reader, int64_t from_ms, int64_t to_ms,
                           struct dayset *touched)
{
    int64_t earliest_ms = to_ms - OUTAGES_CLAIM_MS;
    insert(store, terminal, reader, from_ms > earliest_ms ? from_ms : earliest_ms, to_ms, touched);
}

/* An EVENT_IN or EVENT_BOOT that ends no stored outage may still say since when: no event told of its beginning. */
void outages_apply(struct store *store, const char *terminal, const struct event *event, int64_t settled_ms,
                   struct dayset *touched)
{
    int64_t since_ms;
    switch (event->kind) {
    case EVENT_OUT:
        store_outage_insert(store, terminal, event->reader, settled_ms, SETTLED_NONE);
        touch(touched, settled_ms, SETTLED_NONE);
        break;
    case EVENT_IN:
        if (store_outage_end(store, terminal, event->reader, settled_ms, &since_ms))
            touch(touched, since_ms, settled_ms);
        else if (event->from_ms > 0)
            insert_claimed(store, terminal, event->reader, event->from_ms, settled_ms, touched);
        break;
    case EVENT_BOOT:
        store_certificate_first(store, terminal, settled_ms);
        if (store_outage_end(store, terminal, 0, settled_ms, &since_ms))
            touch(touched, since_ms, settled_ms);
        if (event->from_ms > 0 && !FAULT(power_cut_is_no_outage))
            insert_claimed(store, terminal, 0, event->from_ms, settled_ms, touched);
        break;
    case EVENT_TAP:
    case EVENT_ENROL:
    case EVENT_CLOCK:
    case EVENT_LOST:
    case EVENT_TAMPER:
    case EVENT_KINDS:
        break;
    }
}

void outages_gap(struct store *store, const char *terminal, int64_t from_ms, int64_t to_ms, struct dayset *touched)
{
    insert(store, terminal, STORE_OUTAGE_GAP, from_ms, to_ms, touched);
}

void outages_rebuild(struct store *store, const char *terminal, struct dayset *touched)
{
    struct event event;
    int64_t from_ms, to_ms;
    struct query recorded = store_outages_recorded(store, terminal);
    while (store_next_outage(&recorded, &from_ms, &to_ms)) /* also the dates of outages that disappear */
        touch(touched, from_ms, to_ms);
    store_outage_clear(store, terminal);
    struct query events = store_outage_events(store, terminal);
    while (store_next_outage_event(&events, &event))
        outages_apply(store, terminal, &event, event.at_ms, touched);
    struct query gaps = store_gaps_around(store, terminal);
    while (store_next_gap(&gaps, &from_ms, &to_ms))
        insert(store, terminal, STORE_OUTAGE_GAP, from_ms, to_ms, touched);
}
