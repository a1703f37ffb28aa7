#include "dashboard/api/api_lesson.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"

#define LESSONS_MAX   24 /* of one teacher on one date */
#define MS_PER_MINUTE 60000
#define GRACE_MINUTES 5 /* a proposal only: what counts is the daemon's roll call */

json_t *api_json_lesson(const struct attendance_lesson *lesson)
{
    return json_pack("{s:I, s:s, s:s, s:s, s:o, s:o}", "lesson", (json_int_t)lesson->lesson, "subject", lesson->subject,
                     "group", lesson->group, "room", lesson->room, "start", api_json_minute(lesson->start_minute),
                     "end", api_json_minute(lesson->end_minute));
}

json_t *api_json_mark(const struct attendance_mark *mark)
{
    return json_pack("{s:s, s:i, s:s, s:o}", "status", mark->status, "absent_minutes", mark->absent_minutes, "author",
                     mark->author, "at", civil_json_utc(mark->at_ms));
}

/* The rolls of a date: first the lessons, then the pupils of each. */
struct rolls {
    struct api_call *call;
    size_t count;
    struct attendance_lesson lessons[LESSONS_MAX]; /* numbers and times only */
    json_t *list, *shown;
    size_t at; /* the lesson whose pupils are being read */
    json_t *pupils;
    int marked;
};

static int64_t start_of(const struct attendance_lesson *lesson)
{
    return civil_to_utc_ms(lesson->day, lesson->start_minute * MS_PER_MINUTE);
}

static bool add_lesson(void *into, const struct attendance_lesson *lesson)
{
    struct rolls *rolls = into;
    rolls->lessons[rolls->count++] = (struct attendance_lesson){.lesson = lesson->lesson,
                                                                .day = lesson->day,
                                                                .start_minute = lesson->start_minute,
                                                                .end_minute = lesson->end_minute};
    json_t *row = api_json_lesson(lesson);
    json_object_set_new(row, "begun", json_boolean(start_of(lesson) <= rolls->call->now_ms));
    return json_array_append_new(rolls->list, row) == 0 && rolls->count < LESSONS_MAX;
}

static json_t *proposal(const char *status, int minutes)
{
    return json_pack("{s:s, s:i}", "status", status, "absent_minutes", minutes);
}

/* From the latest mark, else the check-in, else a known absence; null when nothing says anything. */
static json_t *propose(const struct attendance_lesson *lesson, const struct attendance_seat *seat)
{
    int length = lesson->end_minute - lesson->start_minute;
    int late = (int)((seat->checked_in_ms - start_of(lesson)) / MS_PER_MINUTE);
    if (seat->mark.status) {
        bool attended = strcmp(seat->mark.status, "present") == 0 || strcmp(seat->mark.status, "late") == 0;
        return proposal(attended ? seat->mark.status : "absent", seat->mark.absent_minutes);
    }
    if (seat->checked_in_ms)
        return late <= GRACE_MINUTES ? proposal("present", 0) : proposal("late", late);
    return seat->absence ? proposal("absent", length) : json_null();
}

static bool add_seat(void *into, const struct attendance_seat *seat)
{
    struct rolls *rolls = into;
    const struct attendance_lesson *lesson = &rolls->lessons[rolls->at];
    if (!api_may_at(rolls->call, PERMISSION_LESSONS, &seat->pupil, lesson->lesson))
        return true;
    json_t *row = api_json_pupil(&seat->pupil);
    json_t *more = json_pack("{s:o, s:s?, s:o, s:o}", "checked_in", civil_json_utc(seat->checked_in_ms), "absence",
                             seat->absence, "mark", seat->mark.status ? api_json_mark(&seat->mark) : json_null(),
                             "proposed", propose(lesson, seat));
    json_object_update(row, more);
    json_decref(more);
    rolls->marked += seat->mark.status != NULL;
    return json_array_append_new(rolls->pupils, row) == 0 &&
           json_array_append_new(rolls->shown, json_string(seat->pupil.pupil)) == 0;
}

static bool fill(struct rolls *rolls, int32_t day)
{
    struct attendance *attendance = rolls->call->web->attendance;
    bool good = attendance_lessons_of(attendance, rolls->call->user.user, day, add_lesson, rolls);
    for (rolls->at = 0; good && rolls->at < rolls->count; rolls->at++) {
        json_t *row = json_array_get(rolls->list, rolls->at);
        rolls->marked = 0;
        rolls->pupils = json_array();
        json_object_set_new(row, "pupils", rolls->pupils);
        good = attendance_seats(attendance, &rolls->lessons[rolls->at], add_seat, rolls);
        json_object_set_new(row, "marked", json_integer(rolls->marked));
    }
    return good;
}

enum http_verdict api_lessons(struct api_call *call)
{
    const char *date = http_query(call->request, "date");
    struct rolls rolls = {.call = call};
    int32_t day = call->today;
    if (date && !civil_read_date(date, strlen(date), &day))
        return api_error(call, 400, "bad_request");
    if (!attendance_begin(call->web->attendance))
        return api_error(call, 503, "busy");
    rolls.list = json_array();
    rolls.shown = json_array();
    bool good = fill(&rolls, day);
    attendance_end(call->web->attendance);
    good = good && api_audit_pupils(call, "list_lessons", rolls.shown);
    json_decref(rolls.shown);
    json_t *answer = json_pack("{s:o, s:o}", "date", civil_json_date(day), "lessons", rolls.list);
    if (good)
        return api_json(call, 200, answer);
    json_decref(answer);
    return api_error(call, 503, "busy");
}

/* What a roll names must be what its teacher may see. */
struct naming {
    struct api_call *call;
    int64_t lesson;
    bool may;
};

static bool note_pupil(void *into, const struct attendance_pupil *pupil)
{
    struct naming *naming = into;
    naming->may &= api_may_at(naming->call, PERMISSION_LESSONS, pupil, naming->lesson);
    return false;
}

static bool may_mark(struct naming *naming, const json_t *marks)
{
    struct attendance *attendance = naming->call->web->attendance;
    bool good = attendance_begin(attendance);
    if (!good)
        return false;
    naming->may = attendance_teaches(attendance, naming->call->user.user, naming->lesson);
    for (size_t i = 0; good && naming->may && i < json_array_size(marks); i++) {
        const char *pupil = json_string_value(json_object_get(json_array_get(marks, i), "pupil"));
        good = attendance_pupil(attendance, pupil ? pupil : "", note_pupil, naming);
    }
    attendance_end(attendance);
    return good;
}

enum http_verdict api_lesson_marks(struct api_call *call)
{
    char *end;
    json_t *marks = json_object_get(call->body, "marks");
    struct naming naming = {.call = call, .lesson = strtoll(call->part, &end, 10)};
    if (call->request->pending)
        return api_told(call, 200, "marks");
    if (*end || !json_is_array(marks))
        return api_error(call, 400, "bad_request");
    if (!may_mark(&naming, marks))
        return api_error(call, 503, "busy");
    if (!naming.may)
        return api_error(call, 404, "not_found");
    if (!api_audit(call, "mark_lesson", call->part))
        return api_error(call, 503, "busy");
    return api_tell_daemon(call, json_pack("{s:s, s:s, s:I, s:O}", "do", "marks", "author", call->user.user, "lesson",
                                           (json_int_t)naming.lesson, "marks", marks));
}
