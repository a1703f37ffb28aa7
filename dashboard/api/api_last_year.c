/* The list from last year: who is on it and why, what has come since, and the decisions of those who look it through. */
#include "dashboard/api/api_last_year.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "common/log.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"
#include "dashboard/casebook/casebook_last_year.h"

static bool counts(const struct attendance_flag *flag, const struct own_days *ended, int32_t begins_day)
{
    struct last_year_flag one = {.severity = flag->severity,
                                 .raised_day = flag->raised_day,
                                 .cleared_day = flag->cleared_day,
                                 .withdrawn = flag->withdrawn_ms != 0};
    return last_year_follows(&one, ended, begins_day);
}

/* Whether a flag or a case puts the pupil on the list. With `why`, those flags are added to it. */
static bool is_followed(struct api_call *call, const char *pupil, json_t *why)
{
    struct casebook_case one;
    struct attendance_flag flag;
    int32_t begins_day = civil_school_year(call->today);
    struct own_days ended = own_days_before(call->attendance, pupil, begins_day);
    enum casebook_found found = casebook_case_of(call->book, pupil, &one);
    bool followed = found == CASEBOOK_FOUND && one.opened_day < begins_day;
    struct query rows = attendance_pupil_flags(call->attendance, pupil);
    while (attendance_next_flag(&rows, &flag)) {
        if (!counts(&flag, &ended, begins_day))
            continue;
        followed = true;
        if (why != NULL)
            api_append(call, why, api_json_flag(&flag));
    }
    call->failed |= found == CASEBOOK_FAILED;
    return followed;
}

/* Whether the pupil is still enrolled, on holiday too, and known to the caller. */
static bool may_follow(struct api_call *call, const char *pupil)
{
    return attendance_last_day(call->attendance, pupil) >= call->today && api_may_id(call, PERMISSION_TRIAGE, pupil);
}

static bool decision_of(struct api_call *call, const char *pupil, struct casebook_decision *out)
{
    enum casebook_found found = casebook_last_year_of(call->book, pupil, civil_school_year(call->today), out);
    call->failed |= found == CASEBOOK_FAILED;
    return found == CASEBOOK_FOUND;
}

static const struct last_year_pupil *find(const struct last_year_list *list, const char *pupil)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->pupils[i].pupil, pupil) == 0)
            return &list->pupils[i];
    return NULL;
}

static void add(struct api_call *call, struct last_year_list *list, const char *pupil)
{
    struct casebook_decision decision;
    if (find(list, pupil) != NULL || !may_follow(call, pupil) || !is_followed(call, pupil, NULL))
        return;
    if (list->count == SCHOOL_PUPILS_MAX) {
        log_warn("a pupil is left out of the list from last year limit=%d", SCHOOL_PUPILS_MAX);
        return;
    }
    struct last_year_pupil *one = &list->pupils[list->count++];
    snprintf(one->pupil, sizeof one->pupil, "%s", pupil);
    one->decided = decision_of(call, pupil, &decision);
    one->not_needed = one->decided && decision.kind == LAST_YEAR_NOT_NEEDED;
}

void api_last_year_collect(struct api_call *call, struct last_year_list *list)
{
    const char *pupil;
    struct casebook_case one;
    int32_t begins_day = civil_school_year(call->today);
    list->count = 0;
    struct query rows =
        attendance_grave(call->attendance, LAST_YEAR_SEVERITY, civil_school_year(begins_day - 1), begins_day);
    while (attendance_next_id(&rows, &pupil))
        add(call, list, pupil);
    struct query cases = casebook_cases(call->book);
    char held[NAME_BYTES];
    while (casebook_next_case(&cases, &one))
        if (one.opened_day < begins_day) {
            snprintf(held, sizeof held, "%s", one.pupil);
            add(call, list, held);
        }
    call->failed |= !casebook_good(call->book);
}

bool api_last_year_joins(const struct api_call *call, const struct last_year_list *list, const char *pupil)
{
    const struct last_year_pupil *one = find(list, pupil);
    return one != NULL && !one->not_needed && call->today < last_year_joins_until(call->today);
}

static json_t *decision_json(const struct casebook_decision *decision)
{
    return json_pack("{s:I, s:s, s:o, s:s, s:s, s:o}", "decision", (json_int_t)decision->decision, "kind",
                     LAST_YEAR_WORDS[decision->kind], "reason",
                     decision->reason[0] ? json_string(decision->reason) : json_null(), "by", decision->user, "by_name",
                     decision->user_name, "at", civil_json_utc(decision->at_ms));
}

