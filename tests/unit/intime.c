/* Lags, terms, summaries and windows at their edges, counted by hand; over random schools tests/web_intime.test.mjs compares them. */
#include "daemon/core/support/intime.h"

#include <string.h>
#include "daemon/core/support/worked.h"
#include "tests/support_rig.h"
#include "tests/test.h"

static struct schooldays calendar;

static void a_term_ends_where_the_next_begins(void)
{
    struct intime_span autumn = intime_term(date_of("2026-08-01")), spring = intime_term(date_of("2027-07-31"));
    CHECK(autumn.from_day == date_of("2026-08-01") && autumn.to_day == date_of("2026-12-31"));
    CHECK(spring.from_day == autumn.to_day + 1 && spring.to_day == date_of("2027-07-31"));
    CHECK(intime_has(&autumn, autumn.to_day) && !intime_has(&autumn, spring.from_day));
    CHECK(!intime_has(&autumn, CIVIL_DAY_NONE));
}

static void nine_in_ten_is_by_nearest_rank(void)
{
    int one[] = {7}, two[] = {9, 2}, ten[] = {10, 9, 8, 7, 6, 5, 4, 3, 2, 1},
        eleven[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    struct intime_summary of_one = intime_summarise(one, 1), of_two = intime_summarise(two, 2);
    struct intime_summary of_ten = intime_summarise(ten, 10), of_eleven = intime_summarise(eleven, 11);
    CHECK(of_one.median_halves == 14 && of_one.ninety == 7);
    CHECK(of_two.median_halves == 11 && of_two.ninety == 9);
    CHECK(of_ten.count == 10 && of_ten.median_halves == 11 && of_ten.ninety == 9);
    CHECK(of_eleven.median_halves == 12 && of_eleven.ninety == 10);
    CHECK(intime_summarise(one, 0).count == 0);
}

static size_t lag_of(const struct intime_case *one, enum intime_lag lag, const char *term, int *days)
{
    int found[CASE_MEASURES_MAX];
    struct intime_span span = intime_term(date_of(term));
    size_t count = intime_lags(one, lag, &span, &calendar, found);
    *days = count > 0 ? found[0] : -1;
    return count;
}

static void a_lag_counts_in_the_term_in_which_it_ended(void)
{
    calendar_of_two_years(&calendar);
    const struct step steps[] = {{STEP_CONTACT, date_of("2026-12-14"), date_of("2026-12-16"), true},
                                 {STEP_CONTACT, date_of("2026-12-16"), date_of("2027-01-12"), false},
                                 {STEP_CONTACT, date_of("2027-02-01"), date_of("2027-02-02"), false},
                                 {STEP_MAPPING, date_of("2026-12-01"), date_of("2027-01-11"), false}};
    const struct case_measure measures[] = {{date_of("2027-01-14"), date_of("2027-01-14")},
                                            {date_of("2026-12-18"), CIVIL_DAY_NONE}};
    const enum agreed_kind kinds[] = {AGREED_HOME, AGREED_ADULT};
    const struct intime_confirmation confirmations[] = {{2, date_of("2026-12-14")}, {3, date_of("2026-12-19")}};
    struct intime_case one = {.sign_day = date_of("2026-12-07"),
                              .flag_day = date_of("2026-12-11"),
                              .opened_day = date_of("2026-12-14"),
                              .ended_day = CIVIL_DAY_NONE,
                              .asked_day = CIVIL_DAY_NONE,
                              .step_count = 4,
                              .steps = steps,
                              .measure_count = 2,
                              .measures = measures,
                              .measure_kinds = kinds,
                              .confirmation_count = 2,
                              .confirmations = confirmations};
    int days;
    CHECK(lag_of(&one, LAG_SIGN_FLAG, "2026-12-01", &days) == 1 && days == 4);
    /* 14–18 and 21 December, lov, 11 and 12 January; a contact that was left out is none */
    CHECK(lag_of(&one, LAG_FLAG_CONTACT, "2027-01-01", &days) == 1 && days == 8);
    CHECK(lag_of(&one, LAG_FLAG_CONTACT, "2026-12-01", &days) == 0);
    CHECK(lag_of(&one, LAG_CONTACT_MAPPING, "2027-01-01", &days) == 0); /* mapped before */
    CHECK(lag_of(&one, LAG_FLAG_MEASURE, "2026-12-01", &days) == 1 && days == 5);
    CHECK(lag_of(&one, LAG_MEASURE_EVALUATED, "2027-01-01", &days) == 1 && days == 0);
    CHECK(intime_first_measure(&one) == 1 && intime_is_early(&one));
    CHECK(intime_level(&one, date_of("2026-12-19")) == 3 && intime_level(&one, date_of("2026-12-13")) == 0);
}

static void a_window_wants_all_its_days(void)
{
    struct worked_effect effect = {0};
    for (int i = 1; i <= WORKED_DAYS; i++)
        CHECK(worked_before(&effect, 100, 10) == (i < WORKED_DAYS));
    CHECK(!worked_before(&effect, 100, 100));
    for (int i = 1; i <= WORKED_LEFT_OUT_DAYS + WORKED_DAYS; i++) {
        CHECK(!worked_is_whole(&effect));
        worked_after(&effect, i, 100, i <= WORKED_LEFT_OUT_DAYS ? 100 : 5);
    }
    CHECK(!worked_after(&effect, 99, 100, 100));
    CHECK(worked_is_whole(&effect) && effect.whole_day == WORKED_LEFT_OUT_DAYS + WORKED_DAYS);
    CHECK(worked_before_permille(&effect) == 100 && worked_after_permille(&effect) == 50);
}

static void who_is_compared_began_alike(void)
{
    struct intime_span span = {0, 100};
    struct worked_trial trials[] = {
        {AGREED_HOME, 1U << AGREED_HOME, true, 2, 200, 100, 100},
        {AGREED_HOME, 1U << AGREED_HOME, true, 2, 200, 50, 101},    /* whole after the period */
        {WORKED_KIND_NONE, 0, true, 2, 250, 200, 90},               /* 5 points from it */
        {WORKED_KIND_NONE, 0, true, 2, 251, 900, 90},               /* more */
        {WORKED_KIND_NONE, 0, true, 3, 200, 900, 90},               /* another level */
        {AGREED_ADULT, 1U << AGREED_ADULT, false, 2, 200, 900, 90}, /* not what the case began with */
        {AGREED_PEERS, 1U << AGREED_PEERS | 1U << AGREED_HOME, true, 2, 200, 900, 90}, /* had the measure, too */
    };
    struct worked worked = worked_of(trials, sizeof trials / sizeof *trials, AGREED_HOME, &span);
    CHECK(worked.with.count == 1 && worked.with.before_permille == 200 && worked.with.after_permille == 100);
    CHECK(worked.without.count == 1 && worked.without.before_permille == 250);
}

int main(void)
{
    TEST(a_term_ends_where_the_next_begins);
    TEST(nine_in_ten_is_by_nearest_rank);
    TEST(a_lag_counts_in_the_term_in_which_it_ended);
    TEST(a_window_wants_all_its_days);
    TEST(who_is_compared_began_alike);
    return test_done();
}
