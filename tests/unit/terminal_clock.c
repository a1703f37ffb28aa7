/* The time base of a terminal without a clock of its own (firmware/core/timebase.h). */
#include "firmware/core/timebase.h"

#include "tests/terminal_rig.h"
#include "tests/test.h"

#define FLOOR_MS   INT64_C(1790000000000) /* in September 2026 */
#define IN_1970_MS INT64_C(5000)

static struct rig_clock machine;
static struct timebase timebase;

static void set_up(int64_t utc_ms, enum clock_quality quality)
{
    machine = (struct rig_clock){
        .clock = {.utc_ms = rig_utc_ms, .mono_ms = rig_mono_ms, .rate = 1}, .utc_ms = utc_ms, .mono_ms = 700};
    timebase_open(&timebase, &machine.clock, FLOOR_MS, quality);
}

static void go_on(int64_t ms)
{
    machine.mono_ms += ms;
    machine.utc_ms += ms;
}

static void a_clock_counts_when_it_is_not_behind_what_is_certain(void)
{
    static const struct {
        const char *name;
        int64_t utc_ms;
        enum clock_quality machine, quality;
    } CASES[] = {
        {"synchronised", FLOOR_MS + 1, CLOCK_SYNCED, CLOCK_SYNCED},
        {"on its quartz", FLOOR_MS + 1, CLOCK_RTC, CLOCK_RTC},
        {"its battery is empty", IN_1970_MS, CLOCK_RTC, CLOCK_UNSET},
        {"behind the journal", FLOOR_MS - 1, CLOCK_RTC, CLOCK_UNSET},
        {"synchronised, and the journal once ran ahead", FLOOR_MS - 1, CLOCK_SYNCED, CLOCK_SYNCED},
        {"no quartz", FLOOR_MS + 1, CLOCK_UNSET, CLOCK_UNSET},
        {"in the year 9999", INT64_C(253370764800000), CLOCK_SYNCED, CLOCK_UNSET},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        set_up(CASES[i].utc_ms, CASES[i].machine);
        if (timebase.quality != CASES[i].quality)
            printf("# %s: %s\n", CASES[i].name, WIRE_CLOCKS[timebase.quality]);
        CHECK(timebase.quality == CASES[i].quality);
    }
}

static void an_event_is_stamped_when_it_happened(void)
{
    struct event event = {0};
    set_up(FLOOR_MS, CLOCK_RTC);
    go_on(10000);
    timebase_stamp(&timebase, 400, &event);
    CHECK(event.at_ms == FLOOR_MS + 9600 && event.mono_ms == TIMEBASE_START_MONO_MS + 9600 && event.clock == CLOCK_RTC);
    timebase_stamp(&timebase, 60000, &event); /* from before this start: no negative time on the wire */
    CHECK(event.at_ms == FLOOR_MS - 50000 && event.mono_ms == TIMEBASE_START_MONO_MS - 50000); /* before this start */
    set_up(IN_1970_MS, CLOCK_RTC);
    go_on(10000);
    timebase_stamp(&timebase, 400, &event);
    CHECK(event.at_ms == 0 && event.mono_ms == TIMEBASE_START_MONO_MS + 9600 && event.clock == CLOCK_UNSET);
}

static void synchronisation_is_news_once(void)
{
    set_up(IN_1970_MS, CLOCK_UNSET);
    CHECK(!timebase_update(&timebase, CLOCK_UNSET));
    machine.utc_ms = FLOOR_MS + 5;
    CHECK(timebase_update(&timebase, CLOCK_SYNCED));
    CHECK(!timebase_update(&timebase, CLOCK_SYNCED));
}

/* The floor was set on the machine's clock, which proves nothing. */
static void a_clock_that_was_behind_is_believed_only_when_synchronised(void)
{
    set_up(IN_1970_MS, CLOCK_RTC);
    machine.utc_ms = FLOOR_MS + 5;
    CHECK(!timebase_update(&timebase, CLOCK_RTC) && timebase.quality == CLOCK_UNSET);
    CHECK(timebase_update(&timebase, CLOCK_SYNCED) && timebase.quality == CLOCK_SYNCED);
    CHECK(!timebase_update(&timebase, CLOCK_UNSET) && timebase.quality == CLOCK_RTC); /* goes on by itself */
}

static void the_daemons_time_is_the_last_resort(void)
{
    set_up(IN_1970_MS, CLOCK_UNSET);
    CHECK(!timebase_fall_back(&timebase, FLOOR_MS - 1)); /* behind what is certain */
    CHECK(timebase_fall_back(&timebase, FLOOR_MS + 1000));
    go_on(500);
    CHECK(timebase.quality == CLOCK_RTC && timebase_utc_ms(&timebase) == FLOOR_MS + 1500);
    CHECK(!timebase_update(&timebase, CLOCK_UNSET) && timebase.quality == CLOCK_RTC);
    CHECK(!timebase_fall_back(&timebase, FLOOR_MS + 9000)); /* one is enough */
    machine.utc_ms = FLOOR_MS + 7000;
    CHECK(timebase_update(&timebase, CLOCK_SYNCED) && timebase_utc_ms(&timebase) == FLOOR_MS + 7000);
    set_up(FLOOR_MS + 1, CLOCK_RTC);
    CHECK(!timebase_fall_back(&timebase, FLOOR_MS + 99000));
}

int main(void)
{
    TEST(a_clock_counts_when_it_is_not_behind_what_is_certain);
    TEST(an_event_is_stamped_when_it_happened);
    TEST(synchronisation_is_news_once);
    TEST(a_clock_that_was_behind_is_believed_only_when_synchronised);
    TEST(the_daemons_time_is_the_last_resort);
    return test_done();
}
