/* The days of a school year many at a time: which of them pass a comparison, as bits; and running sums.
 *
 * Columns are prefix sums by own day, so that what a window adds up to is the difference of two places in a column. The
 * plain functions are the twins of those for AVX2: tests/unit/lanes.c holds them equal. Used in this folder only. */
#ifndef DAEMON_CORE_LANES_H
#define DAEMON_CORE_LANES_H

#include <stdbool.h>
#include <stdint.h>
#include "daemon/core/detect/history_day.h"
#include "daemon/core/detect/rules.h"

#define LANES_DAYS (64 * YEAR_WORDS) /* readable from every place a test is given */

/* Own days, bit 0 of the first word is the year's first. */
struct day_bits {
    uint64_t words[YEAR_WORDS];
};

/* to - from >= least */
struct count_test {
    const int16_t *to, *from;
    int16_t least;
};

/* (left_to - left_from) * left_times - (right_to - right_from) * right_times >= least; everything fits in 32 bits. */
struct share_test {
    const int32_t *left_to, *left_from, *right_to, *right_from;
    int32_t left_times, right_times, least;
};

/* Two windows side by side, `near` to `far` and `far` to `base`, with shares n1 / d1 and n2 / d2:
 * (times * n1 - threshold * d1) * d2 >= times * n2 * d1, or not so where `negated`. Each factor fits in 32 bits. */
struct rise_test {
    const int32_t *part_near, *part_far, *part_base, *whole_near, *whole_far, *whole_base;
    int32_t times, threshold;
    bool negated;
};

enum {
    BEFORE = RULE_OFFSET_MAX +
             2 * RULE_DAYS_MAX, /* zeros: windows reach before the year's first day, and find nothing there */
    PLACES = BEFORE + LANES_DAYS + 64
};
/* [BEFORE + n]: of the first n own days. */
struct minutes_column {
    int32_t sums[PLACES];
};
struct counts_column {
    int16_t sums[PLACES];
};

/* A year's own days, at least one, and a timetable of as many. */
struct mark_test {
    const struct packed_day *days, *timetable;
    uint32_t count;
};

/* The tests leave in `bits` the days that pass, of those that were there, in the first `words` words; true when there are any.
 * The sums turn what each day adds into what the days up to it add up to; `days` may be rounded up to 16. sum_days
 * does so for all columns at a time, which stand side by side in a day, and may write so much too. `mark` sets the bits of
 * the days with exceptions, but for the last day, and of those with another shape than the timetable's. */
struct lanes {
    void (*mark)(const struct mark_test *test, struct day_bits *marked, struct day_bits *strange);
    bool (*count)(const struct count_test *test, struct day_bits *bits, uint32_t words);
    bool (*share)(const struct share_test *test, struct day_bits *bits, uint32_t words);
    bool (*rise)(const struct rise_test *test, struct day_bits *bits, uint32_t words);
    void (*sum_counts)(int16_t *column, uint32_t days);
    void (*sum_minutes)(int32_t *column, uint32_t days);
    void (*sum_days)(const struct day_sums *by_day, uint32_t days, struct minutes_column minutes[MINUTE_COLUMNS],
                     struct counts_column counts[COUNT_COLUMNS]);
};

extern const struct lanes LANES_PLAIN;
const struct lanes *lanes_best(void); /* on this machine */

#endif
