/* The change counters as the text of an event stream. */
#ifndef DASHBOARD_API_CHANGE_H
#define DASHBOARD_API_CHANGE_H

#include "dashboard/attendance/attendance.h"
#include "dashboard/casebook/casebook.h"
#include "dashboard/shell/http.h"

void api_change_text(const struct attendance *attendance, const struct casebook *book,
                     char out[HTTP_STREAM_TEXT_BYTES]);

#endif
