/* Every combination of its conditions' steps is a variant of a rule; steps that round to the same threshold are one. */
#include "daemon/core/detect/tune_ladder.h"

#include <math.h>
#include <stdio.h>

enum { MIDDLE = TUNE_STEPS / 2, WHOLE = 100 /* hundredths */, HUNDREDTHS_MAX = 800000 };
#define TAIL_MOST    0.5
#define TAIL_EXACTLY 1e9 /* a ninth decimal and no more, so that a file says the very same */

static const double RATIOS[TUNE_STEPS] = {0.40, 0.55, 0.70, 0.85, 1, 1.20, 1.45, 1.75, 2.10};
static const double TAIL_RATIOS[TUNE_STEPS] = {0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100};

/* A condition's thresholds, each once. */
struct steps {
    struct condition of[TUNE_STEPS];
    int32_t count;
    int32_t at[TUNE_STEPS]; /* by step: which of these; 0 when it is not among those wanted */
};

static double bounded(double value, double least, double most)
{
    return value < least ? least : value > most ? most : value;
}

static struct condition moved(const struct condition *condition, int32_t step)
{
    struct condition to = *condition;
    if (step == MIDDLE)
        return to;
    if (measure_is_tail(to.measure)) {
        double tail = bounded(to.threshold_tail * TAIL_RATIOS[step], 1 / TAIL_EXACTLY, TAIL_MOST);
        to.threshold_tail = round(tail * TAIL_EXACTLY) / TAIL_EXACTLY;
        return to;
    }
    double most = measure_is_share(to.measure) ? 100 * WHOLE : HUNDREDTHS_MAX;
    double hundredths = WHOLE * round(to.threshold_hundredths * RATIOS[step] / WHOLE);
    to.threshold_hundredths = (int32_t)bounded(hundredths, WHOLE, most);
    return to;
}

/* A threshold of nothing, or below, has no ratio to move by. */
static bool can_move(const struct condition *condition)
{
    return measure_is_tail(condition->measure) ? condition->threshold_tail > 0 : condition->threshold_hundredths > 0;
}

/* Few steps lie as far apart as two of many. The one in force is first, so that none that rounds to it comes beside it. */
static void find_steps(const struct condition *condition, int32_t wanted, struct steps *steps)
{
    int32_t apart = wanted <= TUNE_STEPS / 2 + 1 ? 2 : 1, half = can_move(condition) ? wanted / 2 : 0;
    *steps = (struct steps){.count = 1, .of = {*condition}};
    for (int32_t step = MIDDLE - half * apart; step <= MIDDLE + half * apart; step += apart) {
        struct condition next = moved(condition, step);
        int32_t at = 0;
        while (at < steps->count && !condition_same_threshold(&steps->of[at], &next))
            at++;
        if (at == steps->count)
            steps->of[steps->count++] = next;
        steps->at[step] = at;
    }
}

/* How many variants the rule has. Fewer steps than wanted when they would be too many; with one, it has but itself. */
static int32_t find_all_steps(const struct rule *rule, int32_t wanted, struct steps steps[RULE_CONDITIONS_MAX])
{
    for (;; wanted -= 2) {
        int32_t count = 1;
        for (int32_t i = 0; i < rule->condition_count; i++) {
            find_steps(&rule->when[i], wanted, &steps[i]);
            count *= count <= TUNE_RULE_VARIANTS_MAX ? steps[i].count : 1;
        }
        if (count <= TUNE_RULE_VARIANTS_MAX)
            return count;
    }
}

/* A share clears in proportion to what raises it. A count clears at fewer when it raises at fewer, and never at more. */
static void move_clear(struct condition *clear, const struct condition *from, const struct condition *to)
{
    if (clear->measure != from->measure || clear->days != from->days || clear->offset != from->offset ||
        measure_is_tail(clear->measure) || condition_same_threshold(from, to))
        return;
    double hundredths = (double)clear->threshold_hundredths * to->threshold_hundredths / from->threshold_hundredths;
    if (measure_is_share(clear->measure))
        clear->threshold_hundredths = (int32_t)bounded(round(hundredths), 0, 100 * WHOLE);
    else if (to->threshold_hundredths < from->threshold_hundredths && clear->threshold_hundredths > WHOLE)
        clear->threshold_hundredths = (int32_t)(WHOLE * bounded(floor(hundredths / WHOLE), 1, HUNDREDTHS_MAX));
}

/* A larger threshold is stricter where it is to be reached, looser where it is not to be passed. */
static int32_t alike_number(const struct rule *rule, const struct steps *steps, int32_t strictness)
{
    int32_t number = 0, place = 1;
    for (int32_t i = 0; i < rule->condition_count; i++) {
        bool reached = rule->when[i].comparison == COMPARISON_AT_LEAST;
        number += place * steps[i].at[reached ? strictness : TUNE_STEPS - 1 - strictness];
        place *= steps[i].count;
    }
    return number;
}

/* Number 0 of a rule is the rule itself: the first step of each condition is the one in force. */
static void add_variants(struct tune_ladder *ladder, const struct rule *rule, int32_t wanted)
{
    struct steps steps[RULE_CONDITIONS_MAX];
    int32_t count = find_all_steps(rule, wanted, steps), first = ladder->variants.count;
    for (int32_t strictness = 0; strictness < TUNE_STEPS; strictness++)
        ladder->alike[strictness][ladder->count] = first + alike_number(rule, steps, strictness);
    for (int32_t number = 0; number < count; number++) {
        struct rule *variant = &ladder->variants.rule[ladder->variants.count];
        int32_t rest = number;
        *variant = *rule;
        for (int32_t i = 0; i < rule->condition_count; i++) {
            variant->when[i] = steps[i].of[rest % steps[i].count];
            rest /= steps[i].count;
            move_clear(&variant->clear, &rule->when[i], &variant->when[i]);
        }
        snprintf(variant->id, sizeof variant->id, "%d", (int)ladder->variants.count++);
    }
}

static int32_t steps_that_fit(const struct rules *in_force, int32_t severity)
{
    struct steps steps[RULE_CONDITIONS_MAX];
    for (int32_t wanted = TUNE_STEPS; wanted > 1; wanted -= 2) {
        int32_t sum = 0;
        for (int32_t i = 0; i < in_force->count; i++)
            if (in_force->rule[i].severity >= severity)
                sum += find_all_steps(&in_force->rule[i], wanted, steps);
        if (sum <= RULES_MAX)
            return wanted;
    }
    return 1;
}

void tune_ladder(struct tune_ladder *ladder, const struct rules *in_force, int32_t severity)
{
    int32_t wanted = steps_that_fit(in_force, severity);
    ladder->count = 0;
    ladder->variants.count = 0;
    for (int32_t i = 0; i < in_force->count; i++) {
        if (in_force->rule[i].severity < severity)
            continue;
        ladder->rule[ladder->count] = i;
        ladder->first[ladder->count] = ladder->home[ladder->count] = ladder->variants.count;
        add_variants(ladder, &in_force->rule[i], wanted);
        ladder->first[++ladder->count] = ladder->variants.count;
    }
}

void tune_ladder_choose(const struct tune_ladder *ladder, const struct rules *in_force, const uint16_t *chosen,
                        struct rules *out)
{
    *out = *in_force;
    for (int32_t i = 0; i < ladder->count; i++) {
        struct rule *rule = &out->rule[ladder->rule[i]];
        const struct rule *variant = &ladder->variants.rule[chosen[i]];
        for (int32_t j = 0; j < rule->condition_count; j++)
            rule->when[j] = variant->when[j];
        rule->clear = variant->clear;
    }
}
