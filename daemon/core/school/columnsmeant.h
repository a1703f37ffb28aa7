/* Which column of a school's own header most likely is one of ours: for a question to a person ("did you mean"), who decides.
 * Pure. */
#ifndef DAEMON_CORE_COLUMNSMEANT_H
#define DAEMON_CORE_COLUMNSMEANT_H

#include "daemon/core/text.h"

/* Does `name` mean our column of that name? Case, spaces and signs tell nothing; å, ä and ö may be written without their rings
 * and dots. */
bool columnsmeant(struct text name, const char *column);

#endif
