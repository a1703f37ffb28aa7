#include "dashboard/api/api_lesson.h"

#include <stdio.h>
#include <string.h>
#include "common/civil.h"

struct history {
    struct api_call *call;
    bool may;
    int32_t day;
    struct attendance_day outcomes; /* of that date */
    json_t *lessons, *marks;
};

static bool note_pupil(void *into, const struct attendance_pupil *pupil)
{
    struct history *history = into;
    history->may = api_may(history->call, PERMISSION_CORRECT, pupil);
    return false;
}

static bool note_day(void *into, const struct attendance_day *day)
{
    struct history *history = into;
    if (day->day == history->day)
        history->outcomes = *day;
    return day->day < history->day;
}

static const struct outcome *outcome_of(const struct history *history, int64_t lesson)
{
    for (int i = 0; i < history->outcomes.count; i++)
        if (history->outcomes.outcomes[i].lesson == lesson)
            return &history->outcomes.outcomes[i];
    return NULL;
}

static bool add_mark(void *into, const struct attendance_mark *mark)
{
    return json_array_append_new(((struct history *)into)->marks, api_json_mark(mark)) == 0;
}

static bool add_lesson(void *into, const struct attendance_lesson *lesson)
{
    struct history *history = into;
    struct api_call *call = history->call;
    const struct outcome *outcome = outcome_of(history, lesson->lesson);
    json_t *row = api_json_lesson(lesson);
    history->marks = json_array();
    json_object_set_new(row, "status", outcome ? json_string(STATUS_WORDS[outcome->status]) : json_null());
    json_object_set_new(row, "absent_minutes", outcome ? json_integer(outcome->absent_minutes) : json_null());
    json_object_set_new(row, "marks", history->marks);
    return json_array_append_new(history->lessons, row) == 0 &&
           attendance_marks(call->web->attendance, call->part, lesson->lesson, add_mark, history);
}

static bool fill(struct history *history)
{
    struct attendance *attendance = history->call->web->attendance;
    const char *pupil = history->call->part;
    if (!attendance_pupil(attendance, pupil, note_pupil, history))
        return false;
    return !history->may || (attendance_days(attendance, pupil, history->day, note_day, history) &&
                             attendance_pupil_lessons(attendance, pupil, history->day, add_lesson, history));
}

static bool date_of_query(struct api_call *call, int32_t *out)
{
    const char *date = http_query(call->request, "date");
    *out = call->today;
    return !date || civil_read_date(date, strlen(date), out);
}

enum http_verdict api_pupil_lessons(struct api_call *call)
{
    struct history history = {.call = call};
    if (!date_of_query(call, &history.day))
        return api_error(call, 400, "bad_request");
    if (!attendance_begin(call->web->attendance))
        return api_error(call, 503, "busy");
    history.lessons = json_array();
    bool good = fill(&history);
    attendance_end(call->web->attendance);
    good = good && (!history.may || api_audit(call, "view_lessons", call->part));
    json_t *answer = json_pack("{s:o}", "lessons", history.lessons);
    if (good && history.may)
        return api_json(call, 200, answer);
    json_decref(answer);
    return good ? api_error(call, 404, "not_found") : api_error(call, 503, "busy");
}

enum http_verdict api_pupil_mark(struct api_call *call)
{
    struct history history = {.call = call};
    const json_t *minutes = json_object_get(call->body, "absent_minutes");
    json_int_t lesson = json_integer_value(json_object_get(call->body, "lesson"));
    char object[API_PART_BYTES + 32];
    if (call->request->pending)
        return api_told(call, 200, NULL);
    if (lesson < 1 || !*api_text(call, "status"))
        return api_error(call, 400, "bad_request");
    if (!attendance_begin(call->web->attendance))
        return api_error(call, 503, "busy");
    bool good = attendance_pupil(call->web->attendance, call->part, note_pupil, &history);
    attendance_end(call->web->attendance);
    if (good && !history.may)
        return api_error(call, 404, "not_found");
    snprintf(object, sizeof object, "%s %lld", call->part, (long long)lesson);
    if (!good || !api_audit(call, "mark", object))
        return api_error(call, 503, "busy");
    return api_tell_daemon(call, json_pack("{s:s, s:s, s:I, s:[{s:s, s:s, s:I}]}", "do", "marks", "author",
                                           call->user.user, "lesson", lesson, "marks", "pupil", call->part, "status",
                                           api_text(call, "status"), "absent_minutes", json_integer_value(minutes)));
}
