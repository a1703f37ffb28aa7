/* Looks for the choice of thresholds with the best yield (tune_gain.h) on one half of the pupils, for each of a few loads.
 *
 * From the rules in force, from all of them stricter or looser alike, and from each best choice on, every other variant of every rule is tried alone; the best that fits a
 * load is where the search goes on, until no single change is better. A choice pays TUNE_MOVE_POINTS for each rule that is not as in
 * force, so that nothing is changed for next to nothing; of equals, fewer items, then less lost before the flag. Pure. */
#ifndef DAEMON_CORE_TUNE_SEARCH_H
#define DAEMON_CORE_TUNE_SEARCH_H

#include "daemon/core/detect/tune_count.h"
#include "daemon/core/detect/tune_ladder.h"

#define TUNE_LOADS          4 /* a quarter, half, three quarters and all of the capacity */
#define TUNE_CANDIDATES_MAX 5000
#define TUNE_MOVE_POINTS    1

struct tune_choice {
    uint16_t chosen[RULES_MAX]; /* a variant for each rule of the ladder */
    int32_t moved;              /* rules that are not as in force */
    int64_t score;
    uint64_t lost;
    uint32_t items;
    bool found, tried_from; /* there is one; its single changes have been tried */
};

struct tune_search {
    /* Given: */
    const struct tune_ladder *ladder;
    const struct tune_flags *flags; /* by variant */
    struct tune_counting counting;
    int half;                        /* to search on */
    int64_t missed, attended;        /* school years of the half, by their spring */
    uint64_t items_most[TUNE_LOADS]; /* new items of the half that each load has room for, rising */
    /* Found: */
    struct tune_choice best[TUNE_LOADS];
    uint32_t tried;
    /* Under way: */
    struct tune_choice from;
    int32_t rule; /* of the ladder, whose variants are tried next */
    struct tune_flags others;
};

/* What is given has been put in; the rest is zero. False: no memory. */
bool tune_search_begin(struct tune_search *search);
/* Tries the variants of one more rule. False: there is nothing more to try, or TUNE_CANDIDATES_MAX have been, or, with
 * *room false, there is no memory. */
bool tune_search_step(struct tune_search *search, bool *room);
void tune_search_end(struct tune_search *search);
/* The best choice for a load; NULL when none fits. Until tune_search_end. */
const struct tune_choice *tune_search_best(const struct tune_search *search, int load);
/* The flags of a choice on a half, in order. False: no memory. */
bool tune_search_flags(const struct tune_search *search, const uint16_t *chosen, int half, struct tune_flags *into);

#endif
