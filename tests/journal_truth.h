/* A journal on a flash that loses power, and the truth that it is held against. For one test program each. */
#ifndef TESTS_JOURNAL_TRUTH_H
#define TESTS_JOURNAL_TRUTH_H

#include <stdlib.h>
#include <string.h>
#include "firmware/core/journal.h"
#include "tests/nor.h"
#include "tests/test.h"

#define GENERATION UINT64_C(0x0123456789abcdef)
#define TRUTH_MAX  70000

enum fate {
    UNKNOWN,   /* never appended */
    IN_FLIGHT, /* being appended when the power failed: may be there, lost or absent */
    PROMISED,  /* JOURNAL_OK was answered */
    TORN,      /* was in flight, and a mount reported it lost */
};

/* What the journal was told and what it answered: the truth that every mount is held against. */
struct truth {
    uint8_t fate[TRUTH_MAX];
    uint64_t last; /* the highest sequence that is not UNKNOWN */
    uint64_t acknowledged;
    long forgettings;
};

static struct truth truth;
static struct nor nor, copy;

/* An event with every field a function of the sequence, and another for every attempt at it. */
static inline struct event event_for(uint64_t sequence)
{
    static const enum event_kind kinds[] = {EVENT_TAP, EVENT_TAP,   EVENT_ENROL, EVENT_BOOT,
                                            EVENT_IN,  EVENT_CLOCK, EVENT_OUT,   EVENT_TAMPER};
    struct event event = {
        .kind = kinds[sequence % 8],
        .clock = (enum clock_quality)(sequence % CLOCK_QUALITIES),
        .feedback = (enum feedback)(sequence % FEEDBACKS),
        .reader = (uint8_t)(sequence % 248),
        .boot = (uint32_t)(sequence * 3),
        .mono_ms = (int64_t)sequence * 7919,
        .at_ms = 1788000000000 + (int64_t)sequence * 1009,
    };

    if (event.kind == EVENT_BOOT || event.kind == EVENT_IN)
        event.from_ms = 1787000000000 + (int64_t)sequence;
    else
        event.token = sequence * UINT64_C(0x9e3779b97f4a7c15);
    return event;
}

static inline bool same(const struct event *a, const struct event *b)
{
    return a->kind == b->kind && a->clock == b->clock && a->feedback == b->feedback && a->reader == b->reader &&
           a->boot == b->boot && a->mono_ms == b->mono_ms && a->at_ms == b->at_ms && a->from_ms == b->from_ms &&
           a->token == b->token;
}

static inline enum journal_result append(struct journal *journal)
{
    uint64_t expected = journal->next_sequence, got = 0;
    struct event event = event_for(expected);

    assert(expected < TRUTH_MAX);
    truth.fate[expected] = IN_FLIGHT;
    enum journal_result result = journal_append(journal, &event, &got);
    if (result == JOURNAL_OK)
        truth.fate[expected] = got == expected ? PROMISED : UNKNOWN;
    else if (result == JOURNAL_FULL)
        truth.fate[expected] = UNKNOWN;
    if (result != JOURNAL_FULL && expected > truth.last)
        truth.last = expected;
    return result;
}

static inline enum journal_result acknowledge(struct journal *journal, uint64_t upto)
{
    if (upto > truth.acknowledged)
        truth.acknowledged = upto;
    return journal_acknowledge(journal, upto);
}

/* Whether one sequence comes back as the truth has it. */
static inline bool sequence_kept(const struct journal *journal, uint64_t sequence)
{
    struct event out, expected = event_for(sequence);
    enum journal_result result = journal_get(journal, sequence, &out);
    bool found = result == JOURNAL_OK && out.sequence == sequence && out.last_sequence == sequence &&
                 out.generation == GENERATION && same(&out, &expected);
    bool lost = result == JOURNAL_LOST && out.kind == EVENT_LOST && out.last_sequence >= sequence;

    switch ((enum fate)truth.fate[sequence]) {
    case UNKNOWN:
        return false;
    case IN_FLIGHT:
        return found || lost;
    case PROMISED: /* a receipted one may be half erased, but only when the journal knows of its receipt */
        return found || (lost && sequence <= journal->acknowledged);
    case TORN:
        return lost;
    }
    return false;
}

/* Much later than any event of the tests. */
static inline enum journal_result forget_all(struct journal *journal)
{
    return journal_forget(journal, 1789000000000, 1790000000000);
}

