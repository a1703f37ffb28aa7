/* A pupil's lessons of one date, and a mark on one of them: corrections by staff, stored by the daemon. */
#include <stdio.h>
#include <string.h>
#include "common/civil.h"
#include "dashboard/api/api_daemon.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"

/* The pupil's outcomes of one date; none: it is not decided. */
static void read_day(struct api_call *call, int32_t date, struct attendance_day *out)
{
    struct attendance_day day = {.day = INT32_MIN};
    struct query rows = attendance_days(call->attendance, call->part, date);
    out->count = 0;
    if (attendance_next_day(&rows, &day) && day.day == date)
        *out = day;
    query_end(&rows);
}

static const struct outcome *outcome_of(const struct attendance_day *day, int64_t lesson)
{
    for (int i = 0; i < day->count; i++)
        if (day->outcomes[i].lesson == lesson)
            return &day->outcomes[i];
    return NULL;
}

static json_t *list_marks(struct api_call *call, int64_t lesson)
{
    struct attendance_mark mark;
    json_t *list = json_array();
    struct query rows = attendance_marks(call->attendance, call->part, lesson);
    while (attendance_next_mark(&rows, &mark))
        api_append(call, list, api_json_mark(&mark));
    return list;
}

/* Of today, begun, and neither a card nor anybody says that the pupil was there: the card may have been forgotten. */
static bool is_unseen(struct api_call *call, const struct attendance_lesson *lesson, const struct outcome *outcome,
                      const json_t *marks)
{
    int64_t start_ms = civil_to_utc_ms(lesson->day, lesson->start_minute * CIVIL_MS_PER_MINUTE);
    bool there = outcome != NULL && outcome->status != STATUS_UNREPORTED && outcome->status != STATUS_UNKNOWN;
    return lesson->day == call->today && start_ms <= call->now_ms && !there && json_array_size(marks) == 0 &&
           !attendance_checked_in(call->attendance, call->part, lesson);
}

static void list_lessons(struct api_call *call, int32_t date, json_t *list)
{
    struct attendance_lesson lesson;
    struct attendance_day day;
    read_day(call, date, &day);
    struct query rows = attendance_pupil_lessons(call->attendance, call->part, date);
    while (attendance_next_lesson(&rows, &lesson)) {
        const struct outcome *outcome = outcome_of(&day, lesson.lesson);
        json_t *row = api_json_lesson(&lesson), *marks = list_marks(call, lesson.lesson);
        api_set(call, row, "status", outcome != NULL ? json_string(STATUS_WORDS[outcome->status]) : json_null());
        api_set(call, row, "absent_minutes", outcome != NULL ? json_integer(outcome->absent_minutes) : json_null());
        api_set(call, row, "unseen", json_boolean(is_unseen(call, &lesson, outcome, marks)));
        api_set(call, row, "marks", marks);
        api_append(call, list, row);
    }
}

static bool date_of_query(struct api_call *call, int32_t *out)
{
    const char *date = http_query(call->request, "date");
    *out = call->today;
    return date == NULL || civil_read_date(date, strlen(date), out);
}

enum http_verdict api_pupil_lessons(struct api_call *call)
{
    int32_t date;
    if (!date_of_query(call, &date))
        return api_error(call, 400, "bad_request");
    if (!api_begin_reading(call))
        return api_error(call, 503, "busy");
    bool may = api_may_id(call, PERMISSION_CORRECT, call->part);
    json_t *list = json_array();
    if (may)
        list_lessons(call, date, list);
    api_end_reading(call);
    if (may && api_audit(call, "view_lessons", call->part))
        return api_json(call, 200, json_pack("{s:o}", "lessons", list));
    json_decref(list);
    return may ? api_error(call, 503, "busy") : api_no_pupil(call, call->part);
}

enum http_verdict api_pupil_mark(struct api_call *call)
{
    const json_t *minutes = json_object_get(call->body, "absent_minutes");
    json_int_t lesson = json_integer_value(json_object_get(call->body, "lesson"));
    char object[API_PART_BYTES + 32];
    if (call->request->pending != NULL)
        return api_told(call, 200, NULL);
    if (lesson < 1 || !*api_text(call, "status"))
        return api_error(call, 400, "bad_request");
    if (!api_lets(call, PERMISSION_CORRECT, call->part))
        return api_no_pupil(call, call->part);
    snprintf(object, sizeof object, "%s %lld", call->part, (long long)lesson);
    if (!api_audit(call, "mark", object))
        return api_error(call, 503, "busy");
    return api_tell_daemon(call, json_pack("{s:s, s:s, s:I, s:[{s:s, s:s, s:I}]}", "do", "marks", "author",
                                           call->user.user, "lesson", lesson, "marks", "pupil", call->part, "status",
                                           api_text(call, "status"), "absent_minutes", json_integer_value(minutes)));
}

static enum http_verdict about_forgotten(struct api_call *call, const char *action, json_t *command)
{
    bool may = api_lets(call, PERMISSION_CORRECT, call->part);
    if (may && api_audit(call, action, call->part))
        return api_tell_daemon(call, command);
    json_decref(command);
    return may ? api_error(call, 503, "busy") : api_no_pupil(call, call->part);
}

/* The pupil was at these lessons of today without a card. */
enum http_verdict api_forgotten(struct api_call *call)
{
    json_t *lessons = json_object_get(call->body, "lessons");
    if (call->request->pending != NULL)
        return api_told(call, 200, "marks");
    if (!json_is_array(lessons))
        return api_error(call, 400, "bad_request");
    return about_forgotten(call, "forgotten_card",
                           json_pack("{s:s, s:s, s:s, s:O}", "do", "forgotten_card", "author", call->user.user, "pupil",
                                     call->part, "lessons", lessons));
}

enum http_verdict api_forgotten_undo(struct api_call *call)
{
    if (call->request->pending != NULL)
        return api_told(call, 200, "marks");
    return about_forgotten(
        call, "forgotten_card_undone",
        json_pack("{s:s, s:s, s:s}", "do", "forgotten_card_undo", "author", call->user.user, "pupil", call->part));
}
