#include "daemon/core/columns_sums.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* left * left_times - right * right_times >= least, and right > 0 where asked: one share or count, day by day. */
struct test {
    const int32_t *left_to, *left_from, *right_to, *right_from;
    int32_t left_times, right_times, least;
    bool right_positive;
};

struct columns *columns_open(void)
{
    return calloc(1, sizeof(struct columns));
}

void columns_close(struct columns *columns)
{
    free(columns);
}

/* Ands the test into `holds`; true when it holds on any day. */
static inline __attribute__((always_inline)) bool and_share(const struct test *test, int32_t *holds, uint32_t days)
{
    lanes any = {0};
    for (uint32_t i = 0; i < days; i += LANES) {
        lanes left, left_from, right, right_from, held;
        memcpy(&left, test->left_to + i, sizeof left);
        memcpy(&left_from, test->left_from + i, sizeof left);
        memcpy(&right, test->right_to + i, sizeof right);
        memcpy(&right_from, test->right_from + i, sizeof right);
        memcpy(&held, holds + i, sizeof held);
        left -= left_from;
        right -= right_from;
        held &= left * test->left_times - right * test->right_times >= test->least;
        if (test->right_positive)
            held &= right > 0;
        any |= held;
        memcpy(holds + i, &held, sizeof held);
    }
    bool found = false;
    for (uint32_t lane = 0; lane < LANES; lane++)
        found = found || any[lane] != 0;
    return found;
}

static inline __attribute__((always_inline)) bool and_count(const int32_t *to, const int32_t *from, int32_t least,
                                                            int32_t *holds, uint32_t days)
{
    lanes any = {0};
    for (uint32_t i = 0; i < days; i += LANES) {
        lanes value, value_from, held;
        memcpy(&value, to + i, sizeof value);
        memcpy(&value_from, from + i, sizeof value);
        memcpy(&held, holds + i, sizeof held);
        held &= value - value_from >= least;
        any |= held;
        memcpy(holds + i, &held, sizeof held);
    }
    bool found = false;
    for (uint32_t lane = 0; lane < LANES; lane++)
        found = found || any[lane] != 0;
    return found;
}

#if defined(__x86_64__)
static __attribute__((target("avx2"))) bool and_share_avx2(const struct test *test, int32_t *holds, uint32_t days)
{
    return and_share(test, holds, days);
}
static __attribute__((target("avx2"))) bool and_count_avx2(const int32_t *to, const int32_t *from, int32_t least,
                                                           int32_t *holds, uint32_t days)
{
    return and_count(to, from, least, holds, days);
}
static bool share_holds(const struct test *test, int32_t *holds, uint32_t days)
{
    return __builtin_cpu_supports("avx2") ? and_share_avx2(test, holds, days) : and_share(test, holds, days);
}
static bool count_holds(const int32_t *to, const int32_t *from, int32_t least, int32_t *holds, uint32_t days)
{
    return __builtin_cpu_supports("avx2") ? and_count_avx2(to, from, least, holds, days)
                                          : and_count(to, from, least, holds, days);
}
#else
static bool share_holds(const struct test *test, int32_t *holds, uint32_t days)
{
    return and_share(test, holds, days);
}
static bool count_holds(const int32_t *to, const int32_t *from, int32_t least, int32_t *holds, uint32_t days)
{
    return and_count(to, from, least, holds, days);
}
#endif

/* True on each of the year's days, false on those that only fill the last lanes. */
static void all_days(const struct columns *columns, int32_t days[DAYS_ROUNDED])
{
    memset(days, -1, columns->days * sizeof *days);
    memset(days + columns->days, 0, LANES * sizeof *days);
}

static const int32_t *window_edge(const struct columns *columns, enum column column, int32_t days_back)
{
    return &columns->sums[column][BEFORE + 1 - days_back];
}

static int32_t year_sum(const struct columns *columns, enum column column)
{
    return columns->sums[column][BEFORE + columns->days];
}

static bool at_least_kind(enum comparison comparison)
{
    return comparison == COMPARISON_AT_LEAST || comparison == COMPARISON_ABOVE;
}

static bool is_strict(enum comparison comparison)
{
    return comparison == COMPARISON_BELOW || comparison == COMPARISON_ABOVE;
}

/* The columns of a share; false for other measures. */
static bool share_columns(enum measure measure, enum column *numerator, enum column *denominator)
{
    *denominator = measure == MEASURE_TOTAL_ABSENCE_SHARE ? COLUMN_KNOWN : COLUMN_EXPECTED;
    *numerator = measure == MEASURE_TOTAL_ABSENCE_SHARE ? COLUMN_AWAY
                 : measure == MEASURE_UNREPORTED_SHARE  ? COLUMN_UNREPORTED
                                                        : COLUMN_ABSENT;
    return measure == MEASURE_TOTAL_ABSENCE_SHARE || measure == MEASURE_UNREPORTED_SHARE ||
           measure == MEASURE_ABSENCE_SHARE;
}

