/* What becomes of events: repeats, gaps, generations, refusals, dates, receipts. Each case names what arrives and what
 * must then be in the database, which is read with SQL of the test's own. */
#include "tests/ingest_rig.h"

#include "common/log.h"
#include "daemon/dating.h"

#define UNKNOWN UINT64_C(0xdead)

static void the_order_of_arrival(void)
{
    static const struct {
        const char *name;
        int arrivals[8]; /* ends at 0 */
        int stored, upto;
    } cases[] = {
        {"in order", {1, 2, 3}, 3, 3},
        {"a repeat costs nothing", {1, 1, 2, 1, 2}, 2, 2},
        {"too early is left to be repeated, and told how far we are", {2, 3}, 0, 0},
        {"a hole stops at the hole", {1, 3, 4}, 1, 1},
        {"and is filled by go-back-N", {1, 3, 2, 3}, 3, 3},
        {"backwards", {3, 2, 1}, 1, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin();
        for (int j = 0; cases[i].arrivals[j] != 0; j++)
            give(tap_of((uint64_t)cases[i].arrivals[j]));
        commit();
        bool right = ask("SELECT count(*) FROM event") == cases[i].stored &&
                     ask("SELECT coalesce(max(upto), 0) FROM receipt") == cases[i].upto && receipts.count == 1 &&
                     receipts.last.upto == (uint64_t)cases[i].upto;
        if (!right)
            printf("# %s\n", cases[i].name);
        CHECK(right);
        end();
    }
}

static void nothing_is_receipted_before_the_commit(void)
{
    begin();
    give(tap_of(1));
    CHECK(receipts.count == 0);
    store_rollback(store);
    CHECK(ask("SELECT count(*) FROM event") == 0);
    end();
}

static void generations_and_terminals_are_apart(void)
{
    begin();
    struct event other = tap_of(1);
    other.generation = 8;
    give(tap_of(1));
    give(other);
    give_from("t-2", tap_of(1));
    commit();
    CHECK(ask("SELECT count(*) FROM event") == 3);
    CHECK(ask("SELECT count(*) FROM receipt WHERE upto = 1") == 3);
    CHECK(receipts.count == 3);
    end();
}

static void a_repeat_after_a_lost_receipt_is_stored_once_and_receipted_again(void)
{
    begin();
    give(tap_of(1));
    commit();
    CHECK(receipts.count == 1 && receipts.last.upto == 1);
    give(tap_of(1));
    commit();
    CHECK(receipts.count == 2 && receipts.last.upto == 1);
    CHECK(ask("SELECT count(*) FROM event") == 1);
    end();
}

static void what_no_journal_holds_becomes_a_gap(void)
{
    begin();
    give(tap_of(1));
    struct event later = tap_of(5);
    later.oldest = 4; /* 2 and 3 are nowhere any more, 4 is on its way */
    give(later);
    commit();
    CHECK(ask("SELECT count(*) FROM event") == 1 && receipts.last.upto == 3);
    CHECK(ask("SELECT first_sequence * 100 + last_sequence FROM gap") == 203);
    struct event fourth = tap_of(4);
    fourth.oldest = 4;
    give(fourth);
    give(later);
    commit();
    CHECK(ask("SELECT count(*) FROM event") == 3 && receipts.last.upto == 5);
    CHECK(ask("SELECT count(*) FROM recorded_outage WHERE terminal_id = 't-1'") ==
          1); /* nobody can know what was lost */
    end();
}

static int touched_days(void)
{
    int count = 0;
    for (int32_t day; dayset_take(&ingest.touched, &day);)
        count++;
    return count;
}

static void an_outage_since_1970_makes_a_summer_due_and_no_more(void)
{
    begin();
    struct event boot = tap_of(1), in = tap_of(2);
    boot.kind = EVENT_BOOT;
    in.kind = EVENT_IN;
    boot.token = in.token = 0;
    boot.from_ms = in.from_ms = 1;
    give(boot);
    CHECK(touched_days() == 121);
    give(in);
    CHECK(touched_days() == 121);
    commit();
    CHECK(ask("SELECT count(*) FROM recorded_outage WHERE to_ms - from_ms = 120 * 86400000") == 2);
    struct event week = tap_of(3);
    week.kind = EVENT_BOOT;
    week.token = 0;
    week.from_ms = week.at_ms - 7 * INT64_C(86400000);
    give(week);
    CHECK(touched_days() == 8);
    end();
}

static void a_lost_event_covers_its_range(void)
{
    begin();
    give(tap_of(1));
    struct event lost = {
        .generation = GENERATION, .sequence = 2, .last_sequence = 4, .oldest = 1, .kind = EVENT_LOST, .age_ms = -1};
    give(lost);
    give(tap_of(5));
    commit();
    CHECK(receipts.last.upto == 5);
    CHECK(ask("SELECT last_sequence FROM event WHERE kind = 'lost'") == 4);
    CHECK(ask("SELECT first_sequence * 100 + last_sequence FROM gap") == 204);
    CHECK(ask("SELECT to_ms - from_ms FROM recorded_outage") == 4);
    lost.sequence = 6;
    lost.last_sequence = INGEST_SEQUENCE_MAX; /* and there is no sequence after it */
    give(lost);
    commit();
    CHECK(receipts.last.upto == INGEST_SEQUENCE_MAX && ingest.counts.malformed == 0);
    end();
}

static void a_lost_range_of_which_a_part_is_known(void)
{
    begin();
    give(tap_of(1));
    give(tap_of(2));
    struct event lost = {
        .generation = GENERATION, .sequence = 2, .last_sequence = 3, .oldest = 1, .kind = EVENT_LOST, .age_ms = -1};
    give(lost);
    commit();
    CHECK(receipts.last.upto == 3);
    CHECK(ask("SELECT count(*) FROM event WHERE sequence = 2 AND kind = 'tap'") == 1);
    CHECK(ask("SELECT sequence FROM event WHERE kind = 'lost'") == 3);
    end();
}

static void refused_is_stored_and_told(void)
{
    begin();
    struct event stranger = tap_of(1), from_tomorrow = tap_of(2), undated = tap_of(3);
    stranger.token = UNKNOWN;
    from_tomorrow.at_ms = now_ms + 86400000;
    undated.clock = CLOCK_UNSET;
    undated.at_ms = 0;
    give(stranger);
    give(from_tomorrow);
    give(undated);
    commit();
    CHECK(ask("SELECT count(*) FROM event") == 3 && receipts.last.upto == 3);
    CHECK(receipts.last.refused_count == 3);
    CHECK(receipts.last.refused[0].why == REFUSAL_UNKNOWN_CARD);
    CHECK(receipts.last.refused[1].why == REFUSAL_BAD_TIME && receipts.last.refused[2].why == REFUSAL_BAD_TIME);
    CHECK(ask("SELECT count(*) FROM event WHERE settled_ms IS NULL") == 2);
    end();
}

static void a_card_of_the_past_is_revoked(void)
{
    begin();
    store_close(store);
    sqlite3 *database;
    sqlite3_open_v2("ingest.db", &database, SQLITE_OPEN_READWRITE, "memory");
    facts_run(database, "UPDATE card SET to_ms = 0");
    sqlite3_close(database);
    open_again();
    give(tap_of(1));
    commit();
    CHECK(receipts.last.refused_count == 1 && receipts.last.refused[0].why == REFUSAL_REVOKED_CARD);
    end();
}

static void many_refusals_ride_in_several_receipts(void)
{
    begin();
    for (uint64_t sequence = 1; sequence <= WIRE_REFUSALS_MAX + 5; sequence++) {
        struct event stranger = tap_of(sequence);
        stranger.token = UNKNOWN;
        give(stranger);
    }
    commit();
    CHECK(receipts.count == 2 && receipts.refused == WIRE_REFUSALS_MAX + 5);
    give(tap_of(30)); /* a repeat hears again of what came after it */
    commit();
    CHECK(receipts.count == 3 && receipts.last.refused[0].sequence == 30);
    end();
}

static void dates_of_events_without_a_clock(void)
{
    begin();
    struct event boot = tap_of(1), aged = tap_of(2), forgotten = tap_of(3);
    boot.clock = aged.clock = forgotten.clock = CLOCK_UNSET;
    boot.at_ms = aged.at_ms = forgotten.at_ms = 0;
    boot.kind = EVENT_BOOT;
    boot.token = 0;
    aged.age_ms = 5000;
    give(boot);
    give(aged);
    give(forgotten);
    commit();
    CHECK(ask("SELECT settled_ms FROM event WHERE sequence = 2") == now_ms - 5000);
    CHECK(ask("SELECT settled_ms FROM event WHERE sequence = 3") == INT64_MIN);
    struct event tie = tap_of(4);
    tie.kind = EVENT_CLOCK;
    tie.token = 0;
    tie.at_ms = now_ms - 1000;
    ingest.rolled_ms = now_ms;
    give(tie);
    commit();
    CHECK(ask("SELECT settled_ms FROM event WHERE sequence = 3") == now_ms - 2000);
    CHECK(ask("SELECT settled_ms FROM event WHERE sequence = 2") == now_ms - 3000);
    CHECK(ask("SELECT count(*) FROM event WHERE refused IS NOT NULL") == 0);
    CHECK(dayset_has(&ingest.touched, civil_from_utc_ms(now_ms).day));
    struct event after = tap_of(5);
    after.clock = CLOCK_UNSET;
    give(after);
    commit();
    CHECK(ask("SELECT settled_ms FROM event WHERE sequence = 5") == now_ms);
    end();
}

static void network_time_corrects_a_clock_that_ran_by_itself(void)
{
    begin();
    struct event wrong = tap_of(1), right = tap_of(2), ahead = tap_of(3), tie = tap_of(4);
    wrong.clock = right.clock = ahead.clock = CLOCK_RTC;
    tie.kind = EVENT_CLOCK;
    tie.token = 0;
    tie.clock = CLOCK_RTC;
    tie.at_ms = now_ms;
    wrong.at_ms = now_ms - 3600000;
    right.at_ms = now_ms - (tie.mono_ms - right.mono_ms) - 20;
    ahead.at_ms = now_ms + 3600000;
    give(wrong);
    give(right);
    give(ahead);
    give(tie);
    commit();
    CHECK(ask("SELECT settled_ms FROM event WHERE sequence = 1") == wrong.at_ms);
    CHECK(ask("SELECT refused = 'bad_time' FROM event WHERE sequence = 3") == 1);
    tie.sequence = tie.last_sequence = 5;
    tie.clock = CLOCK_SYNCED;
    give(tie);
    commit();
    CHECK(ask("SELECT settled_ms FROM event WHERE sequence = 1") == now_ms - (tie.mono_ms - wrong.mono_ms));
    CHECK(ask("SELECT settled_ms FROM event WHERE sequence = 2") == right.at_ms);
    CHECK(ask("SELECT settled_ms FROM event WHERE sequence = 3") == now_ms - (tie.mono_ms - ahead.mono_ms));
    CHECK(ask("SELECT count(*) FROM event WHERE refused IS NOT NULL") == 0);
    end();
}

static void late_taps_touch_their_date_and_others_do_not(void)
{
    begin();
    give(tap_of(1));
    commit();
    CHECK(dayset_empty(&ingest.touched));
    ingest.rolled_ms = now_ms;
    give(tap_of(2));
    commit();
    CHECK(dayset_has(&ingest.touched, civil_from_utc_ms(now_ms).day));
    end();
}

/* Numbers that the state page shows. */
static void what_came_is_counted(void)
{
    begin();
    struct event stranger = tap_of(3), far = tap_of(9);
    stranger.token = UNKNOWN;
    far.oldest = 7;
    give(tap_of(1));
    give(tap_of(2));
    give(tap_of(2));
    give(stranger);
    give(tap_of(5));
    give(far); /* 4 to 6 are nowhere any more; 7 and 8 may still come */
    commit();
    CHECK(ingest.counts.stored == 3 && ingest.counts.refused == 1 && ingest.counts.repeated == 1);
    CHECK(ingest.counts.early == 2 && ingest.counts.gaps == 1 && ingest.counts.malformed == 0);
    CHECK(receipts.last.upto == 6);
    end();
}

static void the_first_card_held_up_for_enrolment_is_kept_until_somebody_looks(void)
{
    begin();
    struct event first = tap_of(1), second = tap_of(2);
    first.kind = second.kind = EVENT_ENROL;
    second.token = UNKNOWN;
    give(first);
    give(second);
    commit();
    CHECK(ingest.has_enrolled && ingest.enrolled.token == first.token);
    CHECK(ask("SELECT count(*) FROM event WHERE kind = 'enrol'") == 2);
    end();
}

static void one_message_may_hold_two_journals(void)
{
    begin();
    struct event events[5] = {tap_of(1), tap_of(1), tap_of(1), tap_of(2), tap_of(3)};
    events[1].generation = events[3].generation = events[4].generation = GENERATION + 1;
    store_begin(store);
    ingest_events(&ingest, "t-1", events, 5, now_ms); /* the third repeats the first */
    commit();
    CHECK(ask("SELECT upto FROM receipt WHERE generation = 7") == 1);
    CHECK(ask("SELECT upto FROM receipt WHERE generation = 8") == 3);
    CHECK(ask("SELECT count(*) FROM event") == 4);
    end();
}

static void a_repeat_of_long_ago_hears_of_the_latest_refusals(void)
{
    begin();
    for (uint64_t sequence = 1; sequence <= INGEST_RECEIPTS_PAST + 50; sequence++) {
        struct event stranger = tap_of(sequence);
        stranger.token = UNKNOWN;
        give(stranger);
    }
    commit();
    receipts.refused = 0;
    give(tap_of(1));
    commit();
    CHECK(receipts.refused == INGEST_RECEIPTS_PAST);
    receipts.count = 0;
    ingest_receipts(&ingest, false, note_receipt, NULL);
    CHECK(receipts.count == 0);
    end();
}

static void the_ends_of_what_is_believed(void)
{
    static const struct {
        int64_t at_ms, age_ms; /* from now */
        bool believed;
    } CASES[] = {
        {DATING_FUTURE_MS, -1, true},
        {DATING_FUTURE_MS + 1, -1, false},
        {-DATING_PAST_MS, -1, true},
        {-DATING_PAST_MS - 1, -1, false},
        {0, 0, true},
        {0, DATING_PAST_MS, true},
        {0, DATING_PAST_MS + 1, false},
    };
    begin();
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct event event = tap_of(i + 1);
        event.kind = EVENT_TAMPER; /* no card that would have to be valid then */
        event.at_ms = now_ms + CASES[i].at_ms;
        if (CASES[i].age_ms >= 0)
            event.clock = CLOCK_UNSET;
        event.age_ms = CASES[i].age_ms;
        give(event);
        commit();
        int64_t settled_ms = ask("SELECT settled_ms FROM event ORDER BY sequence DESC LIMIT 1");
        int64_t wanted_ms = now_ms + (CASES[i].age_ms >= 0 ? -CASES[i].age_ms : CASES[i].at_ms);
        CHECK(settled_ms == (CASES[i].believed ? wanted_ms : INT64_MIN));
    }
    end();
}

