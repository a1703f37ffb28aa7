/* A school day as the daemon lives it: lessons close, a day closes, terminals speak or are lost, taps come late. The
 * school is that of school_facts.h; the database is read with SQL of the test's own. */
#include "daemon/daemon.h"

#include "tests/daemon_rig.h"

static void a_lesson_closes_and_guardians_are_to_be_told(void)
{
    begin();
    both_ready();
    first_lesson();
    wait_until(8, 10);
    CHECK(ask("SELECT count(*) FROM pupil_day") == 0);
    wait_until(8, 11);
    CHECK(ask("SELECT count(*) FROM pupil_day") == FACTS_PUPILS);
    CHECK(ask(UNREPORTED) == 2);
    CHECK(ask(OPEN_TASKS) == 2);
    CHECK(
        ask("SELECT lessons = '[{\"start\":\"08:00\",\"subject\":\"subject-0\",\"minutes\":10,\"absent_minutes\":10}]'"
            " FROM task WHERE pupil_id = 'pupil-00'") == 1);
    event(1, EVENT_TAP, 0, 7, 59); /* it was made in time and comes late */
    turn();
    CHECK(ask(UNREPORTED) == 1);
    CHECK(ask(OPEN_TASKS) == 1);
    CHECK(ask("SELECT closed_why = 'corrected' FROM task WHERE pupil_id = 'pupil-00'") == 1);
    stop();
}

static void no_task_while_a_terminal_is_lost(void)
{
    begin();
    both_ready();
    first_lesson();
    wait_until(8, 10);
    state(1, PHASE_LOST, 1, 0, 0);
    wait_until(8, 12);
    CHECK(ask(UNREPORTED) == 2);
    CHECK(ask(OPEN_TASKS) == 0);
    state(1, PHASE_READY, 1, 0, 0);
    turn();
    CHECK(ask(OPEN_TASKS) == 2);
    stop();
}

static void no_task_while_taps_may_be_on_their_way(void)
{
    begin();
    both_ready();
    first_lesson();
    wait_until(8, 9);
    state(1, PHASE_READY, 1, 3, 120000);
    wait_until(8, 12);
    CHECK(ask(OPEN_TASKS) == 0);
    state(1, PHASE_READY, 1, 3, 60000); /* what waits now was tapped after the lesson */
    turn();
    CHECK(ask(OPEN_TASKS) == 2);
    stop();
}

static void no_task_before_terminals_were_heard(void)
{
    begin();
    both_ready();
    first_lesson();
    turn();
    stop();
    start();
    wait_until(8, 12);
    CHECK(ask(UNKNOWN) == 2 && ask(UNREPORTED) == 0 && ask(OPEN_TASKS) == 0);
    both_ready();
    turn();
    CHECK(ask(UNREPORTED) == 2 && ask(OPEN_TASKS) == 2);
    stop();
}

static void an_outage_is_unknown_and_nobody_is_told(void)
{
    begin();
    both_ready();
    first_lesson();
    event(1, EVENT_OUT, 0, 7, 59);
    wait_until(8, 12);
    CHECK(ask(UNKNOWN) == 2 && ask(UNREPORTED) == 0);
    CHECK(ask(OPEN_TASKS) == 0);
    stop();
}

static void a_late_will_of_an_older_birth(void)
{
    begin();
    state(1, PHASE_READY, 5, 0, 0);
    state(1, PHASE_READY, 6, 0, 0);
    state(1, PHASE_LOST, 5, 0, 0);
    turn();
    CHECK(ask("SELECT phase = 'ready' AND birth = 6 FROM terminal_state WHERE terminal_id = 't-1'") == 1);
    state(1, PHASE_LOST, 6, 0, 0);
    turn();
    CHECK(ask("SELECT phase = 'lost' FROM terminal_state WHERE terminal_id = 't-1'") == 1);
    stop();
}

static void a_terminal_reborn_with_a_lower_number(void)
{
    begin();
    state(1, PHASE_READY, 6, 0, 0);
    state(1, PHASE_LOST, 6, 0, 0);
    state(1, PHASE_READY, 2, 0, 0);
    turn();
    CHECK(ask("SELECT phase = 'ready' AND birth = 2 FROM terminal_state WHERE terminal_id = 't-1'") == 1);
    state(1, PHASE_LOST, 1, 0, 0);
    turn();
    CHECK(ask("SELECT phase = 'ready' FROM terminal_state WHERE terminal_id = 't-1'") == 1);
    state(1, PHASE_LOST, 2, 0, 0);
    turn();
    CHECK(ask("SELECT phase = 'lost' FROM terminal_state WHERE terminal_id = 't-1'") == 1);
    stop();
}

