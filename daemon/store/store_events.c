/* Enumerations are stored as the words of common/wire.h, and read back through the same tables. */
#include "daemon/store/store_events.h"

#include <assert.h>
#include <string.h>
#include "common/choice.h"
#include "common/civil.h"
#include "daemon/store/store_sql.h"

/* The index of the word in a table of words; `otherwise` cannot happen with words that this program wrote. */
static int word_index(const char *word, const char *const *words, int count, int otherwise)
{
    int index = choice_of(word, words, count);
    return index >= 0 ? index : otherwise;
}

static int word_column(const struct query *query, int column, const char *const *words, int count, int otherwise)
{
    char word[ID_BYTES];
    query_column_copy(query, column, word, sizeof word);
    return word_index(word, words, count, otherwise);
}

/* A query whose first two parameters name a journal. */
static struct query journal_query(struct store *store, enum statement which, const char *terminal, uint64_t generation)
{
    struct query query = store_query(store, which);
    query_text(&query, terminal);
    query_integer(&query, (int64_t)generation);
    return query;
}

static void give_settlement(struct query *query, const struct settlement *settlement)
{
    if (settlement->refused == REFUSAL_NONE)
        query_null(query);
    else
        query_text(query, WIRE_REFUSALS[settlement->refused]);
    if (settlement->settled_ms == SETTLED_NONE) {
        query_null(query);
        query_null(query);
    } else {
        query_integer(query, settlement->settled_ms);
        query_integer(query, settlement->settled_day);
    }
}

void store_event_insert(struct store *store, const char *terminal, const struct event *event, int64_t received_ms,
                        const struct settlement *settlement)
{
    struct query query = journal_query(store, SQL_EVENT_INSERT, terminal, event->generation);
    query_integer(&query, (int64_t)event->sequence);
    query_integer(&query, (int64_t)event->last_sequence);
    query_text(&query, WIRE_EVENT_KINDS[event->kind]);
    query_integer(&query, event->boot);
    query_integer(&query, event->mono_ms);
    query_integer(&query, event->at_ms);
    query_integer(&query, event->from_ms);
    query_text(&query, WIRE_CLOCKS[event->clock]);
    query_integer(&query, event->age_ms);
    query_integer(&query, (int64_t)event->token);
    query_integer(&query, event->reader);
    query_text(&query, WIRE_FEEDBACKS[event->feedback]);
    query_integer(&query, received_ms);
    give_settlement(&query, settlement);
    query_run(&query);
}

void store_event_settle(struct store *store, const char *terminal, uint64_t generation, uint64_t sequence,
                        const struct settlement *settlement)
{
    struct query query = journal_query(store, SQL_EVENT_SETTLE, terminal, generation);
    query_integer(&query, (int64_t)sequence);
    give_settlement(&query, settlement);
    query_run(&query);
}

bool store_boot_clock(struct store *store, const char *terminal, uint64_t generation, uint32_t boot, int64_t *at_ms,
                      int64_t *mono_ms)
{
    struct query query = journal_query(store, SQL_BOOT_CLOCK, terminal, generation);
    query_integer(&query, boot);
    bool found = query_row(&query);
    if (found) {
        *at_ms = query_column(&query, 0);
        *mono_ms = query_column(&query, 1);
        query_end(&query);
    }
    return found;
}

/* Reads a batch into memory, because the caller updates the rows that the query goes through. */
size_t store_undated(struct store *store, const char *terminal, uint64_t generation, uint32_t boot, bool synced,
                     uint64_t after, uint64_t before, struct undated *out, size_t capacity)
{
    struct query query = journal_query(store, SQL_EVENTS_UNDATED, terminal, generation);
    query_integer(&query, boot);
    query_integer(&query, synced);
    query_integer(&query, (int64_t)after);
    query_integer(&query, (int64_t)before);
    query_integer(&query, (int64_t)capacity);
    size_t count = 0;
    while (query_row(&query)) {
        assert(count < capacity);
        out[count++] = (struct undated){
            .sequence = (uint64_t)query_column(&query, 0),
            .kind = (enum event_kind)word_column(&query, 1, WIRE_EVENT_KINDS, EVENT_KINDS, EVENT_TAMPER),
            .mono_ms = query_column(&query, 2),
            .settled_ms = query_column_null(&query, 3) ? SETTLED_NONE : query_column(&query, 3),
            .token = (uint64_t)query_column(&query, 4),
            .clock = (enum clock_quality)word_column(&query, 5, WIRE_CLOCKS, CLOCK_QUALITIES, CLOCK_UNSET),
        };
    }
    return count;
}

