/* Walks a year rule by rule: each condition becomes a bit per own day, computed for the whole year at once, and the
 * conditions of a rule are combined with AND. Only raising and clearing are sequential, and they step from set bit
 * to set bit. */
#include "daemon/core/detect/vector/vector.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/core/detect/vector/columns_compare.h"
#include "daemon/core/detect/vector/columns_patterns.h"
#include "daemon/core/detect/vector/columns_tails.h"

struct columns *vector_open(void)
{
    struct columns *columns = calloc(1, sizeof *columns);
    if (columns == NULL)
        return NULL;
    columns->lanes = lanes_best();
    columns->minutes_of_subject.in_minutes = columns->all_minutes.in_minutes = true;
    for (uint32_t day = 0; day < LANES_DAYS; day++)
        columns->timetable[day].shape = (uint32_t)NO_SHAPE;
    return columns;
}

void vector_close(struct columns *columns)
{
    free(columns);
}

void vector_use_plain(struct columns *columns)
{
    columns->lanes = &LANES_PLAIN;
}

/* A term start measure counts from the first own day of the term during its first `length` own days, and is 0
 * afterwards. */
static const int16_t *term_start(struct columns *columns, uint8_t column, int32_t length)
{
    const int16_t *sums = counts_edge(&columns->counts[column - COUNTS_FROM], 0);
    for (uint32_t begin = 0, end = columns->spring;; begin = end, end = columns->days) {
        uint32_t young = end - begin < (uint32_t)length ? end : begin + (uint32_t)length;
        int16_t before = begin == 0 ? 0 : sums[begin - 1];
        for (uint32_t i = begin; i < young; i++)
            columns->terms[i] = (int16_t)(sums[i] - before);
        memset(columns->terms + young, 0, (end - young) * sizeof *columns->terms);
        if (end == columns->days)
            return columns->terms;
    }
}

static bool window_counts(const struct columns *columns, const struct condition *condition, struct day_bits *bits)
{
    struct window window = window_of(condition);
    const struct counts_column *counts = &columns->counts[MEASURE_FORMS[condition->measure].part - COUNTS_FROM];
    return columns_counts(columns, condition, counts_edge(counts, window.near), counts_edge(counts, window.far), bits);
}

static bool any_day(const struct columns *columns, const struct day_bits *bits)
{
    uint64_t any = 0;
    for (uint32_t word = 0; word < columns->words; word++)
        any |= bits->words[word];
    return any != 0;
}

/* A tail is 1, the neutral value, on all days outside `possible`. */
static void tail_compares(const struct walk *walk, const struct condition *condition, const struct day_bits *possible,
                          struct day_bits *bits)
{
    uint32_t end = walk->columns->days;
    struct day_bits holds = {{0}};
    for (uint32_t index = 0; (index = columns_tail_day(walk, condition, possible, index, end)) < end; index++)
        holds.words[index / 64] |= UINT64_C(1) << index % 64;
    for (uint32_t word = 0; word < walk->columns->words; word++)
        bits->words[word] &= holds.words[word] | ~possible->words[word];
}

/* Leaves the days whose window holds enough for the pattern's value to differ from the neutral one; false when
 * there are none. A cheap filter before the tails and subjects, which are expensive. */
static bool pattern_possible(const struct walk *walk, const struct condition *condition, struct day_bits *bits)
{
    const struct columns *columns = walk->columns;
    const struct measure_form *form = &MEASURE_FORMS[condition->measure];
    const struct counts_column *counts = &columns->counts[form->part - COUNTS_FROM];
    struct window window = window_of(condition);
    return columns_counts_at_least(columns, counts_edge(counts, window.near), counts_edge(counts, window.far),
                                   MEASURE_PATTERN_LEAST, bits) &&
           (form->kind != MEASURE_KIND_WEEKDAY || columns_weekdays(walk, condition, bits));
}

/* Where the neutral value satisfies the condition it holds on all days but those found otherwise; where it does
 * not, only the possible days can hold. */
static bool pattern_compares(const struct walk *walk, const struct condition *condition, struct day_bits *bits)
{
    bool neutral = measure_holds(condition, &MEASURE_NO_PATTERN);
    struct day_bits possible = *bits;
    if (!pattern_possible(walk, condition, &possible))
        return neutral;
    if (!neutral)
        *bits = possible;
    if (measure_is_tail(condition->measure))
        tail_compares(walk, condition, &possible, bits);
    else
        columns_subject(walk, condition, bits);
    return any_day(walk->columns, bits);
}

/* Leaves the days on which the condition holds; false when there are none. It does not hold where a share is
 * undefined. A year that does not add up to `least` in the column cannot hold on any day. */
