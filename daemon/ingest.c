/* An event is stored only when its sequence is the next of its journal, so that one number per journal tells what
 * has been received. Repeats are answered, early events are left to be repeated. */
#include "daemon/ingest.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include "common/civil.h"
#include "common/fault.h"
#include "common/log.h"
#include "daemon/dating.h"
#include "daemon/held.h"
#include "daemon/outages.h"
#include "daemon/store/store_events.h"
#include "daemon/store/store_held.h"

#define UNDATED_BATCH 64
#define CLOCK_OFF_MS  1000 /* a free-running clock is believed up to this difference */

void ingest_init(struct ingest *ingest, struct store *store, struct complaints *complaints, int32_t rate, int32_t today)
{
    memset(ingest, 0, sizeof *ingest);
    ingest->store = store;
    ingest->complaints = complaints;
    ingest->rate = rate;
    dayset_init(&ingest->touched, today);
}

static struct ingest_journal *find_journal(struct ingest *ingest, const char *terminal, uint64_t generation)
{
    for (size_t i = 0; i < INGEST_JOURNALS_MAX; i++) {
        struct ingest_journal *journal = &ingest->journals[i];
        if (journal->used && journal->generation == generation && strcmp(journal->terminal, terminal) == 0)
            return journal;
    }
    return NULL;
}

/* A free place, or that of the journal that was silent longest and is owed no receipt. NULL when there is none, or the
 * terminal has its share of those that are owed one. */
static struct ingest_journal *free_place(struct ingest *ingest, const char *terminal)
{
    struct ingest_journal *place = NULL;
    int owed = 0;
    for (size_t i = 0; i < INGEST_JOURNALS_MAX; i++) {
        struct ingest_journal *journal = &ingest->journals[i];
        owed += journal->used && journal->receipt_due && strcmp(journal->terminal, terminal) == 0;
        if (!journal->receipt_due &&
            (place == NULL || (place->used && (!journal->used || journal->heard < place->heard))))
            place = journal;
    }
    return owed < INGEST_EACH_MAX ? place : NULL;
}

static void recall_life(struct ingest *ingest, struct ingest_journal *journal)
{
    journal->distrusted = store_distrusted(ingest->store, journal->terminal);
    life_recall(ingest->store, journal->terminal, journal->generation, &journal->life);
}

/* NULL when there is no place: the events are not taken, and the terminal repeats them. */
static struct ingest_journal *recall_journal(struct ingest *ingest, const char *terminal, uint64_t generation)
{
    struct ingest_journal *journal = find_journal(ingest, terminal, generation);
    if (journal == NULL && (journal = free_place(ingest, terminal)) != NULL) {
        uint64_t upto = store_receipt(ingest->store, terminal, generation);
        *journal = (struct ingest_journal){
            .used = true,
            .generation = generation,
            .upto = upto,
            .announced = upto,
            .after_gap = store_gap_open(ingest->store, terminal, generation),
        };
        snprintf(journal->terminal, sizeof journal->terminal, "%s", terminal);
        recall_life(ingest, journal);
    }
    if (journal != NULL)
        journal->heard = ++ingest->heard;
    return journal;
}

static void owe_receipt(struct ingest *ingest, struct ingest_journal *journal)
{
    journal->receipt_due = true;
    ingest->receipts_due = true;
}

static bool sane(const struct event *event)
{
    return event->generation != 0 && event->sequence >= 1 && event->last_sequence >= event->sequence &&
           event->last_sequence <= INGEST_SEQUENCE_MAX && event->oldest <= event->sequence &&
           (event->kind == EVENT_LOST || event->last_sequence == event->sequence);
}

static void record_gap(struct ingest *ingest, struct ingest_journal *journal, uint64_t last, int64_t now_ms)
{
    assert(last > journal->upto);
    store_gap_insert(ingest->store, journal->terminal, journal->generation, journal->upto + 1, last, now_ms);
    if (complaints_may(ingest->complaints, journal->terminal))
        log_warn("events lost terminal=%s generation=%016llx from=%llu to=%llu", journal->terminal,
                 (unsigned long long)journal->generation, (unsigned long long)journal->upto + 1,
                 (unsigned long long)last);
    journal->upto = last;
    journal->after_gap = true;
    ingest->counts.gaps++;
}

/* A tap made after the latest roll call is seen by the next one; an earlier tap makes its date due again. */
static void touch_tap(struct ingest *ingest, const struct settlement *settlement)
{
    if (settlement->settled_ms != SETTLED_NONE && settlement->settled_ms <= ingest->rolled_ms &&
        !FAULT(late_tap_ignored))
        dayset_add(&ingest->touched, settlement->settled_day);
}