/* How many promises a freshly mounted journal breaks. */
static inline int broken_promises(const struct journal *journal)
{
    uint64_t oldest = journal_oldest(journal), next = journal->next_sequence, promised = truth.last;
    int broken = 0;

    while (promised > 0 && truth.fate[promised] != PROMISED)
        promised--;
    broken += journal->generation != GENERATION;
    broken += next <= promised || next > truth.last + 1;
    broken += journal->acknowledged > truth.acknowledged || oldest > truth.acknowledged + 1;
    broken += journal_waiting(journal) != next - 1 - journal->acknowledged;
    for (uint64_t sequence = oldest; sequence < next; sequence++)
        broken += !sequence_kept(journal, sequence);
    if (promised > 0) { /* also when the journal has forgotten it */
        struct event latest = event_for(promised);
        broken += journal->last_utc_ms < latest.at_ms || journal->last_boot < latest.boot;
    }
    return broken;
}

/* After a mount what was in flight is decided, and must stay so. */
static inline void settle_truth(const struct journal *journal)
{
    struct event out;

    for (uint64_t sequence = journal->next_sequence; sequence <= truth.last; sequence++)
        truth.fate[sequence] = UNKNOWN;
    truth.last = journal->next_sequence - 1;
    for (uint64_t sequence = journal_oldest(journal); sequence <= truth.last; sequence++)
        if (truth.fate[sequence] == IN_FLIGHT)
            truth.fate[sequence] = journal_get(journal, sequence, &out) == JOURNAL_OK ? PROMISED : TORN;
}

static inline struct journal fresh(struct nor *flash, uint32_t sectors)
{
    struct journal journal;
    struct flash port = nor_open(flash, sectors);

    memset(&truth, 0, sizeof truth);
    CHECK(journal_mount(&journal, &port) == JOURNAL_NONE);
    CHECK(journal_format(&journal, &port, GENERATION) == JOURNAL_OK);
    return journal;
}

/* Power fails at each step of `act` in turn, each time with two kinds of leftovers; the medium before it is
 * `base`. */
static inline long cut_everywhere(const struct nor *base, const struct journal *journal,
                                  enum journal_result (*act)(struct journal *), int *broken)
{
    uint64_t next = journal->next_sequence, last = truth.last, acknowledged = truth.acknowledged;
    long cuts = 0;

    for (uint64_t steps = 0;; steps++) {
        bool survived = false;
        for (uint64_t seed = 0; seed < 2; seed++) {
            struct journal cut = *journal, mounted;
            copy = *base;
            copy.steps_left = steps;
            cut.flash.device = &copy;
            survived = act(&cut) != JOURNAL_FAULT;
            nor_power_up(&copy, truth.last * 1000 + steps * 2 + seed);
            *broken += journal_mount(&mounted, &cut.flash) != JOURNAL_OK || broken_promises(&mounted) != 0;
            truth.fate[next] = UNKNOWN;
            truth.last = last;
            truth.acknowledged = acknowledged;
            cuts++;
        }
        if (survived)
            return cuts;
    }
}

/* Appends and receipts until the power fails. When the daemon is away there is no receipt before the journal
 * is full. */
static inline void use_until_cut(struct journal *journal, bool daemon_away, long *full)
{
    while (!journal->failed) {
        bool refused = append(journal) == JOURNAL_FULL;
        *full += refused;
        if (refused || (!daemon_away && random() % 4 == 0))
            acknowledge(journal, journal->acknowledged + (uint64_t)random() % (journal_waiting(journal) + (uint64_t)1));
        if (!daemon_away && random() % 16 == 0 && acknowledge(journal, journal->next_sequence - 1) == JOURNAL_OK)
            while (random() % 4 != 0 && forget_all(journal) == JOURNAL_OK)
                truth.forgettings++;
    }
}

/* The power comes back, and may fail again while the journal recovers; or it was only the program that was killed, and
 * what it had not synced is still to be seen. Counts the cuts. */
static inline long recover(struct journal *journal, const struct flash *port, uint64_t seed)
{
    long cuts = 0;

    do {
        if (random() % 4 == 0)
            nor.dead = false;
        else
            nor_power_up(&nor, seed + (uint64_t)cuts);
        cuts++;
        nor.steps_left = random() % 4 == 0 ? (uint64_t)random() % 40 : NOR_FOREVER;
    } while (journal_mount(journal, port) == JOURNAL_FAULT);
    return cuts;
}

/* One medium that lives through many cuts. Stops at the first broken promise. */
static inline int live_through_cuts(bool sync_lies, long most_cuts, uint64_t seed, long *cuts, long *full)
{
    struct journal journal = fresh(&nor, 5);
    struct flash port = journal.flash;
    int broken = 0;

    srandom((unsigned)seed);
    nor.sync_lies = sync_lies;
    for (long cut = 0; cut < most_cuts && broken == 0 && truth.last < TRUTH_MAX - 600;) {
        nor.steps_left = (uint64_t)random() % (cut % 8 == 0 ? 9000 : 170);
        use_until_cut(&journal, cut % 200 < 60, full);
        cut += recover(&journal, &port, seed * 100000 + (uint64_t)cut);
        broken = broken_promises(&journal);
        settle_truth(&journal);
        *cuts += 1;
    }
    return broken;
}

#endif
