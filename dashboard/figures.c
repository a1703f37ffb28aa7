/* Counting is adding; what may be told is decided in one pass at the end. */
#include "dashboard/figures.h"

#include <stdlib.h>
#include "common/civil.h"
#include "dashboard/few.h"

#define NUMBERS_FIRST 16

static void push(struct figures *figures, struct figures_numbers *numbers, int number)
{
    if (numbers->count == numbers->room) {
        size_t room = numbers->room > 0 ? 2 * numbers->room : NUMBERS_FIRST;
        int *of = realloc(numbers->of, room * sizeof *of);
        if (of == NULL) {
            figures->failed = true;
            return;
        }
        numbers->of = of;
        numbers->room = room;
    }
    numbers->of[numbers->count++] = number;
}

static void add_lags(struct figures *figures, const struct intime_case *one, const struct schooldays *calendar)
{
    int found[CASE_MEASURES_MAX];
    for (enum intime_lag lag = 0; lag < INTIME_LAGS; lag++) {
        size_t count = intime_lags(one, lag, &figures->span, calendar, found);
        for (size_t i = 0; i < count; i++)
            push(figures, &figures->numbers[lag], found[i]);
    }
}

/* A duty of which the date was in the period: was it done by then? The next date is no duty but a plan, and a report of concern is
 * in no count. */
static void add_clocks(struct figures *figures, const struct figures_case *of, int32_t today)
{
    for (size_t i = 0; i < of->clock_count; i++) {
        const struct case_clock *clock = &of->clocks[i];
        enum clock_kind kind = clock->row->kind;
        bool ended_before = clock->stopped_day == CIVIL_DAY_NONE && of->one.ended_day != CIVIL_DAY_NONE &&
                            of->one.ended_day <= clock->due.day;
        if (kind == CLOCK_NEXT_DATE || kind == CLOCK_CONCERN_ANSWERED || clock->due.day >= today || ended_before ||
            !intime_has(&figures->span, clock->due.day))
            continue;
        figures->clocks[kind].due++;
        figures->clocks[kind].missed += clock->stopped_day == CIVIL_DAY_NONE || clock->stopped_day > clock->due.day;
    }
}

static int place_of_level(int level)
{
    return level < 1 ? 0 : level > FIGURES_LEVELS ? FIGURES_LEVELS - 1 : level - 1;
}

static void add_end(struct figures *figures, const struct figures_case *of, const struct schooldays *calendar)
{
    const struct intime_case *one = &of->one;
    const struct intime_span always = {INT32_MIN + 1, INT32_MAX};
    size_t first = intime_first_measure(one);
    size_t kind = first < one->measure_count ? one->measure_kinds[first] : AGREED_KINDS;
    int level = place_of_level(intime_level(one, INT32_MAX)), contact[CASE_MEASURES_MAX];
    size_t row = figures_row(level, (int)kind, (int)intime_duration(one, calendar), of->outcome);
    figures->rows[row].cases++;
    figures->outcomes[of->outcome]++;
    if (intime_lags(one, LAG_FLAG_CONTACT, &always, calendar, contact) > 0) {
        push(figures, &figures->waited_rows, (int)row);
        push(figures, &figures->waited_days, contact[0]);
    }
}

void figures_add(struct figures *figures, const struct figures_case *of, const struct schooldays *calendar,
                 int32_t today)
{
    const struct intime_case *one = &of->one;
    size_t first = intime_first_measure(one);
    add_lags(figures, one, calendar);
    add_clocks(figures, of, today);
    if (first < one->measure_count && intime_has(&figures->span, one->measures[first].began_day)) {
        figures->first_measures++;
        figures->early += intime_is_early(one);
    }
    if (intime_was_open(one, &figures->span)) {
        figures->open++;
        figures->asked += one->asked_day != CIVIL_DAY_NONE && one->asked_day <= figures->span.to_day;
    }
    if (intime_has(&figures->span, one->ended_day))
        add_end(figures, of, calendar);
}

/* The days of each row are brought together, in a list that holds all. */
static void settle_rows(struct figures *figures)
{
    size_t all = figures->waited_days.count;
    int *days = all > 0 ? malloc(all * sizeof *days) : NULL;
    figures->failed |= all > 0 && days == NULL;
    for (size_t row = 0; days != NULL && row < FIGURES_ROWS; row++) {
        size_t count = 0;
        for (size_t i = 0; figures->rows[row].cases > 0 && i < all; i++)
            if (figures->waited_rows.of[i] == (int)row)
                days[count++] = figures->waited_days.of[i];
        figures->rows[row].contact = intime_summarise(days, count);
    }
    free(days);
}

void figures_settle(struct figures *figures, const struct worked_trial *trials, size_t trial_count)
{
    for (enum intime_lag lag = 0; lag < INTIME_LAGS; lag++)
        figures->lags[lag] = intime_summarise(figures->numbers[lag].of, figures->numbers[lag].count);
    if (!figures->failed)
        settle_rows(figures);
    for (int kind = 0; kind < AGREED_KINDS; kind++) {
        struct worked worked = worked_of(trials, trial_count, kind, &figures->span);
        if (worked.with.count < FEW) /* a mean of few says nothing, to nobody */
            worked = (struct worked){0};
        if (worked.without.count < FEW)
            worked.without = (struct worked_group){0};
        figures->worked[kind] = worked;
    }
}

static void tell_summary(struct intime_summary *summary)
{
    summary->count = (size_t)few_told((int)summary->count);
    if (summary->count == 0)
        *summary = (struct intime_summary){0};
}

static void tell_row(struct figures_row *row)
{
    row->cases = few_told(row->cases);
    tell_summary(&row->contact);
    if (row->cases == 0)
        row->contact = (struct intime_summary){0};
}

static int whole_percent(int permille)
{
    return (permille + 5) / 10 * 10;
}

static void tell_group(struct worked_group *group)
{
    group->count = few_told(group->count);
    group->before_permille = whole_percent(group->before_permille);
    group->after_permille = whole_percent(group->after_permille);
}

void figures_tell_few(struct figures *figures)
{
    for (enum intime_lag lag = 0; lag < INTIME_LAGS; lag++)
        tell_summary(&figures->lags[lag]);
    figures->first_measures = few_told(figures->first_measures);
    figures->early = few_told(figures->early);
    figures->open = few_told(figures->open);
    figures->asked = few_told(figures->asked);
    for (int i = 0; i < TRIAGE_REASONS; i++)
        figures->outcomes[i] = few_told(figures->outcomes[i]);
    for (int i = 0; i < CLOCK_KINDS; i++) {
        figures->clocks[i].due = few_told(figures->clocks[i].due);
        figures->clocks[i].missed = few_told(figures->clocks[i].missed);
    }
    for (int i = 0; i < AGREED_KINDS; i++) {
        tell_group(&figures->worked[i].with);
        tell_group(&figures->worked[i].without);
    }
    for (size_t row = 0; row < FIGURES_ROWS; row++)
        tell_row(&figures->rows[row]);
}

static void release(struct figures_numbers *numbers)
{
    free(numbers->of);
    *numbers = (struct figures_numbers){0};
}

void figures_free(struct figures *figures)
{
    for (enum intime_lag lag = 0; lag < INTIME_LAGS; lag++)
        release(&figures->numbers[lag]);
    release(&figures->waited_rows);
    release(&figures->waited_days);
}