static struct life_changes changes(struct ingest *ingest)
{
    return (struct life_changes){ingest->store, &ingest->touched, ingest->rolled_ms};
}

static bool is_near(int64_t at_ms, int64_t settled_ms)
{
    return settled_ms != SETTLED_NONE && at_ms - settled_ms < CLOCK_OFF_MS && settled_ms - at_ms < CLOCK_OFF_MS;
}

static void settle_again(struct ingest *ingest, const struct ingest_journal *journal, const struct event *clock,
                         const struct undated *undated, int64_t now_ms, bool *moved)
{
    int64_t at_ms = clock->at_ms - (clock->mono_ms - undated->mono_ms) * ingest->rate;
    if (at_ms == undated->settled_ms || (undated->clock == CLOCK_RTC && is_near(at_ms, undated->settled_ms)))
        return;
    struct settlement now = dating_settled_at(ingest->store, undated->kind, undated->token, at_ms, now_ms);
    store_event_settle(ingest->store, journal->terminal, journal->generation, undated->sequence, &now);
    if (undated->kind == EVENT_TAP) {
        held_consider(ingest->store, journal->terminal, journal->generation, undated->sequence, undated->token, &now,
                      now_ms);
        touch_tap(ingest, &now);
        if (undated->settled_ms != SETTLED_NONE)
            dayset_add(&ingest->touched, civil_from_utc_ms(undated->settled_ms).day);
    }
    *moved = true;
}

void ingest_retell(struct ingest *ingest, const char *terminal)
{
    struct life_changes life = changes(ingest);
    for (size_t i = 0; i < INGEST_JOURNALS_MAX; i++) {
        struct ingest_journal *journal = &ingest->journals[i];
        if (journal->used && strcmp(journal->terminal, terminal) == 0)
            life_save(&life, terminal, journal->generation, &journal->life);
    }
    outages_rebuild(ingest->store, terminal, &ingest->touched);
    life_rebuild(&life, terminal);
    for (size_t i = 0; i < INGEST_JOURNALS_MAX; i++) {
        struct ingest_journal *journal = &ingest->journals[i];
        if (journal->used && strcmp(journal->terminal, terminal) == 0)
            recall_life(ingest, journal);
    }
}

/* EVENT_CLOCK: the earlier events of its boot that had no clock get their time, and with it outages and gaps their ends.
 * Network time also corrects those of a clock that ran by itself. */
static void date_earlier(struct ingest *ingest, struct ingest_journal *journal, const struct event *clock,
                         int64_t now_ms)
{
    struct undated undated[UNDATED_BATCH];
    bool moved = false;
    uint64_t after = 0;
    size_t count;
    do {
        count = store_undated(ingest->store, journal->terminal, journal->generation, clock->boot,
                              clock->clock == CLOCK_SYNCED, after, clock->sequence, undated, UNDATED_BATCH);
        for (size_t i = 0; i < count; i++)
            settle_again(ingest, journal, clock, &undated[i], now_ms, &moved);
        if (count > 0)
            after = undated[count - 1].sequence;
    } while (count == UNDATED_BATCH);
    if (!moved)
        return;
    journal->refused_some = true;
    ingest_retell(ingest, journal->terminal);
    journal->after_gap = false;
}

/* A gap becomes an outage only here, when the first event after it has a known time. */
static void note_consequences(struct ingest *ingest, struct ingest_journal *journal, const struct event *event,
                              const struct settlement *settlement, int64_t now_ms)
{
    if (event->kind == EVENT_TAP)
        touch_tap(ingest, settlement);
    if (event->kind == EVENT_ENROL && !ingest->has_enrolled) {
        ingest->has_enrolled = true;
        ingest->enrolled = *event;
    }
    if (event->kind == EVENT_CLOCK && event->clock != CLOCK_UNSET && settlement->settled_ms != SETTLED_NONE &&
        !FAULT(undated_stays_undated))
        date_earlier(ingest, journal, event, now_ms);
    if (settlement->settled_ms == SETTLED_NONE)
        return;
    struct life_changes life = changes(ingest);
    life_event(&life, journal->terminal, journal->generation, &journal->life, event, settlement->settled_ms, now_ms,
               journal->distrusted);
    outages_apply(ingest->store, journal->terminal, event, settlement->settled_ms, &ingest->touched);
    if (journal->after_gap) {
        int64_t before_ms =
            store_settled_before(ingest->store, journal->terminal, journal->generation, event->sequence);
        if (before_ms != SETTLED_NONE)
            outages_gap(ingest->store, journal->terminal, before_ms, settlement->settled_ms, &ingest->touched);
        journal->after_gap = false;
    }
}

