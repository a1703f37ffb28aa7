#include "dashboard/api/api_item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "dashboard/search.h"

#define PUPILS_SHOWN_MAX 50
#define CHECK_IN_DAYS    28 /* where somebody was longer ago than four weeks is nobody's business */

struct listing {
    struct api_call *call;
    struct search search;
    json_t *pupils, *shown;
    bool good;
};

static bool list_pupil(void *into, const struct attendance_pupil *pupil)
{
    struct listing *listing = into;
    char text[SEARCH_CHARS_MAX];
    snprintf(text, sizeof text, "%s %s %s", pupil->given_name, pupil->family_name, pupil->class);
    if (!search_matches(&listing->search, text) || !api_may(listing->call, PERMISSION_PUPILS, pupil))
        return true;
    listing->good = json_array_append_new(listing->pupils, api_json_pupil(pupil)) == 0 &&
                    json_array_append_new(listing->shown, json_string(pupil->pupil)) == 0;
    return listing->good && json_array_size(listing->pupils) < PUPILS_SHOWN_MAX;
}

enum http_verdict api_pupils(struct api_call *call)
{
    const char *query = http_query(call->request, "q");
    if (!attendance_begin(call->web->attendance))
        return api_error(call, 503, "busy");
    struct listing listing = {.call = call, .pupils = json_array(), .shown = json_array(), .good = true};
    search_set(&listing.search, query ? query : "");
    bool good = attendance_pupils(call->web->attendance, list_pupil, &listing) && listing.good;
    attendance_end(call->web->attendance);
    good = good && api_audit_pupils(call, "list_pupils", listing.shown);
    json_decref(listing.shown);
    json_t *answer = json_pack("{s:o}", "pupils", listing.pupils);
    if (good)
        return api_json(call, 200, answer);
    json_decref(answer);
    return api_error(call, 503, "busy");
}

#define DAY_MINUTES 1440

/* A school year of one pupil is a thousand lessons of few different values: each value is made once. */
struct lesson_values {
    json_t *starts[DAY_MINUTES], *minutes[OUTCOME_MINUTES_MAX + 1], *statuses[STATUSES];
    json_t *subjects[ATTENDANCE_SUBJECTS_MAX + 1]; /* the last one: nameless */
};

struct portrait {
    struct api_call *call;
    const struct attendance *attendance;
    json_t *answer; /* NULL: no such pupil for this user */
    json_t *flags, *days, *timeline;
    struct lesson_values values;
    bool may_see_flags, may_see_answers;
};

static bool begin_portrait(void *into, const struct attendance_pupil *pupil)
{
    struct portrait *portrait = into;
    if (!api_may(portrait->call, PERMISSION_PUPILS, pupil))
        return false;
    portrait->may_see_flags = api_may(portrait->call, PERMISSION_FLAGS, pupil);
    portrait->may_see_answers = api_may(portrait->call, PERMISSION_TRIAGE, pupil);
    portrait->answer = api_json_pupil(pupil);
    portrait->flags = json_array();
    portrait->days = json_array();
    portrait->timeline = json_array();
    json_object_set_new(portrait->answer, "year", json_string(pupil->year));
    json_object_set_new(portrait->answer, "mentor", api_json_mentors(portrait->call, pupil->class));
    json_object_set_new(portrait->answer, "flags", portrait->flags);
    json_object_set_new(portrait->answer, "days", portrait->days);
    json_object_set_new(portrait->answer, "timeline", portrait->timeline);
    return false;
}

static bool add_flag(void *into, const struct attendance_flag *flag)
{
    return json_array_append_new(((struct portrait *)into)->flags, api_json_flag(flag)) == 0;
}

static json_t *start_of(struct lesson_values *values, int minute)
{
    json_t **start = &values->starts[minute % DAY_MINUTES];
    if (!*start)
        *start = api_json_minute(minute % DAY_MINUTES);
    return *start;
}

static json_t *minutes_of(struct lesson_values *values, int minutes)
{
    if (!values->minutes[minutes])
        values->minutes[minutes] = json_integer(minutes);
    return values->minutes[minutes];
}

static json_t *status_of(struct lesson_values *values, int status)
{
    if (!values->statuses[status])
        values->statuses[status] = json_string(STATUS_WORDS[status]);
    return values->statuses[status];
}

static json_t *subject_of(struct portrait *portrait, int subject)
{
    json_t **of = &portrait->values.subjects[subject < ATTENDANCE_SUBJECTS_MAX ? subject : ATTENDANCE_SUBJECTS_MAX];
    if (!*of)
        *of = json_string(attendance_subject(portrait->attendance, (uint16_t)subject));
    return *of;
}

static void forget_values(struct lesson_values *values)
{
    for (int i = 0; i < DAY_MINUTES; i++)
        json_decref(values->starts[i]);
    for (int i = 0; i <= OUTCOME_MINUTES_MAX; i++)
        json_decref(values->minutes[i]);
    for (int i = 0; i < STATUSES; i++)
        json_decref(values->statuses[i]);
    for (int i = 0; i <= ATTENDANCE_SUBJECTS_MAX; i++)
        json_decref(values->subjects[i]);
}

