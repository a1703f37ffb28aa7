/* Dates that are most likely a slip of a digit: a lesson, tap, absence, mark or outage far from the day of an import, and a
 * birth date of somebody too young or too old for a school. Pure. */
#ifndef DAEMON_CORE_PLAUSIBLE_H
#define DAEMON_CORE_PLAUSIBLE_H

#include "daemon/core/school/schoolfiles.h"

#define PLAUSIBLE_DAYS \
    400 /* before or after today: the school year, the last one, and the next as far as it is planned */

#define PLAUSIBLE_AGE_LEAST 4  /* of a pupil's age: förskoleklass begins at 5 or 6 … */
#define PLAUSIBLE_AGE_MOST  30 /* … and anpassad gymnasieskola is left at 24 at the latest */

/* Adds what it finds to the files' refusals. */
void plausible_check(const struct schoolfiles *files, int32_t today);

#endif
