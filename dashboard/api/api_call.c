/* The verbs of a call: answers and errors, reading between begin and end, permissions for a pupil, audit rows.
 * Whatever fails marks the call, and a marked call can only answer `busy`. */
#include "dashboard/api/api_call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/log.h"
#include "dashboard/attendance/attendance_lessons.h"
#include "dashboard/casebook/casebook_audit.h"

enum http_verdict api_json(struct api_call *call, unsigned status, json_t *body)
{
    char *text = body != NULL && !call->failed ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    if (text == NULL) {
        log_warn("answer could not be made path=\"%s\"", call->request->path);
        return api_error(call, 503, "busy");
    }
    call->answer->status = status;
    call->answer->type = "application/json";
    call->answer->body = text;
    call->answer->body_bytes = strlen(text);
    call->answer->body_is_heap = true;
    return HTTP_ANSWER;
}

enum http_verdict api_error(struct api_call *call, unsigned status, const char *code)
{
    char *text = NULL;
    if (call->failed) {
        status = 503;
        code = "busy";
    }
    int bytes = asprintf(&text, "{\"error\":\"%s\"}", code);
    *call->answer = (struct http_answer){.status = status};
    if (bytes > 0) {
        call->answer->type = "application/json";
        call->answer->body = text;
        call->answer->body_bytes = (size_t)bytes;
        call->answer->body_is_heap = true;
    }
    return HTTP_ANSWER;
}

bool api_begin_reading(struct api_call *call)
{
    bool begun = attendance_begin(call->attendance, call->today);
    call->failed |= !begun;
    return begun;
}

void api_end_reading(struct api_call *call)
{
    call->failed |= !attendance_end(call->attendance);
}

void api_append(struct api_call *call, json_t *list, json_t *value)
{
    call->failed |= json_array_append_new(list, value) != 0;
}

void api_set(struct api_call *call, json_t *object, const char *key, json_t *value)
{
    call->failed |= json_object_set_new(object, key, value) != 0;
}

bool api_may(struct api_call *call, enum permission permission, const struct attendance_pupil *pupil)
{
    return api_may_at(call, permission, pupil, 0);
}

bool api_may_at(struct api_call *call, enum permission permission, const struct attendance_pupil *pupil, int64_t lesson)
{
    const char *user = call->user.user;
    struct access_pupil object = {
        .is_protected = pupil->is_protected,
        .user_is_named = pupil->is_protected && casebook_user_is_named(call->book, user, pupil->pupil),
        /* The class of one who left has other pupils now, and another mentor. */
        .own_class = pupil->at_school && call->user.role == ROLE_MENTOR &&
                     attendance_is_mentor(call->attendance, user, pupil->class, call->today),
        .own_lesson = lesson && attendance_teaches(call->attendance, user, lesson),
    };
    return access_allows(call->user.role, permission, &object);
}

bool api_may_id(struct api_call *call, enum permission permission, const char *id)
{
    struct attendance_pupil pupil;
    struct query rows = attendance_pupil(call->attendance, id);
    bool may = attendance_next_known_pupil(&rows, &pupil) && api_may(call, permission, &pupil);
    query_end(&rows);
    return may;
}

bool api_lets(struct api_call *call, enum permission permission, const char *id)
{
    if (!api_begin_reading(call))
        return false;
    bool may = api_may_id(call, permission, id);
    api_end_reading(call);
    return may && !call->failed;
}

bool api_audit(struct api_call *call, const char *action, const char *object)
{
    if (call->failed)
        return false;
    call->gathers = call->request->method == HTTP_GET;
    call->failed = (call->gathers && !casebook_gather(call->book)) ||
                   !casebook_audit(call->book, call->now_ms, call->user.user, action, object);
    return !call->failed;
}

bool api_audit_pupils(struct api_call *call, const char *action, json_t *pupil_ids)
{
    bool is_empty = json_array_size(pupil_ids) == 0;
    char *object = json_dumps(pupil_ids, JSON_COMPACT);
    json_decref(pupil_ids);
    call->failed |= object == NULL;
    bool written = !call->failed && (is_empty || api_audit(call, action, object));
    free(object);
    return written;
}

enum http_verdict api_no_pupil(struct api_call *call, const char *pupil)
{
    api_audit(call, "view_pupil_refused", strlen(pupil) < API_PART_BYTES ? pupil : "");
    return api_error(call, 404, "not_found");
}

void api_audit_refusal(struct api_call *call, const char *action)
{
    casebook_audit(call->book, call->now_ms, call->user.user, action, "");
}

const char *api_text(const struct api_call *call, const char *key)
{
    const char *text = json_string_value(json_object_get(call->body, key));
    return text != NULL ? text : "";
}

bool api_date(const struct api_call *call, const char *key, int32_t *out)
{
    const char *text = api_text(call, key);
    return civil_read_date(text, strlen(text), out);
}