/* Takes the next sequence of the journal. EVENT_LOST stands for a range, so `upto` goes to its end. */
static void accept(struct ingest *ingest, struct ingest_journal *journal, const struct event *event, int64_t now_ms)
{
    assert(event->sequence == journal->upto + 1);
    struct settlement settlement = dating_settle(ingest->store, journal->terminal, event, now_ms, ingest->rate);
    if (event->kind == EVENT_LOST)
        settlement = (struct settlement){.settled_ms = SETTLED_NONE};
    if (!FAULT(receipted_unstored) || event->sequence % 16 != 15)
        store_event_insert(ingest->store, journal->terminal, event, now_ms, &settlement);
    if (event->kind == EVENT_TAP)
        held_consider(ingest->store, journal->terminal, journal->generation, event->sequence, event->token, &settlement,
                      now_ms);
    if (event->kind == EVENT_LOST)
        record_gap(ingest, journal, event->last_sequence, now_ms);
    journal->upto = event->last_sequence;
    ingest->counts.stored++;
    journal->events++;
    journal->received_ms = now_ms;
    ingest->counts.refused += settlement.refused != REFUSAL_NONE;
    journal->refused_some = journal->refused_some || settlement.refused != REFUSAL_NONE;
    note_consequences(ingest, journal, event, &settlement, now_ms);
}

/* The terminal may have missed the last receipts, so a repeat is answered with the receipt and the refusals since
 * that sequence. */
static void answer_repeat(struct ingest *ingest, struct ingest_journal *journal, uint64_t sequence)
{
    uint64_t earliest = journal->upto > INGEST_RECEIPTS_PAST ? journal->upto - INGEST_RECEIPTS_PAST : 0;
    uint64_t from = sequence - 1 > earliest ? sequence - 1 : earliest;
    if (from < journal->announced) {
        journal->announced = from;
        journal->refused_some = true;
    }
    if (!FAULT(repeat_hears_nothing))
        owe_receipt(ingest, journal);
    ingest->counts.repeated++;
}

static void take_event(struct ingest *ingest, struct ingest_journal *journal, struct event event, int64_t now_ms)
{
    if (event.last_sequence <= journal->upto && !FAULT(no_deduplication)) {
        answer_repeat(ingest, journal, event.sequence);
        return;
    }
    if (FAULT(maximum_not_contiguous) && event.sequence > journal->upto)
        journal->upto = event.sequence - 1;
    if (event.oldest > journal->upto + 1 && !FAULT(gap_below_oldest_waits))
        record_gap(ingest, journal, event.oldest - 1, now_ms);
    if (event.sequence <= journal->upto) /* a lost range that begins before what has been received */
        event.sequence = journal->upto + 1;
    if (event.sequence > journal->upto + 1) {
        /* Usually a message was lost and the terminal will repeat it by itself. But it may hold receipts that a restored
         * backup has forgotten: only hearing how far we are makes it go back. */
        ingest->counts.early++;
        owe_receipt(ingest, journal);
        return;
    }
    accept(ingest, journal, &event, now_ms);
    owe_receipt(ingest, journal);
}

/* An event that makes no sense ends the message; without a receipt the terminal repeats it. */
void ingest_events(struct ingest *ingest, const char *terminal, const struct event *events, size_t count,
                   int64_t now_ms)
{
    struct ingest_journal *journal = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!sane(&events[i])) {
            ingest->counts.malformed++;
            if (complaints_may(ingest->complaints, terminal))
                log_warn("event makes no sense terminal=%s sequence=%llu oldest=%llu", terminal,
                         (unsigned long long)events[i].sequence, (unsigned long long)events[i].oldest);
            break;
        }
        if (journal == NULL || journal->generation != events[i].generation)
            journal = recall_journal(ingest, terminal, events[i].generation);
        if (journal == NULL && FAULT(overflow_acknowledged))
            store_receipt_put(ingest->store, terminal, events[i].generation, events[i].last_sequence, 0, now_ms);
        if (journal == NULL)
            break;
        uint64_t before = journal->upto;
        take_event(ingest, journal, events[i], now_ms);
        journal->unsaved = journal->unsaved || journal->upto != before;
        ingest->unsaved = ingest->unsaved || journal->unsaved;
    }
}

