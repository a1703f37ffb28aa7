/* The latest own days of a pupil in a school year, and the school time lost in them.
 *
 * An own day is a date with known lesson time, leave too (docs/detection.md, Days). School time lost is every minute missed in
 * those days for whatever reason, granted leave too: the numerator of total_absence_share (docs/detection.md, Measures). This is
 * the only place where it is defined. */
#ifndef DASHBOARD_OWN_DAYS_H
#define DASHBOARD_OWN_DAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "daemon/core/outcome.h"

#define OWN_DAYS_WINDOW 40 /* school days: eight weeks */

struct attendance;

struct own_days {
    int count;
    int32_t from_day, to_day; /* the first and the last of them; without meaning when there is none */
    int64_t lost_minutes;
};

/* Adds a date, the newest first; one that is no own day adds nothing. False: there are OWN_DAYS_WINDOW, older ones do not count. */
bool own_days_add(struct own_days *days, int32_t day, const struct outcome *outcomes, size_t count);

/* The latest before that date, of its school year: that of the day before. Between attendance_begin and _end. */
struct own_days own_days_before(struct attendance *attendance, const char *pupil, int32_t before);

#endif
