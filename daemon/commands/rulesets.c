/* Goes through all versions from the last to the first, so that the first that has begun is the one in force. */
#include "daemon/commands/rulesets.h"

#include <stdbool.h>
#include "common/civil_json.h"
#include "daemon/daemon.h"
#include "daemon/store/store_versions.h"

static json_t *record_json(const struct rules_record *record, bool in_force)
{
    return json_pack("{s:I, s:o, s:s, s:s, s:s, s:o, s:b}", "version", (json_int_t)record->rules.version, "from",
                     civil_json_date(record->rules.from_day), "author", record->author, "approver", record->approver,
                     "why", record->why, "recorded_at", civil_json_utc(record->recorded_ms), "in_force", in_force);
}

json_t *rulesets_answer(struct daemon *daemon, const json_t *request, const char **why)
{
    (void)request;
    (void)why;
    struct rules_record record;
    bool in_force = false;
    json_t *versions = json_array();
    struct query rows = store_rules_all(daemon_store(daemon));
    while (store_next_rules_record(&rows, &record)) {
        bool holds = !in_force && record.rules.from_day <= daemon_today(daemon);
        json_array_append_new(versions, record_json(&record, holds));
        in_force |= holds;
    }
    return json_pack("{s:b, s:o}", "ok", 1, "versions", versions);
}

json_t *rulesets_text(struct daemon *daemon, const json_t *request, const char **why)
{
    struct rules_record record;
    json_t *answer = NULL;
    bool in_force = false;
    const json_t *version = json_object_get(request, "version");
    struct query rows = store_rules_all(daemon_store(daemon));
    while (answer == NULL && store_next_rules_record(&rows, &record)) {
        bool holds = !in_force && record.rules.from_day <= daemon_today(daemon);
        in_force |= holds;
        if (version == NULL ? !holds : json_integer_value(version) != (json_int_t)record.rules.version)
            continue;
        answer = record_json(&record, holds);
        json_object_set_new(answer, "text", json_string(record.rules.text));
        json_object_set_new(answer, "ok", json_true());
    }
    query_end(&rows);
    *why = "there is no such version of the rules";
    return answer;
}
