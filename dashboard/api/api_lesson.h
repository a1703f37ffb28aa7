/* Lessons and marks as answers tell of them. */
#ifndef DASHBOARD_API_LESSON_H
#define DASHBOARD_API_LESSON_H

#include "dashboard/api/api_call.h"
#include "dashboard/attendance/attendance_lessons.h"

json_t *api_json_lesson(const struct attendance_lesson *lesson);
json_t *api_json_mark(const struct attendance_mark *mark);

#endif
