/* Open cases. */
#include "common/civil.h"
#include "common/civil_json.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"

/* Open cases of the pupils whom the caller may see; those of pupils who have left, with their last day, in a list of their own. */
static void list_cases(struct api_call *call, json_t *cases, json_t *left, json_t *shown)
{
    struct casebook_case one;
    struct attendance_pupil pupil;
    struct query rows = casebook_cases(call->book);
    while (casebook_next_case(&rows, &one)) {
        struct query pupils = attendance_pupil(call->attendance, one.pupil);
        if (attendance_next_known_pupil(&pupils, &pupil) && api_may(call, PERMISSION_TRIAGE, &pupil)) {
            json_t *of = api_json_pupil(&pupil);
            int32_t last_day = attendance_last_day(call->attendance, one.pupil);
            bool has_left = last_day < call->today;
            if (has_left)
                api_set(call, of, "left_on", civil_json_date(last_day));
            api_append(call, has_left ? left : cases, api_json_case(&one, of));
            api_append(call, shown, json_string(pupil.pupil));
            json_decref(of);
        }
        query_end(&pupils);
    }
}

enum http_verdict api_cases(struct api_call *call)
{
    if (!api_begin_reading(call))
        return api_error(call, 503, "busy");
    json_t *cases = json_array(), *left = json_array(), *shown = json_array();
    list_cases(call, cases, left, shown);
    json_t *owners = api_json_owners(call);
    api_end_reading(call);
    api_audit_pupils(call, "list_cases", shown);
    return api_json(call, 200, json_pack("{s:o, s:o, s:o}", "cases", cases, "left", left, "owners", owners));
}
