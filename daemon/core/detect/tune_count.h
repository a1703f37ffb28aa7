/* What rules come to on one half of a school's pupils: new items, their worst week, who of those flagged in autumn missed a
 * lot in spring, and how much was lost before the flag.
 *
 * Rules know nothing of each other, so the flags of many rules are those of each, put together: a rule's flags are worked out
 * once, and any choice of rules is counted from them. An *item* is that of preview.h. Pure; the lists are the caller's. */
#ifndef DAEMON_CORE_TUNE_COUNT_H
#define DAEMON_CORE_TUNE_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TUNE_HALVES 2

/* A pupil's school year. */
struct tune_row {
    uint32_t pupil, class;   /* class of the latest day */
    int32_t first_day;       /* 1 August */
    uint32_t day_from, days; /* its own days among all */
    uint8_t half;            /* of the school */
    bool spring_known;       /* enough of the spring term is known to say how much was missed */
    bool missed;             /* MISSED_PERCENT of it or more */
};

/* A flag, in dates of its school year. */
struct tune_flag {
    uint32_t row, lost; /* thousandths of school days, from the first sign through the day of the flag */
    uint16_t raised, ended;
};
struct tune_flags {
    struct tune_flag *list; /* by row and date of raising */
    size_t count, capacity;
};

struct tune_figures {
    uint32_t items, worst_week;
    uint32_t flagged, found; /* in autumn, of those whose spring is known; of these, who then missed a lot */
    uint64_t lost;           /* thousandths of school days, of all items */
};

/* What counting needs beside the flags. */
struct tune_counting {
    const struct tune_row *rows;
    int32_t first_monday; /* of the first week */
    uint16_t *weeks;      /* items by week from there, all zero before; NULL: the worst week is not counted */
    uint8_t *flagged;     /* set to 1 by row for those flagged in autumn; or NULL */
};

/* Adds a flag to the list. False: no memory. */
bool tune_flags_add(struct tune_flags *flags, struct tune_flag flag);
/* Puts the flags of both lists that are of this half into `into`, by row and date. False: no memory. */
bool tune_flags_gather(struct tune_flags *into, const struct tune_flags *from, const struct tune_row *rows, int half);
void tune_flags_sort(struct tune_flags *flags);
/* Counts the flags of two lists as if they were one. */
void tune_count(const struct tune_counting *counting, const struct tune_flags *some, const struct tune_flags *others,
                int half, struct tune_figures *figures);

#endif
