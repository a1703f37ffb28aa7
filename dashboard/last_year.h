/* The list from last year: whom to go on following when a school year has ended, so that nobody is forgotten when all flags end
 * with it, and nobody is flagged for it anew. Pure, and a function of facts, flags, cases and decisions: whoever computes it
 * again gets the same list. docs/detection.md says it in words.
 *
 * On it, from 1 August on, is who is still enrolled and has a case that was opened before, or had a flag of LAST_YEAR_SEVERITY or
 * more open within the latest OWN_DAYS_WINDOW own days of the school year that ended. */
#ifndef DASHBOARD_LAST_YEAR_H
#define DASHBOARD_LAST_YEAR_H

#include <stdbool.h>
#include <stdint.h>
#include "dashboard/own_days.h"

#define LAST_YEAR_SEVERITY 3 /* mapping or more (docs/detection.md) */

enum last_year_kind { LAST_YEAR_KEEP_WATCHING, LAST_YEAR_CASE_GOES_ON, LAST_YEAR_NOT_NEEDED, LAST_YEAR_KINDS };
extern const char *const LAST_YEAR_WORDS[LAST_YEAR_KINDS];
bool last_year_kind_read(const char *word, enum last_year_kind *out);
/* A choice, never free text; "" of those that need none. */
bool last_year_is_reason(enum last_year_kind kind, const char *word);

/* A flag of any time. cleared_day CIVIL_DAY_NONE: open. On the days on which it is raised and cleared it is open. */
struct last_year_flag {
    int severity;
    int32_t raised_day, cleared_day;
    bool withdrawn;
};

/* Does the flag put its pupil on the list? `ended`: own_days_before the school year that begins on `begins_day`. */
bool last_year_follows(const struct last_year_flag *flag, const struct own_days *ended, int32_t begins_day);

/* The first date on which new items of those on the list stand with all the others again: 1 October of today's school year. */
int32_t last_year_joins_until(int32_t today);

#endif
