/* What the head decides for the whole school about working together. */
#include "dashboard/api/api_handlers.h"
#include "dashboard/casebook/casebook_together.h"

enum http_verdict api_together(struct api_call *call)
{
    bool may;
    call->failed |= casebook_school_may_call_sip(call->book, &may) == CASEBOOK_FAILED;
    return api_json(call, 200, json_pack("{s:b}", "school_may_call_sip", (int)may));
}

enum http_verdict api_together_decide(struct api_call *call)
{
    const json_t *may = json_object_get(call->body, "school_may_call_sip");
    if (call->user.role != ROLE_REKTOR)
        return api_error(call, 403, "not_allowed");
    if (!json_is_boolean(may))
        return api_error(call, 400, "bad_request");
    if (!casebook_begin(call->book))
        return api_error(call, 503, "busy");
    bool good =
        casebook_school_may_call_sip_set(call->book, json_is_true(may), call->user.user, call->today, call->now_ms) &&
        api_audit(call, "sip_setting", json_is_true(may) ? "yes" : "no");
    if (!casebook_end(call->book, good))
        return api_error(call, 503, "busy");
    return api_together(call);
}
