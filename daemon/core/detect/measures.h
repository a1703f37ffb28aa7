/* The measures, one row each: all that the code knows of a measure beyond the arithmetic of its kind.
 *
 * To add a measure of a kind that exists, add a row and its words (FLAG_WORDS in dashboard/web/i18n); when it counts what no
 * column counts yet, also the column (history_day.h) and how a day adds to it (history_day.c). Order means nothing. */
#ifndef DAEMON_CORE_MEASURES_H
#define DAEMON_CORE_MEASURES_H

#include <stdbool.h>
#include <stdint.h>

/* How a measure's value comes about, and with that which keys it takes and what its threshold is. */
enum measure_kind {
    MEASURE_KIND_COUNT,      /* `part` over the window */
    MEASURE_KIND_SHARE,      /* `part` of `whole` over the window, in percent */
    MEASURE_KIND_RISE,       /* such a share less the one of the window before, in percentage points */
    MEASURE_KIND_RUN,        /* days of `part` in a row up to now; takes no window */
    MEASURE_KIND_TERM_START, /* `part` since the term began, while it is young */
    MEASURE_KIND_WEEKDAY,    /* days of `part` of those of `whole`, on one weekday against the class; a probability */
    MEASURE_KIND_CLASS,      /* the same on any day */
    MEASURE_KIND_SUBJECT,    /* missed lessons of one subject, in percent; `part` is those of all subjects */
    MEASURE_KINDS
};

/* ROW(name, word in rules files and in the API, kind, part, whole): `part` and `whole` are columns of history_day.h. */
#define MEASURE_ROWS(ROW)                                                                \
    ROW(TOTAL_ABSENCE_SHARE, "total_absence_share", SHARE, AWAY, KNOWN)                  \
    ROW(ABSENCE_SHARE, "absence_share", SHARE, ABSENT, EXPECTED)                         \
    ROW(UNREPORTED_SHARE, "unreported_share", SHARE, UNREPORTED, EXPECTED)               \
    ROW(ABSENCE_RISE, "absence_rise", RISE, ABSENT, EXPECTED)                            \
    ROW(ABSENT_DAYS, "absent_days", COUNT, ABSENT_DAYS, NONE)                            \
    ROW(PARTIAL_DAYS, "partial_days", COUNT, PARTIAL_DAYS, NONE)                         \
    ROW(SPELLS, "spells", COUNT, SPELLS, NONE)                                           \
    ROW(UNREPORTED_LESSONS, "unreported_lessons", COUNT, UNREPORTED_LESSONS, NONE)       \
    ROW(UNREPORTED_DATES, "unreported_dates", COUNT, UNREPORTED_DATES, NONE)             \
    ROW(LATE_ARRIVALS, "late_arrivals", COUNT, LATE, NONE)                               \
    ROW(ABSENT_RUN, "absent_run", RUN, ABSENT_DAYS, NONE)                                \
    ROW(TERM_START_ABSENT_DAYS, "term_start_absent_days", TERM_START, ABSENT_DAYS, NONE) \
    ROW(TERM_START_SPELLS, "term_start_spells", TERM_START, SPELLS, NONE)                \
    ROW(WEEKDAY_TAIL, "weekday_tail", WEEKDAY, ABSENT_DAYS, EXPECTED_DAYS)               \
    ROW(PARTIAL_TAIL, "partial_tail", CLASS, PARTIAL_DAYS, NOT_ABSENT_DAYS)              \
    ROW(SPELLS_TAIL, "spells_tail", CLASS, SPELLS, EXPECTED_DAYS)                        \
    ROW(UNREPORTED_TAIL, "unreported_tail", CLASS, UNREPORTED_DATES, EXPECTED_DAYS)      \
    ROW(SUBJECT_MISSED_SHARE, "subject_missed_share", SUBJECT, MISSED, NONE)

enum measure {
#define MEASURE_NAME(name, word, kind, part, whole) MEASURE_##name,
    MEASURE_ROWS(MEASURE_NAME)
#undef MEASURE_NAME
        MEASURES
};

struct measure_form {
    const char *word;
    enum measure_kind kind;
    uint8_t part, whole; /* enum column */
};
extern const struct measure_form MEASURE_FORMS[MEASURES];

/* MEASURES when there is no such measure; `word` may be NULL. */
enum measure measure_called(const char *word);

/* Its threshold is a percentage. */
static inline bool measure_is_share(enum measure measure)
{
    enum measure_kind kind = MEASURE_FORMS[measure].kind;
    return kind == MEASURE_KIND_SHARE || kind == MEASURE_KIND_RISE || kind == MEASURE_KIND_SUBJECT;
}

/* Its value and threshold are probabilities. */
static inline bool measure_is_tail(enum measure measure)
{
    enum measure_kind kind = MEASURE_FORMS[measure].kind;
    return kind == MEASURE_KIND_WEEKDAY || kind == MEASURE_KIND_CLASS;
}

#endif
