/* Days and class sums come from the store; rules from the detector's own answer, in which the flags stand. */
#include "daemon/commands/findings.h"

#include <stdio.h>
#include <string.h>
#include "common/civil.h"
#include "daemon/core/finding_json.h"
#include "daemon/daemon.h"
#include "daemon/flagging.h"
#include "daemon/store/store_days.h"
#include "daemon/store/store_signals.h"

struct asked {
    struct daemon *daemon;
    uint32_t pupil;
    int32_t through_day;
    char class[NAME_BYTES]; /* on the pupil's latest day */
};

static const struct rule *rule_of(void *context, const char *id, int version)
{
    const struct asked *asked = context;
    const struct flag *flags;
    size_t count;
    if (!detect_flags(flagging_detect(daemon_flagging(asked->daemon)), asked->pupil, asked->through_day, &flags,
                      &count))
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (strcmp(flags[i].rule->id, id) == 0 && flags[i].version == (uint32_t)version)
            return flags[i].rule;
    return NULL;
}

static const char *subject_of(void *context, uint16_t subject, char name[NAME_BYTES])
{
    const struct asked *asked = context;
    return flagging_subject(daemon_flagging(asked->daemon), subject, name);
}

static bool class_of(void *context, int32_t from_day, int32_t to_day, struct finding_class *out)
{
    const struct asked *asked = context;
    struct group_day group;
    bool found = false;
    *out = (struct finding_class){0};
    struct query rows = store_group_days(daemon_store(asked->daemon), from_day, to_day);
    while (store_next_group_day(&rows, &group)) {
        if (strcmp(group.kind, "class") != 0 || strcmp(group.name, asked->class) != 0)
            continue;
        out->absent_minutes += group.counts.absent_minutes;
        out->expected_minutes += group.counts.expected_minutes;
        if (!found || group.counts.pupils < out->fewest)
            out->fewest = group.counts.pupils;
        found = true;
    }
    return found;
}

/* The newest day comes first: its class is the one that the pupil has. */
static bool add_days(struct finding *finding, struct asked *asked, const char *pupil_id)
{
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
    struct pupil_day day;
    bool good = true;
    struct query rows = store_pupil_days(daemon_store(asked->daemon), pupil_id, civil_school_year(asked->through_day),
                                         asked->through_day);
    while (good && store_next_pupil_day(&rows, outcomes, &day)) {
        if (asked->class[0] == '\0')
            snprintf(asked->class, sizeof asked->class, "%s", day.class_name);
        good = finding_add(finding, day.day, strcmp(asked->class, day.class_name) == 0, outcomes, day.count);
    }
    query_end(&rows);
    return good;
}

json_t *findings_of(struct daemon *daemon, const char *pupil_id, uint32_t pupil, int32_t through_day, json_t *flags)
{
    struct asked asked = {.daemon = daemon, .pupil = pupil, .through_day = through_day};
    const struct finding_sources sources = {&asked, rule_of, subject_of, class_of};
    struct finding *finding = finding_open();
    if (finding == NULL)
        return NULL;
    json_t *told = NULL;
    finding_begin(finding, through_day);
    if (add_days(finding, &asked, pupil_id))
        told = finding_json(finding, flags, &sources);
    finding_close(finding);
    return told;
}
