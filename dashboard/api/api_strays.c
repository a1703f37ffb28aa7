/* Cards that count nowhere: listed with the names that the caller may see, and given out to a pupil. The daemon decides which
 * they are and stores who holds one. */
#include <stdio.h>
#include <string.h>
#include "common/civil.h"
#include "dashboard/api/api_daemon.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"

/* Of the ids in a row: names for those whom the caller may see, and how many there are besides. */
static void name_pupils(struct api_call *call, json_t *row, json_t *shown)
{
    size_t i;
    const json_t *id, *ids = json_object_get(row, "pupils");
    json_t *named = json_array();
    json_array_foreach(ids, i, id) {
        json_t *pupil = api_json_visible(call, PERMISSION_PUPILS, json_string_value(id));
        if (pupil == NULL)
            continue;
        api_append(call, named, pupil);
        api_append(call, shown, json_string(json_string_value(id)));
    }
    api_set(call, row, "others", json_integer((json_int_t)(json_array_size(ids) - json_array_size(named))));
    api_set(call, row, "pupils", named);
}

static enum http_verdict tell(struct api_call *call, json_t *reply)
{
    size_t i;
    json_t *row, *list = json_object_get(reply, "strays"), *shown = json_array();
    if (!json_is_array(list) || !api_begin_reading(call)) {
        json_decref(shown);
        return api_error(call, 503, "busy");
    }
    json_array_foreach(list, i, row) {
        name_pupils(call, row, shown);
    }
    api_end_reading(call);
    api_audit_pupils(call, "list_strays", shown);
    json_object_del(reply, "ok");
    return api_json(call, 200, json_incref(reply));
}

enum http_verdict api_strays(struct api_call *call)
{
    if (call->request->pending == NULL)
        return api_tell_daemon(call, json_pack("{s:s}", "do", "strays"));
    json_t *reply = api_reply(call);
    enum http_verdict verdict = tell(call, reply);
    json_decref(reply);
    return verdict;
}

enum http_verdict api_card_give(struct api_call *call)
{
    const char *pupil = api_text(call, "pupil"), *terminal = api_text(call, "terminal"), *at = api_text(call, "at");
    char object[3 * API_PART_BYTES];
    int64_t at_ms;
    if (call->request->pending != NULL)
        return api_told(call, 200, "since");
    if (!*pupil || !*terminal || strlen(terminal) >= API_PART_BYTES || strlen(pupil) >= API_PART_BYTES ||
        !civil_read_utc(at, strlen(at), &at_ms))
        return api_error(call, 400, "bad_request");
    if (!api_lets(call, PERMISSION_CARDS, pupil))
        return api_no_pupil(call, pupil);
    snprintf(object, sizeof object, "%s %s %s", pupil, terminal, at);
    if (!api_audit(call, "give_card", object))
        return api_error(call, 503, "busy");
    return api_tell_daemon(call, json_pack("{s:s, s:s, s:s, s:s, s:s}", "do", "card_give", "author", call->user.user,
                                           "terminal", terminal, "at", at, "pupil", pupil));
}
