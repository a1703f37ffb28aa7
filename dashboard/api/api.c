/* The gate: every request passes the same checks in the same order (route, origin, session, token, permission,
 * one-time code) before the function of its route runs, so that a stranger learns nothing but that a route exists. */
#include "dashboard/api/api.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "common/civil.h"
#include "dashboard/api/api_account.h"
#include "dashboard/api/api_handlers.h"
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
    {HTTP_GET, "pupils/*/support", FULL, PERMISSION_PUPILS, api_pupil_support},
    {HTTP_GET, "support", FULL, PERMISSION_SUPPORT, api_support},
    {HTTP_GET, "support/cards", FULL, PERMISSION_SUPPORT, api_support_cards},
    {HTTP_GET, "terminals", FULL, PERMISSION_TERMINALS, api_terminals},
    {HTTP_GET, "daemon", FULL, PERMISSION_TERMINALS, api_daemon},
    {HTTP_POST, "decisions", FULL, PERMISSION_TRUST, api_decisions_confirm},
    {HTTP_POST, "terminals/*/distrust", FULL, PERMISSION_TRUST, api_distrust},
    {HTTP_POST, "terminals/*/trust", FULL, PERMISSION_TRUST, api_trust},
    {HTTP_GET, "held", FULL, PERMISSION_TRUST, api_held},
    {HTTP_POST, "held/*", FULL, PERMISSION_TRUST, api_held_decide},
    {HTTP_GET, "strays", FULL, PERMISSION_STRAYS, api_strays},
    {HTTP_POST, "strays/give", FULL, PERMISSION_CARDS, api_card_give},
    {HTTP_POST, "flags/*/confirm", FULL, PERMISSION_TRIAGE, api_confirm},
    {HTTP_POST, "flags/*/snooze", FULL, PERMISSION_TRIAGE, api_snooze},
    {HTTP_POST, "flags/*/dismiss", FULL, PERMISSION_TRIAGE, api_dismiss},
    {HTTP_POST, "flags/*/close", FULL, PERMISSION_TRIAGE, api_close},
    {HTTP_POST, "flags/*/undo", FULL, PERMISSION_TRIAGE, api_undo},
    {HTTP_GET, "cases", FULL, PERMISSION_TRIAGE, api_cases},
    {HTTP_GET, "cases/*", FULL, PERMISSION_CASE, api_case},
    {HTTP_GET, "cases/*/record", FULL, PERMISSION_TRIAGE, api_case_record},
    {HTTP_POST, "cases/*", FULL, PERMISSION_CASE, api_case_act},
    {HTTP_GET, "owners/*", FULL, PERMISSION_TRIAGE, api_owner},
    {HTTP_POST, "owners/*/take_over", FULL, PERMISSION_TRIAGE, api_take_over},
    {HTTP_POST, "pupils/*/crisis", FULL, PERMISSION_TRIAGE, api_crisis_begin},
    {HTTP_POST, "pupils/*/crisis/end", FULL, PERMISSION_TRIAGE, api_crisis_end},
    {HTTP_GET, "together", FULL, PERMISSION_TRIAGE, api_together},
    {HTTP_POST, "together", FULL, PERMISSION_TRIAGE, api_together_decide},
    {HTTP_POST, "together/rating", FULL, PERMISSION_TRIAGE, api_together_rate},
    {HTTP_GET, "last_year", FULL, PERMISSION_TRIAGE, api_last_year},
    {HTTP_POST, "last_year/*", FULL, PERMISSION_TRIAGE, api_last_year_decide},
    {HTTP_GET, "gymnasium", FULL, PERMISSION_TRIAGE, api_gymnasium},
    {HTTP_POST, "gymnasium/*", FULL, PERMISSION_TRIAGE, api_gymnasium_decide},
    {HTTP_POST, "tasks/*/done", FULL, PERMISSION_TASKS, api_task_done},
    {HTTP_POST, "tasks/*/undo", FULL, PERMISSION_TASKS, api_task_undo},
    {HTTP_GET, "pupils/*/absences", FULL, PERMISSION_CORRECT, api_absences},
    {HTTP_POST, "pupils/*/absences", FULL, PERMISSION_CORRECT, api_absence_report},
    {HTTP_POST, "absences/*/withdraw", FULL, PERMISSION_CORRECT, api_absence_withdraw},
    {HTTP_GET, "pupils/*/lessons", FULL, PERMISSION_CORRECT, api_pupil_lessons},
    {HTTP_POST, "pupils/*/marks", FULL, PERMISSION_CORRECT, api_pupil_mark},
    {HTTP_POST, "pupils/*/forgotten", FULL, PERMISSION_CORRECT, api_forgotten},
    {HTTP_POST, "pupils/*/forgotten/undo", FULL, PERMISSION_CORRECT, api_forgotten_undo},
    {HTTP_GET, "groups", FULL, PERMISSION_GROUPS, api_groups},
    {HTTP_GET, "intime", FULL, PERMISSION_INTIME, api_intime},
    {HTTP_GET, "intime/published", FULL, PERMISSION_PUBLISHED, api_published},
    {HTTP_POST, "intime/published", FULL, PERMISSION_PUBLISH, api_publish},
    {HTTP_GET, "intime/groups", FULL, PERMISSION_INTIME, api_group_measures},
    {HTTP_POST, "intime/groups", FULL, PERMISSION_INTIME, api_group_measure_begin},
    {HTTP_POST, "intime/groups/*/end", FULL, PERMISSION_INTIME, api_group_measure_end},
    {HTTP_GET, "reviews", FULL, PERMISSION_INTIME, api_case_reviews},
    {HTTP_GET, "reviews/*", FULL, PERMISSION_INTIME, api_case_review},
    {HTTP_POST, "reviews", FULL, PERMISSION_INTIME, api_case_review_save},
    {HTTP_POST, "reviews/decisions/*", FULL, PERMISSION_INTIME, api_improvement_end},
    {HTTP_GET, "rules", FULL, PERMISSION_RULES, api_rules},
    {HTTP_GET, "rules/*", FULL, PERMISSION_RULES, api_rules_version},
    {HTTP_POST, "rules/preview", FULL, PERMISSION_RULES_TRY, api_rules_preview},
    {HTTP_POST, "rules/tune", FULL, PERMISSION_RULES_TRY, api_rules_tune},
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
    size_t before = star != NULL ? (size_t)(star - route) : strlen(route);
    if (strncmp(path, route, before) != 0)
        return false;
    if (star == NULL)
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
static bool is_same_origin(const struct api_call *call)
{
    const struct http_request *request = call->request;
    const char *site = http_header(request, "Sec-Fetch-Site"), *origin = http_header(request, "Origin");
    const char *host = http_header(request, "Host");
    if (site != NULL && strcmp(site, "same-origin") != 0)
        return false;
    if (origin == NULL)
        return site != NULL;
    const char *scheme = call->over_tls ? "https://" : "http://";
    size_t length = strlen(scheme);
    return strncasecmp(origin, scheme, length) == 0 && host != NULL && strcasecmp(origin + length, host) == 0;
}

