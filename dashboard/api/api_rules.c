/* Versions of the rules: read, tried on what is stored, applied. The daemon computes and stores; this file decides who
 * may do it, and has the reason written down. */
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "dashboard/api/api_daemon.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/attendance/attendance_rules.h"
#include "daemon/core/detect/rules_json.h"

#define WHY_BYTES_MAX 500

static json_t *version_json(const struct attendance_rules *rules)
{
    return json_pack("{s:I, s:s, s:s?, s:s, s:o, s:o}", "version", (json_int_t)rules->version, "author", rules->author,
                     "approver", *rules->approver ? rules->approver : NULL, "why", rules->why, "from",
                     civil_json_date(rules->from_day), "recorded_at", civil_json_utc(rules->recorded_ms));
}

enum http_verdict api_rules(struct api_call *call)
{
    struct attendance_rules rules;
    int64_t in_force = 0;
    if (!api_begin_reading(call))
        return api_error(call, 503, "busy");
    json_t *versions = json_array();
    struct query rows = attendance_rules(call->attendance);
    while (attendance_next_rules(&rows, &rules)) {
        if (!in_force && rules.from_day <= call->today)
            in_force = rules.version;
        api_append(call, versions, version_json(&rules));
    }
    api_end_reading(call);
    return api_json(call, 200, json_pack("{s:I, s:o}", "in_force", (json_int_t)in_force, "versions", versions));
}

/* The version that is looked for, by its number; 0: the one in force on `day`. */
struct seeking {
    int64_t version;
    int32_t day;
    json_t *json;
    char *text;
};

static void seek(struct api_call *call, struct seeking *seeking)
{
    struct attendance_rules rules;
    if (!api_begin_reading(call))
        return;
    struct query rows = attendance_rules(call->attendance);
    while (seeking->text == NULL && attendance_next_rules(&rows, &rules)) {
        if (seeking->version ? rules.version != seeking->version : rules.from_day > seeking->day)
            continue;
        seeking->json = version_json(&rules);
        seeking->text = strdup(rules.text);
        call->failed |= seeking->text == NULL;
    }
    query_end(&rows);
    api_end_reading(call);
}

static void forget(struct seeking *seeking)
{
    json_decref(seeking->json);
    free(seeking->text);
}

typedef bool reader(const char *name, const char *text, struct rules *rules, struct problems *problems);

/* NULL: no memory, or the text is no rules file. */
static struct rules *read_rules(const char *text, reader *read, json_t **errors)
{
    struct problems *problems = calloc(1, sizeof *problems);
    struct rules *rules = calloc(1, sizeof *rules);
    bool good = problems != NULL && rules != NULL && read("rules", text, rules, problems);
    *errors = json_array();
    for (int i = 0; problems != NULL && i < problems->count && i < PROBLEMS_KEPT; i++)
        json_array_append_new(*errors, json_string(problems->lines[i]));
    free(problems);
    if (good)
        return rules;
    free(rules);
    return NULL;
}

enum http_verdict api_rules_version(struct api_call *call)
{
    char *end;
    json_t *errors = NULL;
    struct seeking seeking = {.version = strtoll(call->part, &end, 10)};
    if (*end || seeking.version < 1)
        return api_error(call, 404, "not_found");
    seek(call, &seeking);
    if (seeking.text == NULL) {
        forget(&seeking);
        return api_error(call, 404, "not_found");
    }
    struct rules *rules = read_rules(seeking.text, rules_read_text, &errors);
    json_decref(errors);
    json_object_set_new(seeking.json, "text", json_string(seeking.text));
    json_object_set_new(seeking.json, "rules", rules != NULL ? rules_json(rules) : json_null());
    free(rules);
    json_t *answer = json_incref(seeking.json);
    forget(&seeking);
    return api_json(call, 200, answer);
}

/* The rules that the body asks for, as text: its own text, its rules as JSON, or those of an earlier version. NULL:
 * none. To be freed. */
