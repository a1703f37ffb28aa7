/* What rules could have been instead: each rule with other thresholds, so that a school can see what they would mean.
 *
 * A threshold moves along a ladder of ratios, from less than half to twice as much (tails: from a hundredth to a hundredfold);
 * shares go to whole percents, counts to whole numbers. A rule of two conditions has each pair of their steps. What clears a
 * rule moves in proportion, so that a flag still does not flicker. Nothing else of a rule changes, and none is left out. Pure. */
#ifndef DAEMON_CORE_TUNE_LADDER_H
#define DAEMON_CORE_TUNE_LADDER_H

#include "daemon/core/detect/rules.h"

#define TUNE_STEPS             9  /* thresholds of a condition, the one in force among them */
#define TUNE_RULE_VARIANTS_MAX 81 /* variants of a rule: three of its conditions have three steps each, five have one */

struct tune_ladder {
    int32_t count;                /* rules that can move: those of the severity or worse */
    int32_t rule[RULES_MAX];      /* which one of the rules in force */
    int32_t first[RULES_MAX + 1]; /* its variants: first[i] … first[i + 1] - 1 */
    int32_t home[RULES_MAX];      /* the variant that is in force */
    /* The variant whose conditions have all moved as far: from loose to strict, the one in force in the middle. */
    int32_t alike[TUNE_STEPS][RULES_MAX];
    struct rules variants; /* at most RULES_MAX in all; their ids are their numbers here */
};

/* As many steps for each condition as fit in RULES_MAX variants: 9, 7, 5, 3, or none. */
void tune_ladder(struct tune_ladder *ladder, const struct rules *in_force, int32_t severity);
/* The rules in force with the chosen variant of each rule that can move. */
void tune_ladder_choose(const struct tune_ladder *ladder, const struct rules *in_force, const uint16_t *chosen,
                        struct rules *out);

#endif
