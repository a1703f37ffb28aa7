/* The two measures that look for a pattern: one weekday, one subject. */
#ifndef DAEMON_CORE_COLUMNS_PATTERNS_H
#define DAEMON_CORE_COLUMNS_PATTERNS_H

#include "daemon/core/detect/vector/columns_sums.h"

/* Leaves in `bits` the days on which subject_missed_share compares as the condition says. */
void columns_subject(const struct walk *walk, const struct condition *condition, struct day_bits *bits);

/* Leaves the days in whose window a weekday has enough absent days, and half of them all, to be looked at. False: none. */
bool columns_weekdays(const struct walk *walk, const struct condition *condition, struct day_bits *bits);

#endif
