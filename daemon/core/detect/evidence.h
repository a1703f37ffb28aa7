/* Evidence: what a condition's measure comes to on one own day of a pupil, summed from the days themselves and not from what
 * the walk keeps, so that what is told of a flag does not rest on what raised it. Pure; used by detect.c only. */
#ifndef DAEMON_CORE_EVIDENCE_H
#define DAEMON_CORE_EVIDENCE_H

#include "daemon/core/detect/detect.h"
#include "daemon/core/detect/measure.h"

/* After the year's first `days` own days, at least one. `subjects` has room for the history's subjects and is left as it was,
 * all zero. */
void evidence_collect(const struct history *history, const struct pupil_year *year, uint32_t days,
                      const struct condition *condition, struct subject_work *subjects, struct evidence *evidence);

#endif
