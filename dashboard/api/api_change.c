/* The change counters as the text of one server-sent event. */
#include "dashboard/api/api_change.h"

#include <inttypes.h>
#include <stdio.h>

void api_change_text(const struct attendance *attendance, const struct casebook *book, char out[HTTP_STREAM_TEXT_BYTES])
{
    struct attendance_changes changes = attendance_changes(attendance);
    snprintf(out, HTTP_STREAM_TEXT_BYTES,
             "event: change\ndata: {\"status\": %" PRIu32 ", \"flags\": %" PRIu32 ", \"terminals\": %" PRIu32
             ", \"answers\": %" PRIu32 "}\n\n",
             changes.status, changes.flags, changes.terminals, casebook_changes(book));
}