/* Our own machine thought that it was last evening: nothing counts until its clock is set, then everything does. */
static void what_our_clock_did_not_believe_counts_when_it_is_set(void)
{
    begin();
    int64_t right_ms = now_ms, wrong_ms = now_ms - 14 * 3600000;
    for (uint64_t i = 1; i <= 70; i++) {
        struct event event = tap_of(i);
        event.kind = i == 70 ? EVENT_BOOT : EVENT_TAP;
        event.from_ms = i == 70 ? right_ms - 600000 : 0;
        event.token = i == 3 ? 12345 : event.token;
        event.clock = i == 4 ? CLOCK_RTC : CLOCK_SYNCED;
        event.at_ms = i == 5 ? right_ms + DATING_FUTURE_MS + 1 : event.at_ms;
        now_ms = wrong_ms;
        give_from(i % 2 == 0 ? "t-2" : "t-1", (event.sequence = event.last_sequence = (i + 1) / 2, event));
        now_ms = right_ms;
    }
    commit();
    CHECK(ask("SELECT count(*) FROM event WHERE refused = 'bad_time' AND settled_ms IS NULL") == 70);
    CHECK(ask("SELECT count(*) FROM recorded_outage") == 0);
    ingest.rolled_ms = right_ms;
    store_begin(store);
    ingest_clock_set(&ingest, right_ms);
    commit();
    CHECK(ask("SELECT count(*) FROM event WHERE refused IS NULL AND settled_ms = at_ms AND settled_day = at_ms / "
              "86400000") == 68);
    CHECK(ask("SELECT count(*) FROM event WHERE refused = 'unknown_card' AND settled_ms = at_ms") == 1);
    CHECK(ask("SELECT count(*) FROM event WHERE refused = 'bad_time'") == 1);
    CHECK(ask("SELECT to_ms - from_ms FROM recorded_outage") > 500000);
    CHECK(dayset_has(&ingest.touched, civil_from_utc_ms(right_ms).day));
    end();
}

