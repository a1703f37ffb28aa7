/* A pupil's own days as the tuner keeps them: how much was missed, and where what a rule looks at begins. Pure. */
#ifndef DAEMON_CORE_TUNE_SIGNS_H
#define DAEMON_CORE_TUNE_SIGNS_H

#include "daemon/core/detect/rules.h"
#include "daemon/core/outcome.h"

struct tune_own_day {
    uint16_t date;     /* of the school year */
    uint16_t missed;   /* thousandths of the day's expected time */
    bool absent, idle; /* all that was expected was missed; nothing was expected */
};

/* False: no own day (docs/detection.md). `minutes` are those of the day. */
bool tune_own_day(const struct outcome_minutes *minutes, uint16_t date, struct tune_own_day *day);
/* School days missed, in thousandths, from the first sign through the own day `index` on which the rule raised a flag. The first sign
 * is the first day with something missed in the earliest window that the rule looks at; in a run, its first day. */
uint32_t tune_lost(const struct tune_own_day *days, uint32_t index, const struct rule *rule);

#endif