static bool is_json(const struct http_request *request)
{
    const char *type = http_header(request, "Content-Type");
    size_t length = strlen("application/json");
    return type != NULL && strncasecmp(type, "application/json", length) == 0 && (!type[length] || type[length] == ';');
}

/* 0 and the caller filled in, or the status to refuse with. */
static unsigned identify(struct api_call *call)
{
    const char *cookie = http_cookie(call->request, call->cookie_name);
    if (cookie == NULL || !secret_from_hex(cookie, call->session))
        return 401;
    enum casebook_found found = http_header(call->request, "X-Background") != NULL
                                    ? casebook_session_look(call->book, call->session, call->real_ms, &call->user)
                                    : casebook_session_use(call->book, call->session, call->real_ms, &call->user);
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
    return given != NULL && secret_same(given, token);
}

/* 0, or the status to refuse with. */
static unsigned gate(const struct route *route, struct api_call *call)
{
    bool writes = call->request->method != HTTP_GET;
    if (writes && !is_same_origin(call))
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

/* Everything that an answer may use. */
static struct api_call call_of(struct web *web, struct http_request *request, struct http_answer *answer)
{
    int64_t now_ms = clock_utc_ms(&web->civil);
    return (struct api_call){
        .book = web->book,
        .attendance = web->attendance,
        .passwords = web->passwords,
        .limit = &web->limit,
        .errands = web->errands,
        .uploads = &web->uploads,
        .retention = &web->retention,
        .support = web->support,
        .counted = &web->counted,
        .items_a_week = web->items_a_week,
        .municipality = web->municipality,
        .clocks = web->clocks,
        .routine = web->routine,
        .request = request,
        .answer = answer,
        .cookie_name = web->over_tls ? "__Host-narvaro" : "narvaro",
        .over_tls = web->over_tls,
        .now_ms = now_ms,
        .today = civil_from_utc_ms(now_ms).day,
        .civil_rate = web->civil.rate,
        .real_ms = clock_utc_ms(&web->real),
        .mono_ms = clock_mono_ms(&web->real),
    };
}

enum http_verdict api_answer(void *of, struct http_request *request, struct http_answer *answer)
{
    struct web *web = of;
    if (strncmp(request->path, "/api/", 5) != 0) {
        page_answer(request, answer);
        return HTTP_ANSWER;
    }
    struct api_call call = call_of(web, request, answer);
    bool ours = strncmp(request->path, API_PREFIX, strlen(API_PREFIX)) == 0;
    const struct route *route = ours ? find_route(request, request->path + strlen(API_PREFIX), call.part) : NULL;
    enum http_verdict verdict = route != NULL ? let_in(route, &call) : api_error(&call, 404, "not_found");
    if (verdict != HTTP_LATER &&
        request->pending != NULL) { /* answered: the errand or job that it waited for is given back */
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
