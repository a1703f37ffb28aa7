/* The school, counted by class and year, and which of the counts may be told. Pure.
 *
 * A class of fewer than GROUPS_PUPILS_MIN pupils is not told and is no part of any sum: years and the school are the
 * sums of the classes that are. So neither a figure, nor what remains of one when others are taken from it, is of
 * fewer pupils. Numbers of pupils (with a flag, with a case) are not told below that either. A sum of numbers is told
 * only when it gives away none of its untold parts: the rest of the sum is not itself below GROUPS_PUPILS_MIN, and is
 * less than the greatest that the untold parts could be together, for then each of them would be known to be that. */
#ifndef DASHBOARD_GROUPS_H
#define DASHBOARD_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/ids.h"
#include "daemon/core/outcome.h"
#include "daemon/core/school/school.h"

#define GROUPS_PUPILS_MIN   5 /* docs/dashboard.md: no figure is of fewer */
#define GROUPS_CLASSES_MAX  SCHOOL_CLASSES_MAX
#define GROUPS_YEARS_MAX    SCHOOL_YEARS_MAX /* bits of a group's years */
#define GROUPS_BANDS        5                /* of the share of absence: each BAND_PERCENT wide, the last one open */
#define GROUPS_BAND_PERCENT 5

enum groups_number { GROUPS_FLAGGED, GROUPS_CASES, GROUPS_NUMBERS };

struct group {
    char name[NAME_BYTES];
    int year;                           /* of a class: index of its year, -1 when its pupils are of several */
    uint64_t years;                     /* of a class: a bit for each year of its pupils */
    int pupils;                         /* with lesson time that counts in the latest weeks */
    struct outcome_minutes recent;      /* of the latest weeks */
    int64_t year_expected, year_absent; /* of the school year */
    int bands[GROUPS_BANDS];            /* pupils by their share in the latest weeks */
    int numbers[GROUPS_NUMBERS];        /* of pupils */
    bool is_told, number_is_told[GROUPS_NUMBERS];
};

struct groups {
    size_t class_count, year_count;
    struct group classes[GROUPS_CLASSES_MAX], years[GROUPS_YEARS_MAX], school;
};

/* Filled so, zeroed before: a pupil's latest weeks … */
void groups_pupil(struct groups *groups, const char *class, const char *year, const struct outcome_minutes *recent);
/* … then what else is known of those classes; NULL: no pupil has been seen in it. */
struct group *groups_class(struct groups *groups, const char *class);
/* Then, once: sums, and what may be told. */
void groups_settle(struct groups *groups);

/* Are the year's pupils all in classes that are told, and of this year alone? Else a signal of the year would hold pupils
 * that no figure beside it holds. False of a year that nobody is in. */
bool groups_is_whole(const struct groups *groups, const char *year);

/* The school's pupils by their share: neighbouring bands are one until it holds pupils enough. Lowest first; returns
 * how many. */
struct groups_band {
    int from_percent, to_percent; /* to 0: open */
    int pupils;
};
size_t groups_spread(const struct groups *groups, struct groups_band out[GROUPS_BANDS]);

#endif
