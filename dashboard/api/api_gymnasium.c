/* What a gymnasium has to tell or judge of its pupils: who began or left, for the home municipality (skollagen 15:15); who left before
 * 20, for the municipality's aktivitetsansvar (29:9); whose invalid absence asks for a look at the study grant. Lists alone: a person
 * decides and sends, and each decision is a row more. */
#include <stdio.h>
#include <string.h>
#include "common/choice.h"
#include "common/civil.h"
#include "common/civil_json.h"
#include "daemon/core/support/grant.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"
#include "dashboard/casebook/casebook_duties.h"

#define YEAR_DAYS 366
#define TAKEN     "taken_back"

enum list { LIST_BEGAN, LIST_LEFT, LIST_KAA, LIST_GRANT, LISTS };
static const char *const LIST_WORDS[LISTS] = {"began", "left", "kaa", "grants"};

/* One row of a list: a pupil, and what it is about. */
struct line {
    const struct attendance_student *student;
    enum list list;
    int32_t about_day;
    struct grant grant;
};

/* What is done with each row of the lists. */
struct walk {
    struct api_call *call;
    int32_t month; /* its first day */
    void (*take)(struct walk *walk, const struct line *line);
    json_t *lists, *shown; /* of who shows them */
    const char *pupil;     /* of who looks for one */
    enum list list;
    int32_t about_day;
    bool found;
    struct grant grant;
};

static int32_t next_month(int32_t first)
{
    int year, month, day;
    civil_date(first, &year, &month, &day);
    return month == 12 ? civil_day(year + 1, 1, 1) : civil_day(year, month + 1, 1);
}

static bool is_under_age(const struct attendance_student *student, int32_t day)
{
    return !civil_is_of_age(student->birth_day, GRANT_AGE, day);
}

static void take_grant(struct walk *walk, const struct attendance_student *student)
{
    struct attendance_day day;
    struct line line = {student, LIST_GRANT, walk->month, {.first_day = CIVIL_DAY_NONE}};
    struct query rows =
        attendance_days_between(walk->call->attendance, student->pupil.pupil, walk->month, next_month(walk->month));
    while (attendance_next_day(&rows, &day))
        grant_add(&line.grant, day.day, day.outcomes, (size_t)day.count);
    if (grant_is_listed(&line.grant) && is_under_age(student, line.grant.first_day))
        walk->take(walk, &line);
}

static void take_student(struct walk *walk, const struct attendance_student *student)
{
    int32_t today = walk->call->today, since = civil_school_year(today), left = student->last_day;
    bool lives_elsewhere =
        !*walk->call->municipality || strcmp(walk->call->municipality, student->home_municipality) != 0;
    bool has_left = left < today && strcmp(student->end_reason, "deceased") != 0;
    if (lives_elsewhere && student->first_day >= since && student->first_day <= today &&
        is_under_age(student, student->first_day))
        walk->take(walk, &(struct line){student, LIST_BEGAN, student->first_day, {0}});
    if (lives_elsewhere && has_left && left >= since && is_under_age(student, left))
        walk->take(walk, &(struct line){student, LIST_LEFT, left, {0}});
    if (has_left && left >= today - YEAR_DAYS && is_under_age(student, today))
        walk->take(walk, &(struct line){student, LIST_KAA, left, {0}});
    if (left >= walk->month)
        take_grant(walk, student);
}

/* Between api_begin_reading and _end: all whom the caller may see. */
static void walk_lists(struct walk *walk)
{
    struct attendance_student student;
    struct query rows = attendance_students(walk->call->attendance);
    while (!walk->call->failed && attendance_next_student(&rows, &student))
        if (api_may(walk->call, PERMISSION_TRIAGE, &student.pupil))
            take_student(walk, &student);
    query_end(&rows);
}

static json_t *decision_json(struct api_call *call, const struct line *line)
{
    struct casebook_duty duty;
    json_t *json = json_null();
    struct query rows =
        casebook_duty_of(call->book, line->student->pupil.pupil, LIST_WORDS[line->list], line->about_day);
    if (casebook_next_duty(&rows, &duty) && strcmp(duty.decision, TAKEN) != 0)
        json =
            json_pack("{s:s, s:s, s:s, s:o, s:s, s:o}", "decision", duty.decision, "reason", duty.reason, "contact",
                      duty.contact, "on", civil_json_date(duty.day), "by", duty.user, "at", civil_json_utc(duty.at_ms));
    query_end(&rows);
    call->failed |= !casebook_good(call->book);
    return json;
}

static void show(struct walk *walk, const struct line *line)
{
    struct api_call *call = walk->call;
    const struct attendance_student *student = line->student;
    json_t *row = api_json_pupil(&student->pupil);
    api_set(call, row, "home_municipality", json_string(student->home_municipality));
    api_set(call, row, "about", civil_json_date(line->about_day));
    api_set(call, row, "decision", decision_json(call, line));
    if (line->list == LIST_GRANT) {
        api_set(call, row, "first_day", civil_json_date(line->grant.first_day));
        api_set(call, row, "minutes", json_integer(line->grant.minutes));
        api_set(call, row, "report_from", civil_json_date(line->grant.first_day + GRANT_LEAST_DAYS));
        api_set(call, row, "usual_from", civil_json_date(line->grant.first_day + GRANT_USUAL_DAYS));
    }
    api_append(call, json_object_get(walk->lists, LIST_WORDS[line->list]), row);
    api_append(call, walk->shown, json_string(student->pupil.pupil));
}

