/* The walk day by day. A window's sum is the difference of two running sums: each window end keeps the sum of the
 * latest k own days, to which a day is added and from which the day k before it is subtracted. */
#include "daemon/core/detect/trail.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "common/fault.h"

enum { LIVES_STEP = 64, FLAGS_STEP = 4 };

static_assert(RULE_DAYS_MAX <= UINT8_MAX, "clear_days can count for_days");

#define BIT(column) (1U << (column))
static_assert(COLUMNS <= 16, "a plan's columns fit in 16 bits");
static_assert(RULE_CONDITIONS_MAX <= 8, "a rule's conditions fit in 8 bits");

/* The columns that a measure sums over its windows, as bits. */
static uint32_t columns_of(enum measure measure)
{
    const struct measure_form *form = &MEASURE_FORMS[measure];
    switch (form->kind) {
    case MEASURE_KIND_SHARE:
    case MEASURE_KIND_RISE:
        return BIT(form->part) | BIT(form->whole) | BIT(COLUMN_KNOWN) | BIT(COLUMN_TIME);
    case MEASURE_KIND_COUNT:
    case MEASURE_KIND_WEEKDAY:
    case MEASURE_KIND_CLASS:
    case MEASURE_KIND_SUBJECT:
        return BIT(form->part);
    case MEASURE_KIND_RUN:
    case MEASURE_KIND_TERM_START:
    case MEASURE_KINDS:
        break;
    }
    return 0;
}

/* Numbers the end `days` own days back, shared by all conditions with it; a column is summed if any of them needs
 * it. */
static uint16_t plan_end(struct plan *plan, int32_t days, uint32_t columns)
{
    uint32_t i = 0;
    while (i < plan->end_count && plan->ends[i] != days)
        i++;
    assert(i < PLAN_ENDS_MAX);
    if (i == plan->end_count)
        plan->end_count++;
    columns = days == 0 ? 0 : columns | plan->columns[i]; /* no days add up to nothing */
    plan->sum_count += (uint32_t)__builtin_popcount(columns) - (uint32_t)__builtin_popcount(plan->columns[i]);
    plan->ends[i] = (uint16_t)days;
    plan->columns[i] = (uint16_t)columns;
    return (uint16_t)i;
}

/* The least sum of the condition's column over its window with which it can hold: a cheap test before the measure
 * itself. INT32_MIN where no such bound exists. */
static int32_t least_of(const struct condition *condition)
{
    int32_t threshold = condition->threshold_hundredths;
    bool at_least = condition->comparison == COMPARISON_AT_LEAST && threshold > 0;
    switch (MEASURE_FORMS[condition->measure].kind) {
    case MEASURE_KIND_COUNT:
    case MEASURE_KIND_RUN: /* no longer than its days */
        return at_least ? (threshold + 99) / 100 : INT32_MIN;
    case MEASURE_KIND_SHARE:
    case MEASURE_KIND_RISE:
        return at_least ? 1 : INT32_MIN;
    case MEASURE_KIND_WEEKDAY:
    case MEASURE_KIND_CLASS:
    case MEASURE_KIND_SUBJECT:
        return measure_holds(condition, &MEASURE_NO_PATTERN) ? INT32_MIN : MEASURE_PATTERN_LEAST;
    case MEASURE_KIND_TERM_START:
    case MEASURE_KINDS:
        break;
    }
    return INT32_MIN;
}

static struct window_ends plan_window(struct plan *plan, const struct condition *condition)
{
    int32_t far = condition->offset + condition->days;
    uint32_t columns = columns_of(condition->measure);
    const struct measure_form *form = &MEASURE_FORMS[condition->measure];
    if (measure_is_tail(condition->measure))
        plan->class_signs |= BIT(sign_in(form->part)) | BIT(sign_in(form->whole));
    return (struct window_ends){plan_end(plan, condition->offset, columns), plan_end(plan, far, columns),
                                plan_end(plan, far + condition->baseline_days, columns), form->part,
                                least_of(condition)};
}

