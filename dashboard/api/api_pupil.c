/* Finding pupils by name or class, and everything that one pupil's page shows: flags, days, timeline, answers, case.
 * */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "daemon/core/school/school.h"
#include "daemon/core/school/schoolfiles.h"
#include "dashboard/api/api_finding.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"
#include "dashboard/search.h"

static_assert(ATTENDANCE_SUBJECTS_MAX >= 2 * SCHOOL_SUBJECTS_MAX, "subjects of today, and as many of the years before");

static_assert(SEARCH_CHARS_MAX >= 2 * SCHOOLFILES_NAME_BYTES_MAX + NAME_BYTES_MAX + 2,
              "a pupil's names and class are looked at whole");

#define PUPILS_SHOWN_MAX 50
#define CHECK_IN_DAYS    28 /* older check-ins say where somebody was, and are not shown */

/* Whether there are more than are shown. */
static bool list_pupils(struct api_call *call, const struct search *search, json_t *pupils, json_t *shown)
{
    struct attendance_pupil pupil;
    char text[SEARCH_CHARS_MAX + 1];
    bool more = false;
    struct query rows = attendance_pupils(call->attendance);
    while (!call->failed && attendance_next_pupil(&rows, &pupil)) {
        snprintf(text, sizeof text, "%s %s %s", pupil.given_name, pupil.family_name, pupil.class);
        if (!search_matches(search, text) || !api_may(call, PERMISSION_PUPILS, &pupil))
            continue;
        more = json_array_size(pupils) == PUPILS_SHOWN_MAX;
        if (more)
            break;
        api_append(call, pupils, api_json_pupil(&pupil));
        api_append(call, shown, json_string(pupil.pupil));
    }
    query_end(&rows);
    return more;
}

enum http_verdict api_pupils(struct api_call *call)
{
    const char *words = http_query(call->request, "q");
    struct search search;
    if (!search_set(&search, words != NULL ? words : ""))
        return api_error(call, 400, "bad_request");
    if (!api_begin_reading(call))
        return api_error(call, 503, "busy");
    json_t *pupils = json_array(), *shown = json_array();
    bool more = list_pupils(call, &search, pupils, shown);
    api_end_reading(call);
    api_audit_pupils(call, "list_pupils", shown);
    return api_json(call, 200, json_pack("{s:o, s:b}", "pupils", pupils, "more", (int)more));
}

#define DAY_MINUTES 1440

/* A school year is a thousand lessons with few different values: each JSON value is made once and shared. */
struct lesson_values {
    json_t *starts[DAY_MINUTES], *minutes[OUTCOME_MINUTES_MAX + 1], *statuses[STATUSES];
    json_t *subjects[ATTENDANCE_SUBJECTS_MAX + 1]; /* the last one: nameless */
};

struct portrait {
    struct api_call *call;
    json_t *answer; /* NULL: no such pupil for this user */
    struct lesson_values values;
    char class[NAME_BYTES];
    bool may_see_flags, may_see_answers, may_see_case;
};

static void begin_portrait(struct portrait *portrait)
{
    struct api_call *call = portrait->call;
    struct attendance_pupil pupil;
    struct query rows = attendance_pupil(call->attendance, call->part);
    if (attendance_next_known_pupil(&rows, &pupil) && api_may(call, PERMISSION_PUPILS, &pupil)) {
        portrait->may_see_flags = api_may(call, PERMISSION_FLAGS, &pupil);
        portrait->may_see_answers = api_may(call, PERMISSION_TRIAGE, &pupil);
        portrait->may_see_case = api_may(call, PERMISSION_CASE, &pupil);
        portrait->answer = api_json_pupil(&pupil);
        snprintf(portrait->class, sizeof portrait->class, "%s", pupil.class);
        api_set(call, portrait->answer, "year", json_string(pupil.year));
        api_set(call, portrait->answer, "at_school", json_boolean(pupil.at_school));
        /* The class of one who left has other pupils now, and another mentor. */
        api_set(call, portrait->answer, "mentor", pupil.at_school ? api_json_mentors(call, pupil.class) : json_null());
    }
    query_end(&rows);
}

static json_t *list_flags(struct api_call *call)
{
    struct attendance_flag flag;
    json_t *list = json_array();
    struct query rows = attendance_pupil_flags(call->attendance, call->part);
    while (attendance_next_flag(&rows, &flag))
        api_append(call, list, api_json_flag(&flag));
    return list;
}

static json_t *find(struct portrait *portrait, json_t *flags)
{
    struct api_call *call = portrait->call;
    struct api_findings *findings = api_findings_open(call);
    if (findings == NULL)
        return NULL;
    api_findings_read(findings, call->part, portrait->class);
    json_t *finding = api_findings_json(findings, flags);
    api_findings_close(findings);
    return finding;
}

static json_t *start_of(struct lesson_values *values, int minute)
{
    json_t **start = &values->starts[minute % DAY_MINUTES];
    if (*start == NULL)
        *start = api_json_minute(minute % DAY_MINUTES);
    return *start;
}

static json_t *minutes_of(struct lesson_values *values, int minutes)
{
    if (values->minutes[minutes] == NULL)
        values->minutes[minutes] = json_integer(minutes);
    return values->minutes[minutes];
}

static json_t *status_of(struct lesson_values *values, int status)
{
    if (values->statuses[status] == NULL)
        values->statuses[status] = json_string(STATUS_WORDS[status]);
    return values->statuses[status];
}

