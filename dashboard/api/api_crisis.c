/* A serious event in a pupil's family: one person is spoken to first until a person ends it. No list, count or search tells of it, and
 * the log calls it like any other change. */
#include <string.h>
#include "common/civil_json.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"
#include "dashboard/casebook/casebook_together.h"

json_t *api_json_crisis(struct api_call *call, const char *pupil)
{
    struct casebook_crisis crisis;
    enum casebook_found found = casebook_crisis(call->book, pupil, &crisis);
    call->failed |= found == CASEBOOK_FAILED;
    if (found != CASEBOOK_FOUND)
        return json_null();
    return json_pack("{s:s, s:s, s:o}", "contact", crisis.contact, "contact_name", crisis.contact_name, "since",
                     civil_json_date(crisis.since_day));
}

/* NULL: done; else why not. */
static const char *write(struct api_call *call, const char *contact)
{
    if (!casebook_begin(call->book))
        return "busy";
    enum casebook_found found =
        contact != NULL
            ? casebook_crisis_begin(call->book, call->part, contact, call->user.user, call->today, call->now_ms)
            : casebook_crisis_end(call->book, call->part, call->user.user, call->today, call->now_ms);
    bool good = found == CASEBOOK_FOUND && api_audit(call, "case_changed", call->part);
    if (!casebook_end(call->book, good) || found == CASEBOOK_FAILED)
        return found == CASEBOOK_ABSENT ? "changed_meanwhile" : "busy";
    return NULL;
}

static enum http_verdict told(struct api_call *call, const char *why)
{
    if (why != NULL)
        return api_error(call, strcmp(why, "busy") == 0 ? 503 : 409, why);
    return api_json(call, 200, json_pack("{s:o}", "crisis", api_json_crisis(call, call->part)));
}

enum http_verdict api_crisis_begin(struct api_call *call)
{
    const char *contact = api_text(call, "contact");
    if (!api_can_own(call, contact))
        return api_error(call, 400, "bad_request");
    if (!api_lets(call, PERMISSION_TRIAGE, call->part))
        return api_no_pupil(call, call->part);
    return told(call, write(call, contact));
}

enum http_verdict api_crisis_end(struct api_call *call)
{
    if (!api_lets(call, PERMISSION_TRIAGE, call->part))
        return api_no_pupil(call, call->part);
    return told(call, write(call, NULL));
}
