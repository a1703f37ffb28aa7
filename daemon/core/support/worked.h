/* What worked: how much a pupil or a class was absent before something began, and after. Pure; docs/support.md.
 *
 * Before: the latest 20 own days before the day on which it began. After: the own days 6 to 25 after it; the first five are left out,
 * for a measure needs some days to take hold. Whose windows are not whole is no part of any figure. */
#ifndef DAEMON_CORE_SUPPORT_WORKED_H
#define DAEMON_CORE_SUPPORT_WORKED_H

#include "daemon/core/support/intime.h"

#define WORKED_DAYS          20
#define WORKED_LEFT_OUT_DAYS 5
#define WORKED_LIKE_PERMILLE 50 /* cases that began within so much of each other are compared */
#define WORKED_KIND_NONE     (-1)

/* Filled so, zeroed before: days before from the newest on, days after from the oldest on, each with lesson time that is known. */
struct worked_effect {
    int before_days, after_days;
    int64_t before_expected, before_absent, after_expected, after_absent;
    int32_t whole_day; /* the last of the days after; without meaning before is_whole */
};
/* False: there are enough, further ones do not count. */
bool worked_before(struct worked_effect *effect, int64_t expected, int64_t absent);
bool worked_after(struct worked_effect *effect, int32_t day, int64_t expected, int64_t absent);
/* Also false where no time counts at all: every day was leave. */
bool worked_is_whole(const struct worked_effect *effect);
int worked_before_permille(const struct worked_effect *effect);
int worked_after_permille(const struct worked_effect *effect);

/* The first measure of a kind in a case; or, of a case without any, its opening. Whole effects only. */
struct worked_trial {
    int kind;       /* WORKED_KIND_NONE: the opening */
    unsigned kinds; /* a bit for each kind that the case has */
    bool is_first;  /* nothing of the case began before: it stands for the case where others are compared with it */
    int level;      /* the highest confirmed by then */
    int before_permille, after_permille;
    int32_t whole_day;
};

/* Means over cases, each with the same weight. */
struct worked_group {
    int count, before_permille, after_permille;
};

struct worked {
    struct worked_group with, without;
};

/* Measures of that kind whose days after ended in the period; and cases without any, of the same level and within WORKED_LIKE_PERMILLE
 * of one of them at the start, that were whole by the period's end. */
struct worked worked_of(const struct worked_trial *trials, size_t count, int kind, const struct intime_span *span);

#endif
