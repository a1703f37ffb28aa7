/* Ages at a date, and whom the school turns to. Pure. Never from the label `year`, which follows no birth date.
 *
 * Who is born on 29 February has the birthday on the 28th in a year without a 29th (lag (1930:173) 1 §: a time in years ends, where the
 * month has no such day, on its last). A guardian's custody ends on the 18th birthday (föräldrabalken 9:1). */
#ifndef DAEMON_CORE_SUPPORT_AGE_H
#define DAEMON_CORE_SUPPORT_AGE_H

#include <stdbool.h>
#include <stdint.h>

#define AGE_ADULT 18

/* Whole months since birth, negative before it: 5 years 11 months are 71. */
int age_months(int32_t birth_day, int32_t on);
/* The day on which that age in years is reached. */
int32_t age_birthday(int32_t birth_day, int years);
/* A birth date that is not known (CIVIL_DAY_NONE) says nothing: not reached. */
bool age_reached(int32_t birth_day, int years, int32_t on);

#endif
