/* What columns.c works on: a year's prefix sums, by measure and by subject. Used by columns.c only. */
#ifndef DAEMON_CORE_COLUMNS_SUMS_H
#define DAEMON_CORE_COLUMNS_SUMS_H

#include "daemon/core/columns.h"

/* Eight days at a time. Without AVX2 the compiler makes two halves of it. */
typedef int32_t lanes __attribute__((vector_size(32)));
enum { LANES = sizeof(lanes) / sizeof(int32_t) };

enum {
    DAYS_ROUNDED = (YEAR_DATES / LANES + 2) * LANES,
    BEFORE = 3 * RULE_DAYS_MAX, /* zeros: windows reach before the year's first day, and find nothing there */
    MINUTES_MAX = 200000,       /* of a year: times 10000 it still fits in 32 bits */
    CANDIDATES_MAX = 12         /* subjects summed in columns; a pupil with more is measured day by day */
};

/* Prefix sums like those of the columns, for one subject. */
struct subject_column {
    uint16_t subject;
    struct subject_sums sums[BEFORE + DAYS_ROUNDED];
};

struct columns {
    int32_t sums[COLUMNS][BEFORE + DAYS_ROUNDED]; /* [column][BEFORE + n]: of the first n own days */
    int32_t zeros[DAYS_ROUNDED];
    int32_t runs[DAYS_ROUNDED];  /* by own day, from 0 */
    int32_t terms[DAYS_ROUNDED]; /* a term start measure by own day */
    int32_t holds[DAYS_ROUNDED], clears[DAYS_ROUNDED], defined[DAYS_ROUNDED]; /* -1 or 0 */
    struct subject_column candidates[CANDIDATES_MAX]; /* subjects of which enough lessons were missed to stand out */
    struct subject_sums all[BEFORE + DAYS_ROUNDED];
    uint32_t candidate_count; /* CANDIDATES_MAX + 1: there are more */
    bool subjects_filled;
    uint32_t days, spring; /* own days; the first of the spring term */
    struct running running;
    struct day_sums day; /* here and not on the stack, like those below: what is there is cleared at every call */
    int32_t near[COLUMNS], far[COLUMNS], base[COLUMNS];
};

/* The year that is being evaluated. */
struct walk {
    struct columns *columns;
    struct trail *trail;
    const struct plan *plan;
    const struct history *history;
    const struct pupil_year *year;
    struct subject_work *subjects;
};

/* Adds up the year's first `days` own days. What lies after the last of them is never looked at. */
void columns_fill(struct walk *walk, uint32_t days);

/* The value of subject_missed_share at an own day; which subject is not told when it is equal with another. False: too many
 * subjects to be summed in columns. */
bool columns_subject(const struct walk *walk, const struct condition *condition, uint32_t index, struct value *value);

#endif
