/* When the school turns to those around an unaccompanied or placed child the same day: on the first whole day without any word.
 * Pure; docs/support.md says why. A person contacts them, never the program.
 *
 * Source: the national guidance on unaccompanied children who go missing (November 2024); the first day and not a later one. */
#ifndef DAEMON_CORE_SUPPORT_SAMEDAY_H
#define DAEMON_CORE_SUPPORT_SAMEDAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "daemon/core/outcome.h"

#define SAMEDAY_BACK_DAYS 400 /* so far back is looked for the day before: a school year, and a summer */
#define SAMEDAY_AGE       18  /* föräldrabalken 9:1, lag (2005:429): a god man's task ends with the childhood */

/* What a date tells of where a pupil was. Lessons that are unknown, cancelled or exempt tell nothing. */
enum sameday {
    SAMEDAY_NOTHING, /* no lesson tells anything */
    SAMEDAY_WORD,    /* the pupil was there, also in part, or somebody said where the pupil was */
    SAMEDAY_MISSED   /* the pupil missed all of it, and nobody said anything */
};
enum sameday sameday_of(const struct outcome *outcomes, size_t count);

/* Of the pupil, on the date. */
struct sameday_pupil {
    bool has_god_man, is_placed;
    int32_t birth_day; /* CIVIL_DAY_NONE: not told, and a child */
};
bool sameday_is_meant(const struct sameday_pupil *pupil, int32_t day);

#endif
