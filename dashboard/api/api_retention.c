/* What is due and what was erased, as the daemon and the casebook say, and the signature on a receipt. */
#include <stdlib.h>
#include "common/civil_json.h"
#include "dashboard/api/api_daemon.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/retention.h"
#include "dashboard/casebook/casebook_retention.h"

#define RUNS_TOLD 30

/* The daemon's kinds, then the casebook's. */
static enum http_verdict tell(struct api_call *call, const json_t *reply)
{
    struct retention *retention = call->retention;
    size_t held_count;
    json_t *own = retention_kinds(retention), *runs = retention_runs(retention, RUNS_TOLD);
    json_t *kinds = json_object_get(reply, "kinds"), *command = retention_command(retention, false, &held_count);
    bool good =
        own != NULL && runs != NULL && command != NULL && json_is_array(kinds) && json_array_extend(kinds, own) == 0;
    json_t *answer = good ? json_pack("{s:o, s:o, s:I, s:O, s:O}", "now", civil_json_utc(call->now_ms), "next_at",
                                      civil_json_utc(retention_next_ms(retention)), "held", (json_int_t)held_count,
                                      "kinds", kinds, "runs", runs)
                          : NULL;
    json_decref(own);
    json_decref(runs);
    json_decref(command);
    return good ? api_json(call, 200, answer) : api_error(call, 503, "busy");
}

/* Counts what is due: a dry run, which erases nothing. */
enum http_verdict api_retention(struct api_call *call)
{
    size_t held_count;
    if (call->request->pending == NULL)
        return api_tell_daemon(call, retention_command(call->retention, false, &held_count));
    json_t *reply = api_reply(call);
    enum http_verdict verdict = tell(call, reply);
    json_decref(reply);
    return verdict;
}

enum http_verdict api_retention_sign(struct api_call *call)
{
    char *end;
    int64_t run = strtoll(call->part, &end, 10);
    struct casebook *book = call->book;
    if (*end)
        return api_error(call, 404, "not_found");
    if (!casebook_begin(book))
        return api_error(call, 503, "busy");
    enum casebook_found found = casebook_run_sign(book, run, call->user.user, call->now_ms);
    bool good = found == CASEBOOK_FOUND && api_audit(call, "retention_signed", call->part);
    if (!casebook_end(book, good))
        return found == CASEBOOK_ABSENT ? api_error(call, 404, "not_found") : api_error(call, 503, "busy");
    return api_json(call, 200, json_object());
}