/* [start, minutes, subject, status, absent minutes] */
static json_t *lesson_json(struct portrait *portrait, const struct outcome *outcome)
{
    struct lesson_values *values = &portrait->values;
    json_t *lesson = json_array();
    json_array_append(lesson, start_of(values, outcome->start_minute));
    json_array_append(lesson, minutes_of(values, outcome->minutes));
    json_array_append(lesson, subject_of(portrait, outcome->subject));
    json_array_append(lesson, status_of(values, outcome->status));
    json_array_append(lesson, minutes_of(values, outcome->absent_minutes));
    return lesson;
}

static bool add_day(void *into, const struct attendance_day *day)
{
    struct portrait *portrait = into;
    struct outcome_minutes minutes = {0};
    json_t *lessons = json_array();
    outcome_add(&minutes, day->outcomes, (size_t)day->count);
    for (int i = 0; i < day->count; i++)
        json_array_append_new(lessons, lesson_json(portrait, &day->outcomes[i]));
    json_t *row =
        json_pack("{s:o, s:I, s:I, s:I, s:I, s:I, s:o}", "date", civil_json_date(day->day), "expected_minutes",
                  (json_int_t)minutes.counted + (json_int_t)minutes.leave, "absent_minutes", (json_int_t)minutes.absent,
                  "leave_minutes", (json_int_t)minutes.on_leave, "unreported_minutes", (json_int_t)minutes.unreported,
                  "unknown_minutes", (json_int_t)minutes.unknown, "lessons", lessons);
    return json_array_append_new(portrait->days, row) == 0;
}

static json_t *moment_json(const struct attendance_moment *moment)
{
    json_t *at = civil_json_utc(moment->at_ms);
    switch (moment->kind) {
    case MOMENT_CHECK_IN:
        return json_pack("{s:o, s:s, s:s, s:s?, s:s}", "at", at, "kind", "check_in", "terminal", moment->terminal,
                         "room", moment->room, "feedback", moment->feedback);
    case MOMENT_ABSENCE:
        return json_pack("{s:o, s:s, s:s, s:o, s:o}", "at", at, "kind", "absence", "type", moment->type, "from",
                         civil_json_utc(moment->from_ms), "to", civil_json_utc(moment->to_ms));
    case MOMENT_MARK:
        return json_pack("{s:o, s:s, s:s, s:s, s:o}", "at", at, "kind", "mark", "status", moment->status, "subject",
                         moment->subject, "start", api_json_minute(moment->start_minute));
    }
    return NULL;
}

static bool add_moment(void *into, const struct attendance_moment *moment)
{
    return json_array_append_new(((struct portrait *)into)->timeline, moment_json(moment)) == 0;
}

static json_t *answer_json(const struct casebook_given *given)
{
    bool is_confirmation = strcmp(given->kind, TRIAGE_WORDS[TRIAGE_CONFIRM]) == 0;
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:b}", "kind", given->kind, "reason", given->reason, "by", given->user,
                     "at", civil_json_utc(given->at_ms), "until",
                     civil_json_date(is_confirmation ? CIVIL_DAY_NONE : given->until_day), "undone",
                     (int)given->undone);
}

/* What people answered, and the open case: for those who may answer. */
static bool add_answers(struct portrait *portrait)
{
    struct casebook_case one;
    struct api_call *call = portrait->call;
    json_t *answers = json_array();
    json_object_set_new(portrait->answer, "answers", answers);
    if (!portrait->may_see_answers)
        return json_object_set_new(portrait->answer, "case", json_null()) == 0;
    enum casebook_found found = casebook_case_of(call->web->book, call->part, &one);
    json_object_set_new(portrait->answer, "case", found == CASEBOOK_FOUND ? api_json_case(&one, NULL) : json_null());
    struct casebook_given given;
    bool good = found != CASEBOOK_FAILED;
    struct query rows = casebook_history(call->web->book, call->part);
    while (casebook_next_given(&rows, &given))
        good &= json_array_append_new(answers, answer_json(&given)) == 0;
    return casebook_good(call->web->book) && good;
}

static bool draw(struct portrait *portrait)
{
    struct attendance *attendance = portrait->call->web->attendance;
    const char *pupil = portrait->call->part;
    int32_t decided_day;
    if (!attendance_pupil(attendance, pupil, begin_portrait, portrait))
        return false;
    if (!portrait->answer)
        return true;
    if (!attendance_decided_day(attendance, &decided_day))
        return false;
    json_object_set_new(portrait->answer, "decided_through", civil_json_date(decided_day));
    return add_answers(portrait) &&
           (!portrait->may_see_flags || attendance_pupil_flags(attendance, pupil, add_flag, portrait)) &&
           attendance_days(attendance, pupil, civil_school_year(portrait->call->today), add_day, portrait) &&
           attendance_timeline(attendance, pupil, portrait->call->today - CHECK_IN_DAYS + 1, add_moment, portrait);
}

/* A pupil whom the user may not see is answered like one who does not exist. Both tries are written down, or the user's
 * own log would tell them apart. */
enum http_verdict api_pupil(struct api_call *call)
{
    struct portrait portrait = {.call = call, .attendance = call->web->attendance};
    if (!attendance_begin(call->web->attendance))
        return api_error(call, 503, "busy");
    bool good = draw(&portrait);
    attendance_end(call->web->attendance);
    forget_values(&portrait.values);
    if (good)
        good = api_audit(call, portrait.answer ? "view_pupil" : "view_pupil_refused", call->part);
    if (good && portrait.answer)
        return api_json(call, 200, portrait.answer);
    json_decref(portrait.answer);
    return good ? api_error(call, 404, "not_found") : api_error(call, 503, "busy");
}
