/* What was done at the daemon's control socket by somebody else than us, an import or new rules from the command line: the daemon
 * keeps it, and it is taken over into the audit log, once. */
#ifndef DASHBOARD_ACTS_H
#define DASHBOARD_ACTS_H

#include "dashboard/attendance/attendance_rules.h"
#include "dashboard/casebook/casebook.h"

/* When the attendance database has changed. False: not all could be taken; to be tried again. */
bool acts_take(struct casebook *book, struct attendance *attendance, int32_t today);

#endif
