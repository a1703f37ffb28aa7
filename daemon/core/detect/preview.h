/* What rules would mean for a school: how many pupils they flag, and how many new flags come a week, by severity, year,
 * class size and rule, so that a person can decide on thresholds before they count.
 *
 * An *item* is what somebody has to look at: a pupil who comes to have an open flag of a severity or worse while having none.
 * Rules that join an open flag are no new item. Pure; the caller owns everything it gives. */
#ifndef DAEMON_CORE_PREVIEW_H
#define DAEMON_CORE_PREVIEW_H

#include "daemon/core/detect/detect.h"
#include "daemon/core/school/names.h"

#define PREVIEW_YEARS_MAX  64
#define PREVIEW_SIZES      4 /* classes under 10, under 20, under 30, larger */
#define PREVIEW_SEVERITIES 4
#define PREVIEW_LEAST      5    /* no figure of a group with fewer pupils */
#define PREVIEW_WEEKS_MAX  1024 /* from the week of the first date */

extern const uint32_t PREVIEW_SIZE_ENDS[PREVIEW_SIZES]; /* a class of each group has fewer pupils */

struct preview_pupil {
    uint32_t class, year; /* numbers of the caller; year below PREVIEW_YEARS_MAX */
    uint32_t weeks;       /* with a lesson of this pupil */
    int32_t last_monday;
};

/* The school that rules are tried on. */
struct preview_school {
    struct preview_pupil *pupils; /* under the detector's numbers */
    uint32_t pupil_count, class_count;
    const struct names *years;
    int32_t first_day, last_day; /* of all lessons; first_day INT32_MAX = there are none */
    uint64_t weeks[PREVIEW_WEEKS_MAX / 64];
};

struct preview_count {
    uint32_t pupils, pupil_weeks;
    uint32_t over;                      /* have an open flag on the last day */
    uint32_t flagged;                   /* have had a flag */
    uint32_t flags[PREVIEW_SEVERITIES]; /* raised, of severity 1, 2 … */
    uint32_t items[PREVIEW_SEVERITIES]; /* of that severity or worse */
};

struct preview {
    struct preview_count all, years[PREVIEW_YEARS_MAX], sizes[PREVIEW_SIZES];
    struct {
        uint32_t flags, pupils;
    } rules[RULES_MAX];
};

/* No lesson yet; everything zero but the dates. `pupils` has room for all that come, zeroed. */
void preview_school_init(struct preview_school *school, struct preview_pupil *pupils, const struct names *years);
/* A pupil had lessons on this date. A pupil's dates come in their order; none is before `first_possible`, and none
 * PREVIEW_WEEKS_MAX weeks after it. */
void preview_school_day(struct preview_school *school, uint32_t pupil, int32_t first_possible, int32_t day);
uint32_t preview_weeks(const struct preview_school *school); /* with a lesson */
/* The year that a class's name begins with ("8" of "8B"); the empty text when it begins with none. */
struct text preview_year_of_class(struct text class_name);

/* Tries `rules`, which are those of `detect`. False: no memory. */
bool preview_run(struct preview *preview, const struct preview_school *school, const struct detect *detect,
                 const struct rules *rules);

#endif