/* Flags of this school year that are open: what joins the pupil here. */
static json_t *flags_since(struct api_call *call, const char *pupil)
{
    struct attendance_flag flag;
    json_t *list = json_array();
    struct query rows = attendance_pupil_flags(call->attendance, pupil);
    while (attendance_next_flag(&rows, &flag))
        if (flag.raised_day >= civil_school_year(call->today) && flag.cleared_day == CIVIL_DAY_NONE &&
            flag.withdrawn_ms == 0)
            api_append(call, list, api_json_flag(&flag));
    return list;
}

static json_t *case_json(struct api_call *call, const char *pupil)
{
    struct casebook_case one;
    enum casebook_found found = casebook_case_of(call->book, pupil, &one);
    call->failed |= found == CASEBOOK_FAILED;
    return found == CASEBOOK_FOUND ? api_json_case(&one, NULL) : json_null();
}

static json_t *pupil_json(struct api_call *call, const char *id)
{
    struct attendance_pupil pupil;
    struct casebook_decision decision;
    json_t *json = NULL, *why = json_array();
    struct query rows = attendance_pupil(call->attendance, id);
    if (attendance_next_known_pupil(&rows, &pupil)) {
        json = api_json_pupil(&pupil);
        api_set(call, json, "mentor", pupil.at_school ? api_json_mentors(call, pupil.class) : json_null());
    }
    query_end(&rows);
    is_followed(call, id, why);
    api_set(call, json, "flags", why);
    api_set(call, json, "flags_since", flags_since(call, id));
    api_set(call, json, "case", case_json(call, id));
    api_set(call, json, "decision", decision_of(call, id, &decision) ? decision_json(&decision) : json_null());
    return json;
}

enum http_verdict api_last_year(struct api_call *call)
{
    struct last_year_list *list = malloc(sizeof *list);
    if (list == NULL || !api_begin_reading(call)) {
        free(list);
        return api_error(call, 503, "busy");
    }
    json_t *pupils = json_array(), *shown = json_array();
    api_last_year_collect(call, list);
    for (size_t i = 0; i < list->count; i++) {
        api_append(call, pupils, pupil_json(call, list->pupils[i].pupil));
        api_append(call, shown, json_string(list->pupils[i].pupil));
    }
    free(list);
    api_end_reading(call);
    api_audit_pupils(call, "list_last_year", shown);
    int32_t begins_day = civil_school_year(call->today);
    return api_json(call, 200,
                    json_pack("{s:o, s:o, s:o, s:o}", "date", civil_json_date(call->today), "begins",
                              civil_json_date(begins_day), "joins_until",
                              civil_json_date(last_year_joins_until(call->today)), "pupils", pupils));
}

/* NULL: it may be decided so; else the code of the error. */
static const char *obstacle(struct api_call *call, enum last_year_kind kind)
{
    struct casebook_case one;
    struct casebook_decision latest = {0};
    const char *why = NULL;
    if (!api_begin_reading(call))
        return "busy";
    bool there = decision_of(call, call->part, &latest);
    bool has_case = casebook_case_of(call->book, call->part, &one) == CASEBOOK_FOUND;
    if (!may_follow(call, call->part) || !is_followed(call, call->part, NULL)) {
        why = "not_listed";
    } else if (json_integer_value(json_object_get(call->body, "after")) != (there ? latest.decision : 0)) {
        why = "decided_meanwhile";
    } else if (has_case != (kind == LAST_YEAR_CASE_GOES_ON) && kind != LAST_YEAR_KEEP_WATCHING) {
        why = has_case ? "has_case" : "no_case";
    }
    api_end_reading(call);
    return why;
}

enum http_verdict api_last_year_decide(struct api_call *call)
{
    char object[API_PART_BYTES + ID_BYTES];
    const char *reason = api_text(call, "reason");
    struct casebook_decision decision = {.at_ms = call->now_ms};
    if (!last_year_kind_read(api_text(call, "kind"), &decision.kind) || !last_year_is_reason(decision.kind, reason))
        return api_error(call, 400, "bad_request");
    if (!api_lets(call, PERMISSION_TRIAGE, call->part))
        return api_no_pupil(call, call->part);
    const char *why = obstacle(call, decision.kind);
    if (why != NULL || call->failed)
        return api_error(call, 409, why);
    snprintf(decision.reason, sizeof decision.reason, "%s", reason);
    snprintf(decision.user, sizeof decision.user, "%s", call->user.user);
    snprintf(object, sizeof object, "%s %s", call->part, LAST_YEAR_WORDS[decision.kind]);
    int32_t begins_day = civil_school_year(call->today);
    if (!casebook_begin(call->book) ||
        !casebook_end(call->book,
                      api_audit(call, "last_year_decided", object) &&
                          casebook_last_year_add(call->book, call->part, begins_day, call->today, &decision)))
        return api_error(call, 503, "busy");
    if (!decision_of(call, call->part, &decision))
        return api_error(call, 503, "busy");
    return api_json(call, 200, decision_json(&decision));
}
