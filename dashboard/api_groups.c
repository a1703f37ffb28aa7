#include "dashboard/api_call.h"

#include "common/civil.h"
#include "common/civil_json.h"

#define GROUP_PUPILS_MIN 5 /* no figure under five pupils, of a group or of those flagged in it */
#define RECENT_DAYS      28

static bool add_group(void *into, const struct attendance_group *group)
{
    json_t *json = json_pack("{s:s, s:s}", "kind", group->kind, "name", group->name);
    if (group->pupils < GROUP_PUPILS_MIN) {
        json_object_set_new(json, "too_few", json_true());
        return json_array_append_new(into, json) == 0;
    }
    json_t *figures =
        json_pack("{s:i, s:I, s:I, s:I, s:I, s:o}", "pupils", group->pupils, "expected_minutes",
                  (json_int_t)group->expected_minutes, "absent_minutes", (json_int_t)group->absent_minutes,
                  "recent_expected_minutes", (json_int_t)group->recent_expected_minutes, "recent_absent_minutes",
                  (json_int_t)group->recent_absent_minutes, "flagged",
                  group->flagged < GROUP_PUPILS_MIN ? json_null() : json_integer(group->flagged));
    bool good = figures && json_object_update(json, figures) == 0;
    json_decref(figures);
    return json_array_append_new(into, json) == 0 && good;
}

enum http_verdict api_groups(struct api_call *call)
{
    int32_t decided_day = CIVIL_DAY_NONE, from = civil_school_year(call->today);
    struct attendance *attendance = call->web->attendance;
    if (!attendance_begin(attendance))
        return api_error(call, 503, "busy");
    json_t *groups = json_array();
    bool good = attendance_decided_day(attendance, &decided_day) &&
                attendance_groups(attendance, from, decided_day == CIVIL_DAY_NONE ? from : decided_day - RECENT_DAYS + 1,
                                  add_group, groups);
    attendance_end(attendance);
    json_t *answer = json_pack("{s:o, s:o, s:i, s:o}", "from", civil_json_date(from), "decided_through",
                               civil_json_date(decided_day), "recent_days", RECENT_DAYS, "groups", groups);
    if (good)
        return api_json(call, 200, answer);
    json_decref(answer);
    return api_error(call, 503, "busy");
}