size_t store_misdated(struct store *store, int64_t from_ms, int64_t to_ms, struct misdated *out, size_t capacity)
{
    struct query query = store_query(store, SQL_EVENTS_MISDATED);
    query_integer(&query, from_ms);
    query_integer(&query, to_ms);
    query_integer(&query, (int64_t)capacity);
    size_t count = 0;
    while (query_row(&query)) {
        assert(count < capacity);
        struct misdated *one = &out[count++];
        query_column_copy(&query, 0, one->terminal, sizeof one->terminal);
        one->generation = (uint64_t)query_column(&query, 1);
        one->sequence = (uint64_t)query_column(&query, 2);
        one->kind = (enum event_kind)word_column(&query, 3, WIRE_EVENT_KINDS, EVENT_KINDS, EVENT_TAMPER);
        one->token = (uint64_t)query_column(&query, 4);
        one->at_ms = query_column(&query, 5);
    }
    return count;
}

int64_t store_settled_before(struct store *store, const char *terminal, uint64_t generation, uint64_t sequence)
{
    struct query query = journal_query(store, SQL_SETTLED_BEFORE, terminal, generation);
    query_integer(&query, (int64_t)sequence);
    if (!query_row(&query))
        return SETTLED_NONE;
    int64_t settled_ms = query_column(&query, 0);
    query_end(&query);
    return settled_ms;
}

enum refusal store_card_refusal(struct store *store, uint64_t token, int64_t at_ms)
{
    struct query query = store_query(store, SQL_CARD_STATE);
    query_integer(&query, (int64_t)token);
    query_integer(&query, at_ms);
    query_integer(&query, civil_from_utc_ms(at_ms).day);
    bool known = false, valid = false;
    for (; query_row(&query); known = true)
        valid = valid || query_column(&query, 0) != 0;
    if (valid)
        return REFUSAL_NONE;
    return known ? REFUSAL_REVOKED_CARD : REFUSAL_UNKNOWN_CARD;
}

uint64_t store_receipt(struct store *store, const char *terminal, uint64_t generation)
{
    struct query query = journal_query(store, SQL_RECEIPT_GET, terminal, generation);
    if (!query_row(&query))
        return 0;
    uint64_t upto = (uint64_t)query_column(&query, 0);
    query_end(&query);
    return upto;
}

void store_receipt_put(struct store *store, const char *terminal, uint64_t generation, uint64_t upto, uint64_t events,
                       int64_t received_ms)
{
    struct query query = journal_query(store, SQL_RECEIPT_PUT, terminal, generation);
    query_integer(&query, (int64_t)upto);
    query_integer(&query, (int64_t)events);
    query_integer(&query, received_ms);
    query_run(&query);
}

struct query store_receipts(struct store *store, const struct stored_receipt *after, int most)
{
    struct query query = journal_query(store, SQL_RECEIPTS, after->terminal, after->generation);
    query_integer(&query, most);
    return query;
}

bool store_next_receipt(struct query *rows, struct stored_receipt *out)
{
    if (!query_row(rows))
        return false;
    query_column_copy(rows, 0, out->terminal, sizeof out->terminal);
    out->generation = (uint64_t)query_column(rows, 1);
    out->upto = (uint64_t)query_column(rows, 2);
    return true;
}

size_t store_refusals(struct store *store, const char *terminal, uint64_t generation, uint64_t after, uint64_t upto,
                      struct wire_refusal *out, size_t capacity)
{
    struct query query = journal_query(store, SQL_REFUSALS, terminal, generation);
    query_integer(&query, (int64_t)after);
    query_integer(&query, (int64_t)upto);
    query_integer(&query, (int64_t)capacity);
    size_t count = 0;
    while (query_row(&query)) {
        assert(count < capacity);
        out[count++] = (struct wire_refusal){
            .sequence = (uint64_t)query_column(&query, 0),
            .why = (enum refusal)word_column(&query, 1, WIRE_REFUSALS, REFUSALS, REFUSAL_BAD_TIME),
        };
    }
    return count;
}

void store_gap_insert(struct store *store, const char *terminal, uint64_t generation, uint64_t first, uint64_t last,
                      int64_t recorded_ms)
{
    struct query query = journal_query(store, SQL_GAP_INSERT, terminal, generation);
    query_integer(&query, (int64_t)first);
    query_integer(&query, (int64_t)last);
    query_integer(&query, recorded_ms);
    query_run(&query);
}

bool store_gap_open(struct store *store, const char *terminal, uint64_t generation)
{
    struct query query = journal_query(store, SQL_GAP_OPEN, terminal, generation);
    bool open = query_row(&query) && query_column(&query, 0) != 0;
    query_end(&query);
    return open;
}

void store_outage_insert(struct store *store, const char *terminal, int reader, int64_t from_ms, int64_t to_ms)
{
    struct query query = store_query(store, SQL_OUTAGE_INSERT);
    query_text(&query, terminal);
    query_integer(&query, reader);
    query_integer(&query, from_ms);
    if (to_ms == SETTLED_NONE)
        query_null(&query);
    else
        query_integer(&query, to_ms);
    query_run(&query);
}

