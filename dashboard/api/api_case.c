/* A case whole: clocks with where they stand, and every row that the caller may see. A mentor sees the contact and what is the
 * mentor's own. */
#include "dashboard/api/api_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/choice.h"
#include "common/civil.h"
#include "common/civil_json.h"
#include "common/log.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"
#include "dashboard/casebook/casebook_together.h"

#define CUSTODY_ENDS_AGE 18 /* föräldrabalken 9:1: from then on the school turns to the pupil */

void api_case_calendar(struct api_call *call, struct schooldays *calendar)
{
    struct attendance_span span;
    struct query rows = attendance_calendar(call->attendance);
    while (attendance_next_span(&rows, &span)) {
        int kind = choice_of(span.kind, CALENDAR_WORDS, CALENDAR_KINDS);
        if (kind >= 0 && !schooldays_add(calendar, (enum calendar_kind)kind, span.from_day, span.to_day))
            log_warn("row of the calendar left out limit=%d", SCHOOLDAYS_SPANS_MAX);
    }
}

struct clock_pupil api_case_duties(const struct api_call *call, const struct attendance_person *person)
{
    int form = choice_of(person->school_form, SCHOOL_FORM_WORDS, SCHOOL_FORMS);
    struct clock_pupil duties = {.form = form >= 0 ? (enum school_form)form : FORM_GR, .birth_day = person->birth_day};
    duties.lives_elsewhere = !*call->municipality || strcmp(call->municipality, person->home_municipality) != 0;
    return duties;
}

/* Between api_begin_reading and _end. */
static bool load_pupil(struct api_call *call, struct api_case *of)
{
    const char *id = of->file.one.pupil;
    of->pupil = api_json_visible(call, PERMISSION_CASE, id);
    if (of->pupil == NULL || !attendance_person(call->attendance, id, &of->person))
        return false;
    of->duties = api_case_duties(call, &of->person);
    api_case_calendar(call, &of->calendar);
    return true;
}

/* Whose reports of concern the caller may see; "": everybody's. */
static const char *concerns_of(const struct api_call *call)
{
    return call->user.role == ROLE_REKTOR ? "" : call->user.user;
}

struct api_case *api_case_load(struct api_call *call, int64_t number)
{
    struct api_case *of = calloc(1, sizeof *of);
    enum casebook_found found =
        of == NULL ? CASEBOOK_FAILED : casebook_file(call->book, number, concerns_of(call), &of->file);
    call->failed |= found == CASEBOOK_FAILED;
    bool may = found == CASEBOOK_FOUND && api_begin_reading(call);
    if (may) {
        may = load_pupil(call, of);
        api_end_reading(call);
    }
    if (may)
        call->failed |= casebook_school_may_call_sip(call->book, &of->school_may_call_sip) == CASEBOOK_FAILED;
    if (!may || call->failed) {
        api_case_free(of);
        return NULL;
    }
    of->clock_count = case_clocks(call->clocks, &of->duties, &of->calendar, &of->file.facts, call->today, of->clocks);
    return of;
}

struct api_case *api_case_load_named(struct api_call *call)
{
    char *end;
    int64_t number = strtoll(call->part, &end, 10);
    return *end ? NULL : api_case_load(call, number);
}

void api_case_free(struct api_case *of)
{
    if (of != NULL)
        json_decref(of->pupil);
    free(of);
}

bool api_case_is_of_age(const struct api_call *call, const struct api_case *of)
{
    return civil_is_of_age(of->person.birth_day, CUSTODY_ENDS_AGE, call->today);
}

bool api_case_sees_concern(const struct api_call *call, const char *author)
{
    return call->user.role == ROLE_REKTOR || (call->user.role == ROLE_EHT && strcmp(call->user.user, author) == 0);
}

bool api_case_is_protected(const struct api_case *of)
{
    return json_is_true(json_object_get(of->pupil, "protected"));
}

const char *api_case_closing(const struct api_call *call, const struct api_case *of)
{
    return case_closing_obstacle(of->clocks, of->clock_count, of->file.level, call->user.role == ROLE_REKTOR);
}

static json_t *json_clock(const struct api_call *call, const struct api_case *of, const struct case_clock *clock)
{
    static const char *const STATES[] = {
        [CLOCK_RUNNING] = "running", [CLOCK_DUE_TODAY] = "today", [CLOCK_OVERDUE] = "overdue"};
    const struct clock_row *row = clock->row;
    struct clock_standing standing = clock_standing(row, &of->calendar, clock->due.day, call->today);
    bool stopped = clock->stopped_day != CIVIL_DAY_NONE, of_measure = row->kind == CLOCK_MEASURE_EVALUATED;
    return json_pack(
        "{s:s, s:o, s:o, s:o, s:o, s:s, s:i, s:s, s:b, s:b, s:s, s:s, s:s}", "clock", CLOCK_WORDS[row->kind], "measure",
        of_measure ? json_integer(of->file.measure_numbers[clock->measure]) : json_null(), "began_on",
        civil_json_date(clock->began_day), "due_on", civil_json_date(clock->due.day), "stopped_on",
        civil_json_date(clock->stopped_day), "state", stopped ? "stopped" : STATES[standing.state], "days",
        stopped ? 0 : standing.days, "unit", CLOCK_UNIT_WORDS[row->unit], "paused", !stopped && standing.is_paused,
        "without_calendar", (int)clock->due.without_calendar, "source", row->duty_by_law ? "law" : "local", "figure",
        row->figure_by_law ? "law" : "local", "law", row->law);
}

