/* Dates that are most likely a slip of a digit: a lesson, tap, absence, mark or outage far from the day of an import. Pure. */
#ifndef DAEMON_CORE_PLAUSIBLE_H
#define DAEMON_CORE_PLAUSIBLE_H

#include "daemon/core/school/schoolfiles.h"

#define PLAUSIBLE_DAYS \
    400 /* before or after today: the school year, the last one, and the next as far as it is planned */

/* Adds what it finds to the files' refusals. */
void plausible_check(const struct schoolfiles *files, int32_t today);

#endif