static void a_day_closes_and_a_late_tap_withdraws(void)
{
    begin();
    both_ready();
    first_lesson();
    second_lesson();
    wait_until(8, 54);
    CHECK(ask("SELECT count(*) FROM flag") == 0);
    wait_until(8, 56);
    CHECK(ask("SELECT count(*) FROM flag WHERE withdrawn_ms IS NULL AND rule = 'gone'") == 2);
    CHECK(ask("SELECT decided_ms IS NOT NULL FROM school_day") == 1);
    CHECK(ask("SELECT json_extract(evidence, '$[0].numerator') FROM flag WHERE pupil_id = 'pupil-02'") == 1);
    event(1, EVENT_TAP, 0, 7, 59);
    turn();
    CHECK(ask("SELECT count(*) FROM flag") == 2);
    CHECK(ask("SELECT withdrawn_why = 'late events' FROM flag WHERE pupil_id = 'pupil-00'") == 1);
    CHECK(ask("SELECT count(*) FROM flag_change WHERE change = 'withdrawn'") == 1);
    stop();
    start();
    turn();
    CHECK(ask("SELECT count(*) FROM flag") == 2); /* a restart decides nothing anew */
    stop();
}

static void closings_missed_while_away(void)
{
    begin();
    both_ready();
    first_lesson(); /* to the second nobody comes: that may be the terminals */
    turn();
    stop();
    today++;
    set_time(6, 0);
    start();
    turn();
    CHECK(ask("SELECT count(*) FROM school_day WHERE decided_ms IS NOT NULL") == 1);
    CHECK(ask("SELECT count(*) FROM flag") == 0); /* whoever came may have been missed */
    both_ready();
    turn();
    CHECK(ask("SELECT count(*) FROM flag") == 2);
    CHECK(ask(OPEN_TASKS) == 0); /* yesterday's guardians are not told today */
    stop();
}

static void a_clock_that_jumps_over_a_date_leaves_none_undecided(void)
{
    begin();
    turn();
    today++;
    set_time(7, 10);
    turn();
    wait_until(9, 30);
    CHECK(ask("SELECT count(*) FROM school_day WHERE decided_ms IS NOT NULL") == 2);
    today++;
    set_time(7, 0);
    turn();
    today--; /* it was a day ahead */
    set_time(9, 40);
    turn();
    today++;
    wait_until(9, 30);
    CHECK(ask("SELECT count(*) FROM school_day WHERE decided_ms IS NOT NULL") == 3);
    stop();
}

static void what_is_retained_at_the_broker(void)
{
    static struct wire_plan plan;
    static struct wire_cards cards;
    const char *why;
    begin();
    for (int i = 0; i < 5; i++)
        turn();
    const char *bytes = last_sent("narvaro/1/skolan/t-1/plan/2026-09-01");
    CHECK(bytes != NULL && wire_decode_plan(bytes, strlen(bytes), &plan, &why) >= 0);
    CHECK(plan.period_count == FACTS_LESSONS && plan.periods[0].token_count == FACTS_PUPILS / 2);
    CHECK(plan.periods[0].start_ms == civil_to_utc_ms(today, 8 * 3600000));
    CHECK(plan.periods[0].late_ms == plan.periods[0].start_ms + 6 * 60000); /* above five whole minutes */
    bytes = last_sent("narvaro/1/skolan/cards");
    CHECK(bytes != NULL && wire_decode_cards(bytes, strlen(bytes), &cards, &why) >= 0);
    CHECK(cards.version == 1 && cards.count == FACTS_PUPILS);
    CHECK(last_sent("narvaro/1/skolan/t-2/config") != NULL);
    CHECK(last_sent("narvaro/1/skolan/daemon/state") != NULL);
    CHECK(last_sent("narvaro/1/skolan/t-1/plan/2026-09-03") == NULL);
    today++;
    set_time(0, 1);
    for (int i = 0; i < 5; i++)
        turn();
    CHECK(last_sent("narvaro/1/skolan/t-1/plan/2026-09-03") != NULL);
    bytes = last_sent("narvaro/1/skolan/t-1/plan/2026-09-01");
    CHECK(bytes != NULL && bytes[0] == '\0'); /* taken away */
    bytes = last_sent("narvaro/1/skolan/cards");
    CHECK(wire_decode_cards(bytes, strlen(bytes), &cards, &why) >= 0 && cards.version == 1);
    stop();
}

/* Plans wait while the broker owes acknowledgements; receipts and our state go out once and never wait. */
static void what_the_broker_owes_holds_back_plans_alone(void)
{
    begin();
    daemon_step(daemon_, &(struct daemon_input){.kind = DAEMON_TURN, .outstanding = DAEMON_OUTSTANDING_MAX + 1});
    CHECK(last_sent("narvaro/1/skolan/cards") == NULL && last_sent("narvaro/1/skolan/t-1/plan/2026-09-01") == NULL);
    event(1, EVENT_TAP, 1, 6, 59);
    daemon_step(daemon_, &(struct daemon_input){.kind = DAEMON_TURN, .outstanding = DAEMON_OUTSTANDING_MAX + 1});
    CHECK(last_sent("narvaro/1/skolan/t-1/receipt") != NULL && !sent.message[sent.count - 1].assured);
    CHECK(strcmp(sent.message[0].topic, "narvaro/1/skolan/daemon/state") == 0 && !sent.message[0].assured);
    daemon_step(daemon_, &(struct daemon_input){.kind = DAEMON_TURN, .outstanding = DAEMON_OUTSTANDING_MAX});
    CHECK(last_sent("narvaro/1/skolan/cards") != NULL && sent.message[sent.count - 1].assured);
    stop();
}