static char *text_of_body(struct api_call *call)
{
    const json_t *version = json_object_get(call->body, "version");
    if (json_is_integer(version)) {
        struct seeking seeking = {.version = json_integer_value(version)};
        if (seeking.version > 0)
            seek(call, &seeking);
        json_decref(seeking.json);
        return seeking.text;
    }
    if (json_object_get(call->body, "rules") != NULL)
        return rules_json_text(json_object_get(call->body, "rules"));
    return *api_text(call, "text") ? strdup(api_text(call, "text")) : NULL;
}

static enum http_verdict tell_faults(struct api_call *call, json_t *errors)
{
    return api_json(call, 422, json_pack("{s:s, s:o}", "error", "refused", "reasons", errors));
}

enum http_verdict api_rules_preview(struct api_call *call)
{
    json_t *errors;
    if (call->request->pending != NULL)
        return api_told(call, 200, "*");
    char *text = text_of_body(call);
    if (text == NULL)
        return api_error(call, 400, "bad_request");
    struct rules *rules = read_rules(text, rules_read_wanted, &errors);
    if (rules == NULL) {
        free(text);
        return tell_faults(call, errors);
    }
    json_decref(errors);
    free(rules);
    json_t *command = json_pack("{s:s, s:s}", "do", "preview", "rules", text);
    free(text);
    return api_tell_daemon(call, command);
}

/* The daemon does a little of the work at each call, so the page asks until there is an answer. */
enum http_verdict api_rules_tune(struct api_call *call)
{
    const json_t *capacity = json_object_get(call->body, "capacity"),
                 *severity = json_object_get(call->body, "severity");
    if (call->request->pending != NULL)
        return api_told(call, 200, "*");
    json_t *command = json_pack("{s:s, s:O*, s:O*}", "do", "tune", "capacity", capacity, "severity", severity);
    return api_tell_daemon(call, command);
}

static bool is_approver(struct api_call *call, const char *user)
{
    struct casebook_user approver;
    return *user && casebook_user(call->book, user, &approver) == CASEBOOK_FOUND && !approver.disabled &&
           approver.role == ROLE_REKTOR;
}

/* Compares with the version that will be in force tomorrow. */
static bool is_severe(struct api_call *call, const struct rules *after)
{
    json_t *errors = NULL;
    struct seeking seeking = {.day = call->today + 1};
    seek(call, &seeking);
    struct rules *before = seeking.text != NULL ? read_rules(seeking.text, rules_read_text, &errors) : NULL;
    bool severe = before == NULL || rules_json_is_severe(before, after);
    json_decref(errors);
    free(before);
    forget(&seeking);
    return severe;
}

static enum http_verdict apply(struct api_call *call, const char *text, const struct rules *rules)
{
    char from[CIVIL_DATE_BYTES];
    const char *approver = api_text(call, "approver");
    if ((is_severe(call, rules) || *approver) && !is_approver(call, approver))
        return api_error(call, 400, "approver_needed");
    if (!api_audit(call, "rules_applied", approver))
        return api_error(call, 503, "busy");
    civil_write_date(call->today + 1, from);
    return api_tell_daemon(call, json_pack("{s:s, s:b, s:s, s:s, s:s, s:s, s:s}", "do", "rules_apply", "logged", 1,
                                           "text", text, "author", call->user.user, "approver", approver, "why",
                                           api_text(call, "why"), "from", from));
}

enum http_verdict api_rules_apply(struct api_call *call)
{
    json_t *errors;
    const char *why = api_text(call, "why");
    if (call->request->pending != NULL)
        return api_told(call, 200, "version");
    if (strspn(why, " \t\n") == strlen(why) || strlen(why) > WHY_BYTES_MAX)
        return api_error(call, 400, "why_needed");
    char *text = text_of_body(call);
    if (text == NULL)
        return api_error(call, 400, "bad_request");
    struct rules *rules = read_rules(text, rules_read_wanted, &errors);
    enum http_verdict verdict = rules != NULL ? apply(call, text, rules) : tell_faults(call, json_incref(errors));
    json_decref(errors);
    free(rules);
    free(text);
    return verdict;
}
