/* How the system is doing: counts of the whole school, the state of each terminal, and what only the daemon knows of itself. */
#include <string.h>
#include "common/civil_json.h"
#include "dashboard/api/api_daemon.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"

#define LIVE_MS  90000
#define STALE_MS 600000

enum http_verdict api_status(struct api_call *call)
{
    if (!api_begin_reading(call))
        return api_error(call, 503, "busy");
    struct attendance_status status = attendance_status(call->attendance);
    api_end_reading(call);
    json_t *answer = json_object();
    api_set(call, answer, "now", civil_json_utc(call->now_ms));
    api_set(call, answer, "last_event_at", civil_json_utc(status.last_event_ms));
    api_set(call, answer, "decided_through", civil_json_date(status.decided_day));
    api_set(call, answer, "events_stored", json_integer(status.events_stored));
    api_set(call, answer, "lessons_closed", json_integer(status.lessons_closed));
    api_set(call, answer, "flags_raised", json_integer(status.flags_raised));
    api_set(call, answer, "flags_open", json_integer(status.flags_open));
    api_set(call, answer, "tasks_open", json_integer(status.tasks_open));
    api_set(call, answer, "pupils", json_integer(status.pupils));
    return api_json(call, 200, answer);
}

/* The age of a terminal's last word is counted in real time; in the demonstration civil time runs civil_rate times
 * faster. */
static const char *state_of(const struct attendance_terminal *terminal, int civil_rate, int64_t now_ms)
{
    if (terminal->revoked_ms != 0)
        return "revoked";
    if (terminal->phase == NULL)
        return "unseen";
    int64_t silent_ms = (now_ms - terminal->received_ms) / civil_rate;
    if (strcmp(terminal->phase, "lost") == 0 || strcmp(terminal->phase, "disconnected") == 0 || silent_ms > STALE_MS)
        return "offline";
    return silent_ms > LIVE_MS || terminal->oldest_unsent_ms > STALE_MS ? "stale" : "live";
}

static json_t *terminal_json(struct api_call *call, const struct attendance_terminal *terminal)
{
    json_t *row = json_object();
    api_set(call, row, "terminal", json_string(terminal->terminal));
    api_set(call, row, "room", json_string(terminal->room));
    api_set(call, row, "state", json_string(state_of(terminal, call->civil_rate, call->now_ms)));
    api_set(call, row, "last_seen", civil_json_utc(terminal->received_ms));
    api_set(call, row, "queue", json_integer(terminal->queued));
    api_set(call, row, "oldest_unsent_s", json_integer(terminal->oldest_unsent_ms / 1000));
    api_set(call, row, "clock", api_json_text(terminal->clock));
    api_set(call, row, "firmware", api_json_text(terminal->firmware));
    api_set(call, row, "readers_up", json_integer(terminal->readers_up));
    api_set(call, row, "readers", json_integer(terminal->readers));
    api_set(call, row, "trouble", json_string(terminal->trouble != NULL ? terminal->trouble : ""));
    api_set(call, row, "certificate_to", civil_json_utc(terminal->certificate_to_ms));
    api_set(call, row, "distrusted_since", civil_json_utc(terminal->distrusted_ms));
    return row;
}

enum http_verdict api_terminals(struct api_call *call)
{
    struct attendance_terminal terminal;
    if (!api_begin_reading(call))
        return api_error(call, 503, "busy");
    json_t *list = json_array();
    struct query rows = attendance_terminals(call->attendance);
    while (attendance_next_terminal(&rows, &terminal))
        api_append(call, list, terminal_json(call, &terminal));
    api_end_reading(call);
    return api_json(call, 200, json_pack("{s:o}", "terminals", list));
}

/* That it does not answer is an answer, too: nothing is refused, and nothing written down. */
enum http_verdict api_daemon(struct api_call *call)
{
    static const char *const TOLD[] = {"now",        "link_up", "link_since",      "dates_waiting", "dates_first",
                                       "dates_last", "checked", "flags_differing", "database_sound"};
    if (call->request->pending == NULL)
        return api_tell_daemon(call, json_pack("{s:s}", "do", "status"));
    json_t *reply = api_reply(call), *answer = json_object();
    bool answers = json_is_true(json_object_get(reply, "ok"));
    api_set(call, answer, "answers", json_boolean(answers));
    for (size_t i = 0; answers && i < sizeof TOLD / sizeof *TOLD; i++) {
        json_t *value = json_object_get(reply, TOLD[i]);
        api_set(call, answer, TOLD[i], value != NULL ? json_incref(value) : json_null());
    }
    json_decref(reply);
    return api_json(call, 200, answer);
}
