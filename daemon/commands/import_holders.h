/* An import is refused when a card would have two holders at the same time; the error names both. */
#ifndef DAEMON_IMPORT_HOLDERS_H
#define DAEMON_IMPORT_HOLDERS_H

#include "daemon/core/school/school.h"
#include "daemon/core/school/schoolfiles.h"

/* `school` is what would be known then. Adds what it finds to the files' problems, at the row of cards.csv that says so where
 * there is one. The number of a card is never told. */
void import_holders_check(const struct schoolfiles *files, const struct school *school);

#endif
