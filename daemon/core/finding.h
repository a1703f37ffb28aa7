/* One finding for a pupil: what is said first of its open flags, as it is on the last decided day (docs/finding.md).
 *
 * Days come in; figures of the latest FINDING_DAYS own days come out, counted by the detector's own measures, so that a sentence
 * cannot count otherwise than a rule does. Which of the flags' conditions leads is a table of pattern and level. Pure; no flag and
 * no person is known here, only one pupil's days of a school year. What is told of the class is told by the caller. */
#ifndef DAEMON_CORE_FINDING_H
#define DAEMON_CORE_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "daemon/core/detect/detect.h"

#define FINDING_DAYS        20 /* own days: four school weeks */
#define FINDING_WELL_DAYS   5  /* a school week */
#define FINDING_MOST_LEAST  3  /* fewer missed lessons of one place in the week say nothing of the place */
#define FINDING_LEVELS      4
#define FINDING_CLASS_LEAST 5 /* pupils: no figure is of fewer (docs/dashboard.md) */

enum finding_pattern {
    FINDING_RUN,        /* whole days in a row */
    FINDING_UNREPORTED, /* what nobody reported */
    FINDING_SPELLS,     /* many short pieces */
    FINDING_SCATTERED,  /* parts of days */
    FINDING_DAYS_AWAY,  /* whole days */
    FINDING_WEEKDAY,
    FINDING_SUBJECT,
    FINDING_RISE,
    FINDING_LATE,
    FINDING_TERM_START,
    FINDING_SHARE, /* much is missed, and nothing else is said of how */
    FINDING_PATTERNS
};
extern const char *const FINDING_PATTERN_WORDS[FINDING_PATTERNS];

enum finding_pattern finding_pattern_of(enum measure measure);
/* Who leads among the conditions of flags of one level, 1 to FINDING_LEVELS: the least rank. */
int finding_rank(int level, enum measure measure);
/* The condition that the pupil's own days alone decide: itself, or of a comparison with the class the count that it compares.
 * False: there is none, as of one weekday against the class. */
bool finding_own_condition(const struct condition *condition, struct condition *own);

/* Figures of the latest own days, each by the measure of that name. */
enum finding_figure {
    FIGURE_ABSENCE_SHARE,
    FIGURE_ABSENT_RUN,
    FIGURE_ABSENT_DAYS,
    FIGURE_PARTIAL_DAYS,
    FIGURE_SPELLS,
    FIGURE_UNREPORTED_LESSONS,
    FIGURE_UNREPORTED_DATES,
    FIGURE_LATE_ARRIVALS,
    FINDING_FIGURES
};
extern const enum measure FINDING_MEASURES[FINDING_FIGURES];

/* What a class came to between two dates, and of how many pupils it was on the day of its fewest. */
struct finding_class {
    int64_t absent_minutes, expected_minutes; /* leave left out */
    int fewest;
};

/* The figures that a pattern's sentence tells: a bit for each. */
extern const uint32_t FINDING_TELLS[FINDING_PATTERNS];

/* The place in the week where most lessons were missed on days of which a part was missed: the lesson of that number of the day, on that weekday. */
struct finding_most {
    int lesson, weekday; /* from 1; Monday 0 */
    int missed, of;      /* of those that count; missed 0: no one place stands out */
};

struct finding_recent {
    int days; /* own days that there are, at most FINDING_DAYS */
    int32_t from_day, to_day;
    int64_t known_minutes, minutes;       /* of lessons that count, and with unknown ones */
    int64_t class_absent, class_expected; /* own minutes on the days on which the pupil was of the class it has now */
    int well_attended, well_lessons, well_days; /* of the latest FINDING_WELL_DAYS: lessons neither leave nor unknown */
};

/* Works on one pupil after the other. */
struct finding;
struct finding *finding_open(void); /* NULL: no memory */
void finding_close(struct finding *finding);

/* The next pupil, and the last day that is decided. */
void finding_begin(struct finding *finding, int32_t through_day);
/* A date of its school year up to there, the newest first; one that is no own day adds nothing. `of_class`: the pupil was of the
 * class that it has now. Days of an older school year are left out. False: no memory. */
bool finding_add(struct finding *finding, int32_t day, bool of_class, const struct outcome *outcomes, size_t count);

/* Of the days themselves: nothing is asked of the detector, so that a list may tell the coverage of each. */
struct finding_recent finding_recent(const struct finding *finding);
struct finding_most finding_most(const struct finding *finding);
/* One figure of the same days. False: it has no own day in this school year, or no memory. */
bool finding_figure(struct finding *finding, enum finding_figure figure, struct evidence *out);
/* The first day from `from_day` on with something missed, or late; CIVIL_DAY_NONE: none. */
int32_t finding_first_sign(const struct finding *finding, int32_t from_day);

/* The first day of the run of absent days that stood on a date; CIVIL_DAY_NONE: none. */
int32_t finding_run_from(const struct finding *finding, int32_t through_day);

/* For what asks the detector itself (finding_json.h): the days, the pupil's number in it, and the day. */
struct detect *finding_detect(struct finding *finding, uint32_t *pupil, int32_t *through_day);

#endif
