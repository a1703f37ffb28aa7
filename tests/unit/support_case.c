/* A case: which steps may begin, and which clocks run after each, as docs/support.md says. */
#include <stdio.h>
#include <string.h>
#include "daemon/core/support/caseclocks.h"
#include "tests/support_rig.h"
#include "tests/test.h"

static struct clocks table;
static struct schooldays calendar;
static struct problems problems;
static struct case_clock found[CASE_CLOCKS];
static size_t found_count;

static const struct clock_pupil PUPIL = {FORM_GR, CIVIL_DAY_NONE, true};

/* Opened on a confirmed flag of level 3. */
static struct case_facts opened(const char *day)
{
    int32_t on = date_of(day);
    return (struct case_facts){.opened_day = on,
                               .support_day = on,
                               .grave_day = on,
                               .decided_day = CIVIL_DAY_NONE,
                               .huvudman_told_day = CIVIL_DAY_NONE,
                               .elsewhere_day = CIVIL_DAY_NONE,
                               .elsewhere_told_day = CIVIL_DAY_NONE,
                               .next_day = on + 300,
                               .next_set_day = on,
                               .seen_day = CIVIL_DAY_NONE,
                               .concern_day = CIVIL_DAY_NONE,
                               .concern_answered_day = CIVIL_DAY_NONE};
}

static void find(const struct case_facts *facts, const struct clock_pupil *pupil, const char *today)
{
    found_count = case_clocks(&table, pupil, &calendar, facts, date_of(today), found);
}

/* The clock of a kind; NULL: there is none. */
static const struct case_clock *clock_of(enum clock_kind kind)
{
    for (size_t i = 0; i < found_count; i++)
        if (found[i].row->kind == kind)
            return &found[i];
    return NULL;
}

/* "began stopped due", a dash for what there is not. */
static bool is(enum clock_kind kind, const char *told)
{
    char text[3][CIVIL_DATE_BYTES] = {"-", "-", "-"}, whole[3 * CIVIL_DATE_BYTES];
    const struct case_clock *clock = clock_of(kind);
    if (clock == NULL)
        return *told == '\0';
    const int32_t days[] = {clock->began_day, clock->stopped_day, clock->due.day};
    for (int i = 0; i < 3; i++)
        if (days[i] != CIVIL_DAY_NONE)
            civil_write_date(days[i], text[i]);
    snprintf(whole, sizeof whole, "%s %s %s", text[0], text[1], text[2]);
    if (strcmp(whole, told) != 0)
        printf("# %s: %s, not %s\n", CLOCK_WORDS[kind], whole, told);
    return strcmp(whole, told) == 0;
}

static bool blocks(void)
{
    const char *why = case_closing_obstacle(found, found_count, CASE_GRAVE_LEVEL, false);
    return why != NULL && strcmp(why, "clock_open") == 0;
}

static void a_case_from_finding_to_closing(void)
{
    struct step steps[8];
    struct case_measure measures[2];
    struct case_facts facts = opened("2026-09-07");
    facts.steps = steps;
    facts.measures = measures;
    find(&facts, &PUPIL, "2026-09-07");
    CHECK(is(CLOCK_FIRST_CONTACT, "2026-09-07 - 2026-09-14"));
    CHECK(is(CLOCK_INQUIRY_DECISION, "2026-09-07 - 2026-09-14"));
    CHECK(is(CLOCK_NEXT_DATE, "2026-09-07 - 2026-10-06"));
    CHECK(found_count == 3 && blocks());
    CHECK(strcmp(case_closing_obstacle(found, found_count, CASE_HEAD_LEVEL, false), "head_alone") == 0);
    CHECK(strcmp(case_closing_obstacle(found, found_count, CASE_HEAD_LEVEL, true), "clock_open") == 0);

    steps[facts.step_count++] = (struct step){STEP_CONTACT, date_of("2026-09-08"), date_of("2026-09-09"), false};
    find(&facts, &PUPIL, "2026-09-09");
    CHECK(is(CLOCK_FIRST_CONTACT, "2026-09-07 2026-09-09 2026-09-14"));
    CHECK(is(CLOCK_MAPPING, "2026-09-09 - 2026-09-24"));
    facts.cause_known = true;
    find(&facts, &PUPIL, "2026-09-09");
    CHECK(is(CLOCK_MAPPING, ""));
    facts.cause_known = false;
    steps[facts.step_count++] = (struct step){STEP_MAPPING, date_of("2026-09-10"), date_of("2026-09-18"), false};
    find(&facts, &PUPIL, "2026-09-18");
    CHECK(is(CLOCK_MAPPING, "2026-09-09 2026-09-18 2026-09-24"));

    facts.decided_day = date_of("2026-09-14");
    facts.decided_inquiry = true;
    find(&facts, &PUPIL, "2026-09-14");
    CHECK(is(CLOCK_INQUIRY_DECISION, "2026-09-07 2026-09-14 2026-09-14"));
    CHECK(is(CLOCK_INQUIRY, "2026-09-14 - 2026-10-06") && is(CLOCK_HUVUDMAN_TOLD, "") && !blocks());
    steps[facts.step_count++] = (struct step){STEP_INQUIRY, date_of("2026-09-15"), CIVIL_DAY_NONE, false};
    find(&facts, &PUPIL, "2026-09-15");
    CHECK(is(CLOCK_HUVUDMAN_TOLD, "2026-09-15 - 2026-09-22") && blocks());
    facts.huvudman_told_day = date_of("2026-09-16");
    steps[facts.step_count - 1].done_day = date_of("2026-10-02");
    find(&facts, &PUPIL, "2026-10-02");
    CHECK(is(CLOCK_HUVUDMAN_TOLD, "2026-09-15 2026-09-16 2026-09-22") && !blocks());
    CHECK(is(CLOCK_INQUIRY, "2026-09-14 2026-10-02 2026-10-06"));

    measures[facts.measure_count++] = (struct case_measure){date_of("2026-10-05"), date_of("2026-10-23")};
    measures[facts.measure_count++] = (struct case_measure){date_of("2026-10-12"), CIVIL_DAY_NONE};
    steps[facts.step_count++] = (struct step){STEP_SIP, date_of("2026-10-12"), CIVIL_DAY_NONE, false};
    find(&facts, &PUPIL, "2026-10-12");
    CHECK(is(CLOCK_MEASURE_EVALUATED, "2026-10-05 2026-10-23 2026-11-02"));
    CHECK(is(CLOCK_SIP, "2026-10-12 - 2026-11-02"));
    const struct case_clock *second = clock_of(CLOCK_MEASURE_EVALUATED) + 1;
    CHECK(second->measure == 1 && second->due.day == date_of("2026-11-09") && !blocks());
    CHECK(strcmp(case_closing_obstacle(found, found_count, CASE_HEAD_LEVEL, false), "head_alone") == 0);
    CHECK(case_closing_obstacle(found, found_count, CASE_HEAD_LEVEL, true) == NULL);
}

