/* A case as it leaves the school's hands: for the archive, or for the receiving school when the head has decided on it. What only head
 * and author see of a case is no part of it, and nothing is taken out of a case whose pupil has protected identity. */
#include <string.h>
#include "common/civil_json.h"
#include "dashboard/api/api_case.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"

#define RECORD_VERSION 1 /* of the shape: whoever reads the file in ten years can tell */

static void leave_out_concern(json_t *record)
{
    json_t *clocks = json_object_get(record, "clocks");
    json_object_del(record, CASE_PART_WORDS[CASE_PART_CONCERNS]);
    for (size_t i = json_array_size(clocks); i-- > 0;) {
        const char *clock = json_string_value(json_object_get(json_array_get(clocks, i), "clock"));
        if (clock != NULL && strcmp(clock, CLOCK_WORDS[CLOCK_CONCERN_ANSWERED]) == 0)
            json_array_remove(clocks, i);
    }
}

enum http_verdict api_case_record(struct api_call *call)
{
    struct api_case *of = api_case_load_named(call);
    if (of == NULL)
        return api_error(call, 404, "not_found");
    if (api_case_is_protected(of)) {
        api_case_free(of);
        return api_error(call, 409, "protected");
    }
    api_audit(call, "case_exported", of->file.one.pupil);
    json_t *record = api_case_json(call, of);
    leave_out_concern(record);
    json_object_del(record, "closing");
    api_set(call, record, "format", json_string("narvaro-case"));
    api_set(call, record, "version", json_integer(RECORD_VERSION));
    api_set(call, record, "taken_at", civil_json_utc(call->now_ms));
    api_set(call, record, "taken_by", json_string(call->user.name));
    api_set(call, record, "owners", api_json_owners(call));
    api_case_free(of);
    return api_json(call, 200, record);
}
