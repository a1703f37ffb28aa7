/* When a terminal did not record, as its events tell, and which dates that has to do with. */
#include "tests/ingest_rig.h"

#include "common/log.h"
#include "daemon/dating.h"

#define DAY_MS INT64_C(86400000)

static int32_t day_of(int64_t at_ms)
{
    return civil_from_utc_ms(at_ms).day;
}

/* Of the last week and tomorrow, the touched dates as bits; today is 2, tomorrow 1. All are forgotten. */
static unsigned touched_days(void)
{
    unsigned bits = 0;
    for (int32_t back = -1; back < 7; back++)
        bits |= (unsigned)dayset_has(&ingest.touched, day_of(now_ms) - back) << (back + 1);
    dayset_init(&ingest.touched, day_of(now_ms));
    return bits;
}

static struct event kind_of(enum event_kind kind, uint64_t sequence, int64_t at_ms)
{
    struct event event = tap_of(sequence);
    event.kind = kind;
    event.token = 0;
    event.at_ms = at_ms;
    event.reader = kind == EVENT_BOOT || kind == EVENT_CLOCK ? 0 : 2;
    return event;
}

static void outages_as_events_tell_them(void)
{
    begin();
    struct event out = tap_of(1), in = tap_of(2), out_again = tap_of(3), boot = tap_of(4);
    out.kind = out_again.kind = EVENT_OUT;
    in.kind = EVENT_IN;
    boot.kind = EVENT_BOOT;
    out_again.reader = 2;
    boot.from_ms = now_ms - 59990;
    boot.at_ms = now_ms;
    boot.reader = 0;
    give(out);
    commit();
    CHECK(ask("SELECT count(*) FROM recorded_outage WHERE to_ms IS NULL") == 1);
    give(in);
    give(out_again);
    give(boot);
    commit();
    CHECK(ask("SELECT count(*) FROM recorded_outage WHERE to_ms IS NULL") == 0);
    CHECK(
        ask("SELECT to_ms - from_ms FROM recorded_outage WHERE from_ms = (SELECT min(from_ms) FROM recorded_outage)") ==
        1);
    CHECK(ask("SELECT max(to_ms - from_ms) FROM recorded_outage WHERE reader = 0") == 59990);
    end();
}

static void an_outage_touches_every_date_that_it_covers(void)
{
    begin();
    give(kind_of(EVENT_OUT, 1, now_ms - 3 * DAY_MS));
    CHECK(touched_days() == 0x1f); /* it lasts: that date and all since */
    give(kind_of(EVENT_IN, 2, now_ms - DAY_MS));
    CHECK(touched_days() == 0x1c);
    struct event boot = kind_of(EVENT_BOOT, 3, now_ms);
    boot.from_ms = now_ms - 2 * DAY_MS;
    give(boot);
    CHECK(touched_days() == 0xe);
    give(kind_of(EVENT_OUT, 4, now_ms - DAY_MS));
    touched_days();
    boot = kind_of(EVENT_BOOT, 5, now_ms); /* closes it, and was off for no time at all */
    boot.from_ms = now_ms;
    give(boot);
    CHECK(touched_days() == 0x6);
    commit();
    CHECK(ask("SELECT count(*) FROM recorded_outage") == 3);
    CHECK(ask("SELECT count(*) FROM recorded_outage WHERE to_ms IS NULL") == 0);
    end();
}

static void what_a_reader_says_when_it_is_back(void)
{
    begin();
    struct event in = kind_of(EVENT_IN, 1, now_ms - 1000);
    give(in); /* was not out */
    CHECK(touched_days() == 0);
    in = kind_of(EVENT_IN, 2, now_ms);
    in.from_ms = now_ms - DAY_MS;
    give(in);
    CHECK(touched_days() == 0x6);
    commit();
    CHECK(ask("SELECT count(*) FROM recorded_outage") == 1);
    CHECK(ask("SELECT to_ms - from_ms FROM recorded_outage") == DAY_MS);
    end();
}

/* The boot is dated by when it was heard of, and so the terminal was off for two days; then its clock says that it was not. */
static void an_outage_that_comes_to_nothing_touches_its_dates(void)
{
    begin();
    struct event boot = kind_of(EVENT_BOOT, 1, 0), clock = kind_of(EVENT_CLOCK, 2, now_ms - 3 * DAY_MS);
    boot.clock = CLOCK_UNSET;
    boot.age_ms = 1000;
    boot.from_ms = now_ms - 2 * DAY_MS;
    give(boot);
    CHECK(touched_days() == 0xe);
    give(clock);
    CHECK(touched_days() == 0xe);
    commit();
    CHECK(ask("SELECT count(*) FROM recorded_outage") == 0);
    end();
}

static void a_gap_is_an_outage_from_the_last_known_time_to_the_next(void)
{
    begin();
    struct event after = tap_of(5), unbelieved = tap_of(9), lost = tap_of(10), later = tap_of(12);
    after.oldest = unbelieved.oldest = 5;
    give(after); /* nothing is known from before */
    commit();
    CHECK(ask("SELECT count(*) FROM recorded_outage") == 0 && ask("SELECT last_sequence FROM gap") == 4);
    unbelieved.oldest = 9;
    unbelieved.at_ms = now_ms + 2 * DATING_FUTURE_MS;
    lost.kind = EVENT_LOST;
    lost.last_sequence = 11;
    later.at_ms = now_ms;
    give(unbelieved);
    give(lost);
    commit();
    end();
    open_again(); /* which must not forget that the gap has no end yet */
    give(later);
    commit();
    CHECK(ask("SELECT count(*) FROM recorded_outage") == 1);
    CHECK(ask("SELECT from_ms FROM recorded_outage") == after.at_ms &&
          ask("SELECT to_ms FROM recorded_outage") == now_ms);
    later = tap_of(13);
    later.at_ms = now_ms + 1;
    end();
    open_again();
    give(later);
    commit();
    CHECK(ask("SELECT count(*) FROM recorded_outage") == 1 && ask("SELECT to_ms FROM recorded_outage") == now_ms);
    end();
}

int main(void)
{
    memory_vfs_register();
    log_open("outages", LOG_WARN);
    TEST(outages_as_events_tell_them);
    TEST(an_outage_touches_every_date_that_it_covers);
    TEST(what_a_reader_says_when_it_is_back);
    TEST(an_outage_that_comes_to_nothing_touches_its_dates);
    TEST(a_gap_is_an_outage_from_the_last_known_time_to_the_next);
    return test_done();
}