static bool condition_holds(const struct walk *walk, const struct condition *condition, const struct window_ends *ends,
                            struct day_bits *bits)
{
    struct columns *columns = walk->columns;
    if (columns_year_sum(columns, (enum column)ends->column) < ends->least)
        return false;
    const struct measure_form *form = &MEASURE_FORMS[condition->measure];
    switch (form->kind) {
    case MEASURE_KIND_COUNT:
        return window_counts(columns, condition, bits);
    case MEASURE_KIND_SHARE:
        return columns_share(columns, condition, &columns->minutes[form->part], &columns->minutes[form->whole], bits) &&
               columns_share_defined(columns, form->whole, window_of(condition), bits);
    case MEASURE_KIND_RISE:
        return columns_share_defined(columns, form->whole, window_of(condition), bits) &&
               columns_share_defined(columns, form->whole, baseline_of(condition), bits) &&
               columns_rise(columns, condition, bits);
    case MEASURE_KIND_RUN:
        return columns_counts(columns, condition, columns->runs, columns->zeros, bits);
    case MEASURE_KIND_TERM_START:
        return columns_counts(columns, condition, term_start(columns, form->part, condition->days), columns->zeros,
                              bits);
    case MEASURE_KIND_WEEKDAY:
    case MEASURE_KIND_CLASS:
    case MEASURE_KIND_SUBJECT:
        return pattern_compares(walk, condition, bits);
    case MEASURE_KINDS:
        break;
    }
    assert(false && "a kind of measure");
    return false;
}

/* The days on which the clear measure is defined: all, unless it is a share or a rise. */
static void clear_defined(const struct columns *columns, const struct condition *clear, struct day_bits *bits)
{
    const struct measure_form *form = &MEASURE_FORMS[clear->measure];
    bool rise = form->kind == MEASURE_KIND_RISE;
    if (form->kind != MEASURE_KIND_SHARE && !rise)
        return;
    if (!columns_share_defined(columns, form->whole, window_of(clear), bits) ||
        (rise && !columns_share_defined(columns, form->whole, baseline_of(clear), bits)))
        *bits = (struct day_bits){{0}};
}

/* The own day on which the flag clears, or `end`; `index` is the day after raising. Undefined days neither count
 * nor reset: while the count is 0 it jumps to the next clearing day, otherwise to the next defined one. */
static uint32_t clearing_day(const struct rule *rule, const struct day_bits *clears, const struct day_bits *defined,
                             uint32_t index, uint32_t end, struct rule_state *state)
{
    *state = (struct rule_state){.raised = 1};
    while ((index = next_day(state->clear_days == 0 ? clears : defined, index, end)) < end) {
        state->clear_days = day_is(clears, index) ? (uint8_t)(state->clear_days + 1) : 0;
        if (state->clear_days == rule->for_days) {
            *state = (struct rule_state){.raised = 0};
            return index;
        }
        index++;
    }
    return end;
}

/* The days on which the clear measure clears, from `index` on. */
static void find_clears(const struct walk *walk, const struct life *life, const struct day_bits *raises, uint32_t index,
                        struct day_bits *clears, struct day_bits *defined)
{
    const struct condition *clear = &life->rule->clear;
    for (uint32_t word = 0; word < walk->columns->words; word++) {
        uint64_t from = word < index / 64 ? 0 : word == index / 64 ? ~UINT64_C(0) << index % 64 : ~UINT64_C(0);
        defined->words[word] = clears->words[word] = walk->columns->all.words[word] & from;
    }
    clear_defined(walk->columns, clear, defined);
    if (life->clears_otherwise)
        for (uint32_t word = 0; word < walk->columns->words; word++)
            clears->words[word] = defined->words[word] & ~raises->words[word];
    else if (!condition_holds(walk, clear, &life->clear, clears))
        *clears = (struct day_bits){{0}};
}

/* Those of a rule's conditions in `asked` hold on that of the days. */
static bool tails_hold(const struct walk *walk, const struct rule *rule, uint32_t asked, const struct day_bits *days,
                       uint32_t index)
{
    for (; asked != 0; asked &= asked - 1)
        if (columns_tail_day(walk, &rule->when[__builtin_ctz(asked)], days, index, index + 1) > index)
            return false;
    return true;
}

/* The first of the days in [index, end) on which the tails hold that are asked for last; `end` when there is none. */
static uint32_t raising_day(const struct walk *walk, const struct life *life, const struct day_bits *raises,
                            uint32_t index, uint32_t end)
{
    uint32_t asked = life->asked_last;
    if (asked == 0)
        return next_day(raises, index, end);
    const struct condition *first = &life->rule->when[__builtin_ctz(asked)];
    while ((index = columns_tail_day(walk, first, raises, index, end)) < end &&
           !tails_hold(walk, life->rule, asked & (asked - 1), raises, index))
        index++;
    return index;
}

