/* School days by the unit's calendar (calendar.csv), for clocks. Pure.
 *
 * A school day is a Monday to Friday within a läsår that is no lov, studiedag, helgdag of the file or public holiday. Holiday school
 * (lovskola) makes none: it counts for the same-day duty alone, which asks for no school day. A school year (1 August to 31 July) of
 * which the calendar has no läsår is counted without it, Monday to Friday without what the file takes out and public holidays, and
 * whoever asks is told. */
#ifndef DAEMON_CORE_SUPPORT_SCHOOLDAYS_H
#define DAEMON_CORE_SUPPORT_SCHOOLDAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "daemon/core/school/schoolfiles.h"

#define SCHOOLDAYS_SPANS_MAX 1000 /* rows of the calendar, of all years that are kept */
#define SCHOOLDAYS_AHEAD_MAX 800  /* days that are looked through for a due date: two school years */

struct schooldays_span {
    enum calendar_kind kind;
    int32_t from_day, to_day; /* CIVIL_DAY_NONE: open */
};

struct schooldays {
    size_t count;
    struct schooldays_span spans[SCHOOLDAYS_SPANS_MAX];
};

/* CIVIL_DAY_NONE: open. False: the calendar is full, the row is left out. */
bool schooldays_add(struct schooldays *calendar, enum calendar_kind kind, int32_t from_day, int32_t to_day);
/* Does the calendar tell of that day's school year? */
bool schooldays_known(const struct schooldays *calendar, int32_t day);
bool schooldays_is(const struct schooldays *calendar, int32_t day);
/* The last day of the last läsår; CIVIL_DAY_NONE: there is none, or it has no end. */
int32_t schooldays_end(const struct schooldays *calendar);

enum day_unit { DAY_UNIT_SCHOOL, DAY_UNIT_WORKING, DAY_UNITS };

struct schooldays_due {
    int32_t day;           /* CIVIL_DAY_NONE: not within SCHOOLDAYS_AHEAD_MAX days */
    bool without_calendar; /* a day on the way is of a school year that the calendar does not tell of */
};

/* The n-th day of that unit after `began`; n of 0 is `began` itself. */
struct schooldays_due schooldays_after(const struct schooldays *calendar, enum day_unit unit, int32_t began, int n);
/* How many days of that unit are after `after` and not after `until`. */
int schooldays_between(const struct schooldays *calendar, enum day_unit unit, int32_t after, int32_t until);

#endif
