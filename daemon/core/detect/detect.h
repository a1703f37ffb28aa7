/* The detector: a school's lesson outcomes and rules in, flags with their evidence out (docs/detection.md).
 *
 * The flags are a pure function of the outcomes and the rules. A whole pupil-day is set at a time, in any order and
 * for any past day; what is asked afterwards is always what a recomputation from scratch would say. Does no I/O and
 * knows no clock.
 *
 * Pupils, classes and subjects are small numbers that the caller gives (0, 1, 2 …): tables grow to the largest. All
 * memory is the detector's; it grows with the days that are set, and functions that may need more say so. */
#ifndef DAEMON_CORE_DETECT_H
#define DAEMON_CORE_DETECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "daemon/core/outcome.h"
#include "daemon/core/detect/rules.h"

#define DETECT_PUPILS_MAX       2000000
#define DETECT_CLASSES_MAX      200000
#define DETECT_CLASS_PUPILS_MAX 65535 /* of a class in a school year */
#define DETECT_VERSIONS_MAX     64    /* of the rules */

struct detect;

struct detect *detect_open(void); /* NULL: no memory */
void detect_close(struct detect *detect);

/* `version` of the rules applies from `from_day` on (the first version: give the earliest day, or INT32_MIN). Versions
 * come in the order of their days. Rules that are equal in both keep their state; changed and new ones start afresh
 * that day; flags of changed and removed ones end. Copies the rules. Many days are set faster before
 * the rules are added. False: no memory, or too many versions; close the detector then. */
bool detect_add_rules(struct detect *detect, const struct rules *rules, uint32_t version, int32_t from_day);

/* Says what `day` (days since 1970-01-01) holds for a pupil, in place of what it held; count 0 removes it.
 * `outcomes` are in the order of docs/detection.md (start, subject's name, minutes, status), at most
 * OUTCOME_LESSONS_MAX, minutes at most OUTCOME_MINUTES_MAX, absent minutes at most the lesson's. `class` is the pupil's on that day.
 * Cancelled and exempt ones may be among them: they only say, as any does, that the school year has begun.
 * False: no memory, or DETECT_CLASS_PUPILS_MAX are in the class already; nothing changed. */
bool detect_set_day(struct detect *detect, uint32_t pupil, uint32_t class, int32_t day, const struct outcome *outcomes,
                    size_t count);

/* The pupils whose flags may have become others since they were last taken here: those whose days changed, the
 * classmates where a measure looks at the class, and all of before when a school year begins. Each once; false when there are
 * no more. */
bool detect_next_changed(struct detect *detect, uint32_t *pupil);

/* What the caller knows beside the days: the latest school year that began, by its first day. Those before it have no open flags, in
 * every answer through the pupil's last own day in them or later; so it is, without a word, as soon as anybody has rows in a
 * later year. */
void detect_year_began(struct detect *detect, int32_t first_day);
/* A pupil was in no period at the school on the date after `day`: its open flags end on its last own day up to there, and if it
 * comes back, all rules start afresh. */
struct detect_leave {
    uint32_t pupil;
    int32_t day;
};
/* All of them, by pupil and day, in place of those before; copied. False: no memory, nothing changed. */
bool detect_set_leaves(struct detect *detect, const struct detect_leave *leaves, size_t count);

enum flag_end {
    FLAG_OPEN,
    FLAG_CLEARED,
    FLAG_YEAR_ENDED, /* on the pupil's last own day of its school year */
    FLAG_RULE_ENDED, /* on the day from which the rule was changed or no longer there */
    FLAG_LEFT        /* on the pupil's last own day before it left */
};

struct flag {
    const struct rule *rule; /* valid as long as the detector */
    uint32_t version;        /* of the rules, in force on raised_day */
    int32_t raised_day;
    int32_t ended_day; /* 0 when open */
    enum flag_end end;
};

/* All flags of a pupil as decided by the days up to and including `through_day` (flags are decided at a day's close: a
 * day that is still going on is after it), by school year, rule (in the order of the
 * versions) and day. `flags` is valid until the next call of
 * anything here. False: no memory. */
bool detect_flags(struct detect *detect, uint32_t pupil, int32_t through_day, const struct flag **flags, size_t *count);

/* The value of a condition's measure at the pupil's latest own day not after `day`: the evidence of a flag when asked
 * at its raised_day, the live value when asked at today. */
struct evidence {
    bool defined;
    bool holds;                      /* defined, and the comparison is true */
    int64_t numerator, denominator;  /* denominator 1: a count; absence_rise: the difference of shares as one fraction;
                                     * tails: days with the sign and days (of that weekday) */
    double tail;                     /* of a tail; 0 elsewhere */
    int32_t class_part, class_whole; /* class tails: the same days of the rest of the class; -1: not looked at */
    int32_t which;            /* weekday (0 = Monday) of weekday_tail, subject of subject_missed_share; -1: none */
    int32_t from_day, to_day; /* dates of the window's first and last own day; both 0: the window is empty */
    int32_t own_days;         /* in the window */
};
/* False: the pupil has no own day in the school year of `day` up to it. */
bool detect_evidence(struct detect *detect, uint32_t pupil, int32_t day, const struct condition *condition,
                     struct evidence *evidence);

/* The pupil's latest own day not after `day`, in the school year of `day`. False: there is none. */
bool detect_own_day(const struct detect *detect, uint32_t pupil, int32_t day, int32_t *own_day);

/* The same flags from the stored days alone, without the state that detect_flags keeps: what a backtest asks, and what
 * a test holds against it. Changes nothing, so several threads may ask at a time, each with its own work. */
struct detect_work;
struct detect_work *detect_work_open(const struct detect *detect); /* after the last rules and days */
void detect_work_close(struct detect_work *work);
bool detect_recompute(const struct detect *detect, struct detect_work *work, uint32_t pupil, int32_t through_day,
                      const struct flag **flags, size_t *count);

size_t detect_bytes(const struct detect *detect); /* of memory held */

#endif
