#include "dashboard/api/api.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "common/log.h"
#include "dashboard/api/api_call.h"
#include "dashboard/attendance/attendance_lessons.h"
#include "dashboard/shell/page.h"

#define API_PREFIX "/api/v1/"

/* OPEN: anybody; HALF: a session, also of a user whose role must have a one-time code and has none yet; FULL: a session
 * and all that its role demands. */
enum entry { FULL, HALF, OPEN };

/* '*' takes one part of the path, whatever it is. A route without a row here does not exist; one that is not OPEN
 * needs the permission, too. */
static const struct route {
    enum http_method method;
    const char *path;
    enum entry entry;
    enum permission permission;
    api_function *function;
} ROUTES[] = {
    {HTTP_POST, "login", OPEN, PERMISSION_SIGNED_IN, api_login},
    {HTTP_POST, "logout", HALF, PERMISSION_SIGNED_IN, api_logout},
    {HTTP_GET, "me", HALF, PERMISSION_SIGNED_IN, api_me},
    {HTTP_PUT, "me", HALF, PERMISSION_SIGNED_IN, api_me_change},
    {HTTP_POST, "account/totp", HALF, PERMISSION_SIGNED_IN, api_totp_offer},
    {HTTP_POST, "account/totp/confirm", HALF, PERMISSION_SIGNED_IN, api_totp_confirm},
    {HTTP_POST, "account/password", HALF, PERMISSION_SIGNED_IN, api_password},
    {HTTP_GET, "events", HALF, PERMISSION_SIGNED_IN, api_events},
    {HTTP_GET, "status", FULL, PERMISSION_SIGNED_IN, api_status},
    {HTTP_GET, "flags", FULL, PERMISSION_TASKS, api_inbox},
    {HTTP_GET, "pupils", FULL, PERMISSION_PUPILS, api_pupils},
    {HTTP_GET, "pupils/*", FULL, PERMISSION_PUPILS, api_pupil},
    {HTTP_GET, "pupils/*/class", FULL, PERMISSION_PUPILS, api_class},
    {HTTP_GET, "terminals", FULL, PERMISSION_TERMINALS, api_terminals},
    {HTTP_POST, "flags/*/confirm", FULL, PERMISSION_TRIAGE, api_confirm},
    {HTTP_POST, "flags/*/snooze", FULL, PERMISSION_TRIAGE, api_snooze},
    {HTTP_POST, "flags/*/dismiss", FULL, PERMISSION_TRIAGE, api_dismiss},
    {HTTP_POST, "flags/*/close", FULL, PERMISSION_TRIAGE, api_close},
    {HTTP_POST, "flags/*/undo", FULL, PERMISSION_TRIAGE, api_undo},
    {HTTP_GET, "cases", FULL, PERMISSION_TRIAGE, api_cases},
    {HTTP_POST, "tasks/*/done", FULL, PERMISSION_TASKS, api_task_done},
    {HTTP_POST, "tasks/*/undo", FULL, PERMISSION_TASKS, api_task_undo},
    {HTTP_GET, "pupils/*/absences", FULL, PERMISSION_CORRECT, api_absences},
    {HTTP_POST, "pupils/*/absences", FULL, PERMISSION_CORRECT, api_absence_report},
    {HTTP_POST, "absences/*/withdraw", FULL, PERMISSION_CORRECT, api_absence_withdraw},
    {HTTP_GET, "pupils/*/lessons", FULL, PERMISSION_CORRECT, api_pupil_lessons},
    {HTTP_POST, "pupils/*/marks", FULL, PERMISSION_CORRECT, api_pupil_mark},
    {HTTP_GET, "groups", FULL, PERMISSION_GROUPS, api_groups},
    {HTTP_GET, "rules", FULL, PERMISSION_RULES, api_rules},
    {HTTP_GET, "rules/*", FULL, PERMISSION_RULES, api_rules_version},
    {HTTP_POST, "rules/preview", FULL, PERMISSION_RULES_TRY, api_rules_preview},
    {HTTP_POST, "rules", FULL, PERMISSION_RULES_APPLY, api_rules_apply},
    {HTTP_GET, "audit", FULL, PERMISSION_AUDIT, api_log},
    {HTTP_GET, "audit/review", FULL, PERMISSION_REVIEW, api_review},
    {HTTP_POST, "audit/review", FULL, PERMISSION_REVIEW_SIGN, api_review_draw},
    {HTTP_POST, "audit/review/*", FULL, PERMISSION_REVIEW_SIGN, api_review_judge},
    {HTTP_GET, "retention", FULL, PERMISSION_RETENTION, api_retention},
    {HTTP_POST, "retention/*/sign", FULL, PERMISSION_RETENTION_SIGN, api_retention_sign},
    {HTTP_POST, "imports", FULL, PERMISSION_IMPORT, api_import},
    {HTTP_POST, "imports/clear", FULL, PERMISSION_IMPORT, api_import_clear},
    {HTTP_POST, "imports/*", FULL, PERMISSION_IMPORT, api_import_file},
    {HTTP_GET, "lessons", FULL, PERMISSION_LESSONS, api_lessons},
    {HTTP_POST, "lessons/*/marks", FULL, PERMISSION_LESSONS, api_lesson_marks},
};