/* A clock that ran by itself is believed to the second; many events are dated in several goes. */
static void network_time_corrects_what_is_off(void)
{
    static const int64_t OFF_MS[] = {0, 999, -999, 1000, -1000};
    begin();
    for (uint64_t i = 0; i < 70; i++) {
        struct event event = tap_of(i + 1);
        event.clock = i < 5 ? CLOCK_RTC : CLOCK_UNSET;
        event.mono_ms = 1000;
        event.at_ms = i < 5 ? now_ms - 9000 + OFF_MS[i] : 0;
        give(event);
    }
    commit();
    struct event tie = tap_of(71), idle = tap_of(72), wrong = tap_of(73);
    tie.kind = idle.kind = wrong.kind = EVENT_CLOCK;
    tie.token = idle.token = wrong.token = 0;
    tie.mono_ms = 10000;
    tie.at_ms = now_ms;
    idle.clock = CLOCK_UNSET; /* says nothing */
    idle.at_ms = 0;
    wrong.at_ms = now_ms + DATING_FUTURE_MS + 1;
    give(tie);
    give(idle);
    give(wrong);
    commit();
    CHECK(ask("SELECT count(*) FROM event WHERE kind = 'tap' AND settled_ms IS NULL") == 0);
    int64_t was_ms = now_ms - 9000;
    CHECK(ask("SELECT settled_ms FROM event WHERE sequence = 1") == was_ms);
    CHECK(ask("SELECT settled_ms FROM event WHERE sequence = 2") == was_ms + 999);
    CHECK(ask("SELECT settled_ms FROM event WHERE sequence = 3") == was_ms - 999);
    CHECK(ask("SELECT settled_ms FROM event WHERE sequence = 4") == was_ms);
    CHECK(ask("SELECT settled_ms FROM event WHERE sequence = 5") == was_ms);
    CHECK(ask("SELECT settled_ms FROM event WHERE sequence = 70") == was_ms);
    end();
}

