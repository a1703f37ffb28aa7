/* How long what is kept, by dates: whole school years, the running one counted, and never this one or the last. */
#include "daemon/core/retention.h"

#include <string.h>
#include "common/civil.h"
#include "tests/test.h"

static const struct retention_settings DEFAULTS = RETENTION_DEFAULTS;

static void school_years_are_counted_from_the_running_one(void)
{
    static const struct {
        int32_t on[3], before[3];
        int years;
    } CASES[] = {
        {{2026, 11, 20}, {2025, 8, 1}, 2}, {{2026, 11, 20}, {2024, 8, 1}, 3}, {{2026, 11, 20}, {2026, 8, 1}, 1},
        {{2027, 7, 31}, {2025, 8, 1}, 2},  {{2027, 8, 1}, {2026, 8, 1}, 2},   {{2024, 2, 29}, {2014, 8, 1}, 10},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const int32_t *on = CASES[i].on, *before = CASES[i].before;
        CHECK(retention_years_begin(CASES[i].years, civil_day(on[0], on[1], on[2])) ==
              civil_day(before[0], before[1], before[2]));
    }
}

static void the_year_turns_on_the_first_of_august(void)
{
    CHECK(retention_turn(civil_day(2026, 11, 20)) == civil_day(2027, 8, 1));
    CHECK(retention_turn(civil_day(2027, 7, 31)) == civil_day(2027, 8, 1));
    CHECK(retention_turn(civil_day(2027, 8, 1)) == civil_day(2028, 8, 1));
}

static void each_kind_by_its_setting(void)
{
    struct retention_settings settings = {
        .taps_years = 2, .outcomes_years = 4, .flags_years = 5, .left_years = 3, .guardian_days = 30};
    int32_t on = civil_day(2026, 11, 20);
    static const int FIRST_YEAR[RETENTION_KINDS] = {
        [RETENTION_TAPS] = 2025,  [RETENTION_OUTCOMES] = 2023, [RETENTION_ABSENCES] = 2023,
        [RETENTION_MARKS] = 2023, [RETENTION_REGISTER] = 2023, [RETENTION_FLAGS] = 2022,
        [RETENTION_TASKS] = 2022, [RETENTION_PUPILS] = 2024,
    };
    for (int kind = 0; kind < RETENTION_KINDS; kind++) {
        int32_t before = retention_before(&settings, (enum retention_kind)kind, on);
        if (kind == RETENTION_GUARDIANS)
            CHECK(before == civil_day(2026, 10, 21) && retention_years(&settings, RETENTION_GUARDIANS) == 0);
        else
            CHECK(before == civil_day(FIRST_YEAR[kind], 8, 1));
        CHECK(strlen(RETENTION_WORDS[kind]) > 0);
    }
    CHECK(retention_years(&settings, RETENTION_KINDS) == 0);
}

/* The detector looks at this school year and the last: not one date of these may go, on whatever date one asks. */
static void nothing_goes_that_the_detector_looks_at(void)
{
    struct retention_settings least = {.taps_years = RETENTION_YEARS_LEAST,
                                       .outcomes_years = RETENTION_YEARS_LEAST,
                                       .flags_years = RETENTION_YEARS_LEAST,
                                       .left_years = RETENTION_YEARS_LEAST,
                                       .guardian_days = 0};
    for (int32_t on = civil_day(2023, 1, 1); on < civil_day(2029, 1, 1); on++) {
        int32_t looked_at = civil_school_year(civil_school_year(on) - 1);
        for (int kind = 0; kind < RETENTION_GUARDIANS; kind++)
            CHECK(retention_before(&least, (enum retention_kind)kind, on) <= looked_at &&
                  retention_before(&DEFAULTS, (enum retention_kind)kind, on) <= looked_at);
        CHECK(retention_before(&least, RETENTION_PUPILS, on) <= looked_at);
    }
}

int main(void)
{
    TEST(school_years_are_counted_from_the_running_one);
    TEST(the_year_turns_on_the_first_of_august);
    TEST(each_kind_by_its_setting);
    TEST(nothing_goes_that_the_detector_looks_at);
    return test_done();
}
