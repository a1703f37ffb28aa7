/* Reported absence and leave of a pupil: listed, reported, withdrawn. The daemon stores them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "dashboard/api/api_daemon.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/attendance/attendance_lessons.h"

#define BACK_DAYS  60
#define AHEAD_DAYS 200
#define SHOWN_DAYS 30

static json_t *absence_json(const struct attendance_absence *absence)
{
    return json_pack("{s:I, s:s, s:o, s:o, s:o, s:s}", "absence", (json_int_t)absence->absence, "type", absence->type,
                     "from", civil_json_utc(absence->from_ms), "to", civil_json_utc(absence->to_ms), "reported_at",
                     civil_json_utc(absence->reported_ms), "author", absence->author);
}

/* Whether there are more. */
static bool list_absences(struct api_call *call, json_t *list)
{
    struct attendance_absence absence;
    int64_t after_ms = call->now_ms - (int64_t)SHOWN_DAYS * CIVIL_MS_PER_DAY;
    struct query rows = attendance_absences(call->attendance, call->part, after_ms);
    while (json_array_size(list) < ATTENDANCE_ABSENCES_MAX && attendance_next_absence(&rows, &absence))
        api_append(call, list, absence_json(&absence));
    bool more = json_array_size(list) == ATTENDANCE_ABSENCES_MAX && attendance_next_absence(&rows, &absence);
    query_end(&rows);
    return more;
}

enum http_verdict api_absences(struct api_call *call)
{
    if (!api_begin_reading(call))
        return api_error(call, 503, "busy");
    bool may = api_may_id(call, PERMISSION_CORRECT, call->part);
    json_t *list = json_array();
    bool more = may && list_absences(call, list);
    api_end_reading(call);
    if (may && api_audit(call, "view_absences", call->part))
        return api_json(call, 200, json_pack("{s:o, s:b}", "absences", list, "more", (int)more));
    json_decref(list);
    return may ? api_error(call, 503, "busy") : api_no_pupil(call, call->part);
}

/* A time of the body, or one of the day's ends when it is left out. */
static bool minute_of(const struct api_call *call, const char *key, int32_t otherwise, int32_t *out)
{
    const char *text = api_text(call, key);
    *out = otherwise;
    return json_object_get(call->body, key) == NULL || civil_read_minutes(text, strlen(text), out);
}

static bool read_period(const struct api_call *call, int64_t *from_ms, int64_t *to_ms)
{
    int32_t first, last, from, to;
    if (!api_date(call, "date", &first))
        return false;
    last = first;
    if (json_object_get(call->body, "to_date") != NULL && !api_date(call, "to_date", &last))
        return false;
    if (!minute_of(call, "from", 0, &from) || !minute_of(call, "to", 24 * 60, &to))
        return false;
    *from_ms = civil_to_utc_ms(first, from * CIVIL_MS_PER_MINUTE);
    *to_ms = to == 24 * 60 ? civil_to_utc_ms(last + 1, 0) : civil_to_utc_ms(last, to * CIVIL_MS_PER_MINUTE);
    return *from_ms < *to_ms && first >= call->today - BACK_DAYS && last <= call->today + AHEAD_DAYS;
}

enum http_verdict api_absence_report(struct api_call *call)
{
    int64_t from_ms, to_ms;
    char from[CIVIL_UTC_BYTES], to[CIVIL_UTC_BYTES];
    const char *type = api_text(call, "type");
    if (call->request->pending != NULL)
        return api_told(call, 201, "absence");
    if ((strcmp(type, "reported") != 0 && strcmp(type, "leave") != 0) || !read_period(call, &from_ms, &to_ms))
        return api_error(call, 400, "bad_request");
    if (!api_lets(call, PERMISSION_CORRECT, call->part))
        return api_no_pupil(call, call->part);
    if (!api_audit(call, "report_absence", call->part))
        return api_error(call, 503, "busy");
    civil_write_utc(from_ms, from);
    civil_write_utc(to_ms, to);
    return api_tell_daemon(call, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "do", "absence_report", "author",
                                           call->user.user, "pupil", call->part, "type", type, "from", from, "to", to));
}

/* May the caller correct the pupil whose absence it is? */
static bool may_withdraw(struct api_call *call, int64_t absence, char pupil_id[NAME_BYTES])
{
    struct attendance_pupil pupil;
    if (!api_begin_reading(call))
        return false;
    struct query rows = attendance_absence_pupil(call->attendance, absence);
    bool may = attendance_next_known_pupil(&rows, &pupil) && api_may(call, PERMISSION_CORRECT, &pupil);
    if (may)
        snprintf(pupil_id, NAME_BYTES, "%s", pupil.pupil);
    query_end(&rows);
    api_end_reading(call);
    return may;
}

enum http_verdict api_absence_withdraw(struct api_call *call)
{
    char *end, object[NAME_BYTES + 32], pupil[NAME_BYTES];
    int64_t absence = strtoll(call->part, &end, 10);
    if (call->request->pending != NULL)
        return api_told(call, 200, NULL);
    if (*end)
        return api_error(call, 400, "bad_request");
    if (!may_withdraw(call, absence, pupil))
        return api_error(call, 404, "not_found");
    snprintf(object, sizeof object, "%s %lld", pupil, (long long)absence);
    if (!api_audit(call, "withdraw_absence", object))
        return api_error(call, 503, "busy");
    return api_tell_daemon(call, json_pack("{s:s, s:s, s:I}", "do", "absence_withdraw", "author", call->user.user,
                                           "absence", (json_int_t)absence));
}
