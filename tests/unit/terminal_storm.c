/* The promise under random schedules: every tap that was shown as recorded is in the daemon's database exactly once and
 * in order, whatever fails: power at any byte, the network, messages, receipts, the daemon. The daemon here is twenty
 * lines of its own. */
#include "firmware/core/terminal.h"

#include <stdlib.h>
#include "tests/terminal_rig.h"
#include "tests/test.h"

#define SEEDS         60
#define STEPS         1500
#define GREENS_MAX    STEPS
#define GENERATIONS   8
#define DATABASE_ROWS 4096

static struct rig rig;
static uint64_t seed;

static struct green {
    uint64_t token;
    int64_t at_ms;
} greens[GREENS_MAX];
static size_t green_count;

/* The daemon: per generation the contiguous prefix, and the rows in order of arrival. */
static struct {
    uint64_t upto[GENERATIONS];
    struct event rows[DATABASE_ROWS];
    size_t row_count;
} database;

static uint32_t chance(uint32_t sides)
{
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(seed >> 33) % sides;
}

static uint64_t *upto_of(uint64_t generation)
{
    return &database.upto[generation % GENERATIONS];
}

static void store(const struct event *events, int count)
{
    for (int i = 0; i < count; i++) {
        uint64_t *upto = upto_of(events[i].generation);
        if (events[i].sequence > *upto + 1 && events[i].oldest > *upto + 1)
            *upto = events[i].oldest - 1; /* a gap for ever */
        if (events[i].sequence != *upto + 1)
            continue;
        *upto = events[i].last_sequence;
        assert(database.row_count < DATABASE_ROWS);
        database.rows[database.row_count++] = events[i];
    }
}

/* Takes messages off the terminal; some are lost on the way, some receipts too. */
static void exchange(uint32_t lost_of_ten)
{
    static struct event events[WIRE_EVENTS_MAX];
    for (int turn = 0; turn < 8 && !rig.nor.dead; turn++) { /* without power it says nothing more */
        int count = rig_events(&rig, events);
        if (count == 0)
            break;
        if (chance(10) < lost_of_ten)
            continue;
        store(events, count);
        if (chance(10) >= lost_of_ten)
            rig_hear_receipt(&rig, events[0].generation, *upto_of(events[0].generation));
    }
}

static void power_up(void)
{
    do {
        nor_power_up(&rig.nor, seed);
        rig_wait(&rig, 1 + chance(20000));
        if (chance(4) == 0)
            rig.nor.steps_left = chance(300); /* fails again while it starts */
    } while (!rig_start(&rig, CLOCK_SYNCED) || rig.nor.dead);
    rig.nor.steps_left = NOR_FOREVER;
}

static bool recorded(enum feedback feedback)
{
    return feedback != FEEDBACK_AGAIN && feedback != FEEDBACK_FULL && feedback != FEEDBACK_FAULT;
}

static void tap(void)
{
    uint32_t card = 1 + chance(200);
    int64_t age_ms = chance(3) ? 0 : chance(800);
    enum feedback feedback = rig_tap(&rig, (uint8_t)(1 + chance(2)), card, age_ms);
    if (!rig.nor.dead && recorded(feedback))
        greens[green_count++] = (struct green){rig_token(&rig, card), rig.time.utc_ms - age_ms};
}

/* One thing happens. Power is often cut right where it hurts: in the middle of a tap or of a receipt. */
static void happen(void)
{
    bool cut = chance(12) == 0;
    if (cut)
        rig.nor.steps_left = chance(60);
    switch (chance(10)) {
    case 0:
        rig_step(&rig, (struct terminal_input){.kind = TERMINAL_NET_DOWN});
        break;
    case 1:
        rig_connect(&rig);
        break;
    case 2:
        rig_hear_daemon(&rig, chance(3) > 0);
        break;
    case 3:
        exchange(3);
        break;
    case 4:
        rig_reader(&rig, chance(2) ? TERMINAL_READER_UP : TERMINAL_READER_DOWN, (uint8_t)(1 + chance(2)));
        break;
    default:
        tap();
    }
    if (cut)
        power_up();
    rig_wait(&rig, 1000 + chance(8000));
}

/* All is well again: everything must drain. */
static void drain(void)
{
    rig_connect(&rig);
    for (int round = 0; round < 400 && journal_waiting(&rig.terminal.journal) > 0; round++) {
        exchange(0);
        rig_wait(&rig, OUTBOX_PATIENCE_MS);
    }
}

static size_t rows_of(const struct green *green, size_t *first)
{
    size_t count = 0;
    for (size_t i = database.row_count; i-- > 0;)
        if (database.rows[i].kind == EVENT_TAP && database.rows[i].token == green->token &&
            database.rows[i].at_ms == green->at_ms) {
            *first = i;
            count++;
        }
    return count;
}

static bool kept_once_and_in_order(void)
{
    size_t before = 0, row = 0;
    for (size_t i = 0; i < green_count; i++) {
        if (rows_of(&greens[i], &row) != 1 || row < before)
            return false;
        before = row;
    }
    return true;
}

static bool ran(uint64_t with)
{
    seed = with * 2862933555777941757U + 3037000493U;
    memset(&database, 0, sizeof database);
    green_count = 0;
    rig_open(&rig, 5);
    for (int step = 0; step < STEPS; step++)
        happen();
    drain();
    return kept_once_and_in_order() && journal_waiting(&rig.terminal.journal) == 0 && rig.generation == 1001;
}

static void every_green_tap_is_stored_once_and_in_order(void)
{
    size_t greens_seen = 0;
    for (uint64_t with = 1; with <= SEEDS; with++) {
        bool good = ran(with);
        if (!good)
            printf("# seed %llu: %zu shown, %zu stored\n", (unsigned long long)with, green_count, database.row_count);
        CHECK(good);
        greens_seen += green_count;
    }
    CHECK(greens_seen > SEEDS * STEPS / 4); /* the schedules did record */
}

/* A medium that only pretends to sync must be found out, or this test is blind. */
static void a_lying_medium_is_found_out(void)
{
    bool caught = false;
    for (uint64_t with = 1; with <= SEEDS && !caught; with++) {
        seed = with;
        memset(&database, 0, sizeof database);
        green_count = 0;
        rig_open(&rig, 5);
        rig.nor.sync_lies = true;
        for (int step = 0; step < 100; step++) {
            tap();
            rig_wait(&rig, 5000);
        }
        nor_power_up(&rig.nor, with);
        if (rig_start(&rig, CLOCK_SYNCED)) {
            drain();
            caught = !kept_once_and_in_order();
        } else {
            caught = true;
        }
    }
    CHECK(caught);
}

int main(void)
{
    TEST(every_green_tap_is_stored_once_and_in_order);
    TEST(a_lying_medium_is_found_out);
    return test_done();
}
