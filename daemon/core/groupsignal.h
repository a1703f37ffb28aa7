/* The group signal: a class or a year that is absent far more than usual says something about the day (an illness,
 * a bus), not about each pupil. Raised for the organisation at the day's close; flags stay what they are. Pure. */
#ifndef DAEMON_CORE_GROUPSIGNAL_H
#define DAEMON_CORE_GROUPSIGNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "daemon/core/outcome.h"

#define GROUPSIGNAL_PUPILS_LEAST 5 /* no figure is given of a smaller group */
#define GROUPSIGNAL_WEEKS_MAX    20
#define GROUPSIGNAL_DAYS_MAX     (7 * GROUPSIGNAL_WEEKS_MAX)

struct groupsignal_settings {
    int32_t factor_percent; /* least share of today, in percent of the group's median share */
    int32_t least_percent;  /* least share of today, in percent of the group's lesson time */
    int32_t weeks;          /* before the date that the median is taken from */
    int32_t days_least;     /* least days with lessons for a median */
};
#define GROUPSIGNAL_DEFAULTS                                                     \
    {                                                                            \
        .factor_percent = 200, .least_percent = 15, .weeks = 8, .days_least = 10 \
    }

/* A group on one date: its pupils with lesson time that counts, and the minutes `exp` and `abs` of docs/detection.md. */
struct groupsignal_day {
    int32_t pupils;
    int64_t expected_minutes, absent_minutes;
};

/* Adds one pupil's lessons of the date. */
void groupsignal_add(struct groupsignal_day *day, const struct outcome *outcomes, size_t count);

/* Whether `today` is a signal, given the earlier days `before` (of `weeks` weeks, in any order, at most
 * GROUPSIGNAL_DAYS_MAX). `usual_ppm` is the median of their absent shares in millionths; set when the answer is
 * yes. */
bool groupsignal_holds(const struct groupsignal_settings *settings, const struct groupsignal_day *today,
                       const struct groupsignal_day *before, size_t before_count, int32_t *usual_ppm);

#endif