/* Rough cost of evaluating a condition: counts, shares, then what goes over lessons or classmates. */
static int cost(enum measure measure)
{
    static const int COSTS[MEASURE_KINDS] = {[MEASURE_KIND_SHARE] = 1,
                                             [MEASURE_KIND_RISE] = 2,
                                             [MEASURE_KIND_WEEKDAY] = 3,
                                             [MEASURE_KIND_CLASS] = 3,
                                             [MEASURE_KIND_SUBJECT] = 3};
    return COSTS[MEASURE_FORMS[measure].kind];
}

/* Cheapest first, as one that does not hold ends the evaluation. Insertion sort: equal costs stay in written order. */
static void order_conditions(struct life *life)
{
    for (int32_t i = 0; i < life->rule->condition_count; i++) {
        int32_t at = i;
        for (; at > 0 && cost(life->rule->when[life->order[at - 1]].measure) > cost(life->rule->when[i].measure); at--)
            life->order[at] = life->order[at - 1];
        life->order[at] = (uint8_t)i;
    }
}

/* Tails may be evaluated last, and on unraised days only, when the rule does not clear by the negation of its
 * condition and the neutral value does not raise it. */
bool plan_add(struct plan *plan, const struct rule *rule, int32_t from_day)
{
    if (plan->life_count == PLAN_LIVES_MAX)
        return false;
    if (plan->life_count % LIVES_STEP == 0) {
        struct life *lives = realloc(plan->lives, (plan->life_count + LIVES_STEP) * sizeof *lives);
        if (lives == NULL)
            return false;
        plan->lives = lives;
    }
    plan_end(plan, 0, 0);
    struct life *life = &plan->lives[plan->life_count++];
    *life = (struct life){.rule = rule, .from_day = from_day, .to_day = INT32_MAX};
    for (int32_t i = 0; i < rule->condition_count; i++)
        life->when[i] = plan_window(plan, &rule->when[i]);
    life->clear = plan_window(plan, &rule->clear);
    life->clears_otherwise = rule_clears_otherwise(rule);
    order_conditions(life);
    for (int32_t i = 0; i < rule->condition_count && !life->clears_otherwise; i++)
        if (measure_is_tail(rule->when[i].measure) && !measure_holds(&rule->when[i], &MEASURE_NO_PATTERN))
            life->asked_last = (uint8_t)(life->asked_last | BIT(i));
    return true;
}

void plan_free(struct plan *plan)
{
    free(plan->lives);
    *plan = (struct plan){.lives = NULL};
}

bool trail_open(struct trail *trail, const struct plan *plan)
{
    *trail = (struct trail){.flag_count = 0};
    trail->sums = calloc(plan->end_count + 1, sizeof *trail->sums);
    trail->states = calloc(plan->life_count + 1, sizeof *trail->states);
    if (trail->sums != NULL && trail->states != NULL)
        return true;
    trail_close(trail);
    return false;
}

void trail_close(struct trail *trail)
{
    free(trail->sums);
    free(trail->states);
    free(trail->flags);
    *trail = (struct trail){.flag_count = 0};
}

void trail_clear(struct trail *trail, const struct plan *plan)
{
    trail->running = (struct running){.days = 0};
    memset(trail->sums, 0, plan->end_count * sizeof *trail->sums);
    memset(trail->states, 0, plan->life_count * sizeof *trail->states);
    trail->asked = SPAN_NONE;
    trail->flag_count = 0;
}

static bool flags_room(struct trail *trail, uint32_t count)
{
    if (count <= trail->flag_capacity)
        return true;
    uint32_t capacity = (count + FLAGS_STEP - 1) / FLAGS_STEP * FLAGS_STEP;
    struct trail_flag *flags = realloc(trail->flags, capacity * sizeof *flags);
    if (flags == NULL)
        return false;
    trail->flags = flags;
    trail->flag_capacity = capacity;
    return true;
}

