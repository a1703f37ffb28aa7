#include "dashboard/api/api_call.h"

#include <string.h>
#include "common/civil_json.h"

#define LIVE_MS  90000
#define STALE_MS 600000

enum http_verdict api_status(struct api_call *call)
{
    struct attendance_status status;
    if (!attendance_begin(call->web->attendance))
        return api_error(call, 503, "busy");
    bool good = attendance_status(call->web->attendance, &status);
    attendance_end(call->web->attendance);
    if (!good)
        return api_error(call, 503, "busy");
    return api_json(call, 200,
                    json_pack("{s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I}", "now", civil_json_utc(call->now_ms),
                              "last_event_at", civil_json_utc(status.last_event_ms), "decided_through",
                              civil_json_date(status.decided_day), "events_stored", (json_int_t)status.events_stored,
                              "lessons_closed", (json_int_t)status.lessons_closed, "flags_raised",
                              (json_int_t)status.flags_raised, "flags_open", (json_int_t)status.flags_open,
                              "tasks_open", (json_int_t)status.tasks_open, "pupils", (json_int_t)status.pupils));
}

/* How long ago a terminal was heard of is real time: in the demonstration civil time runs faster than it. */
static const char *state_of(const struct attendance_terminal *terminal, const struct clock *civil, int64_t now_ms)
{
    if (terminal->revoked_ms != 0)
        return "revoked";
    if (!terminal->phase)
        return "unseen";
    int64_t silent_ms = (now_ms - terminal->received_ms) / civil->rate;
    if (strcmp(terminal->phase, "lost") == 0 || strcmp(terminal->phase, "disconnected") == 0 || silent_ms > STALE_MS)
        return "offline";
    return silent_ms > LIVE_MS || terminal->oldest_unsent_ms > STALE_MS ? "stale" : "live";
}

struct listing {
    const struct api_call *call;
    json_t *terminals;
};

static bool list_terminal(void *into, const struct attendance_terminal *terminal)
{
    struct listing *listing = into;
    const struct api_call *call = listing->call;
    json_t *row =
        json_pack("{s:s, s:s, s:s, s:o, s:I, s:I, s:s?, s:s?, s:i, s:i, s:o}", "terminal", terminal->terminal, "room",
                  terminal->room, "state", state_of(terminal, &call->web->civil, call->now_ms), "last_seen",
                  civil_json_utc(terminal->received_ms), "queue", (json_int_t)terminal->queued, "oldest_unsent_s",
                  (json_int_t)(terminal->oldest_unsent_ms / 1000), "clock", terminal->clock, "firmware",
                  terminal->firmware, "readers_up", terminal->readers_up, "readers", terminal->readers,
                  "certificate_to", civil_json_utc(terminal->certificate_to_ms));
    return json_array_append_new(listing->terminals, row) == 0;
}

enum http_verdict api_terminals(struct api_call *call)
{
    struct listing listing = {.call = call};
    if (!attendance_begin(call->web->attendance))
        return api_error(call, 503, "busy");
    listing.terminals = json_array();
    bool good = attendance_terminals(call->web->attendance, list_terminal, &listing);
    attendance_end(call->web->attendance);
    json_t *answer = json_pack("{s:o}", "terminals", listing.terminals);
    if (good)
        return api_json(call, 200, answer);
    json_decref(answer);
    return api_error(call, 503, "busy");
}
