/* The day's tasks: a guardian is to be told, from the 18th birthday on the pupil is to be talked to; those around an unaccompanied or
 * placed child are to be contacted (docs/support.md). */
#ifndef DASHBOARD_API_TASKS_H
#define DASHBOARD_API_TASKS_H

#include "dashboard/api/api_call.h"

/* With whom to turn to, and what has been said of it. Between api_begin_reading and _end. */
json_t *api_json_task(struct api_call *call, const struct attendance_task *task);

#endif
