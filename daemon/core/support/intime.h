/* Support in time: how long it takes from the first sign to a contact, a mapping, a measure and its evaluation, over many cases. Pure;
 * docs/support.md says what each figure is.
 *
 * A lag is counted once, in the period in which it ended; that from the sign to the flag in the one in which the case was opened. Its
 * length is the school days after its first day until its last. Periods are two dates, both included; terms share no day, so no lag
 * and no end of a case is counted in two of them. CIVIL_DAY_NONE: it has not happened. */
#ifndef DAEMON_CORE_SUPPORT_INTIME_H
#define DAEMON_CORE_SUPPORT_INTIME_H

#include "daemon/core/support/caseclocks.h"

#define INTIME_EARLY_LEVEL 2 /* a first measure at this level or below is early */

enum intime_lag {
    LAG_SIGN_FLAG,
    LAG_FLAG_CONTACT,
    LAG_CONTACT_MAPPING,
    LAG_FLAG_MEASURE,
    LAG_MEASURE_EVALUATED,
    INTIME_LAGS
};
extern const char *const INTIME_LAG_WORDS[INTIME_LAGS];

/* How long a case was open, in school days. */
enum intime_duration { DURATION_UNDER_20, DURATION_20_TO_59, DURATION_60_AND_MORE, INTIME_DURATIONS };
extern const char *const INTIME_DURATION_WORDS[INTIME_DURATIONS];

struct intime_confirmation {
    int severity;
    int32_t day;
};

struct intime_case {
    int32_t sign_day, flag_day; /* of the flags that were confirmed first */
    int32_t opened_day, ended_day, asked_day;
    size_t step_count, measure_count, confirmation_count;
    const struct step *steps;
    const struct case_measure *measures;
    const enum agreed_kind *measure_kinds; /* of each */
    const struct intime_confirmation *confirmations;
};

struct intime_span {
    int32_t from_day, to_day;
};

/* The term that holds that day: 1 August to 31 December, 1 January to 31 July. */
struct intime_span intime_term(int32_t day);
bool intime_has(const struct intime_span *span, int32_t day);

/* The highest level that was confirmed until that day; 0: none. */
int intime_level(const struct intime_case *one, int32_t until);
/* How many lags of that kind the case has in the period, and how long each is. */
size_t intime_lags(const struct intime_case *one, enum intime_lag lag, const struct intime_span *span,
                   const struct schooldays *calendar, int out[CASE_MEASURES_MAX]);
/* Which measure began first; the count: there is none. */
size_t intime_first_measure(const struct intime_case *one);
bool intime_is_early(const struct intime_case *one); /* of a case that has a measure */
bool intime_was_open(const struct intime_case *one, const struct intime_span *span);
enum intime_duration intime_duration(const struct intime_case *one, const struct schooldays *calendar);

/* Where the middle of `count` numbers lies, and what nine in ten of them do not exceed (nearest rank). The median of an even number
 * of them lies between two, so it is told in halves. */
struct intime_summary {
    size_t count;
    int median_halves, ninety;
};
struct intime_summary intime_summarise(int *numbers, size_t count); /* sorts them */

#endif
