#include "dashboard/api/api_call.h"

#include <string.h>

enum http_verdict api_tell_daemon(struct api_call *call, json_t *command)
{
    char *text = command ? json_dumps(command, JSON_COMPACT) : NULL;
    json_decref(command);
    call->request->pending = errand_send(call->web->errands, text, NULL, 0, call->request);
    return call->request->pending ? HTTP_LATER : api_error(call, 503, "busy");
}

/* The audit log says what was asked for; that it was not done is written, too. */
static enum http_verdict refused(struct api_call *call, const json_t *reply)
{
    json_t *reasons = json_object_get(reply, "errors");
    if (!api_audit(call, "not_done", call->request->path) || !reasons)
        return api_error(call, 503, "busy");
    return api_json(call, 422, json_pack("{s:s, s:O}", "error", "refused", "reasons", reasons));
}

enum http_verdict api_told(struct api_call *call, unsigned status, const char *key)
{
    const char *text = errand_reply(call->web->errands, call->request->pending);
    json_t *reply = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
    enum http_verdict verdict;
    if (!json_is_true(json_object_get(reply, "ok")))
        verdict = refused(call, reply);
    else if (key && strcmp(key, "*") == 0 && json_object_del(reply, "ok") == 0)
        verdict = api_json(call, status, json_incref(reply));
    else if (key)
        verdict = api_json(call, status, json_pack("{s:O?}", key, json_object_get(reply, key)));
    else
        verdict = api_json(call, status, json_object());
    json_decref(reply);
    return verdict;
}
