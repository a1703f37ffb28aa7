/* What does not count by itself, and who decides that it does: taps that wait, terminals whose word is taken back, dates that
 * nobody has looked at. The daemon keeps the decision; this file has it written down who asked for it. No pupil is named. */
#include <stdio.h>
#include <string.h>
#include "common/civil.h"
#include "common/wire.h"
#include "dashboard/api/api_daemon.h"
#include "dashboard/api/api_handlers.h"

enum http_verdict api_held(struct api_call *call)
{
    return call->request->pending == NULL ? api_tell_daemon(call, json_pack("{s:s}", "do", "held"))
                                          : api_told(call, 200, "*");
}

enum http_verdict api_held_decide(struct api_call *call)
{
    const json_t *accept = json_object_get(call->body, "accept");
    const char *date = api_text(call, "date");
    char object[API_PART_BYTES + sizeof " 2026-11-20"];
    int32_t day;
    if (call->request->pending != NULL)
        return api_told(call, 200, "taps");
    if (!json_is_boolean(accept) || !api_date(call, "date", &day))
        return api_error(call, 400, "bad_request");
    snprintf(object, sizeof object, "%s %.10s", call->part, date);
    if (!api_audit(call, json_is_true(accept) ? "held_accepted" : "held_refused", object))
        return api_error(call, 503, "busy");
    return api_tell_daemon(call, json_pack("{s:s, s:s, s:s, s:b, s:s}", "do", "held_decide", "terminal", call->part,
                                           "date", date, "accept", json_is_true(accept), "author", call->user.user));
}

/* A trial changes nothing and is not written down. */
enum http_verdict api_distrust(struct api_call *call)
{
    const char *time = api_text(call, "time"), *why = api_text(call, "why");
    char since[CIVIL_UTC_BYTES], object[API_PART_BYTES + sizeof since];
    int32_t day, minute;
    bool tries = json_is_true(json_object_get(call->body, "try"));
    if (call->request->pending != NULL)
        return api_told(call, 200, "*");
    if (!wire_id_valid(call->part) || !api_date(call, "date", &day) || !civil_read_minutes(time, strlen(time), &minute))
        return api_error(call, 400, "bad_request");
    civil_write_utc(civil_to_utc_ms(day, minute * CIVIL_MS_PER_MINUTE), since);
    snprintf(object, sizeof object, "%s %s", call->part, since);
    if (!tries && !api_audit(call, "terminal_distrusted", object))
        return api_error(call, 503, "busy");
    return api_tell_daemon(call, json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "do", "terminal_distrust", "terminal",
                                           call->part, "since", since, "author", call->user.user, "why", why, "dry_run",
                                           tries));
}

enum http_verdict api_trust(struct api_call *call)
{
    if (call->request->pending != NULL)
        return api_told(call, 200, "since");
    if (!wire_id_valid(call->part))
        return api_error(call, 400, "bad_request");
    if (!api_audit(call, "terminal_trusted", call->part))
        return api_error(call, 503, "busy");
    return api_tell_daemon(
        call, json_pack("{s:s, s:s, s:s}", "do", "terminal_trust", "terminal", call->part, "author", call->user.user));
}

/* Of the dates that the caller was shown: the daemon refuses when others wait by now. */
enum http_verdict api_decisions_confirm(struct api_call *call)
{
    const char *first = api_text(call, "first"), *last = api_text(call, "last");
    char object[sizeof "2026-11-20 2026-11-20"];
    int32_t day;
    if (call->request->pending != NULL)
        return api_told(call, 200, "dates");
    if (!api_date(call, "first", &day) || !api_date(call, "last", &day))
        return api_error(call, 400, "bad_request");
    snprintf(object, sizeof object, "%.10s %.10s", first, last);
    if (!api_audit(call, "decisions_confirmed", object))
        return api_error(call, 503, "busy");
    return api_tell_daemon(
        call, json_pack("{s:s, s:s, s:s}", "do", "decisions_confirm", "last", last, "author", call->user.user));
}
