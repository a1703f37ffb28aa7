/* Support in time, counted over cases: what a page shows of a period, and what may be told of a term outside the school. Pure;
 * docs/support.md says what each figure is.
 *
 * Zeroed, then figures_add for each case, figures_settle once, and figures_tell_few where few may not be told. */
#ifndef DASHBOARD_FIGURES_H
#define DASHBOARD_FIGURES_H

#include "daemon/core/support/worked.h"
#include "dashboard/triage.h"

#define FIGURES_CASES_MAX \
    4000 /* of a school in the years that are kept; further ones are left out, and the log says so */
#define FIGURES_LEVELS   4
#define FIGURES_MEASURES (AGREED_KINDS + 1) /* the last: none */

struct figures_numbers {
    int *of; /* on the heap, figures_free */
    size_t count, room;
};

/* Cases that ended, alike in all four, and how long from flag to contact. */
struct figures_row {
    int cases;
    struct intime_summary contact;
};
#define FIGURES_ROWS (FIGURES_LEVELS * FIGURES_MEASURES * INTIME_DURATIONS * TRIAGE_REASONS)

/* Each from 0 on: level, first measure, duration, outcome. */
static inline size_t figures_row(int level, int kind, int duration, int outcome)
{
    return (size_t)(((level * FIGURES_MEASURES + kind) * INTIME_DURATIONS + duration) * TRIAGE_REASONS + outcome);
}

struct figures {
    struct intime_span span;
    struct intime_summary lags[INTIME_LAGS];
    int first_measures, early;
    int open, asked; /* cases that were open in the period; of these, whose pupil had been asked by its end */
    int outcomes[TRIAGE_REASONS];
    struct {
        int due, missed;
    } clocks[CLOCK_KINDS];
    struct worked worked[AGREED_KINDS];
    struct figures_row rows[FIGURES_ROWS];
    struct figures_numbers numbers[INTIME_LAGS];     /* before they are settled */
    struct figures_numbers waited_rows, waited_days; /* of rows: place and number, as many of each */
    bool failed;                                     /* no memory: less than all was counted */
};

/* A case as it is counted. */
struct figures_case {
    struct intime_case one;
    int outcome; /* of one that ended: its place among the outcomes */
    size_t clock_count;
    const struct case_clock *clocks;
};

void figures_add(struct figures *figures, const struct figures_case *of, const struct schooldays *calendar,
                 int32_t today);
void figures_settle(struct figures *figures, const struct worked_trial *trials, size_t trial_count);
/* Numbers as few_told has them, without what belongs to a number that is not told; shares in whole per cent. */
void figures_tell_few(struct figures *figures);
void figures_free(struct figures *figures); /* what it holds */

#endif