static void nonsense_stores_nothing(void)
{
    begin();
    struct event wrong[7] = {tap_of(1), tap_of(1), tap_of(1), tap_of(1), tap_of(0), tap_of(1), tap_of(2)};
    wrong[0].oldest = 2;
    wrong[1].last_sequence = 9;
    wrong[2].generation = 0;
    wrong[3].sequence = wrong[3].last_sequence = UINT64_MAX;
    wrong[4].oldest = 0;
    wrong[5].kind = EVENT_LOST;
    wrong[5].last_sequence = INGEST_SEQUENCE_MAX + 1;
    wrong[6].kind = EVENT_LOST;
    wrong[6].last_sequence = 1;
    for (size_t i = 0; i < 7; i++)
        give(wrong[i]);
    commit();
    CHECK(ask("SELECT count(*) FROM event") == 0 && ask("SELECT count(*) FROM gap") == 0);
    CHECK(ingest.counts.malformed == 7 && receipts.count == 0);
    end();
}

static void a_restart_remembers_and_announces(void)
{
    begin();
    give(tap_of(1));
    give(tap_of(2));
    commit();
    end();
    open_again();
    announce_all();
    CHECK(receipts.count == 1 && receipts.last.upto == 2 && strcmp(receipts.terminal, "t-1") == 0);
    give(tap_of(2));
    give(tap_of(3));
    commit();
    CHECK(ask("SELECT count(*) FROM event") == 3 && receipts.last.upto == 3);
    end();
}

