/* The study grant of pupils of a gymnasium: whom a school looks at when it judges whether invalid absence is to be reported. Pure.
 * It lists; a person decides to report or to refrain, and nothing is sent.
 *
 * Source: CSN's rule of thumb for schools, repeated invalid absence of four hours or more in a month, late arrival and early leaving
 * included. A report comes no sooner than 15 days after its first day, and normally not before 30. Figures of the school's guidance,
 * no law; a person must check them. */
#ifndef DAEMON_CORE_SUPPORT_GRANT_H
#define DAEMON_CORE_SUPPORT_GRANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "daemon/core/outcome.h"

#define GRANT_MINUTES    240
#define GRANT_DATES      2  /* on so many dates at least it is repeated */
#define GRANT_LEAST_DAYS 15 /* from the first day until it may be reported */
#define GRANT_USUAL_DAYS 30 /* before that only with a reason */
#define GRANT_AGE        20 /* studiehjälp, and skollagen 15:15 and 29:9: under that age */

/* Of one pupil and calendar month. Zero but first_day CIVIL_DAY_NONE to begin with. */
struct grant {
    int32_t first_day; /* the earliest date with invalid absence */
    int minutes, dates;
};

void grant_add(struct grant *grant, int32_t day, const struct outcome *outcomes, size_t count);
bool grant_is_listed(const struct grant *grant);

enum grant_when { GRANT_TOO_EARLY, GRANT_WITH_REASON, GRANT_USUAL };
enum grant_when grant_when(const struct grant *grant, int32_t today);

#endif