bool store_outage_end(struct store *store, const char *terminal, int reader, int64_t to_ms, int64_t *from_ms)
{
    struct query open = store_query(store, SQL_OUTAGE_OPEN_SINCE);
    query_text(&open, terminal);
    query_integer(&open, reader);
    bool found = query_row(&open) && query_column(&open, 0) > 0;
    *from_ms = found ? query_column(&open, 1) : SETTLED_NONE;
    query_end(&open);
    if (!found)
        return false;
    struct query close = store_query(store, SQL_OUTAGE_CLOSE);
    query_text(&close, terminal);
    query_integer(&close, reader);
    query_integer(&close, to_ms);
    query_run(&close);
    return true;
}

static struct query of_terminal(struct store *store, enum statement which, const char *terminal)
{
    struct query query = store_query(store, which);
    query_text(&query, terminal);
    return query;
}

struct query store_outages_recorded(struct store *store, const char *terminal)
{
    return of_terminal(store, SQL_OUTAGES_RECORDED, terminal);
}

bool store_next_outage(struct query *rows, int64_t *from_ms, int64_t *to_ms)
{
    if (!query_row(rows))
        return false;
    *from_ms = query_column(rows, 0);
    *to_ms = query_column_null(rows, 1) ? SETTLED_NONE : query_column(rows, 1);
    return true;
}

void store_outage_clear(struct store *store, const char *terminal)
{
    struct query query = store_query(store, SQL_OUTAGE_CLEAR);
    query_text(&query, terminal);
    query_run(&query);
}

struct query store_outage_events(struct store *store, const char *terminal)
{
    return of_terminal(store, SQL_OUTAGE_EVENTS, terminal);
}

bool store_next_outage_event(struct query *rows, struct event *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct event){
        .kind = (enum event_kind)word_column(rows, 0, WIRE_EVENT_KINDS, EVENT_KINDS, EVENT_TAMPER),
        .reader = (uint8_t)query_column(rows, 1),
        .from_ms = query_column(rows, 2),
        .at_ms = query_column(rows, 3),
    };
    return true;
}

struct query store_gaps_around(struct store *store, const char *terminal)
{
    return of_terminal(store, SQL_GAPS_AROUND, terminal);
}

bool store_next_gap(struct query *rows, int64_t *before_ms, int64_t *after_ms)
{
    while (query_row(rows)) {
        if (query_column_null(rows, 0) || query_column_null(rows, 1))
            continue;
        *before_ms = query_column(rows, 0);
        *after_ms = query_column(rows, 1);
        return true;
    }
    return false;
}

/* A word that cannot be read counts as lost or unset: the cautious value. */
bool store_terminal_state(struct store *store, const char *terminal, struct wire_state *out, int64_t *received_ms)
{
    struct query query = store_query(store, SQL_TERMINAL_STATE_GET);
    query_text(&query, terminal);
    if (!query_row(&query))
        return false;
    *out = (struct wire_state){
        .birth = (uint64_t)query_column(&query, 0),
        .phase = (enum terminal_phase)word_column(&query, 1, WIRE_PHASES, TERMINAL_PHASES, PHASE_LOST),
        .at_ms = query_column(&query, 3),
        .clock = (enum clock_quality)word_column(&query, 4, WIRE_CLOCKS, CLOCK_QUALITIES, CLOCK_UNSET),
        .queued = (uint32_t)query_column(&query, 5),
        .oldest_unsent_ms = query_column(&query, 6),
        .free_records = query_column(&query, 7),
        .config_version = (uint32_t)query_column(&query, 8),
        .readers_up = (uint32_t)query_column(&query, 9),
        .readers_configured = (uint32_t)query_column(&query, 10),
    };
    query_column_copy(&query, 2, out->firmware, sizeof out->firmware);
    *received_ms = query_column(&query, 11);
    query_column_copy(&query, 12, out->trouble, sizeof out->trouble);
    query_end(&query);
    return true;
}

void store_terminal_state_put(struct store *store, const char *terminal, const struct wire_state *state,
                              int64_t received_ms)
{
    struct query query = store_query(store, SQL_TERMINAL_STATE_PUT);
    query_text(&query, terminal);
    query_integer(&query, (int64_t)state->birth);
    query_text(&query, WIRE_PHASES[state->phase]);
    query_text(&query, state->firmware);
    query_integer(&query, state->at_ms);
    query_text(&query, WIRE_CLOCKS[state->clock]);
    query_integer(&query, state->queued);
    query_integer(&query, state->oldest_unsent_ms);
    query_integer(&query, state->free_records);
    query_integer(&query, state->config_version);
    query_integer(&query, state->readers_up);
    query_integer(&query, state->readers_configured);
    query_integer(&query, received_ms);
    query_text(&query, state->trouble);
    query_run(&query);
}