/* Ands into `holds` the days on which the share can be known. */
static bool share_defined(const struct columns *columns, const struct condition *condition, enum column denominator,
                          int32_t *holds)
{
    int32_t first = condition->offset + condition->min_days - 1; /* own day on which the window has its days */
    int32_t near = condition->offset, far = condition->offset + condition->days;
    if (condition->min_days > condition->days || first >= (int32_t)columns->days)
        return false;
    memset(holds, 0, (size_t)first * sizeof *holds);
    struct test known = {window_edge(columns, COLUMN_KNOWN, near),
                         window_edge(columns, COLUMN_KNOWN, far),
                         window_edge(columns, COLUMN_TIME, near),
                         window_edge(columns, COLUMN_TIME, far),
                         100, 80, 0, false};
    if (year_sum(columns, COLUMN_TIME) != year_sum(columns, COLUMN_KNOWN) && !share_holds(&known, holds, columns->days))
        return false;
    return count_holds(window_edge(columns, denominator, near), window_edge(columns, denominator, far), 1, holds,
                       columns->days);
}

static bool share_is(const struct columns *columns, const struct condition *condition, enum column numerator,
                     enum column denominator, int32_t *holds)
{
    int32_t sign = at_least_kind(condition->comparison) ? 1 : -1;
    int32_t near = condition->offset, far = condition->offset + condition->days;
    struct test test = {window_edge(columns, numerator, near),
                        window_edge(columns, numerator, far),
                        window_edge(columns, denominator, near),
                        window_edge(columns, denominator, far),
                        sign * 10000,
                        sign * condition->threshold_hundredths,
                        is_strict(condition->comparison),
                        false};
    return share_holds(&test, holds, columns->days);
}

/* value >= n, or value <= n as -value >= -n. */
static bool count_is(const struct columns *columns, const struct condition *condition, const int32_t *to,
                     const int32_t *from, int32_t *holds)
{
    int32_t least = (condition->threshold_hundredths + 99) / 100, most = condition->threshold_hundredths / 100;
    switch (condition->comparison) {
    case COMPARISON_AT_LEAST:
        return count_holds(to, from, least, holds, columns->days);
    case COMPARISON_ABOVE:
        return count_holds(to, from, most + 1, holds, columns->days);
    case COMPARISON_AT_MOST:
        return count_holds(from, to, -most, holds, columns->days);
    case COMPARISON_BELOW:
        return count_holds(from, to, 1 - least, holds, columns->days);
    case COMPARISONS:
        break;
    }
    assert(false && "a comparison");
    return false;
}

/* So far this term, while it is young; 0 afterwards. */
static const int32_t *term_start(struct columns *columns, enum column column, int32_t length)
{
    const int32_t *sums = window_edge(columns, column, 0);
    for (uint32_t begin = 0, end = columns->spring;; begin = end, end = columns->days) {
        uint32_t young = end - begin < (uint32_t)length ? end : begin + (uint32_t)length;
        for (uint32_t i = begin; i < young; i++)
            columns->terms[i] = sums[i] - (begin == 0 ? 0 : sums[begin - 1]);
        memset(columns->terms + young, 0, (end - young) * sizeof *columns->terms);
        if (end == columns->days)
            return columns->terms;
    }
}

/* The column that a measure counts in; COLUMNS when it counts otherwise. */
static enum column count_column(enum measure measure)
{
    switch (measure) {
    case MEASURE_ABSENT_DAYS:
        return COLUMN_ABSENT_DAYS;
    case MEASURE_PARTIAL_DAYS:
        return COLUMN_PARTIAL_DAYS;
    case MEASURE_SPELLS:
        return COLUMN_SPELLS;
    case MEASURE_UNREPORTED_LESSONS:
        return COLUMN_UNREPORTED_LESSONS;
    case MEASURE_UNREPORTED_DATES:
        return COLUMN_UNREPORTED_DATES;
    case MEASURE_LATE_ARRIVALS:
        return COLUMN_LATE;
    case MEASURE_TOTAL_ABSENCE_SHARE:
    case MEASURE_ABSENCE_SHARE:
    case MEASURE_UNREPORTED_SHARE:
    case MEASURE_ABSENCE_RISE:
    case MEASURE_ABSENT_RUN:
    case MEASURE_TERM_START_ABSENT_DAYS:
    case MEASURE_TERM_START_SPELLS:
    case MEASURE_WEEKDAY_TAIL:
    case MEASURE_SUBJECT_MISSED_SHARE:
    case MEASURES:
        break;
    }
    return COLUMNS;
}