/* Copies what '*' stands for. */
static bool is_path(const char *route, const char *path, char part[API_PART_BYTES])
{
    const char *star = strchr(route, '*');
    size_t before = star ? (size_t)(star - route) : strlen(route);
    if (strncmp(path, route, before) != 0)
        return false;
    if (!star)
        return !path[before];
    size_t length = strcspn(path + before, "/");
    if (length == 0 || length >= API_PART_BYTES || strcmp(path + before + length, star + 1) != 0)
        return false;
    memcpy(part, path + before, length);
    part[length] = '\0';
    return true;
}

static const struct route *find_route(const struct http_request *request, const char *path, char part[API_PART_BYTES])
{
    for (size_t i = 0; i < sizeof ROUTES / sizeof *ROUTES; i++)
        if (ROUTES[i].method == request->method && is_path(ROUTES[i].path, path, part))
            return &ROUTES[i];
    return NULL;
}

/* Browsers say where a request comes from in one of two headers, or both; a client that says neither may not
 * write. */
static bool is_same_origin(const struct http_request *request)
{
    const char *site = http_header(request, "Sec-Fetch-Site"), *origin = http_header(request, "Origin");
    const char *host = http_header(request, "Host");
    if (site && strcmp(site, "same-origin") != 0)
        return false;
    if (!origin)
        return site != NULL;
    const char *authority = strstr(origin, "://");
    return authority && host && strcasecmp(authority + 3, host) == 0;
}

static bool is_json(const struct http_request *request)
{
    const char *type = http_header(request, "Content-Type");
    size_t length = strlen("application/json");
    return type && strncasecmp(type, "application/json", length) == 0 && (!type[length] || type[length] == ';');
}

/* 0 and the caller filled in, or the status to refuse with. */
static unsigned identify(struct api_call *call)
{
    const char *cookie = http_cookie(call->request, api_cookie_name(call->web));
    if (!cookie || !secret_from_hex(cookie, call->session))
        return 401;
    int64_t now_ms = clock_utc_ms(&call->web->real);
    enum casebook_found found = http_header(call->request, "X-Background")
                                    ? casebook_session_look(call->book, call->session, now_ms, &call->user)
                                    : casebook_session_use(call->book, call->session, now_ms, &call->user);
    switch (found) {
    case CASEBOOK_FOUND:
        return 0;
    case CASEBOOK_ABSENT:
        return 401;
    case CASEBOOK_FAILED:
        return 503;
    }
    return 503;
}

static bool has_token(const struct api_call *call)
{
    char token[SECRET_ID_HEX_BYTES];
    const char *given = http_header(call->request, "X-CSRF-Token");
    secret_csrf(call->session, token);
    return given && secret_same(given, token);
}

/* 0: come in. */
static unsigned gate(const struct route *route, struct api_call *call)
{
    bool writes = call->request->method != HTTP_GET;
    if (writes && !is_same_origin(call->request))
        return 403;
    if (writes && !is_json(call->request))
        return 400;
    if (route->entry == OPEN)
        return 0;
    unsigned status = identify(call);
    if (status)
        return status;
    if (writes && !has_token(call))
        return 403;
    return access_allows(call->user.role, route->permission, NULL) ? 0 : 403;
}

static const char *code_of(unsigned status)
{
    return status == 400 ? "bad_request" : status == 401 ? "not_signed_in" : status == 403 ? "not_allowed" : "busy";
}

static enum http_verdict let_in(const struct route *route, struct api_call *call)
{
    unsigned status = gate(route, call);
    if (status)
        return api_error(call, status, code_of(status));
    if (route->entry == FULL && api_needs_totp(call))
        return api_error(call, 403, "totp_required");
    if (call->request->method == HTTP_GET) {
        enum http_verdict verdict = route->function(call);
        call->answer->when_settled = call->gathers && call->answer->status != 503;
        return verdict;
    }
    casebook_flush(call->book);
    json_t *body = json_loadb(call->request->body, call->request->body_bytes, JSON_REJECT_DUPLICATES, NULL);
    call->body = body;
    enum http_verdict verdict = json_is_object(body) ? route->function(call) : api_error(call, 400, "bad_request");
    json_decref(body);
    return verdict;
}

bool api_settled(void *web)
{
    return casebook_settle(((struct web *)web)->book);
}

void api_abandoned(void *of, void *pending)
{
    struct web *web = of;
    if (errand_is(web->errands, pending))
        errand_release(web->errands, pending);
    else
        password_release(web->passwords, pending);
}

