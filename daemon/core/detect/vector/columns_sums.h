/* A year's prefix sums, by measure and by subject: over its own days, so that a window is a difference. Used in this folder
 * only. */
#ifndef DAEMON_CORE_COLUMNS_SUMS_H
#define DAEMON_CORE_COLUMNS_SUMS_H

#include <assert.h>
#include "daemon/core/detect/trail.h"
#include "daemon/core/detect/vector/lanes.h"

/* Columns of minutes before, of counts from here. */
#define COUNTS_FROM COLUMN_ABSENT_DAYS

enum {
    MINUTES_MAX =
        100000, /* of a year: times 10000, and two of these, it still fits in 32 bits; above, trail_walk does it */
    LESSONS_LISTED = YEAR_DATES * OUTCOME_LESSONS_MAX + 2,
    NO_SHAPE = -1,
    SUBJECT_ALL = -1,
    SUBJECT_NONE = -2
};
static_assert(LESSONS_LISTED <= UINT16_MAX, "a lesson's place in a list fits in 16 bits");

/* A lesson missed, or with nothing expected (unknown, leave), on a day that is not an absent day. */
struct odd_lesson {
    uint16_t day, subject, minutes; /* own day; minutes missed, or of the lesson */
    uint16_t before;                /* of the missed: the one of its subject before it, 0 = none */
};

/* Lessons of one subject or of all, or their minutes: those expected of the pupil, and those missed. */
struct subject_columns {
    int32_t subject; /* or SUBJECT_… */
    bool in_minutes;
    struct minutes_column given, missed;
};

/* Absent days on one weekday, and how many more they are than on all others. */
struct weekday_column {
    struct counts_column absent, excess;
};

/* Prefix sums of a class's counts, up to a date without the date. */
struct class_sums {
    const struct class_year *class;
    uint64_t changes; /* of the history, when they were summed */
    int32_t of[SIGNS][YEAR_DATES + 1];
};

/* On which side of a threshold a class tail is known to be: it grows with the chance. */
struct known_tail {
    double threshold;
    int32_t part, whole;
    double below, above; /* the largest chance that is known to give less, the smallest that gives more */
};
#define KNOWN_TAILS 1024 /* a direct-mapped cache: a collision replaces the entry */

struct columns {
    const struct lanes *lanes;
    uint32_t days, words; /* own days; words of bits that hold them */
    uint32_t spring;      /* the first own day of the spring term */
    struct day_bits all;
    bool idle_days; /* there are own days with exp = 0, perhaps after these */
    struct running running;
    struct day_sums by_day[LANES_DAYS];      /* what is summed: the timetable, under the marked days during the sum */
    struct packed_day timetable[LANES_DAYS]; /* the shapes that it is of; NO_SHAPE */
    struct minutes_column minutes[COUNTS_FROM]; /* the last two places are empty */
    struct counts_column counts[COUNT_COLUMNS];
    int16_t zeros[LANES_DAYS];
    int16_t runs[LANES_DAYS];          /* absent run by own day */
    int16_t terms[LANES_DAYS];         /* a term start measure by own day */
    uint16_t marked[YEAR_DATES];       /* own days with exceptions */
    column_lanes attended[YEAR_DATES]; /* their timetable values, restored after the sum */
    uint32_t marked_count;
    struct tail_memo tails;
    struct class_sums class_sums;
    struct known_tail known_tails[KNOWN_TAILS];
    bool weekdays_filled, subjects_listed, shapes_placed, spell_days_filled;
    struct counts_column spell_days; /* own days on which one starts */
    uint32_t weekday_count;
    struct weekday_column weekdays[7]; /* those with enough absent days to be looked at */
    struct subject_columns lessons, minutes_of_subject, all_minutes;
    struct odd_lesson missed[LESSONS_LISTED], excused[LESSONS_LISTED];
    uint32_t missed_count, excused_count; /* missed: from place 1 */
    uint16_t chains[LESSONS_LISTED];      /* the latest missed lesson of each subject */
    uint32_t chain_count;
    uint32_t shapes[YEAR_DATES + 1];   /* by place */
    int32_t of_shape[YEAR_DATES + 1];  /* what the subject that is being summed has of it */
    uint16_t shape_places[YEAR_DATES]; /* by own day */
    uint32_t shape_count;
};

/* The year that is being evaluated. */
struct walk {
    struct columns *columns;
    struct trail *trail;
    const struct plan *plan;
    const struct history *history;
    const struct pupil_year *year;
    struct subject_work *subjects;
    struct moment *moment; /* the own day whose tail is asked for */
};

/* Adds up the year's first `days` own days. Places after the last of them are undefined. */
void columns_fill(struct walk *walk, uint32_t days);

static inline bool columns_absent_day(const struct columns *columns, uint32_t index)
{
    const int16_t *absent = columns->counts[COLUMN_ABSENT_DAYS - COUNTS_FROM].sums + BEFORE + index;
    return absent[1] != absent[0];
}

static inline int32_t columns_year_sum(const struct columns *columns, enum column column)
{
    uint32_t last = BEFORE + columns->days;
    return column < COUNTS_FROM ? columns->minutes[column].sums[last]
                                : columns->counts[column - COUNTS_FROM].sums[last];
}

/* By own day, what the days up to `days_back` days before it add up to. */
static inline const int32_t *minutes_edge(const struct minutes_column *column, int32_t days_back)
{
    return &column->sums[BEFORE + 1 - days_back];
}
static inline const int16_t *counts_edge(const struct counts_column *column, int32_t days_back)
{
    return &column->sums[BEFORE + 1 - days_back];
}

static inline bool day_is(const struct day_bits *bits, uint32_t index)
{
    return (bits->words[index / 64] >> index % 64 & 1) != 0;
}

/* The first of the days from `index` on; `end` when there is none before it. */
static inline uint32_t next_day(const struct day_bits *bits, uint32_t index, uint32_t end)
{
    if (index >= end)
        return end;
    uint32_t word = index / 64;
    uint64_t left = bits->words[word] & ~UINT64_C(0) << index % 64;
    while (left == 0 && 64 * ++word < end)
        left = bits->words[word];
    uint32_t found = left == 0 ? end : 64 * word + (uint32_t)__builtin_ctzll(left);
    return found < end ? found : end;
}

#endif
