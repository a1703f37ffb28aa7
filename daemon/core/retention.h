/* Retention (gallring): how long each kind of data is kept, and so from which date on it is erased. Pure.
 *
 * Taps, outcomes and flags go by whole school years, and never out of this one or the last: the detector looks at these
 * two, each year by itself, so the flags of what remains are the same before and after. Where the taps of a date are
 * gone its outcomes are frozen: no roll is taken of it any more.
 *
 * Source of the defaults: raw taps this and the last school year, lesson outcomes three; the rest is the school's own
 * document plan (dokumenthanteringsplan) to decide. */
#ifndef DAEMON_CORE_RETENTION_H
#define DAEMON_CORE_RETENTION_H

#include <stdint.h>

enum retention_kind {
    RETENTION_TAPS,      /* cards held to readers */
    RETENTION_OUTCOMES,  /* what the roll call said of each lesson */
    RETENTION_ABSENCES,  /* reported absence and leave */
    RETENTION_MARKS,     /* teachers' words and corrections */
    RETENTION_REGISTER,  /* timetable, memberships that ended, earlier versions of the register */
    RETENTION_FLAGS,     /* with evidence and history, withdrawn ones too */
    RETENTION_TASKS,     /* guardians that were to be told */
    RETENTION_GUARDIANS, /* of pupils who left */
    RETENTION_PUPILS,    /* who left: everything about them */
    RETENTION_KINDS
};

extern const char *const RETENTION_WORDS[RETENTION_KINDS];

#define RETENTION_YEARS_LEAST 2 /* what the detector looks at */
#define RETENTION_YEARS_MOST  10

/* A machine's clock that is wrong erases what cannot be had back. Cards are held to readers all through a term, and not for
 * ten weeks in summer: a today by which none was for so long is not believed. Those of the last days do not count, for
 * they got their date by the same clock. */
#define RETENTION_SILENCE_DAYS 120
#define RETENTION_RECENT_DAYS  14

/* What was done at the control socket and is in the dashboard's log is kept for it beside that: as long as a casebook that is put
 * back may be old and still take it over again. */
#define RETENTION_ACT_DAYS_MAX 30

struct retention_settings {
    int taps_years;     /* school years kept, the running one counted; not more than outcomes_years */
    int outcomes_years; /* outcomes, absences, marks, register */
    int flags_years;    /* flags, tasks */
    int left_years;     /* pupils who left */
    int guardian_days;  /* after the pupil left */
};
#define RETENTION_DEFAULTS                                                                           \
    {                                                                                                \
        .taps_years = 2, .outcomes_years = 3, .flags_years = 3, .left_years = 2, .guardian_days = 90 \
    }

/* School years that a kind is kept, 0 when it goes by days. */
int retention_years(const struct retention_settings *settings, enum retention_kind kind);
/* The first date of the last `years` school years, the one of `on` counted. */
int32_t retention_years_begin(int years, int32_t on);
/* The next turn of the school year after `on`. */
int32_t retention_turn(int32_t on);
/* On date `on` what is older than this is erased: dated before it, or (guardians, pupils) of pupils who left before it. */
int32_t retention_before(const struct retention_settings *settings, enum retention_kind kind, int32_t on);

#endif
