/* The store's part for what terminals say: events, receipts, gaps, outages, their latest state. Facts are inserted;
 * only when an event happened (settled) and whether it counts (refused) may be decided anew. Runs inside the open
 * transaction; failures are the store's (store.h). */
#ifndef DAEMON_STORE_EVENTS_H
#define DAEMON_STORE_EVENTS_H

#include "common/wire.h"
#include "common/query.h"
#include "daemon/store/store.h"

#define SETTLED_NONE INT64_MIN /* nobody can tell when it happened */

struct settlement {
    int64_t settled_ms;  /* UTC, or SETTLED_NONE */
    int32_t settled_day; /* its local date */
    enum refusal refused;
};

void store_event_insert(struct store *store, const char *terminal, const struct event *event, int64_t received_ms,
                        const struct settlement *settlement);
void store_event_settle(struct store *store, const char *terminal, uint64_t generation, uint64_t sequence,
                        const struct settlement *settlement);

/* The latest EVENT_CLOCK of one boot whose clock was set. False when there is none. */
bool store_boot_clock(struct store *store, const char *terminal, uint64_t generation, uint32_t boot, int64_t *at_ms,
                      int64_t *mono_ms);
/* The events of one boot, between `after` and `before`, that came without a clock or, when `synced`, by any other than
 * network time; at most `capacity`. */
struct undated {
    uint64_t sequence;
    enum event_kind kind;
    enum clock_quality clock;
    int64_t mono_ms, settled_ms;
    uint64_t token;
};
size_t store_undated(struct store *store, const char *terminal, uint64_t generation, uint32_t boot, bool synced,
                     uint64_t after, uint64_t before, struct undated *out, size_t capacity);
/* Events of set clocks that were not believed, of a time from `from_ms` to `to_ms`, by terminal; at most `capacity`. Looks at
 * all events. */
struct misdated {
    char terminal[ID_BYTES];
    uint64_t generation, sequence, token;
    enum event_kind kind;
    int64_t at_ms;
};
size_t store_misdated(struct store *store, int64_t from_ms, int64_t to_ms, struct misdated *out, size_t capacity);
/* The latest time that a sequence below `sequence` is settled at; SETTLED_NONE when there is none. */
int64_t store_settled_before(struct store *store, const char *terminal, uint64_t generation, uint64_t sequence);

/* REFUSAL_NONE when a card with this token is valid on the date. */
enum refusal store_card_refusal(struct store *store, uint64_t token, int64_t at_ms);

uint64_t store_receipt(struct store *store, const char *terminal, uint64_t generation); /* 0: none yet */
/* `events`: how many more have been stored, the latest of them received at `received_ms`. */
void store_receipt_put(struct store *store, const char *terminal, uint64_t generation, uint64_t upto, uint64_t events,
                       int64_t received_ms);
struct stored_receipt {
    char terminal[ID_BYTES];
    uint64_t generation, upto;
};
/* At most `most` that follow `after`, in the order of terminals and generations (as signed numbers). `after` with no terminal:
 * from the first on. */
struct query store_receipts(struct store *store, const struct stored_receipt *after, int most);
bool store_next_receipt(struct query *rows, struct stored_receipt *out);
/* What was refused among the sequences after `after` and up to `upto`, in order. */
size_t store_refusals(struct store *store, const char *terminal, uint64_t generation, uint64_t after, uint64_t upto,
                      struct wire_refusal *out, size_t capacity);

void store_gap_insert(struct store *store, const char *terminal, uint64_t generation, uint64_t first, uint64_t last,
                      int64_t recorded_ms);
/* Has nothing with a known time come since the journal's last gap? */
bool store_gap_open(struct store *store, const char *terminal, uint64_t generation);

#define STORE_OUTAGE_GAP (-1) /* in a reader's place: the journal lost what it recorded then */
/* Outages that events tell of; reader 0 is the terminal as a whole. to_ms SETTLED_NONE: it lasts. */
void store_outage_insert(struct store *store, const char *terminal, int reader, int64_t from_ms, int64_t to_ms);
/* Ends the open ones of one reader (0: of all). False when there was none; *from_ms is the earliest beginning. */
bool store_outage_end(struct store *store, const char *terminal, int reader, int64_t to_ms, int64_t *from_ms);
void store_outage_clear(struct store *store, const char *terminal);
/* to_ms SETTLED_NONE: it lasts. */
struct query store_outages_recorded(struct store *store, const char *terminal);
bool store_next_outage(struct query *rows, int64_t *from_ms, int64_t *to_ms);
/* The events that make outages, in the order in which they happened: kind, reader, from_ms and at_ms (settled). */
struct query store_outage_events(struct store *store, const char *terminal);
bool store_next_outage_event(struct query *rows, struct event *out);
/* The settled times around each gap in the terminal's journals; gaps without both neighbours are passed over. */
struct query store_gaps_around(struct store *store, const char *terminal);
bool store_next_gap(struct query *rows, int64_t *before_ms, int64_t *after_ms);

/* False when there is none. `out->firmware` etc. as the terminal said; *received_ms when it was last heard of. */
bool store_terminal_state(struct store *store, const char *terminal, struct wire_state *out, int64_t *received_ms);
void store_terminal_state_put(struct store *store, const char *terminal, const struct wire_state *state,
                              int64_t received_ms);

#endif
