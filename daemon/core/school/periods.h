/* What a row of an import says about the periods of one pupil, or the places of one terminal: docs/school-files.md, Periods.
 * A period is known by its first date. What differs begins on the day of the import, a later beginning starts a new
 * period, an earlier one lengthens, and an empty field leaves what is known. Pure. */
#ifndef DAEMON_CORE_PERIODS_H
#define DAEMON_CORE_PERIODS_H

#include <stdint.h>
#include "common/ids.h"
#include "common/problems.h"
#include "daemon/core/text.h"

#define PERIODS_MAX 64 /* of one pupil or terminal; more are refused */

/* Both dates are included; open ones stand at the ends of time. */
#define PERIOD_ALWAYS  INT32_MIN
#define PERIOD_FOREVER INT32_MAX

struct period {
    int32_t from_day, to_day;
    char label[2][NAME_BYTES]; /* class and year, or room and place */
    int64_t rowid;             /* the caller's; 0: it is new */
    int64_t known_ms;          /* when what changed it became known; 0: it stands as it was */
    const void *row;           /* the caller's, of the row that tells this; NULL: none does */
};

struct periods { /* by their first date; they do not overlap */
    struct period list[PERIODS_MAX];
    size_t count;
};

/* How rows are meant. */
struct period_terms {
    int32_t today; /* from when something is so that has no date */
    bool first;    /* a school's first import: what has no beginning was always so */
    bool corrects; /* what differs was never true */
};

struct period_row {
    int32_t from_day, to_day; /* CIVIL_DAY_NONE: not told */
    struct text label[2];     /* empty: not told */
    int64_t known_ms;
    const void *row; /* the caller's */
    const char *file;
    int line;
    const int32_t *named; /* first dates that rows about the same tell in this file */
    size_t named_count;
};

enum period_change {
    PERIOD_SAME,
    PERIOD_NEW,        /* nothing was known before */
    PERIOD_MOVED,      /* another label from `day` on */
    PERIOD_CAME_BACK,  /* a period after one that had ended */
    PERIOD_BEGAN,      /* one that goes on from, or lies before, what was known */
    PERIOD_LENGTHENED, /* begins on `day`, earlier than was known */
    PERIOD_LEFT,       /* ends on `day`, where it was open or ended later */
    PERIOD_ENDS,       /* ends on `day`, later than was known */
    PERIOD_CORRECTED   /* another label, all of it */
};

#define PERIOD_CHANGES_MAX 3 /* that one row makes */

struct period_changes {
    size_t place; /* of the period that the row is about, whether or not anything changes */
    size_t count;
    struct {
        enum period_change change;
        int32_t day;
        size_t place; /* in the list, as it was then */
    } list[PERIOD_CHANGES_MAX];
};

/* Takes one row; rows of one pupil are given by their first date. False after adding a problem: nothing is changed. */
bool periods_take(struct periods *periods, const struct period_row *row, const struct period_terms *terms,
                  struct period_changes *changes, struct problems *problems);
/* The period on that date, or NULL. */
const struct period *periods_on(const struct periods *periods, int32_t day);

#endif