static void a_gymnasium_tells_no_huvudman(void)
{
    static const struct clock_pupil GY = {FORM_GY, CIVIL_DAY_NONE, false};
    struct step inquiry = {STEP_INQUIRY, date_of("2026-09-15"), CIVIL_DAY_NONE, false};
    struct case_facts facts = opened("2026-09-07");
    facts.steps = &inquiry;
    facts.step_count = 1;
    facts.elsewhere_day = date_of("2026-09-15");
    find(&facts, &GY, "2026-09-15");
    CHECK(is(CLOCK_HUVUDMAN_TOLD, "") && is(CLOCK_HOME_MUNICIPALITY_TOLD, ""));
    find(&facts, &PUPIL, "2026-09-15");
    CHECK(is(CLOCK_HUVUDMAN_TOLD, "2026-09-15 - 2026-09-22"));
    CHECK(is(CLOCK_HOME_MUNICIPALITY_TOLD, "2026-09-15 - 2026-09-22"));
}

/* A second inquiry asks for a second word to the huvudman. */
static void each_inquiry_is_told_of(void)
{
    struct step steps[] = {{STEP_INQUIRY, date_of("2026-09-15"), date_of("2026-10-02"), false},
                           {STEP_INQUIRY, date_of("2027-01-18"), CIVIL_DAY_NONE, false}};
    struct case_facts facts = opened("2026-09-07");
    facts.steps = steps;
    facts.step_count = 2;
    facts.huvudman_told_day = date_of("2026-09-16");
    find(&facts, &PUPIL, "2027-01-18");
    CHECK(is(CLOCK_HUVUDMAN_TOLD, "2027-01-18 - 2027-01-25"));
}

static void a_low_level_asks_for_less(void)
{
    struct case_facts facts = opened("2026-09-07");
    facts.grave_day = CIVIL_DAY_NONE;
    find(&facts, &PUPIL, "2026-09-07");
    CHECK(is(CLOCK_INQUIRY_DECISION, "") && is(CLOCK_FIRST_CONTACT, "2026-09-07 - 2026-09-14") && !blocks());
    facts.support_day = CIVIL_DAY_NONE;
    find(&facts, &PUPIL, "2026-09-07");
    CHECK(is(CLOCK_FIRST_CONTACT, ""));
    facts.grave_day = date_of("2026-11-02"); /* the level rose */
    find(&facts, &PUPIL, "2026-11-02");
    CHECK(is(CLOCK_INQUIRY_DECISION, "2026-11-02 - 2026-11-09"));
}

static void the_next_date_is_the_schools_own_when_it_is_sooner(void)
{
    struct case_facts facts = opened("2026-09-07");
    facts.next_day = date_of("2026-09-18");
    find(&facts, &PUPIL, "2026-09-07");
    CHECK(is(CLOCK_NEXT_DATE, "2026-09-07 - 2026-09-18"));
    facts.next_day = date_of("2027-01-01");
    find(&facts, &PUPIL, "2026-09-07");
    CHECK(is(CLOCK_NEXT_DATE, "2026-09-07 - 2026-10-06"));
}

