/* Calls that the daemon answers: sent as an errand, put off, and answered when the reply has come. A function that
 * uses these runs twice, first without and then with request->pending. */
#include "dashboard/api/api_daemon.h"

#include <stdlib.h>
#include <string.h>
#include "dashboard/errand.h"

enum http_verdict api_send(struct api_call *call, char *command, const int *files, size_t file_count)
{
    call->request->pending = errand_send(call->errands, command, files, file_count, call->request);
    return call->request->pending != NULL ? HTTP_LATER : api_error(call, 503, "busy");
}

json_t *api_reply(struct api_call *call)
{
    const char *text = errand_reply(call->errands, call->request->pending);
    return text != NULL ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

enum http_verdict api_tell_daemon(struct api_call *call, json_t *command)
{
    char *text = command != NULL ? json_dumps(command, JSON_COMPACT) : NULL;
    json_decref(command);
    return api_send(call, text, NULL, 0);
}

/* The audit log says what was asked for; that it was not done is written, too. */
static enum http_verdict refused(struct api_call *call, const json_t *reply)
{
    json_t *reasons = json_object_get(reply, "errors");
    if (!api_audit(call, "not_done", call->request->path) || reasons == NULL)
        return api_error(call, 503, "busy");
    return api_json(call, 422,
                    json_pack("{s:s, s:O, s:O*}", "error", "refused", "reasons", reasons, "headers",
                              json_object_get(reply, "headers")));
}

enum http_verdict api_told(struct api_call *call, unsigned status, const char *key)
{
    json_t *reply = api_reply(call);
    enum http_verdict verdict;
    if (!json_is_true(json_object_get(reply, "ok")))
        verdict = refused(call, reply);
    else if (key != NULL && strcmp(key, "*") == 0 && json_object_del(reply, "ok") == 0)
        verdict = api_json(call, status, json_incref(reply));
    else if (key != NULL)
        verdict = api_json(call, status, json_pack("{s:O?}", key, json_object_get(reply, key)));
    else
        verdict = api_json(call, status, json_object());
    json_decref(reply);
    return verdict;
}