/* Leaves the days on which the rule is raised if its tails hold as well; false when there are none. The filter of the tails'
 * windows comes first because it costs less than a share and leaves fewer days. */
static bool find_raises(const struct walk *walk, const struct life *life, struct day_bits *raises)
{
    const struct rule *rule = life->rule;
    for (uint32_t left = life->asked_last; left != 0; left &= left - 1) {
        int i = __builtin_ctz(left);
        if (columns_year_sum(walk->columns, (enum column)life->when[i].column) < life->when[i].least ||
            !pattern_possible(walk, &rule->when[i], raises))
            return false;
    }
    for (int32_t i = 0; i < rule->condition_count; i++) {
        uint32_t next = life->order[i];
        if ((life->asked_last >> next & 1) == 0 && !condition_holds(walk, &rule->when[next], &life->when[next], raises))
            return false;
    }
    return true;
}

/* The flags of a rule raised in [index, end) of own days. The clearing days are computed at the first flag: most
 * pupils have none. The search goes on after the day of clearing, as a rule is not raised again on the same day. */
static bool walk_flags(const struct walk *walk, uint32_t number, const struct day_bits *raises, uint32_t index,
                       uint32_t end)
{
    const struct life *life = &walk->plan->lives[number];
    const struct packed_day *days = walk->year->days;
    struct day_bits clears, defined;
    bool found = false;
    while ((index = raising_day(walk, life, raises, index, end)) < end) {
        if (!found)
            find_clears(walk, life, raises, index, &clears, &defined);
        found = true;
        uint32_t cleared = clearing_day(life->rule, &clears, &defined, index + 1, end, &walk->trail->states[number]);
        if (!trail_add_flag(walk->trail, number, days[index].date, cleared < end ? days[cleared].date : TRAIL_OPEN))
            return false;
        index = cleared + 1;
    }
    return true;
}

static bool walk_rule(const struct walk *walk, uint32_t number)
{
    const struct life *life = &walk->plan->lives[number];
    const struct packed_day *days = walk->year->days;
    struct day_bits raises = walk->columns->all;
    uint32_t from = 0, end = walk->columns->days;
    walk->trail->states[number] = (struct rule_state){.raised = 0};
    if (!find_raises(walk, life, &raises))
        return true;
    while (from < end && walk->year->first_day + days[from].date < life->from_day)
        from++;
    while (end > from && walk->year->first_day + days[end - 1].date >= life->to_day)
        end--;
    return walk_flags(walk, number, &raises, from, end);
}

/* What the plan's windows hold after the last day. */
static void put_sums(const struct columns *columns, const struct plan *plan, struct trail *trail)
{
    uint32_t to = BEFORE + columns->days;
    for (uint32_t i = 0; i < plan->end_count; i++) {
        uint32_t from = to - plan->ends[i], counts = plan->columns[i] >> COUNTS_FROM;
        uint32_t minutes = plan->columns[i] - (counts << COUNTS_FROM);
        for (; minutes != 0; minutes &= minutes - 1) {
            const int32_t *sums = columns->minutes[__builtin_ctz(minutes)].sums;
            trail->sums[i][__builtin_ctz(minutes)] = sums[to] - sums[from];
        }
        for (; counts != 0; counts &= counts - 1) {
            const int16_t *sums = columns->counts[__builtin_ctz(counts)].sums;
            trail->sums[i][COUNTS_FROM + __builtin_ctz(counts)] = sums[to] - sums[from];
        }
    }
}

/* A year whose minutes might overflow the 32-bit products of the columns is left to trail_walk. */
bool vector_walk(struct columns *columns, struct trail *trail, const struct plan *plan, const struct history *history,
                 const struct pupil_year *year, uint32_t days, struct subject_work *subjects)
{
    struct moment moment = {
        .history = history, .year = year, .tails = &columns->tails, .asked = &trail->asked, .compares = true};
    struct walk walk = {columns, trail, plan, history, year, subjects, &moment};
    assert(trail->running.days == 0);
    if (days == 0)
        return true;
    columns_fill(&walk, days);
    if (columns_year_sum(columns, COLUMN_TIME) > MINUTES_MAX)
        return trail_walk(trail, plan, history, year, days, subjects);
    for (uint32_t i = 0; i < plan->life_count; i++)
        if (!walk_rule(&walk, i))
            return false;
    put_sums(columns, plan, trail);
    trail->running = columns->running;
    return true;
}
