/* The attendance database's part for the versions of the rules; as dashboard/attendance/attendance.h. */
#ifndef DASHBOARD_ATTENDANCE_RULES_H
#define DASHBOARD_ATTENDANCE_RULES_H

#include "dashboard/attendance/attendance.h"

#define ATTENDANCE_RULES_MAX 200 /* older versions are not shown */

struct attendance_rules {
    int64_t version, recorded_ms;
    const char *text, *author, *why, *approver; /* approver "" = none was named */
    int32_t from_day;
};

typedef bool attendance_rules_row(void *into, const struct attendance_rules *rules);
/* Which counts first: by the date from which they do, the latest first. */
bool attendance_rules(struct attendance *attendance, attendance_rules_row *row, void *into);

#endif
