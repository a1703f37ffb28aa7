/* The attendance database's part for the versions of the rules, and for acts at the control socket; as dashboard/attendance/attendance.h. */
#ifndef DASHBOARD_ATTENDANCE_RULES_H
#define DASHBOARD_ATTENDANCE_RULES_H

#include "dashboard/attendance/attendance.h"

struct attendance_rules {
    int64_t version, recorded_ms;
    const char *text, *author, *why, *approver; /* approver "" = none was named */
    int32_t from_day;
};

/* Which counts first: by the date from which they do, the latest first. */
struct query attendance_rules(struct attendance *attendance);
bool attendance_next_rules(struct query *rows, struct attendance_rules *out);

struct attendance_act {
    int64_t act, at_ms;
    const char *action, *object; /* in the words of the audit log */
};

/* With a higher number, or later than that. */
struct query attendance_acts(struct attendance *attendance, int64_t after_act, int64_t after_ms);
bool attendance_next_act(struct query *rows, struct attendance_act *out);

#endif
