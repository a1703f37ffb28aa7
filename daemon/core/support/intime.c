/* Each lag is a pair of days of a case, of which the second decides in which period it counts. */
#include "daemon/core/support/intime.h"

#include <stdlib.h>
#include "common/civil.h"

#define SHORT_DAYS 20
#define LONG_DAYS  60

const char *const INTIME_LAG_WORDS[INTIME_LAGS] = {
    [LAG_SIGN_FLAG] = "sign_flag",
    [LAG_FLAG_CONTACT] = "flag_contact",
    [LAG_CONTACT_MAPPING] = "contact_mapping",
    [LAG_FLAG_MEASURE] = "flag_measure",
    [LAG_MEASURE_EVALUATED] = "measure_evaluated",
};

const char *const INTIME_DURATION_WORDS[INTIME_DURATIONS] = {
    [DURATION_UNDER_20] = "under_20",
    [DURATION_20_TO_59] = "20_to_59",
    [DURATION_60_AND_MORE] = "60_and_more",
};

struct intime_span intime_term(int32_t day)
{
    int year, month, day_of_month;
    civil_date(day, &year, &month, &day_of_month);
    if (month >= 8)
        return (struct intime_span){civil_day(year, 8, 1), civil_day(year, 12, 31)};
    return (struct intime_span){civil_day(year, 1, 1), civil_day(year, 7, 31)};
}

bool intime_has(const struct intime_span *span, int32_t day)
{
    return day != CIVIL_DAY_NONE && span->from_day <= day && day <= span->to_day;
}

int intime_level(const struct intime_case *one, int32_t until)
{
    int level = 0;
    for (size_t i = 0; i < one->confirmation_count; i++)
        if (one->confirmations[i].day <= until && one->confirmations[i].severity > level)
            level = one->confirmations[i].severity;
    return level;
}

/* The first day on which a step of that kind was done; one that was left out is none. */
static int32_t first_done(const struct intime_case *one, enum step_kind kind)
{
    int32_t first = CIVIL_DAY_NONE;
    for (size_t i = 0; i < one->step_count; i++) {
        const struct step *step = &one->steps[i];
        if (step->kind == kind && !step->is_skipped && step->done_day != CIVIL_DAY_NONE &&
            (first == CIVIL_DAY_NONE || step->done_day < first))
            first = step->done_day;
    }
    return first;
}

size_t intime_first_measure(const struct intime_case *one)
{
    size_t first = one->measure_count;
    for (size_t i = 0; i < one->measure_count; i++)
        if (first == one->measure_count || one->measures[i].began_day < one->measures[first].began_day)
            first = i;
    return first;
}

static int32_t first_begun(const struct intime_case *one)
{
    size_t first = intime_first_measure(one);
    return first < one->measure_count ? one->measures[first].began_day : CIVIL_DAY_NONE;
}

/* A pair of days, and the day by which it is counted. */
struct pair {
    int32_t from_day, to_day, counted_day;
};

static struct pair pair_of(const struct intime_case *one, enum intime_lag lag, size_t measure)
{
    int32_t contact = first_done(one, STEP_CONTACT), mapping = first_done(one, STEP_MAPPING);
    int32_t begun = first_begun(one);
    switch (lag) {
    case LAG_SIGN_FLAG:
        return (struct pair){one->sign_day, one->flag_day, one->opened_day};
    case LAG_FLAG_CONTACT:
        return (struct pair){one->flag_day, contact, contact};
    case LAG_CONTACT_MAPPING:
        return (struct pair){contact, mapping, mapping};
    case LAG_FLAG_MEASURE:
        return (struct pair){one->flag_day, begun, begun};
    case LAG_MEASURE_EVALUATED:
    case INTIME_LAGS:
        break;
    }
    return (struct pair){one->measures[measure].began_day, one->measures[measure].evaluated_day,
                         one->measures[measure].evaluated_day};
}

size_t intime_lags(const struct intime_case *one, enum intime_lag lag, const struct intime_span *span,
                   const struct schooldays *calendar, int out[CASE_MEASURES_MAX])
{
    size_t found = 0, pairs = lag == LAG_MEASURE_EVALUATED ? one->measure_count : 1;
    for (size_t i = 0; i < pairs; i++) {
        struct pair pair = pair_of(one, lag, i);
        if (pair.from_day == CIVIL_DAY_NONE || pair.to_day == CIVIL_DAY_NONE || pair.to_day < pair.from_day ||
            !intime_has(span, pair.counted_day))
            continue;
        out[found++] = schooldays_between(calendar, DAY_UNIT_SCHOOL, pair.from_day, pair.to_day);
    }
    return found;
}

bool intime_is_early(const struct intime_case *one)
{
    return intime_level(one, first_begun(one)) <= INTIME_EARLY_LEVEL;
}

bool intime_was_open(const struct intime_case *one, const struct intime_span *span)
{
    return one->opened_day <= span->to_day && (one->ended_day == CIVIL_DAY_NONE || one->ended_day >= span->from_day);
}

enum intime_duration intime_duration(const struct intime_case *one, const struct schooldays *calendar)
{
    int days = schooldays_between(calendar, DAY_UNIT_SCHOOL, one->opened_day, one->ended_day);
    return days < SHORT_DAYS ? DURATION_UNDER_20 : days < LONG_DAYS ? DURATION_20_TO_59 : DURATION_60_AND_MORE;
}

static int compare_numbers(const void *left, const void *right)
{
    int a = *(const int *)left, b = *(const int *)right;
    return (a > b) - (a < b);
}

struct intime_summary intime_summarise(int *numbers, size_t count)
{
    if (count == 0)
        return (struct intime_summary){0};
    qsort(numbers, count, sizeof *numbers, compare_numbers);
    return (struct intime_summary){.count = count,
                                   .median_halves = numbers[(count - 1) / 2] + numbers[count / 2],
                                   .ninety = numbers[(9 * count + 9) / 10 - 1]};
}
