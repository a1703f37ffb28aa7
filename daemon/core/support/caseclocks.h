/* Which clocks run in a case, from the facts of it: nothing of a clock is stored, so that a corrected calendar or step moves every date
 * that hangs on it. Pure; docs/support.md says what starts and stops each.
 *
 * Not here: the guardian told (a task of the day's lessons, clock_told_by_ms), which is no part of a case. */
#ifndef DAEMON_CORE_SUPPORT_CASECLOCKS_H
#define DAEMON_CORE_SUPPORT_CASECLOCKS_H

#include "daemon/core/support/clocks.h"
#include "daemon/core/support/steps.h"

#define CASE_MEASURES_MAX 50 /* agreed measures of one case */
#define CASE_CLOCKS       (CLOCK_KINDS + CASE_MEASURES_MAX)

#define CASE_SUPPORT_LEVEL 2 /* from here a confirmed flag asks for a contact */
#define CASE_GRAVE_LEVEL   3 /* and from here for the head's decision about an inquiry */
#define CASE_HEAD_LEVEL    4 /* and from here the head alone closes the case */

struct case_measure {
    int32_t began_day, evaluated_day;
};

/* CIVIL_DAY_NONE: it has not happened. */
struct case_facts {
    int32_t opened_day;
    int32_t support_day, grave_day; /* the first confirmation at that level or above */
    size_t step_count, measure_count;
    const struct step *steps; /* in the order in which they began */
    const struct case_measure *measures;
    bool cause_known;    /* so said when the first contact was done */
    int32_t decided_day; /* by the head: an inquiry, or that none is needed */
    bool decided_inquiry;
    int32_t huvudman_told_day;
    int32_t elsewhere_day,
        elsewhere_told_day; /* absent to an extent of which the home municipality is to be told; told */
    int32_t next_day, next_set_day;
    int32_t seen_day; /* the head has looked at the long case */
    int32_t concern_day, concern_answered_day;
};

struct case_clock {
    const struct clock_row *row;
    int32_t began_day, stopped_day; /* stopped CIVIL_DAY_NONE: it runs */
    struct schooldays_due due;
    size_t measure; /* of CLOCK_MEASURE_EVALUATED: which */
};

/* How many; in the order of the table, stopped ones too. */
size_t case_clocks(const struct clocks *clocks, const struct clock_pupil *pupil, const struct schooldays *calendar,
                   const struct case_facts *facts, int32_t today, struct case_clock out[CASE_CLOCKS]);

/* NULL: whoever asks may close the case; else the word for what is in the way: "head_alone", by its level (the highest that was
 * confirmed), or "clock_open", a duty by law that has not been done. The answer to a report of concern is never in the way, so that no
 * refusal tells of the report. */
const char *case_closing_obstacle(const struct case_clock *clocks, size_t count, int level, bool asks_head);

#endif