/* A settled event is no longer misdated, so the loop reads the next batch with the same question and ends. */
void ingest_clock_set(struct ingest *ingest, int64_t now_ms)
{
    struct misdated misdated[UNDATED_BATCH];
    char terminal[ID_BYTES] = "";
    size_t count;
    do {
        count =
            store_misdated(ingest->store, now_ms - DATING_PAST_MS, now_ms + DATING_FUTURE_MS, misdated, UNDATED_BATCH);
        for (size_t i = 0; i < count; i++) {
            const struct misdated *one = &misdated[i];
            struct settlement now = dating_settled_at(ingest->store, one->kind, one->token, one->at_ms, now_ms);
            store_event_settle(ingest->store, one->terminal, one->generation, one->sequence, &now);
            if (one->kind == EVENT_TAP) {
                held_consider(ingest->store, one->terminal, one->generation, one->sequence, one->token, &now, now_ms);
                touch_tap(ingest, &now);
            }
            if (strcmp(terminal, one->terminal) != 0 && terminal[0] != '\0')
                ingest_retell(ingest, terminal);
            memcpy(terminal, one->terminal, sizeof terminal);
        }
    } while (count == UNDATED_BATCH);
    if (terminal[0] != '\0')
        ingest_retell(ingest, terminal);
}

void ingest_save(struct ingest *ingest)
{
    struct life_changes life = changes(ingest);
    if (!ingest->unsaved)
        return;
    for (size_t i = 0; i < INGEST_JOURNALS_MAX; i++) {
        struct ingest_journal *journal = &ingest->journals[i];
        if (!journal->unsaved)
            continue;
        store_receipt_put(ingest->store, journal->terminal, journal->generation, journal->upto, journal->events,
                          journal->received_ms);
        life_save(&life, journal->terminal, journal->generation, &journal->life);
        journal->unsaved = false;
        journal->events = 0;
    }
    ingest->unsaved = false;
}

/* The refusals since the last receipt, as many as it can hold; what is `announced` moves along. */
static void tell_refusals(struct ingest *ingest, struct ingest_journal *journal, struct wire_receipt *receipt)
{
    if (journal->refused_some)
        receipt->refused_count = store_refusals(ingest->store, journal->terminal, journal->generation,
                                                journal->announced, journal->upto, receipt->refused, WIRE_REFUSALS_MAX);
    journal->refused_some = receipt->refused_count == WIRE_REFUSALS_MAX;
    journal->announced = journal->refused_some ? receipt->refused[WIRE_REFUSALS_MAX - 1].sequence : journal->upto;
}

static void send_receipt(struct ingest *ingest, struct ingest_journal *journal, ingest_send_receipt *send,
                         void *context)
{
    do {
        struct wire_receipt receipt = {.generation = journal->generation, .upto = journal->upto};
        tell_refusals(ingest, journal, &receipt);
        send(context, journal->terminal, &receipt);
    } while (journal->refused_some);
    journal->receipt_due = false;
    journal->turns = 0;
}

static bool can_wait(struct ingest_journal *journal)
{
    return journal->upto - journal->announced < INGEST_WAITING_MAX && ++journal->turns < INGEST_TURNS_MAX;
}

void ingest_receipts(struct ingest *ingest, bool busy, ingest_send_receipt *send, void *context)
{
    assert(!store_in_transaction(ingest->store) || FAULT(acknowledge_before_commit) || FAULT(commit_result_ignored));
    if (!ingest->receipts_due)
        return;
    ingest->receipts_due = false;
    for (size_t i = 0; i < INGEST_JOURNALS_MAX; i++) {
        struct ingest_journal *journal = &ingest->journals[i];
        if (!journal->used || !journal->receipt_due)
            continue;
        if (busy && can_wait(journal))
            ingest->receipts_due = true;
        else
            send_receipt(ingest, journal, send, context);
    }
}

void ingest_announce_all(struct ingest *ingest)
{
    ingest->announcing = true;
    ingest->announced = (struct stored_receipt){.generation = 0};
}

/* The store knows them all, memory only some: after a commit both say the same. A refusal is told again when its event is
 * repeated. */
void ingest_announce(struct ingest *ingest, ingest_send_receipt *send, void *context)
{
    if (!ingest->announcing)
        return;
    struct stored_receipt after = ingest->announced; /* the query reads it until its end */
    struct stored_receipt *last = &ingest->announced;
    struct query rows = store_receipts(ingest->store, &after, INGEST_ANNOUNCED);
    int count = 0;
    for (; store_next_receipt(&rows, last); count++)
        send(context, last->terminal, &(struct wire_receipt){.generation = last->generation, .upto = last->upto});
    ingest->announcing = count == INGEST_ANNOUNCED;
}
