/* A teacher's lessons of a date with a proposal for each pupil, and the marks of one lesson. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "dashboard/api/api_daemon.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"

#define GRACE_MINUTES 5 /* a proposal only: what counts is the daemon's roll call */

static int64_t start_of(const struct attendance_lesson *lesson)
{
    return civil_to_utc_ms(lesson->day, lesson->start_minute * CIVIL_MS_PER_MINUTE);
}

static json_t *proposal(const char *status, int minutes)
{
    return json_pack("{s:s, s:i}", "status", status, "absent_minutes", minutes);
}

/* From the latest mark, else the check-in, else a known absence; null when nothing says anything. */
static json_t *propose(const struct attendance_lesson *lesson, const struct attendance_seat *seat)
{
    int length = lesson->end_minute - lesson->start_minute;
    int late = (int)((seat->checked_in_ms - start_of(lesson)) / CIVIL_MS_PER_MINUTE);
    if (seat->mark.status != NULL) {
        bool attended = strcmp(seat->mark.status, "present") == 0 || strcmp(seat->mark.status, "late") == 0;
        return proposal(attended ? seat->mark.status : "absent", seat->mark.absent_minutes);
    }
    if (seat->checked_in_ms)
        return late <= GRACE_MINUTES ? proposal("present", 0) : proposal("late", late);
    return seat->absence != NULL ? proposal("absent", length) : json_null();
}

static json_t *seat_json(struct api_call *call, const struct attendance_lesson *lesson,
                         const struct attendance_seat *seat)
{
    json_t *row = api_json_pupil(&seat->pupil);
    api_set(call, row, "checked_in", civil_json_utc(seat->checked_in_ms));
    api_set(call, row, "absence", seat->absence != NULL ? json_string(seat->absence) : json_null());
    api_set(call, row, "mark", seat->mark.status != NULL ? api_json_mark(&seat->mark) : json_null());
    api_set(call, row, "proposed", propose(lesson, seat));
    return row;
}

/* The pupils of one lesson, into its row. */
static void call_roll(struct api_call *call, const struct attendance_lesson *lesson, json_t *row, json_t *shown)
{
    struct attendance_seat seat;
    int marked = 0;
    json_t *pupils = json_array();
    struct query rows = attendance_seats(call->attendance, lesson);
    while (attendance_next_seat(&rows, &seat)) {
        if (!api_may_at(call, PERMISSION_LESSONS, &seat.pupil, lesson->lesson))
            continue;
        api_append(call, pupils, seat_json(call, lesson, &seat));
        api_append(call, shown, json_string(seat.pupil.pupil));
        marked += seat.mark.status != NULL;
    }
    api_set(call, row, "pupils", pupils);
    api_set(call, row, "marked", json_integer(marked));
}

static void list_lessons(struct api_call *call, int32_t day, json_t *list, json_t *shown)
{
    struct attendance_lesson lesson;
    struct query rows = attendance_lessons_of(call->attendance, call->user.user, day);
    while (!call->failed && attendance_next_lesson(&rows, &lesson)) {
        json_t *row = api_json_lesson(&lesson);
        api_set(call, row, "begun", json_boolean(start_of(&lesson) <= call->now_ms));
        call_roll(call, &lesson, row, shown);
        api_append(call, list, row);
    }
    query_end(&rows);
}

enum http_verdict api_lessons(struct api_call *call)
{
    const char *date = http_query(call->request, "date");
    int32_t day = call->today;
    if (date != NULL && !civil_read_date(date, strlen(date), &day))
        return api_error(call, 400, "bad_request");
    if (!api_begin_reading(call))
        return api_error(call, 503, "busy");
    json_t *list = json_array(), *shown = json_array();
    list_lessons(call, day, list, shown);
    api_end_reading(call);
    api_audit_pupils(call, "list_lessons", shown);
    return api_json(call, 200, json_pack("{s:o, s:o}", "date", civil_json_date(day), "lessons", list));
}

static bool may_name(struct api_call *call, const char *id, int64_t lesson)
{
    struct attendance_pupil pupil;
    struct query rows = attendance_pupil(call->attendance, id);
    bool may = attendance_expects(call->attendance, id, lesson) && attendance_next_known_pupil(&rows, &pupil) &&
               api_may_at(call, PERMISSION_LESSONS, &pupil, lesson);
    query_end(&rows);
    return may;
}

/* Every pupil that the marks name must be one whom the teacher sees in that roll: of others not even that they exist is
 * told. NULL, or the first who is not: "" when the lesson is not the teacher's. */
static const char *refused(struct api_call *call, int64_t lesson, const json_t *marks)
{
    if (!api_begin_reading(call))
        return "";
    const char *pupil = attendance_teaches(call->attendance, call->user.user, lesson) ? NULL : "";
    for (size_t i = 0; pupil == NULL && i < json_array_size(marks); i++) {
        const char *id = json_string_value(json_object_get(json_array_get(marks, i), "pupil"));
        if (id != NULL && !may_name(call, id, lesson)) /* the daemon refuses a mark without a pupil */
            pupil = id;
    }
    api_end_reading(call);
    return pupil;
}

enum http_verdict api_lesson_marks(struct api_call *call)
{
    char *end;
    json_t *marks = json_object_get(call->body, "marks");
    int64_t lesson = strtoll(call->part, &end, 10);
    if (call->request->pending != NULL)
        return api_told(call, 200, "marks");
    if (*end || !json_is_array(marks))
        return api_error(call, 400, "bad_request");
    const char *pupil = refused(call, lesson, marks);
    if (pupil != NULL)
        return *pupil ? api_no_pupil(call, pupil) : api_error(call, 404, "not_found");
    if (!api_audit(call, "mark_lesson", call->part))
        return api_error(call, 503, "busy");
    return api_tell_daemon(call, json_pack("{s:s, s:s, s:I, s:O}", "do", "marks", "author", call->user.user, "lesson",
                                           (json_int_t)lesson, "marks", marks));
}
