/* The days on which pupils left the school, one list in the order of pupil and day. */
#ifndef DAEMON_CORE_DETECT_LEAVES_H
#define DAEMON_CORE_DETECT_LEAVES_H

#include "daemon/core/detect/detect.h"

/* Below, equal to or above 0, as for qsort. */
int leaves_compare(const struct detect_leave *a, const struct detect_leave *b);
/* Those of a pupil in the school year that begins on `first_day`: returns how many, from *first on, which may be read
 * even when there are none. The list lives as long as *first is used; it may be NULL when it is empty. */
size_t leaves_of(const struct detect_leave *list, size_t count, uint32_t pupil, int32_t first_day,
                 const struct detect_leave **first);

#endif