static void more_journals_than_places(void)
{
    begin();
    for (uint64_t generation = 1; generation <= INGEST_JOURNALS_MAX + 20; generation++) {
        struct event event = tap_of(1);
        event.generation = generation;
        give(event);
        commit();
    }
    struct event second = tap_of(2);
    second.generation = 1; /* made room long ago */
    give(second);
    commit();
    CHECK(ask("SELECT count(*) FROM event") == INGEST_JOURNALS_MAX + 21);
    CHECK(receipts.last.generation == 1 && receipts.last.upto == 2);
    end();
}

/* One place is missing as long as every other one waits for its receipt: what finds none must be left to be repeated. */
static void more_journals_at_once_than_places(void)
{
    begin();
    struct event event = tap_of(1);
    for (int number = 1; number <= INGEST_JOURNALS_MAX + 1; number++)
        give_as(number, event);
    commit();
    CHECK(receipts.count == INGEST_JOURNALS_MAX);
    CHECK(ask("SELECT count(*) FROM receipt") == INGEST_JOURNALS_MAX);
    CHECK(ask("SELECT count(*) FROM event") == INGEST_JOURNALS_MAX);
    give_as(INGEST_JOURNALS_MAX + 1, event);
    commit();
    CHECK(receipts.last.upto == 1 && ask("SELECT count(*) FROM event") == INGEST_JOURNALS_MAX + 1);
    end();
}