static void what_is_not_understood_is_counted(void)
{
    begin();
    hear("t-1", "event", "{broken", 7, false);
    hear("t-1", "event", "", 0, false);
    hear("t-1", "state", "[]", 2, false);
    hear("daemon", "state", "{}", 2, false);
    hear("t-1", "nonsense", "{}", 2, false);
    turn();
    CHECK(daemon_malformed(daemon_) == 3);
    CHECK(ask("SELECT count(*) FROM event") == 0);
    stop();
}

static const struct wire_plan *plan_of_room_1(void)
{
    static struct wire_plan plan;
    const char *why, *bytes;
    set_time(7, 0);
    start();
    for (int i = 0; i < 5; i++)
        turn();
    bytes = last_sent("narvaro/1/skolan/t-1/plan/2026-09-01");
    return bytes != NULL && wire_decode_plan(bytes, strlen(bytes), &plan, &why) >= 0 ? &plan : NULL;
}

#define NUMBERS(most) "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " #most ") "

static void a_hall_lesson_knows_all_its_pupils(void)
{
    begin();
    stop();
    run_sql(NUMBERS(150) "INSERT INTO pupil (pupil_id, given_name, family_name, class, year, protected,"
                         " known_from_ms) SELECT 'hall-' || i, 'A', 'B', 'class-1', '7', 0, 0 FROM n");
    run_sql(NUMBERS(150) "INSERT INTO member SELECT 'class-1', 'hall-' || i, NULL, NULL, 0, NULL FROM n");
    run_sql(NUMBERS(150) "INSERT INTO card SELECT i, 'hall-' || i, NULL, NULL, 0, NULL FROM n");
    const struct wire_plan *plan = plan_of_room_1();
    CHECK(plan != NULL && plan->period_count == FACTS_LESSONS);
    for (size_t i = 0; plan != NULL && i < plan->period_count; i++)
        CHECK(plan->periods[i].token_count == FACTS_PUPILS / 2 + 150);
    CHECK(daemon_left_out(daemon_).lessons == 0 && daemon_left_out(daemon_).cards == 0);
    stop();
}

/* Each of them is counted: none that goes out lacks a pupil. */
static void a_lesson_too_many_in_a_room_is_left_out_and_counted(void)
{
    begin();
    stop();
    run_sql(NUMBERS(23) "INSERT INTO lesson SELECT 100 + i, 'more-' || i FROM n");
    run_sql(
        NUMBERS(23) "INSERT INTO lesson_version SELECT 100 + i, 'class-1', 'subject-0', 'room-1', (SELECT min(day) FROM"
                    " lesson_version), 600 + 10 * i, 610 + 10 * i, 'held', 0, NULL FROM n");
    const struct wire_plan *plan = plan_of_room_1();
    CHECK(plan != NULL && plan->period_count == WIRE_PERIODS_MAX);
    for (size_t i = 0; plan != NULL && i < plan->period_count; i++)
        CHECK(plan->periods[i].token_count == FACTS_PUPILS / 2);
    CHECK(daemon_left_out(daemon_).lessons == FACTS_LESSONS + 23 - WIRE_PERIODS_MAX);
    stop();
}

static void a_card_too_many_is_left_out_and_counted(void)
{
    begin();
    stop();
    run_sql(NUMBERS(6130) "INSERT INTO card SELECT i, 'pupil-00', NULL, NULL, 0, NULL FROM n");
    set_time(7, 0);
    start();
    for (int i = 0; i < 5; i++)
        turn();
    CHECK(daemon_left_out(daemon_).cards == FACTS_PUPILS + 6130 - WIRE_TOKENS_MAX);
    CHECK(daemon_left_out(daemon_).lessons ==
          2); /* the second ones, of which the first ones leave no room; both dates */
    stop();
}

int main(void)
{
    memory_vfs_register();
    log_open("daemon_day", LOG_WARN);
    TEST(a_lesson_closes_and_guardians_are_to_be_told);
    TEST(no_task_while_a_terminal_is_lost);
    TEST(no_task_while_taps_may_be_on_their_way);
    TEST(no_task_before_terminals_were_heard);
    TEST(an_outage_is_unknown_and_nobody_is_told);
    TEST(a_late_will_of_an_older_birth);
    TEST(a_terminal_reborn_with_a_lower_number);
    TEST(a_day_closes_and_a_late_tap_withdraws);
    TEST(closings_missed_while_away);
    TEST(a_clock_that_jumps_over_a_date_leaves_none_undecided);
    TEST(what_is_retained_at_the_broker);
    TEST(a_hall_lesson_knows_all_its_pupils);
    TEST(a_lesson_too_many_in_a_room_is_left_out_and_counted);
    TEST(a_card_too_many_is_left_out_and_counted);
    TEST(what_the_broker_owes_holds_back_plans_alone);
    TEST(what_is_not_understood_is_counted);
    return test_done();
}