static json_t *subject_of(struct portrait *portrait, int subject)
{
    json_t **of = &portrait->values.subjects[subject < ATTENDANCE_SUBJECTS_MAX ? subject : ATTENDANCE_SUBJECTS_MAX];
    if (*of == NULL)
        *of = json_string(attendance_subject(portrait->call->attendance, (uint16_t)subject));
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

static json_t *day_json(struct portrait *portrait, const struct attendance_day *day)
{
    struct api_call *call = portrait->call;
    struct outcome_minutes minutes = {0};
    json_t *row = json_object(), *lessons = json_array();
    outcome_add(&minutes, day->outcomes, (size_t)day->count);
    for (int i = 0; i < day->count; i++)
        api_append(call, lessons, lesson_json(portrait, &day->outcomes[i]));
    api_set(call, row, "date", civil_json_date(day->day));
    api_set(call, row, "kind", json_string(DAY_WORDS[outcome_day(day->outcomes, (size_t)day->count)]));
    api_set(call, row, "expected_minutes", json_integer((json_int_t)minutes.counted + (json_int_t)minutes.leave));
    api_set(call, row, "counted_minutes", json_integer(minutes.counted));
    api_set(call, row, "absent_minutes", json_integer(minutes.absent));
    api_set(call, row, "leave_minutes", json_integer(minutes.on_leave));
    api_set(call, row, "unreported_minutes", json_integer(minutes.unreported));
    api_set(call, row, "unknown_minutes", json_integer(minutes.unknown));
    api_set(call, row, "lessons", lessons);
    return row;
}

static json_t *list_days(struct portrait *portrait)
{
    struct api_call *call = portrait->call;
    struct attendance_day day;
    json_t *list = json_array();
    struct query rows = attendance_days(call->attendance, call->part, civil_school_year(call->today));
    while (attendance_next_day(&rows, &day))
        api_append(call, list, day_json(portrait, &day));
    return list;
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

static json_t *list_moments(struct api_call *call, bool *more)
{
    struct attendance_moment moment;
    json_t *list = json_array();
    struct query rows = attendance_timeline(call->attendance, call->part, call->today - CHECK_IN_DAYS + 1);
    while (json_array_size(list) < ATTENDANCE_TIMELINE_MAX && attendance_next_moment(&rows, &moment))
        api_append(call, list, moment_json(&moment));
    *more = json_array_size(list) == ATTENDANCE_TIMELINE_MAX && attendance_next_moment(&rows, &moment);
    query_end(&rows);
    return list;
}

static json_t *answer_json(const struct casebook_given *given)
{
    bool is_confirmation = strcmp(given->kind, TRIAGE_WORDS[TRIAGE_CONFIRM]) == 0;
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:b}", "kind", given->kind, "reason", given->reason, "by", given->user,
                     "at", civil_json_utc(given->at_ms), "until",
                     civil_json_date(is_confirmation ? CIVIL_DAY_NONE : given->until_day), "undone",
                     (int)given->undone);
}

static json_t *list_answers(struct api_call *call)
{
    struct casebook_given given;
    json_t *list = json_array();
    struct query rows = casebook_history(call->book, call->part);
    while (casebook_next_given(&rows, &given))
        api_append(call, list, answer_json(&given));
    call->failed |= !casebook_good(call->book);
    return list;
}

static json_t *open_case(struct api_call *call)
{
    struct casebook_case one;
    enum casebook_found found = casebook_case_of(call->book, call->part, &one);
    call->failed |= found == CASEBOOK_FAILED;
    return found == CASEBOOK_FOUND ? api_json_case(&one, NULL) : json_null();
}

/* What people answered is for those who may answer; the open case, whose page shows less to some, for those who may see it. */
static void draw(struct portrait *portrait)
{
    struct api_call *call = portrait->call;
    json_t *answer = portrait->answer;
    bool flags = portrait->may_see_flags, answers = portrait->may_see_answers, more;
    json_t *list = flags ? list_flags(call) : json_array();
    api_set(call, answer, "finding", flags ? find(portrait, list) : json_null());
    api_set(call, answer, "flags", list);
    api_set(call, answer, "days", list_days(portrait));
    api_set(call, answer, "timeline", list_moments(call, &more));
    api_set(call, answer, "timeline_more", json_boolean(more));
    api_set(call, answer, "decided_through", civil_json_date(attendance_decided_day(call->attendance)));
    api_set(call, answer, "answers", answers ? list_answers(call) : json_array());
    api_set(call, answer, "case", portrait->may_see_case ? open_case(call) : json_null());
    api_set(call, answer, "crisis", answers ? api_json_crisis(call, call->part) : json_null());
    if (answers)
        api_set(call, answer, "owners", api_json_owners(call));
}

enum http_verdict api_pupil(struct api_call *call)
{
    struct portrait portrait = {.call = call};
    if (!api_begin_reading(call))
        return api_error(call, 503, "busy");
    begin_portrait(&portrait);
    if (portrait.answer != NULL)
        draw(&portrait);
    api_end_reading(call);
    forget_values(&portrait.values);
    if (portrait.answer == NULL)
        return api_no_pupil(call, call->part);
    api_audit(call, "view_pupil", call->part);
    return api_json(call, 200, portrait.answer);
}
