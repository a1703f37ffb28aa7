/* Measures: the value of a condition's measure at one own day of a pupil, and whether a comparison with it holds.
 *
 * Windows come as differences of running sums: what the latest k own days add up to, for every k at which a window
 * begins or ends. Integers throughout; tails alone are doubles (docs/detection.md). Used in this folder only. */
#ifndef DAEMON_CORE_MEASURE_H
#define DAEMON_CORE_MEASURE_H

#include "daemon/core/detect/history.h"
#include "daemon/core/detect/rules.h"

#define TERM_AUTUMN_DATES 153 /* August–December of a school year; the rest is the spring term */

/* With fewer days with its sign in the window (tails), or fewer lessons missed on other than absent days
 * (subject_missed_share), a pattern has its neutral value: 1 for tails, 0 for the share. */
#define MEASURE_PATTERN_LEAST 3

/* A class tail is looked at with so many days of the pupil, and so many with the sign. */
enum { CLASS_DAYS = 10, CLASS_SIGNS = MEASURE_PATTERN_LEAST };

/* Thresholds of shares are hundredths of a percent; a share is defined where so much of the time is known. */
enum { HUNDRED_PERCENT = 10000, KNOWN_PERCENT = 80 };

/* State carried from day to day of a school year beside the sums. */
struct running {
    uint16_t days; /* own days so far */
    uint16_t absent_run;
    uint16_t term_days, term_absent_days, term_spells; /* so far this term */
    bool autumn, in_spell;
};
/* Takes the next own day, on `date` of the school year. Corrects its spells: one that continues from the day before
 * does not start on it. */
void running_step(struct running *running, uint32_t date, struct day_sums *sums);

/* The part of a step that does not depend on the date: spell and run. */
static inline void running_go_on(struct running *running, struct day_sums *sums)
{
    if ((sums->spells & DAY_BEGINS_ABSENT) != 0 && running->in_spell)
        sums->of[COLUMN_SPELLS]--;
    if ((sums->spells & DAY_DECIDES) != 0)
        running->in_spell = (sums->spells & DAY_ENDS_ABSENT) != 0;
    if (sums->of[COLUMN_ABSENT_DAYS] > 0)
        running->absent_run++;
    else if (sums->of[COLUMN_EXPECTED] > 0)
        running->absent_run = 0;
}

/* Sums per subject, all zero between two uses. */
struct subject_sums {
    int32_t lessons, missed, minutes, missed_minutes;
};
/* Missed out of proportion: the subject's share of missed minutes is at least three times that of all others together. */
bool measure_stands_out(const struct subject_sums *subject, const struct subject_sums *all);

struct subject_work {
    struct subject_sums *of; /* by subject */
    uint16_t *touched;
};

/* The latest tail of each phase (date modulo 7, a weekday), and the first and last date of that phase that it was taken from:
 * as a window moves on, most weekdays stay as they were. Of one pupil's year; starts as all zero. */
struct tail_memo {
    uint32_t held; /* bits by phase */
    struct {
        uint16_t first, last;
        int32_t days;
        double tail;
    } of[7];
};

/* A pupil at an own day. */
struct moment {
    const struct history *history;
    const struct pupil_year *year;
    struct running running; /* with this day */
    struct subject_work *subjects;
    struct tail_memo *tails; /* or NULL; of a pupil who stays in one class */
    struct span *asked;      /* or NULL; widened to the dates of which the class was asked */
    bool compares; /* what holds is asked for alone: a class tail above its threshold may be told as any such */
};

/* Sums over the latest k own days, for the k at which a condition's windows begin and end: `near` its offset, `far`
 * offset + days, `base` offset + days + baseline_days. Each is COLUMNS long. */
struct window_sums {
    const int32_t *near, *far, *base;
};

struct value {
    bool defined;
    int64_t numerator, denominator;
    double tail;
    int32_t which;                   /* subject or weekday, -1 = none */
    int32_t class_part, class_whole; /* class tail: the rest of the class's days; -1 = not compared */
};

extern const struct value MEASURE_NO_PATTERN; /* the neutral value of patterns: tail 1, share 0 */

void measure_value(const struct moment *moment, const struct condition *condition, const struct window_sums *windows,
                   struct value *value);
/* The value of a tail, given the sum `part` of its column over the window. */
void measure_tail(const struct moment *moment, const struct condition *condition, int32_t part, struct value *value);
bool measure_holds(const struct condition *condition, const struct value *value);
/* Whether a value holds that is less than (-1), equal to (0) or greater than (1) its threshold. */
bool measure_compares(enum comparison comparison, int order);

/* Days with a sign, out of the days on which it can occur. */
struct tally {
    int32_t part, whole;
};
/* The chance of the sign on a day, by the rest of the class. Laplace's rule of succession: never 0 or 1, however few days the
 * rest has. */
double measure_chance(struct tally rest);
/* P(X >= at_least) for X ~ Binomial(trials, p), 0 < p < 1; where that is more than `most`, anything from there up to it.
 * `trials` is at most the days of a year. */
double measure_binomial_tail(int32_t trials, int32_t at_least, double p, double most);

static inline void span_widen(struct span *span, uint32_t from, uint32_t end)
{
    span->from = (uint16_t)(from < span->from ? from : span->from);
    span->end = (uint16_t)(end > span->end ? end : span->end);
}

/* Which own days a window holds, counted from the year's first: from … end - 1. */
struct window_days {
    uint32_t from, end;
};
static inline struct window_days measure_window(uint32_t own_days, int32_t days, int32_t offset)
{
    uint32_t end = own_days > (uint32_t)offset ? own_days - (uint32_t)offset : 0;
    return (struct window_days){end > (uint32_t)days ? end - (uint32_t)days : 0, end};
}

#endif
