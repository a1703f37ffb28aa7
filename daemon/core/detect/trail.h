/* A trail: the rules at work along the own days of a pupil's school year, one day after the other.
 *
 * A plan is the rules prepared: each *life* is one rule as long as it stayed the same over the versions, and the window
 * ends of all its conditions are numbered, so that equal windows are summed once. A trail is what the plan needs to know
 * of the days behind it: running sums up to each window end, the state of each rule, and the flags so far. Taking a day
 * costs the same however long the windows are. Used by detect.c and vector/ only. */
#ifndef DAEMON_CORE_TRAIL_H
#define DAEMON_CORE_TRAIL_H

#include "daemon/core/detect/measure.h"

#define PLAN_LIVES_MAX 4096
#define PLAN_ENDS_MAX  (RULE_OFFSET_MAX + 2 * RULE_DAYS_MAX + 1) /* distinct sums of offset, days and baseline_days */

struct window_ends {
    uint16_t near, far, base; /* places in the plan's ends */
    uint16_t column;          /* and the least sum of it over the window, or run, with which the condition can hold */
    int32_t least;
};
struct life {
    const struct rule *rule;
    int32_t from_day, to_day; /* to_day is the first on which it is no longer so; INT32_MAX = goes on */
    struct window_ends when[RULE_CONDITIONS_MAX], clear;
    uint8_t order[RULE_CONDITIONS_MAX]; /* of conditions: those that cost least come first */
    uint8_t asked_last;                 /* bits of the tails that the neutral value does not satisfy: evaluated last */
    bool clears_otherwise;              /* its clear condition is the negation of its only condition */
};
struct plan {
    struct life *lives;
    uint32_t life_count;
    uint16_t ends[PLAN_ENDS_MAX];    /* in own days; the first is 0 */
    uint16_t columns[PLAN_ENDS_MAX]; /* which of them some condition looks at there, as bits */
    uint32_t end_count, sum_count;   /* ends; columns of all of them */
    uint32_t class_signs;            /* bits of the signs that some condition compares with the class */
};

/* Appends a life. False: no memory, or too many. */
bool plan_add(struct plan *plan, const struct rule *rule, int32_t from_day);
void plan_free(struct plan *plan);

struct rule_state {
    uint8_t raised;
    uint8_t clear_days; /* in a row, as far as defined */
};

#define TRAIL_OPEN UINT16_MAX
struct trail_flag {
    uint16_t life;
    uint16_t raised, cleared; /* dates of the school year; TRAIL_OPEN */
    uint16_t left;            /* not cleared by its rule: the pupil left */
};

struct trail {
    struct running running;
    int32_t (*sums)[COLUMNS];  /* by window end: the columns of the plan, 0 in the others */
    struct rule_state *states; /* by life */
    struct span asked;         /* dates on which the class had a say */
    struct trail_flag *flags;
    uint32_t flag_count, flag_capacity;
};

bool trail_open(struct trail *trail, const struct plan *plan); /* False: no memory */
void trail_close(struct trail *trail);
void trail_clear(struct trail *trail, const struct plan *plan);

/* A trail as it is kept with a pupil's year, all in one piece: `bytes` of heap, freed with free. */
struct kept {
    uint32_t bytes, flag_count;
    struct running running;
    struct span asked;
    int32_t sums[]; /* the plan's; after them the states, then the flags */
};
/* Takes the place of `old`, which may be NULL. NULL: no memory; `old` is as it was. */
struct kept *trail_keep(const struct trail *trail, const struct plan *plan, struct kept *old);
/* What this very trail has kept, of the same plan. */
void trail_resume(struct trail *trail, const struct plan *plan, const struct kept *kept);

/* Adds a flag to the list. False: no memory. */
bool trail_add_flag(struct trail *trail, uint32_t life, uint16_t raised, uint16_t cleared);

/* The pupil left after `day`, the own days up to which are behind it: what is raised ends, and all rules start afresh. */
void trail_leave(struct trail *trail, const struct plan *plan, const struct pupil_year *year, int32_t day);

/* Takes the own days of `year` that come next, until `days` are behind it. False: no memory. */
bool trail_walk(struct trail *trail, const struct plan *plan, const struct history *history,
                const struct pupil_year *year, uint32_t days, struct subject_work *subjects);

#endif