enum http_verdict api_answer(void *of, struct http_request *request, struct http_answer *answer)
{
    struct web *web = of;
    if (strncmp(request->path, "/api/", 5) != 0) {
        page_answer(request, answer);
        return HTTP_ANSWER;
    }
    struct api_call call = {.web = web,
                            .book = web->book,
                            .attendance = web->attendance,
                            .request = request,
                            .answer = answer,
                            .now_ms = clock_utc_ms(&web->civil)};
    call.today = civil_from_utc_ms(call.now_ms).day;
    bool ours = strncmp(request->path, API_PREFIX, strlen(API_PREFIX)) == 0;
    const struct route *route = ours ? find_route(request, request->path + strlen(API_PREFIX), call.part) : NULL;
    enum http_verdict verdict = route ? let_in(route, &call) : api_error(&call, 404, "not_found");
    if (verdict != HTTP_LATER && request->pending) { /* answered: nothing is waited for any more */
        api_abandoned(web, request->pending);
        request->pending = NULL;
    }
    return verdict;
}

bool api_stream_alive(void *web, const uint8_t tag[HTTP_STREAM_TAG_BYTES])
{
    static_assert(HTTP_STREAM_TAG_BYTES == SECRET_HASH_BYTES, "a stream is tagged with its session's hash");
    struct web *of = web;
    return casebook_session_alive(of->book, tag, clock_utc_ms(&of->real));
}

enum http_verdict api_json(struct api_call *call, unsigned status, json_t *body)
{
    char *text = body && !call->failed ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    if (!text) {
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
    bool begun = attendance_begin(call->attendance);
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
        .own_class =
            call->user.role == ROLE_MENTOR && attendance_is_mentor(call->attendance, user, pupil->class, call->today),
        .own_lesson = lesson && attendance_teaches(call->attendance, user, lesson),
    };
    return access_allows(call->user.role, permission, &object);
}

bool api_may_id(struct api_call *call, enum permission permission, const char *id)
{
    struct attendance_pupil pupil;
    struct query rows = attendance_pupil(call->attendance, id);
    bool may = attendance_next_pupil(&rows, &pupil) && api_may(call, permission, &pupil);
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
    call->failed |= !object;
    bool written = !call->failed && (is_empty || api_audit(call, action, object));
    free(object);
    return written;
}

void api_audit_refusal(struct api_call *call, const char *action)
{
    casebook_audit(call->book, call->now_ms, call->user.user, action, "");
}

const char *api_text(const struct api_call *call, const char *key)
{
    const char *text = json_string_value(json_object_get(call->body, key));
    return text ? text : "";
}

bool api_date(const struct api_call *call, const char *key, int32_t *out)
{
    const char *text = api_text(call, key);
    return civil_read_date(text, strlen(text), out);
}

const char *api_cookie_name(const struct web *web)
{
    return web->over_tls ? "__Host-narvaro" : "narvaro";
}

void api_change_text(const struct web *web, char out[HTTP_STREAM_TEXT_BYTES])
{
    struct attendance_changes changes = attendance_changes(web->attendance);
    snprintf(out, HTTP_STREAM_TEXT_BYTES,
             "event: change\ndata: {\"status\": %" PRIu32 ", \"flags\": %" PRIu32 ", \"terminals\": %" PRIu32
             ", \"answers\": %" PRIu32 "}\n\n",
             changes.status, changes.flags, changes.terminals, casebook_changes(web->book));
}

json_t *api_json_pupil(const struct attendance_pupil *pupil)
{
    return json_pack("{s:s, s:s++, s:s, s:b}", "pupil", pupil->pupil, "name", pupil->given_name, " ",
                     pupil->family_name, "class", pupil->class, "protected", (int)pupil->is_protected);
}

json_t *api_json_mentors(struct api_call *call, const char *class)
{
    char names[ATTENDANCE_MENTORS_BYTES];
    attendance_mentors(call->attendance, class, call->today, names);
    return names[0] ? json_string(names) : json_null();
}

json_t *api_json_flag(const struct attendance_flag *flag)
{
    return json_pack("{s:I, s:s, s:i, s:o, s:o, s:o, s:i, s:o}", "flag", (json_int_t)flag->flag, "rule", flag->rule,
                     "severity", flag->severity, "raised_on", civil_json_date(flag->raised_day), "cleared_on",
                     civil_json_date(flag->cleared_day), "withdrawn", civil_json_utc(flag->withdrawn_ms),
                     "rules_version", flag->rules_version, "evidence", api_json_stored(flag->evidence));
}

json_t *api_json_signal(const struct attendance_signal *signal, int32_t day)
{
    return json_pack("{s:s, s:s, s:o, s:i, s:I, s:I, s:i}", "kind", signal->kind, "name", signal->name, "date",
                     civil_json_date(day), "pupils", signal->pupils, "expected_minutes",
                     (json_int_t)signal->expected_minutes, "absent_minutes", (json_int_t)signal->absent_minutes,
                     "usual_permille", signal->usual_ppm / 1000);
}

json_t *api_json_minute(int minute)
{
    char text[] = "00:00";
    text[0] = (char)('0' + minute / 600 % 10);
    text[1] = (char)('0' + minute / 60 % 10);
    text[3] = (char)('0' + minute % 60 / 10);
    text[4] = (char)('0' + minute % 10);
    return json_string_nocheck(text);
}

json_t *api_json_stored(const char *text)
{
    json_t *stored = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_array(stored))
        return stored;
    log_warn("stored JSON is no array bytes=%zu", strlen(text));
    json_decref(stored);
    return json_array();
}