/* "2026-11", or this month when it is not said. False: no month, or one to come. */
static bool read_month(const struct api_call *call, const char *text, int32_t *out)
{
    char date[CIVIL_DATE_BYTES];
    int year, month, day;
    civil_date(call->today, &year, &month, &day);
    *out = civil_day(year, month, 1);
    if (text == NULL || *text == '\0')
        return true;
    int32_t latest = *out;
    int length = snprintf(date, sizeof date, "%s-01", text);
    return length == CIVIL_DATE_BYTES - 1 && civil_read_date(date, (size_t)length, out) && *out <= latest;
}

enum http_verdict api_gymnasium(struct api_call *call)
{
    struct walk walk = {.call = call, .take = show};
    if (!read_month(call, http_query(call->request, "month"), &walk.month))
        return api_error(call, 400, "bad_request");
    if (!api_begin_reading(call))
        return api_error(call, 503, "busy");
    walk.lists = json_object();
    walk.shown = json_array();
    for (int i = 0; i < LISTS; i++)
        api_set(call, walk.lists, LIST_WORDS[i], json_array());
    walk_lists(&walk);
    api_end_reading(call);
    api_audit_pupils(call, "list_gymnasium", walk.shown);
    api_set(call, walk.lists, "date", civil_json_date(call->today));
    api_set(call, walk.lists, "month", civil_json_date(walk.month));
    return api_json(call, 200, walk.lists);
}

static void look_for(struct walk *walk, const struct line *line)
{
    if (line->list != walk->list || line->about_day != walk->about_day ||
        strcmp(line->student->pupil.pupil, walk->pupil) != 0)
        return;
    walk->found = true;
    walk->grant = line->grant;
}

/* What is to be written, from the body. Dates are not to come. False: it is no decision of that list. */
static bool read_duty(const struct api_call *call, struct walk *walk, struct casebook_duty *duty)
{
    static const char *const GRANT_DECISIONS[] = {"report", "refrain", TAKEN}, *const SENT[] = {"sent", TAKEN};
    static const char *const REFRAIN[] = {"illness", "bullying", "support_under_way", "wrong_data", "other"};
    static const char *const EARLY[] = {"", "goes_on", "other"};
    int list = choice_of(api_text(call, "list"), LIST_WORDS, LISTS);
    walk->list = list >= 0 ? (enum list)list : LISTS;
    bool of_grant = walk->list == LIST_GRANT, there = json_object_get(call->body, "on") != NULL;
    *duty = (struct casebook_duty){.list = api_text(call, "list"),
                                   .decision = api_text(call, "decision"),
                                   .reason = api_text(call, "reason"),
                                   .contact = api_text(call, "contact"),
                                   .day = call->today,
                                   .user = call->user.user,
                                   .at_ms = call->now_ms};
    bool good = list >= 0 && api_date(call, "about", &walk->about_day) &&
                (!there || api_date(call, "on", &duty->day)) && duty->day <= call->today &&
                duty->day >= call->today - YEAR_DAYS && strlen(duty->contact) <= DUTY_CONTACT_BYTES_MAX &&
                choice_of(duty->decision, of_grant ? GRANT_DECISIONS : SENT, of_grant ? 3 : 2) >= 0;
    duty->about_day = walk->about_day;
    if (strcmp(duty->decision, "refrain") == 0)
        return good && choice_of(duty->reason, REFRAIN, 5) >= 0;
    if (strcmp(duty->decision, "report") == 0)
        return good && choice_of(duty->reason, EARLY, 3) >= 0;
    return good && *duty->reason == '\0';
}

/* NULL, or why it is not done now. A month that is looked for is that of the row. */
static const char *obstacle(struct api_call *call, struct walk *walk, const struct casebook_duty *duty)
{
    if (!api_begin_reading(call))
        return "busy";
    walk_lists(walk);
    api_end_reading(call);
    if (!walk->found)
        return "not_listed";
    if (strcmp(duty->decision, "report") != 0)
        return NULL;
    switch (grant_when(&walk->grant, call->today)) {
    case GRANT_TOO_EARLY:
        return "too_early";
    case GRANT_WITH_REASON:
        return *duty->reason == '\0' ? "reason_needed" : NULL;
    case GRANT_USUAL:
        return NULL;
    }
    return NULL;
}

enum http_verdict api_gymnasium_decide(struct api_call *call)
{
    char object[API_PART_BYTES + 64];
    struct casebook_duty duty;
    struct walk walk = {.call = call, .take = look_for, .pupil = call->part};
    if (!read_duty(call, &walk, &duty))
        return api_error(call, 400, "bad_request");
    walk.month = walk.list == LIST_GRANT ? walk.about_day : next_month(call->today);
    if (!api_lets(call, PERMISSION_TRIAGE, call->part))
        return api_no_pupil(call, call->part);
    const char *why = obstacle(call, &walk, &duty);
    if (why != NULL || call->failed)
        return api_error(call, 409, why != NULL ? why : "busy");
    duty.first_day = walk.grant.first_day;
    duty.minutes = walk.grant.minutes;
    snprintf(object, sizeof object, "%s %s %s", call->part, duty.list, duty.decision);
    if (!casebook_begin(call->book) || !casebook_end(call->book, api_audit(call, "gymnasium_decided", object) &&
                                                                     casebook_duty_add(call->book, call->part, &duty)))
        return api_error(call, 503, "busy");
    return api_json(call, 200, json_pack("{s:s}", "decision", duty.decision));
}