static bool sees_clock(const struct api_call *call, const struct api_case *of, const struct case_clock *clock)
{
    if (clock->row->kind == CLOCK_CONCERN_ANSWERED)
        return api_case_sees_concern(call, of->file.concern_by);
    return call->user.role != ROLE_MENTOR || clock->row->kind == CLOCK_FIRST_CONTACT;
}

static bool sees_row(const struct api_call *call, const struct casebook_case_row *row)
{
    if (row->part == CASE_PART_CONCERNS)
        return api_case_sees_concern(call, row->user);
    if (call->user.role != ROLE_MENTOR)
        return true;
    return (row->part == CASE_PART_STEPS && strcmp(row->kind, STEP_WORDS[STEP_CONTACT]) == 0) ||
           (row->part == CASE_PART_CONTACTS && strcmp(row->user, call->user.user) == 0) ||
           (row->part == CASE_PART_MEASURES && strcmp(row->owner, call->user.user) == 0);
}

static void list_rows(struct api_call *call, const struct api_case *of, json_t *answer)
{
    struct casebook_case_row row;
    for (int part = 0; part < CASE_PARTS; part++)
        api_set(call, answer, CASE_PART_WORDS[part], json_array());
    struct query rows = casebook_case_rows(call->book, of->file.one.number);
    while (casebook_next_case_row(&rows, &row))
        if (sees_row(call, &row))
            api_append(call, json_object_get(answer, CASE_PART_WORDS[row.part]), json_loads(row.json, 0, NULL));
    call->failed |= !casebook_good(call->book);
}

static json_t *json_calendar(const struct api_call *call, const struct api_case *of)
{
    int32_t end = schooldays_end(&of->calendar);
    return json_pack("{s:b, s:o, s:b}", "known", (int)schooldays_known(&of->calendar, call->today), "ends_on",
                     civil_json_date(end), "ends_soon",
                     end != CIVIL_DAY_NONE && end - call->today <= CASE_CALENDAR_ENDS_SOON_DAYS);
}

static json_t *json_sip(const struct api_call *call, const struct api_case *of)
{
    return json_pack("{s:s, s:b, s:b}", "stage", SIP_WORDS[of->file.sip.stage], "consented",
                     (int)sip_is_consented(&of->file.sip, api_case_is_of_age(call, of)), "school_may_call",
                     (int)of->school_may_call_sip);
}

/* How it ended, and by whom; null while it is open. */
static json_t *json_ending(const struct casebook_file *file)
{
    const struct casebook_ending *ending = &file->ending;
    if (ending->day == CIVIL_DAY_NONE)
        return json_null();
    return json_pack("{s:s, s:s, s:s, s:o}", "outcome", ending->outcome, "by", ending->user, "by_name",
                     ending->user_name, "on", civil_json_date(ending->day));
}

json_t *api_case_json(struct api_call *call, const struct api_case *of)
{
    json_t *clocks = json_array();
    for (size_t i = 0; i < of->clock_count; i++)
        if (sees_clock(call, of, &of->clocks[i]))
            api_append(call, clocks, json_clock(call, of, &of->clocks[i]));
    json_t *answer =
        json_pack("{s:o, s:o, s:b, s:o, s:s?, s:i, s:s, s:s, s:s, s:o, s:o, s:o}", "case",
                  api_json_case(&of->file.one, of->pupil), "date", civil_json_date(call->today), "open",
                  (int)of->file.is_open, "ending", json_ending(&of->file), "closing", api_case_closing(call, of),
                  "level", of->file.level, "deputy", of->file.deputy, "school_form", SCHOOL_FORM_WORDS[of->duties.form],
                  "contact_with", api_case_is_of_age(call, of) ? "pupil" : "guardian", "adult_on",
                  civil_json_date(of->person.birth_day == CIVIL_DAY_NONE
                                      ? CIVIL_DAY_NONE
                                      : civil_birthday(of->person.birth_day, CUSTODY_ENDS_AGE)),
                  "calendar", json_calendar(call, of), "clocks", clocks);
    if (call->user.role != ROLE_MENTOR)
        api_set(call, answer, "sip", json_sip(call, of));
    list_rows(call, of, answer);
    return answer;
}

enum http_verdict api_case(struct api_call *call)
{
    struct api_case *of = api_case_load_named(call);
    if (of == NULL)
        return api_error(call, 404, "not_found");
    api_audit(call, "view_case", of->file.one.pupil);
    json_t *answer = api_case_json(call, of);
    if (call->user.role != ROLE_MENTOR)
        api_set(call, answer, "owners", api_json_owners(call));
    api_case_free(of);
    return api_json(call, 200, answer);
}