/* The 40th school day after 7 September is 10 November. */
static void a_long_case_is_seen_by_the_head_again_and_again(void)
{
    struct case_facts facts = opened("2026-09-07");
    find(&facts, &PUPIL, "2026-11-09");
    CHECK(is(CLOCK_LONG_CASE, ""));
    find(&facts, &PUPIL, "2026-11-10");
    CHECK(is(CLOCK_LONG_CASE, "2026-11-10 - 2026-12-08"));
    facts.seen_day = date_of("2026-10-01"); /* before it was long */
    find(&facts, &PUPIL, "2026-11-10");
    CHECK(is(CLOCK_LONG_CASE, "2026-11-10 - 2026-12-08"));
    facts.seen_day = date_of("2026-12-01");
    find(&facts, &PUPIL, "2026-12-01");
    CHECK(is(CLOCK_LONG_CASE, "2026-12-01 - 2027-01-18"));
}

static void a_report_of_concern_has_no_date_and_blocks_nothing(void)
{
    struct case_facts facts = opened("2026-09-07");
    facts.grave_day = CIVIL_DAY_NONE;
    facts.concern_day = date_of("2026-09-08");
    find(&facts, &PUPIL, "2026-11-09");
    CHECK(is(CLOCK_CONCERN_ANSWERED, "2026-09-08 - -") && !blocks());
    const struct case_clock *clock = clock_of(CLOCK_CONCERN_ANSWERED);
    CHECK(clock->row->duty_by_law);
    CHECK(clock_standing(clock->row, &calendar, clock->due.day, date_of("2026-11-09")).state == CLOCK_RUNNING);
}

static void a_step_left_out_stops_its_clock(void)
{
    struct step steps[] = {{STEP_CONTACT, date_of("2026-09-08"), date_of("2026-09-08"), true},
                           {STEP_INQUIRY, date_of("2026-09-10"), date_of("2026-09-10"), true}};
    struct case_facts facts = opened("2026-09-07");
    facts.steps = steps;
    facts.step_count = 2;
    find(&facts, &PUPIL, "2026-09-10");
    CHECK(is(CLOCK_FIRST_CONTACT, "2026-09-07 2026-09-08 2026-09-14"));
    CHECK(is(CLOCK_MAPPING, "") && is(CLOCK_HUVUDMAN_TOLD, ""));
}

static void measures_need_a_contact_or_a_reason(void)
{
    struct step steps[] = {{STEP_CONTACT, date_of("2026-09-08"), CIVIL_DAY_NONE, false},
                           {STEP_MAPPING, date_of("2026-09-08"), CIVIL_DAY_NONE, false}};
    CHECK(strcmp(step_obstacle(steps, 0, STEP_MEASURES), "needs_contact") == 0);
    CHECK(strcmp(step_obstacle(steps, 2, STEP_MEASURES), "needs_contact") == 0);
    CHECK(strcmp(step_obstacle(steps, 2, STEP_MAPPING), "step_open") == 0);
    steps[0].done_day = date_of("2026-09-09");
    CHECK(step_obstacle(steps, 2, STEP_MEASURES) == NULL);
    steps[0].is_skipped = true;
    CHECK(step_obstacle(steps, 2, STEP_MEASURES) == NULL && step_obstacle(steps, 2, STEP_CONTACT) == NULL);
    for (int kind = 0; kind < STEP_CLOSED; kind++)
        CHECK(kind == STEP_MEASURES || step_obstacle(steps, 0, (enum step_kind)kind) == NULL);
    CHECK(strcmp(step_obstacle(steps, 2, STEP_CLOSED), "bad_request") == 0);
}

static void more_measures_than_fit_are_left_out(void)
{
    static struct case_measure measures[CASE_MEASURES_MAX + 1];
    struct case_facts facts = opened("2026-09-07");
    for (int i = 0; i <= CASE_MEASURES_MAX; i++)
        measures[i] = (struct case_measure){date_of("2026-09-08"), CIVIL_DAY_NONE};
    facts.measures = measures;
    facts.measure_count = CASE_MEASURES_MAX + 1;
    find(&facts, &PUPIL, "2026-09-08");
    CHECK(found_count == CASE_MEASURES_MAX + 3);
}

int main(void)
{
    calendar_of_two_years(&calendar);
    bool read = clocks_of_file("config/clocks.cfg", &table, &problems);
    problems_print(&problems, stdout);
    if (!read)
        return 1;
    TEST(a_case_from_finding_to_closing);
    TEST(a_gymnasium_tells_no_huvudman);
    TEST(each_inquiry_is_told_of);
    TEST(a_low_level_asks_for_less);
    TEST(the_next_date_is_the_schools_own_when_it_is_sooner);
    TEST(a_long_case_is_seen_by_the_head_again_and_again);
    TEST(a_report_of_concern_has_no_date_and_blocks_nothing);
    TEST(a_step_left_out_stops_its_clock);
    TEST(measures_need_a_contact_or_a_reason);
    TEST(more_measures_than_fit_are_left_out);
    return test_done();
}
