/* Signing in and out, who the caller is, and the stream of change events. */
#include <stdio.h>
#include <string.h>
#include "dashboard/api/api_account.h"
#include "dashboard/api/api_change.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/casebook/casebook_accounts.h"
#include "dashboard/shell/password.h"

static json_t *permissions(enum role role)
{
    json_t *words = json_array();
    for (int i = 0; i < PERMISSIONS; i++)
        if (access_allows(role, (enum permission)i, NULL))
            json_array_append_new(words, json_string(PERMISSION_WORDS[i]));
    return words;
}

static enum http_verdict tell_me(struct api_call *call)
{
    char school[CASEBOOK_NAME_BYTES] = "", token[SECRET_ID_HEX_BYTES];
    bool is_demo = api_is_demo(call);
    if (attendance_begin(call->attendance, call->today)) {
        attendance_setting(call->attendance, "school", school, sizeof school);
        attendance_end(call->attendance);
    }
    secret_csrf(call->session, token);
    const char *totp = call->user.has_totp ? "on" : api_needs_totp(call) ? "required" : "none";
    json_t *me = json_object();
    api_set(call, me, "user", json_string(call->user.user));
    api_set(call, me, "name", json_string(call->user.name));
    api_set(call, me, "role", json_string(ROLE_WORDS[call->user.role]));
    api_set(call, me, "language", json_string(call->user.language));
    api_set(call, me, "csrf", json_string(token));
    api_set(call, me, "demo", json_boolean(is_demo));
    api_set(call, me, "school", json_string(school));
    api_set(call, me, "totp", json_string(totp));
    api_set(call, me, "permissions", permissions(call->user.role));
    return api_json(call, 200, me);
}

static void set_cookie(struct api_call *call, const char *value, const char *more)
{
    snprintf(call->answer->cookie, sizeof call->answer->cookie, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
             call->cookie_name, value, call->over_tls ? "; Secure" : "", more);
}

/* The session that the browser had is ended: it may have been planted there (session fixation). */
static enum http_verdict sign_in(struct api_call *call)
{
    const char *cookie = http_cookie(call->request, call->cookie_name);
    if (cookie != NULL && secret_from_hex(cookie, call->session))
        casebook_session_end(call->book, call->session);
    if (!api_audit(call, "login", "") ||
        !casebook_session_begin(call->book, call->user.user, call->real_ms, call->session))
        return api_error(call, 503, "busy");
    api_try_given_back(call, call->user.user);
    char id[SECRET_ID_HEX_BYTES];
    secret_hex(call->session, id);
    enum http_verdict verdict = tell_me(call);
    set_cookie(call, id, "");
    return verdict;
}

static enum http_verdict login_checked(struct api_call *call, const char *user)
{
    struct password_job *job = call->request->pending;
    bool right = password_is_right(call->passwords, job);
    password_release(call->passwords, job);
    call->request->pending = NULL;
    bool is_known = casebook_user(call->book, user, &call->user) == CASEBOOK_FOUND;
    if (right && is_known && !call->user.disabled) {
        const char *code = api_text(call, "code");
        if (!call->user.has_totp)
            return sign_in(call);
        if (!*code) {
            api_try_given_back(call, user); /* only the try that has the code is counted */
            return api_error(call, 401, "code_needed");
        }
        if (casebook_totp_use(call->book, user, code, call->real_ms) == CASEBOOK_FOUND)
            return sign_in(call);
    }
    if (!is_known)
        call->user.user[0] = '\0'; /* it may be a password typed in the wrong field: not written down */
    api_audit_refusal(call, "login_failed");
    return api_error(call, 401, "bad_login");
}

enum http_verdict api_login(struct api_call *call)
{
    const char *user = json_string_value(json_object_get(call->body, "user"));
    const char *password = json_string_value(json_object_get(call->body, "password"));
    if (user == NULL || password == NULL || strlen(user) >= USER_BYTES || strlen(password) > PASSWORD_BYTES_MAX)
        return api_error(call, 400, "bad_request");
    if (call->request->pending != NULL)
        return login_checked(call, user);
    enum casebook_found found = casebook_user(call->book, user, &call->user);
    if (found == CASEBOOK_FAILED)
        return api_error(call, 503, "busy");
    if (!api_try(call, user))
        return api_error(call, 429,
                         "too_many_attempts"); /* the tries before it are in the audit log, so it is bounded */
    call->request->pending =
        password_check(call->passwords, found == CASEBOOK_FOUND ? call->user.password : NULL, password, call->request);
    if (call->request->pending != NULL)
        return HTTP_LATER;
    api_try_given_back(call, user);
    return api_error(call, 503, "busy");
}

enum http_verdict api_logout(struct api_call *call)
{
    if (!api_audit(call, "logout", "") || !casebook_session_end(call->book, call->session))
        return api_error(call, 503, "busy");
    set_cookie(call, "", "; Max-Age=0");
    call->answer->status = 204;
    return HTTP_ANSWER;
}

enum http_verdict api_me(struct api_call *call)
{
    return tell_me(call);
}

enum http_verdict api_me_change(struct api_call *call)
{
    const char *language = json_string_value(json_object_get(call->body, "language"));
    if (language == NULL || (strcmp(language, "sv") != 0 && strcmp(language, "en") != 0))
        return api_error(call, 400, "bad_request");
    if (!casebook_language_set(call->book, call->user.user, language))
        return api_error(call, 503, "busy");
    strcpy(call->user.language, language);
    return tell_me(call);
}

enum http_verdict api_events(struct api_call *call)
{
    secret_hash(call->session, sizeof call->session, call->answer->stream_tag);
    secret_hash(call->user.user, strlen(call->user.user), call->answer->stream_owner);
    api_change_text(call->attendance, call->book, call->answer->stream_text);
    return HTTP_STREAM;
}