/* Layout: sums that the plan uses, by window end and column; rule states; flags. trail_resume reads the same order. */
struct kept *trail_keep(const struct trail *trail, const struct plan *plan, struct kept *old)
{
    size_t states_bytes = plan->life_count * sizeof *trail->states,
           flags_bytes = trail->flag_count * sizeof *trail->flags;
    size_t bytes = sizeof *old + plan->sum_count * sizeof *old->sums + states_bytes + flags_bytes;
    struct kept *kept = realloc(old, bytes);
    if (kept == NULL)
        return NULL;
    kept->bytes = (uint32_t)bytes;
    kept->flag_count = trail->flag_count;
    kept->running = trail->running;
    kept->asked = trail->asked;
    int32_t *sum = kept->sums;
    for (uint32_t i = 0; i < plan->end_count; i++)
        for (uint32_t left = plan->columns[i]; left != 0; left &= left - 1)
            *sum++ = trail->sums[i][__builtin_ctz(left)];
    char *rest = (char *)sum;
    memcpy(rest, trail->states, states_bytes);
    if (flags_bytes > 0)
        memcpy(rest + states_bytes, trail->flags, flags_bytes);
    return kept;
}

void trail_resume(struct trail *trail, const struct plan *plan, const struct kept *kept)
{
    assert(kept->flag_count <= trail->flag_capacity);
    trail->running = kept->running;
    trail->asked = kept->asked;
    trail->flag_count = kept->flag_count;
    const int32_t *sum = kept->sums;
    for (uint32_t i = 0; i < plan->end_count; i++)
        for (uint32_t left = plan->columns[i]; left != 0; left &= left - 1)
            trail->sums[i][__builtin_ctz(left)] = *sum++;
    const char *rest = (const char *)sum;
    size_t states_bytes = plan->life_count * sizeof *trail->states;
    memcpy(trail->states, rest, states_bytes);
    if (kept->flag_count > 0)
        memcpy(trail->flags, rest + states_bytes, kept->flag_count * sizeof *trail->flags);
}

/* What a day added to the window that it now leaves: with its spell settled, as it was when it was added. */
static void leaving_sums(const struct history *history, const struct pupil_year *year, uint32_t index,
                         struct day_sums *sums)
{
    if (year->days[index].first_exception == history_exceptions_end(year, index)) {
        history_attended(history_shape(history, year->days[index].shape), sums);
        return;
    }
    history_settled_sums(history, year, index, sums);
}

static void move_windows(struct trail *trail, const struct plan *plan, const struct history *history,
                         const struct pupil_year *year, uint32_t index, const struct day_sums *today)
{
    for (uint32_t i = 0; i < plan->end_count; i++) {
        uint32_t length = plan->ends[i];
        if (length == 0)
            continue;
        int32_t *sums = trail->sums[i];
        struct day_sums leaving = {.spells = 0};
        if (index >= length + FAULT(window_off_by_one))
            leaving_sums(history, year, index - length, &leaving);
        for (uint32_t left = plan->columns[i]; left != 0; left &= left - 1) {
            int column = __builtin_ctz(left);
            sums[column] += today->of[column] - leaving.of[column];
        }
    }
}

static void value_of(const struct trail *trail, const struct moment *moment, const struct condition *condition,
                     const struct window_ends *ends, struct value *value)
{
    struct window_sums windows = {trail->sums[ends->near], trail->sums[ends->far], trail->sums[ends->base]};
    measure_value(moment, condition, &windows, value);
}

/* Whether there is enough for each condition to hold: without values, for on most days there is not for one of them. */
static bool may_hold(const struct trail *trail, const struct life *life)
{
    for (int32_t i = 0; i < life->rule->condition_count; i++) {
        const struct window_ends *ends = &life->when[i];
        int32_t held = MEASURE_FORMS[life->rule->when[i].measure].kind == MEASURE_KIND_RUN
                           ? trail->running.absent_run
                           : trail->sums[ends->far][ends->column] - trail->sums[ends->near][ends->column];
        if (held < ends->least)
            return false;
    }
    return true;
}

