/* One's own account: one-time code, password, and the limit on tries that signing in shares. */
#include "dashboard/api/api_account.h"

#include <string.h>
#include "dashboard/api/api_handlers.h"
#include "dashboard/casebook/casebook_accounts.h"
#include "dashboard/shell/login_limit.h"
#include "dashboard/shell/password.h"

bool api_is_demo(struct api_call *call)
{
    char demo[8] = "";
    if (!attendance_begin(call->attendance, call->today))
        return false;
    attendance_setting(call->attendance, "demo", demo, sizeof demo);
    attendance_end(call->attendance);
    return strcmp(demo, "true") == 0 || strcmp(demo, "1") == 0;
}

/* Roles that can change what everybody sees must have a one-time code. */
static bool demands_code(enum role role)
{
    return role == ROLE_IT || role == ROLE_REKTOR;
}

bool api_needs_totp(struct api_call *call)
{
    return demands_code(call->user.role) && !call->user.has_totp && !api_is_demo(call);
}

/* What stands before us says from where a request comes. Without it there is loopback only: one address. */
static const char *address_of(const struct api_call *call)
{
    return call->over_tls ? http_header(call->request, "X-Real-IP") : NULL;
}

bool api_try(struct api_call *call, const char *user)
{
    return login_limit_take(call->limit, user, address_of(call), call->mono_ms);
}

void api_try_given_back(struct api_call *call, const char *user)
{
    login_limit_give_back(call->limit, user, address_of(call));
}

/* Starts the check of the caller's own password: 0, or the status to refuse with. */
static unsigned check_password(struct api_call *call)
{
    const char *password = api_text(call, "password");
    if (!*password || strlen(password) > PASSWORD_BYTES_MAX)
        return 400;
    if (!api_try(call, call->user.user))
        return 429;
    call->request->pending = password_check(call->passwords, call->user.password, password, call->request);
    if (call->request->pending == NULL)
        api_try_given_back(call, call->user.user);
    return call->request->pending != NULL ? 0 : 503;
}

static enum http_verdict begin_check(struct api_call *call)
{
    unsigned status = check_password(call);
    const char *code = status == 400 ? "bad_request" : status == 429 ? "too_many_attempts" : "busy";
    return status ? api_error(call, status, code) : HTTP_LATER;
}

static bool was_right(struct api_call *call)
{
    bool right = password_is_right(call->passwords, call->request->pending);
    password_release(call->passwords, call->request->pending);
    call->request->pending = NULL;
    if (right)
        api_try_given_back(call, call->user.user);
    else
        api_audit_refusal(call, "password_refused");
    return right;
}

enum http_verdict api_totp_offer(struct api_call *call)
{
    uint8_t secret[TOTP_SECRET_BYTES];
    char text[TOTP_BASE32_BYTES];
    if (call->request->pending == NULL)
        return begin_check(call);
    if (!was_right(call))
        return api_error(call, 401, "bad_login");
    secret_random(secret, sizeof secret);
    totp_base32(secret, text);
    bool kept = casebook_totp_offer(call->book, call->user.user, secret, call->real_ms);
    secret_wipe(secret, sizeof secret);
    if (!kept)
        return api_error(call, 503, "busy");
    return api_json(call, 200,
                    json_pack("{s:s, s:o}", "secret", text, "uri",
                              json_sprintf("otpauth://totp/N%%C3%%A4rvaro:%s?secret=%s&issuer=N%%C3%%A4rvaro",
                                           call->user.user, text)));
}

enum http_verdict api_totp_confirm(struct api_call *call)
{
    struct casebook *book = call->book;
    if (!api_try(call, call->user.user))
        return api_error(call, 429, "too_many_attempts");
    if (!casebook_begin(book))
        return api_error(call, 503, "busy");
    enum casebook_found found = casebook_totp_confirm(book, call->user.user, api_text(call, "code"), call->real_ms);
    if (!casebook_end(book, found == CASEBOOK_FOUND && api_audit(call, "totp_on", "")))
        return found == CASEBOOK_ABSENT ? api_error(call, 401, "bad_code") : api_error(call, 503, "busy");
    api_try_given_back(call, call->user.user);
    call->answer->status = 204;
    return HTTP_ANSWER;
}

/* The third turn of api_password: the new hash is there. */
static enum http_verdict keep_password(struct api_call *call)
{
    char hash[SECRET_PASSWORD_BYTES];
    struct casebook *book = call->book;
    if (!password_made(call->passwords, call->request->pending, hash, sizeof hash) || !casebook_begin(book) ||
        !casebook_end(book, api_audit(call, "password_changed", "") &&
                                casebook_password_set(book, call->user.user, hash, call->session)))
        return api_error(call, 503, "busy");
    call->answer->status = 204;
    return HTTP_ANSWER;
}

/* Runs three times: to start the check of the old password; to start the hash of the new one; to keep that. What is
 * pending says which. */
enum http_verdict api_password(struct api_call *call)
{
    const char *new = api_text(call, "new");
    const char *fault = password_fault(new, call->user.user);
    if (fault != NULL)
        return api_json(call, 400, json_pack("{s:s, s:s}", "error", "bad_password", "reason", fault));
    if (call->request->pending == NULL)
        return begin_check(call);
    if (password_makes(call->request->pending))
        return keep_password(call);
    if (!was_right(call))
        return api_error(call, 401, "bad_login");
    call->request->pending = password_make(call->passwords, new, call->request);
    return call->request->pending != NULL ? HTTP_LATER : api_error(call, 503, "busy");
}