/* A terminal that invents journals takes its share of the places and no more: another's event is taken in the same turn. */
static void one_terminal_does_not_take_every_place(void)
{
    begin();
    struct event event = tap_of(1);
    for (uint64_t generation = 1; generation <= INGEST_JOURNALS_MAX; generation++) {
        event.generation = generation;
        give(event);
    }
    give_from("t-2", tap_of(1));
    commit();
    CHECK(ask("SELECT count(*) FROM event WHERE terminal_id = 't-1'") == INGEST_EACH_MAX);
    CHECK(ask("SELECT count(*) FROM event WHERE terminal_id = 't-2'") == 1);
    event.generation = INGEST_JOURNALS_MAX; /* what was left is taken when it is repeated */
    give(event);
    commit();
    CHECK(receipts.last.generation == INGEST_JOURNALS_MAX && receipts.last.upto == 1);
    end();
}

int main(void)
{
    memory_vfs_register();
    log_open("ingest", LOG_WARN);
    TEST(the_order_of_arrival);
    TEST(nothing_is_receipted_before_the_commit);
    TEST(generations_and_terminals_are_apart);
    TEST(a_repeat_after_a_lost_receipt_is_stored_once_and_receipted_again);
    TEST(what_no_journal_holds_becomes_a_gap);
    TEST(an_outage_since_1970_makes_a_summer_due_and_no_more);
    TEST(a_lost_event_covers_its_range);
    TEST(a_lost_range_of_which_a_part_is_known);
    TEST(refused_is_stored_and_told);
    TEST(a_card_of_the_past_is_revoked);
    TEST(many_refusals_ride_in_several_receipts);
    TEST(dates_of_events_without_a_clock);
    TEST(network_time_corrects_a_clock_that_ran_by_itself);
    TEST(late_taps_touch_their_date_and_others_do_not);
    TEST(what_came_is_counted);
    TEST(the_first_card_held_up_for_enrolment_is_kept_until_somebody_looks);
    TEST(one_message_may_hold_two_journals);
    TEST(a_repeat_of_long_ago_hears_of_the_latest_refusals);
    TEST(the_ends_of_what_is_believed);
    TEST(what_our_clock_did_not_believe_counts_when_it_is_set);
    TEST(network_time_corrects_what_is_off);
    TEST(nonsense_stores_nothing);
    TEST(a_restart_remembers_and_announces);
    TEST(more_journals_than_places);
    TEST(more_journals_at_once_than_places);
    TEST(one_terminal_does_not_take_every_place);
    return test_done();
}