/* Measures that are looked at on single days, after the others have left few. */
static bool is_sparse(enum measure measure)
{
    return measure == MEASURE_ABSENCE_RISE || measure == MEASURE_WEEKDAY_TAIL || measure == MEASURE_SUBJECT_MISSED_SHARE;
}

/* Ands the condition into `holds`, -1 where it holds; false when it holds nowhere. Not for sparse measures. */
static bool and_condition(struct columns *columns, const struct condition *condition, int32_t *holds)
{
    enum column numerator, denominator, counted = count_column(condition->measure);
    int32_t near = condition->offset, far = condition->offset + condition->days;
    if (share_columns(condition->measure, &numerator, &denominator)) {
        if (condition->comparison == COMPARISON_AT_LEAST && condition->threshold_hundredths > 0 &&
            year_sum(columns, numerator) == 0)
            return false;
        return share_defined(columns, condition, denominator, holds) &&
               share_is(columns, condition, numerator, denominator, holds);
    }
    if (counted != COLUMNS) {
        if (condition->comparison == COMPARISON_AT_LEAST &&
            100 * year_sum(columns, counted) < condition->threshold_hundredths)
            return false;
        return count_is(columns, condition, window_edge(columns, counted, near), window_edge(columns, counted, far),
                        holds);
    }
    if (condition->measure == MEASURE_ABSENT_RUN)
        return count_is(columns, condition, columns->runs, columns->zeros, holds);
    counted = condition->measure == MEASURE_TERM_START_ABSENT_DAYS ? COLUMN_ABSENT_DAYS : COLUMN_SPELLS;
    return count_is(columns, condition, term_start(columns, counted, condition->days), columns->zeros, holds);
}

static void sums_back(const struct columns *columns, uint32_t index, int32_t days_back, int32_t sums[COLUMNS])
{
    for (uint32_t column = 0; column < COLUMNS; column++)
        sums[column] = columns->sums[column][BEFORE + 1 + index] -
                       columns->sums[column][(int32_t)(BEFORE + 1 + index) - days_back];
}

static void sparse_value(const struct walk *walk, const struct condition *condition, uint32_t index,
                         struct value *value)
{
    if (condition->measure == MEASURE_SUBJECT_MISSED_SHARE) {
        if (columns_subject(walk, condition, index, value))
            return;
    }
    static const enum column NEEDED[] = {COLUMN_ABSENT_DAYS, COLUMN_ABSENT, COLUMN_EXPECTED, COLUMN_KNOWN, COLUMN_TIME};
    size_t needed = condition->measure == MEASURE_ABSENCE_RISE ? sizeof NEEDED / sizeof *NEEDED : 1;
    int32_t *near = walk->columns->near, *far = walk->columns->far, *base = walk->columns->base;
    int32_t to_near = condition->offset, to_far = to_near + condition->days, to_base = to_far + condition->baseline_days;
    for (size_t i = 0; i < needed; i++) {
        const int32_t *to = &walk->columns->sums[NEEDED[i]][BEFORE + 1 + index];
        near[NEEDED[i]] = to[0] - to[-to_near];
        far[NEEDED[i]] = to[0] - to[-to_far];
        base[NEEDED[i]] = to[0] - to[-to_base];
    }
    struct moment moment = {walk->history, walk->year, {.days = (uint16_t)(index + 1)}, walk->subjects};
    measure_value(&moment, condition, &(struct window_sums){near, far, base}, value);
}

/* Where a pattern measure cannot be but its neutral value, and that does not hold, need not be looked at. */
static bool and_pattern_possible(const struct columns *columns, const struct condition *condition, int32_t *holds)
{
    bool tail = condition->measure == MEASURE_WEEKDAY_TAIL;
    struct value neutral = {.defined = true, .denominator = 1, .tail = 1};
    if (condition->measure == MEASURE_ABSENCE_RISE || measure_holds(condition, &neutral))
        return true;
    enum column column = tail ? COLUMN_ABSENT_DAYS : COLUMN_MISSED;
    if (year_sum(columns, column) < MEASURE_PATTERN_LEAST)
        return false;
    return count_holds(window_edge(columns, column, condition->offset),
                       window_edge(columns, column, condition->offset + condition->days), MEASURE_PATTERN_LEAST, holds,
                       columns->days);
}

