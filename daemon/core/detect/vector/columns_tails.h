/* The days on which a tail holds. It depends on classmates and cannot be read from the pupil's columns alone, so it is looked at
 * day by day, on as few days as possible. */
#ifndef DAEMON_CORE_COLUMNS_TAILS_H
#define DAEMON_CORE_COLUMNS_TAILS_H

#include "daemon/core/detect/vector/columns_sums.h"

/* The first of `days` in [index, end) on which the condition holds, as measure_tail and measure_holds say; `end` when there is
 * none. */
uint32_t columns_tail_day(const struct walk *walk, const struct condition *condition, const struct day_bits *days,
                          uint32_t index, uint32_t end);

#endif
