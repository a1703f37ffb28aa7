/* The rules of the flags are those of the versions that raised them, each read once in a call. */
#include "dashboard/api/api_finding.h"

#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/log.h"
#include "daemon/core/finding_json.h"
#include "dashboard/attendance/attendance_rules.h"

struct version {
    int number;
    struct rules *rules; /* NULL: not known, or not readable */
};

struct api_findings {
    struct api_call *call;
    struct finding *finding;
    int32_t decided_day;
    const char *class;
    size_t version_count;
    struct version versions[DETECT_VERSIONS_MAX];
};

struct api_findings *api_findings_open(struct api_call *call)
{
    struct api_findings *findings = calloc(1, sizeof *findings);
    struct finding *finding = finding_open();
    if (findings == NULL || finding == NULL) {
        free(findings);
        finding_close(finding);
        call->failed = true;
        return NULL;
    }
    findings->call = call;
    findings->finding = finding;
    findings->decided_day = attendance_decided_day(call->attendance);
    return findings;
}

void api_findings_close(struct api_findings *findings)
{
    if (findings == NULL)
        return;
    for (size_t i = 0; i < findings->version_count; i++)
        free(findings->versions[i].rules);
    finding_close(findings->finding);
    free(findings);
}

static struct rules *parse(const char *text)
{
    struct problems *problems = calloc(1, sizeof *problems);
    struct rules *rules = calloc(1, sizeof *rules);
    bool good = problems != NULL && rules != NULL && rules_read_text("rules", text, rules, problems);
    free(problems);
    if (good)
        return rules;
    free(rules);
    return NULL;
}

static struct rules *read_version(struct api_findings *findings, int number)
{
    struct attendance_rules stored;
    struct rules *rules = NULL;
    struct query rows = attendance_rules(findings->call->attendance);
    while (rules == NULL && attendance_next_rules(&rows, &stored))
        if (stored.version == number)
            rules = parse(stored.text);
    query_end(&rows);
    return rules;
}

/* NULL also for a version more than DETECT_VERSIONS_MAX, which no daemon follows. */
static const struct rules *version_of(struct api_findings *findings, int number)
{
    for (size_t i = 0; i < findings->version_count; i++)
        if (findings->versions[i].number == number)
            return findings->versions[i].rules;
    if (findings->version_count == DETECT_VERSIONS_MAX) {
        log_warn("flags of more versions of the rules than are followed version=%d limit=%d", number,
                 DETECT_VERSIONS_MAX);
        return NULL;
    }
    struct version *version = &findings->versions[findings->version_count++];
    *version = (struct version){number, read_version(findings, number)};
    return version->rules;
}

static const struct rule *rule_of(void *context, const char *id, int number)
{
    const struct rules *rules = version_of(context, number);
    return rules == NULL ? NULL : rules_called(rules, id);
}

static const char *subject_of(void *context, uint16_t subject, char name[NAME_BYTES])
{
    const struct api_findings *findings = context;
    (void)name;
    return attendance_subject(findings->call->attendance, subject);
}

static bool class_of(void *context, int32_t from_day, int32_t to_day, struct finding_class *out)
{
    const struct api_findings *findings = context;
    struct attendance_group group;
    if (!attendance_class(findings->call->attendance, findings->class, from_day, to_day, &group, &out->fewest))
        return false;
    out->absent_minutes = group.absent_minutes;
    out->expected_minutes = group.expected_minutes;
    return true;
}

void api_findings_read(struct api_findings *findings, const char *pupil, const char *class)
{
    struct attendance_day day;
    const char *of;
    findings->class = class;
    finding_begin(findings->finding, findings->decided_day);
    if (findings->decided_day == CIVIL_DAY_NONE)
        return;
    struct query rows = attendance_days_between(findings->call->attendance, pupil,
                                                civil_school_year(findings->decided_day), findings->decided_day + 1);
    while (attendance_next_day_of_class(&rows, &day, &of))
        findings->call->failed |=
            !finding_add(findings->finding, day.day, strcmp(of, class) == 0, day.outcomes, (size_t)day.count);
}

struct finding_recent api_findings_recent(const struct api_findings *findings)
{
    return finding_recent(findings->finding);
}

json_t *api_findings_json(struct api_findings *findings, json_t *flags)
{
    const struct finding_sources sources = {findings, rule_of, subject_of, class_of};
    return finding_json(findings->finding, flags, &sources);
}