/* The conditions in order of cost. */
static bool all_hold(const struct trail *trail, const struct moment *moment, const struct life *life)
{
    if (!may_hold(trail, life))
        return false;
    for (int32_t i = 0; i < life->rule->condition_count; i++) {
        struct value value;
        uint32_t next = life->order[i];
        value_of(trail, moment, &life->rule->when[next], &life->when[next], &value);
        if (!measure_holds(&life->rule->when[next], &value))
            return false;
    }
    return true;
}

static struct trail_flag *open_flag(struct trail *trail, uint32_t life)
{
    uint32_t i = trail->flag_count;
    while (trail->flags[--i].life != life)
        assert(i > 0);
    return &trail->flags[i];
}

bool trail_add_flag(struct trail *trail, uint32_t life, uint16_t raised, uint16_t cleared)
{
    if (!flags_room(trail, trail->flag_count + 1))
        return false;
    trail->flags[trail->flag_count++] = (struct trail_flag){(uint16_t)life, raised, cleared, 0};
    return true;
}

static bool raise_flag(struct trail *trail, uint32_t life, uint16_t date)
{
    trail->states[life] = (struct rule_state){.raised = 1};
    return trail_add_flag(trail, life, date, TRAIL_OPEN);
}

/* A day of a raised rule: counts towards clearing, resets the count, or, where undefined, does neither. */
static void wait_for_clear(struct trail *trail, const struct moment *moment, const struct plan *plan, uint32_t index,
                           uint16_t date)
{
    const struct life *life = &plan->lives[index];
    struct rule_state *state = &trail->states[index];
    struct value value;
    value_of(trail, moment, &life->rule->clear, &life->clear, &value);
    if (!value.defined)
        return;
    if (measure_holds(&life->rule->clear, &value))
        state->clear_days++;
    else if (!FAULT(clear_counter_reset_wrongly))
        state->clear_days = 0;
    if (state->clear_days < life->rule->for_days)
        return;
    open_flag(trail, index)->cleared = date;
    *state = (struct rule_state){.raised = 0};
}

static bool take_day(struct trail *trail, const struct plan *plan, const struct history *history,
                     const struct pupil_year *year, uint32_t index, struct subject_work *subjects)
{
    uint16_t date = year->days[index].date;
    struct day_sums today;
    history_sums(history, year, index, &today);
    running_step(&trail->running, date, &today);
    move_windows(trail, plan, history, year, index, &today);
    struct moment moment = {.history = history,
                            .year = year,
                            .running = trail->running,
                            .subjects = subjects,
                            .asked = &trail->asked,
                            .compares = true};
    int32_t day = year->first_day + date;
    for (uint32_t i = 0; i < plan->life_count; i++) {
        const struct life *life = &plan->lives[i];
        if (day < life->from_day || day >= life->to_day)
            continue;
        if (trail->states[i].raised)
            wait_for_clear(trail, &moment, plan, i, date);
        else if (all_hold(trail, &moment, life) && !raise_flag(trail, i, date))
            return false;
    }
    return true;
}

/* Flags of a rule that was changed before the leave are not touched: they end with the rule. */
void trail_leave(struct trail *trail, const struct plan *plan, const struct pupil_year *year, int32_t day)
{
    for (uint32_t i = 0; i < plan->life_count; i++) {
        if (trail->states[i].raised && plan->lives[i].to_day > day) {
            struct trail_flag *flag = open_flag(trail, i);
            flag->cleared = year->days[trail->running.days - 1].date;
            flag->left = 1;
        }
        trail->states[i] = (struct rule_state){.raised = 0};
    }
}

bool trail_walk(struct trail *trail, const struct plan *plan, const struct history *history,
                const struct pupil_year *year, uint32_t days, struct subject_work *subjects)
{
    while (trail->running.days < days)
        if (!take_day(trail, plan, history, year, trail->running.days, subjects))
            return false;
    return true;
}
