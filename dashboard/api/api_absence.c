#include "dashboard/api/api_call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "dashboard/attendance/attendance_lessons.h"

#define BACK_DAYS     60
#define AHEAD_DAYS    200
#define SHOWN_DAYS    30
#define MS_PER_MINUTE 60000

struct asking {
    struct api_call *call;
    char pupil[CASEBOOK_PUPIL_BYTES];
    bool may;
    json_t *list;
};

static bool note_pupil(void *into, const struct attendance_pupil *pupil)
{
    struct asking *asking = into;
    asking->may = api_may(asking->call, PERMISSION_CORRECT, pupil);
    snprintf(asking->pupil, sizeof asking->pupil, "%s", pupil->pupil);
    return false;
}

static bool list_absence(void *into, const struct attendance_absence *absence)
{
    json_t *row =
        json_pack("{s:I, s:s, s:o, s:o, s:o, s:s}", "absence", (json_int_t)absence->absence, "type", absence->type,
                  "from", civil_json_utc(absence->from_ms), "to", civil_json_utc(absence->to_ms), "reported_at",
                  civil_json_utc(absence->reported_ms), "author", absence->author);
    return json_array_append_new(((struct asking *)into)->list, row) == 0;
}

enum http_verdict api_absences(struct api_call *call)
{
    struct asking asking = {.call = call, .list = json_array()};
    struct attendance *attendance = call->web->attendance;
    bool good = attendance_begin(attendance);
    if (good) {
        int64_t after_ms = call->now_ms - (int64_t)SHOWN_DAYS * CIVIL_MS_PER_DAY;
        good = attendance_pupil(attendance, call->part, note_pupil, &asking) &&
               (!asking.may || attendance_absences(attendance, call->part, after_ms, list_absence, &asking));
        attendance_end(attendance);
    }
    good = good && (!asking.may || api_audit(call, "view_absences", call->part));
    json_t *answer = json_pack("{s:o}", "absences", asking.list);
    if (good && asking.may)
        return api_json(call, 200, answer);
    json_decref(answer);
    return good ? api_error(call, 404, "not_found") : api_error(call, 503, "busy");
}

/* A time of the body, or one of the day's ends when it is left out. */
static bool minute_of(const struct api_call *call, const char *key, int32_t otherwise, int32_t *out)
{
    const char *text = api_text(call, key);
    *out = otherwise;
    return !json_object_get(call->body, key) || civil_read_minutes(text, strlen(text), out);
}

static bool read_period(const struct api_call *call, int64_t *from_ms, int64_t *to_ms)
{
    int32_t first, last, from, to;
    if (!api_date(call, "date", &first))
        return false;
    last = first;
    if (json_object_get(call->body, "to_date") && !api_date(call, "to_date", &last))
        return false;
    if (!minute_of(call, "from", 0, &from) || !minute_of(call, "to", 24 * 60, &to))
        return false;
    *from_ms = civil_to_utc_ms(first, from * MS_PER_MINUTE);
    *to_ms = to == 24 * 60 ? civil_to_utc_ms(last + 1, 0) : civil_to_utc_ms(last, to * MS_PER_MINUTE);
    return *from_ms < *to_ms && first >= call->today - BACK_DAYS && last <= call->today + AHEAD_DAYS;
}

static bool find_pupil(struct asking *asking)
{
    struct attendance *attendance = asking->call->web->attendance;
    bool good = attendance_begin(attendance);
    if (good) {
        good = attendance_pupil(attendance, asking->call->part, note_pupil, asking);
        attendance_end(attendance);
    }
    return good;
}

enum http_verdict api_absence_report(struct api_call *call)
{
    int64_t from_ms, to_ms;
    char from[CIVIL_UTC_BYTES], to[CIVIL_UTC_BYTES];
    struct asking asking = {.call = call};
    const char *type = api_text(call, "type");
    if (call->request->pending)
        return api_told(call, 201, "absence");
    if ((strcmp(type, "reported") != 0 && strcmp(type, "leave") != 0) || !read_period(call, &from_ms, &to_ms))
        return api_error(call, 400, "bad_request");
    if (!find_pupil(&asking))
        return api_error(call, 503, "busy");
    if (!asking.may)
        return api_error(call, 404, "not_found");
    if (!api_audit(call, "report_absence", call->part))
        return api_error(call, 503, "busy");
    civil_write_utc(from_ms, from);
    civil_write_utc(to_ms, to);
    return api_tell_daemon(call, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "do", "absence_report", "author",
                                           call->user.user, "pupil", call->part, "type", type, "from", from, "to", to));
}

enum http_verdict api_absence_withdraw(struct api_call *call)
{
    char *end, object[CASEBOOK_PUPIL_BYTES + 32];
    struct asking asking = {.call = call};
    int64_t absence = strtoll(call->part, &end, 10);
    if (call->request->pending)
        return api_told(call, 200, NULL);
    if (*end)
        return api_error(call, 400, "bad_request");
    bool good = attendance_begin(call->web->attendance);
    if (good) {
        good = attendance_absence_pupil(call->web->attendance, absence, note_pupil, &asking);
        attendance_end(call->web->attendance);
    }
    if (good && !asking.may)
        return api_error(call, 404, "not_found");
    snprintf(object, sizeof object, "%s %lld", asking.pupil, (long long)absence);
    if (!good || !api_audit(call, "withdraw_absence", object))
        return api_error(call, 503, "busy");
    return api_tell_daemon(call, json_pack("{s:s, s:s, s:I}", "do", "absence_withdraw", "author", call->user.user,
                                           "absence", (json_int_t)absence));
}