static bool and_sparse(const struct walk *walk, const struct condition *condition, int32_t *holds)
{
    bool any = false;
    if (!and_pattern_possible(walk->columns, condition, holds))
        return false;
    for (uint32_t index = 0; index < walk->columns->days; index++) {
        if (holds[index] == 0)
            continue;
        struct value value;
        sparse_value(walk, condition, index, &value);
        holds[index] = -measure_holds(condition, &value);
        any = any || holds[index] != 0;
    }
    return any;
}

static bool rule_can_raise(const struct walk *walk, const struct rule *rule)
{
    struct columns *columns = walk->columns;
    all_days(columns, columns->holds);
    for (int32_t i = 0; i < rule->condition_count; i++)
        if (!is_sparse(rule->when[i].measure) && !and_condition(columns, &rule->when[i], columns->holds))
            return false;
    for (int32_t i = 0; i < rule->condition_count; i++)
        if (is_sparse(rule->when[i].measure) && !and_sparse(walk, &rule->when[i], columns->holds))
            return false;
    return true;
}

/* Fills clears and defined of a rule whose clear measure is not sparse. */
static void prepare_clear(struct columns *columns, const struct condition *clear)
{
    enum column numerator, denominator;
    size_t bytes = columns->days * sizeof *columns->defined;
    all_days(columns, columns->defined);
    if (share_columns(clear->measure, &numerator, &denominator) &&
        !share_defined(columns, clear, denominator, columns->defined))
        memset(columns->defined, 0, bytes);
    all_days(columns, columns->clears);
    if (!and_condition(columns, clear, columns->clears))
        memset(columns->clears, 0, bytes);
}

/* On that own day, is the clear measure defined, and does it hold? */
static bool clear_on(const struct walk *walk, const struct condition *clear, uint32_t index, bool *holds)
{
    if (!is_sparse(clear->measure)) {
        *holds = walk->columns->clears[index] != 0;
        return walk->columns->defined[index] != 0;
    }
    struct value value;
    sparse_value(walk, clear, index, &value);
    *holds = measure_holds(clear, &value);
    return value.defined;
}

/* From the day after raising: the own day on which the flag clears, or `end`. */
static uint32_t clearing_day(const struct walk *walk, const struct rule *rule, uint32_t index, uint32_t end,
                             struct rule_state *state)
{
    *state = (struct rule_state){.raised = 1};
    for (; index < end; index++) {
        bool holds;
        if (!clear_on(walk, &rule->clear, index, &holds))
            continue;
        state->clear_days = holds ? (uint8_t)(state->clear_days + 1) : 0;
        if (state->clear_days == rule->for_days) {
            *state = (struct rule_state){.raised = 0};
            return index;
        }
    }
    return end;
}

static bool walk_rule(const struct walk *walk, uint32_t life_index)
{
    const struct life *life = &walk->plan->lives[life_index];
    const struct pupil_year *year = walk->year;
    struct columns *columns = walk->columns;
    struct rule_state *state = &walk->trail->states[life_index];
    *state = (struct rule_state){.raised = 0};
    if (!rule_can_raise(walk, life->rule))
        return true;
    uint32_t index = 0, end = columns->days;
    while (index < end && year->first_day + year->days[index].date < life->from_day)
        index++;
    while (end > index && year->first_day + year->days[end - 1].date >= life->to_day)
        end--;
    bool prepared = is_sparse(life->rule->clear.measure);
    for (; index < end; index++) {
        if (columns->holds[index] == 0)
            continue;
        if (!prepared)
            prepare_clear(columns, &life->rule->clear);
        prepared = true;
        uint32_t cleared = clearing_day(walk, life->rule, index + 1, end, state);
        if (!trail_add_flag(walk->trail, life_index, year->days[index].date,
                            cleared < end ? year->days[cleared].date : TRAIL_OPEN))
            return false;
        index = cleared;
    }
    return true;
}

bool columns_walk(struct columns *columns, struct trail *trail, const struct plan *plan, const struct history *history,
                  const struct pupil_year *year, uint32_t days, struct subject_work *subjects)
{
    struct walk walk = {columns, trail, plan, history, year, subjects};
    assert(trail->running.days == 0);
    if (days == 0)
        return true;
    columns_fill(&walk, days);
    if (year_sum(columns, COLUMN_TIME) > MINUTES_MAX)
        return trail_walk(trail, plan, history, year, days, subjects);
    for (uint32_t i = 0; i < plan->life_count; i++)
        if (!walk_rule(&walk, i))
            return false;
    for (uint32_t i = 0; i < plan->end_count; i++)
        sums_back(columns, days - 1, plan->ends[i], trail->sums[i]);
    trail->running = columns->running;
    return true;
}
