/* What led to the flags comes from their stored evidence, what is now from the pupil's days. */
#include "daemon/core/finding_json.h"

#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "common/json_put.h"

/* What a finding is made of. */
struct making {
    struct finding *finding;
    const struct finding_sources *sources;
    struct detect *detect;
    uint32_t pupil;
    int32_t through_day;
};

static enum measure measure_at(const json_t *evidence)
{
    return measure_called(json_string_value(json_object_get(evidence, "measure")));
}

static bool date_at(const json_t *object, const char *key, int32_t *day)
{
    const char *date = json_string_value(json_object_get(object, key));
    return date != NULL && civil_read_date(date, strlen(date), day);
}

static int severity_of(const json_t *flag)
{
    json_int_t severity = json_integer_value(json_object_get(flag, "severity"));
    return severity < 1 ? 1 : severity > FINDING_LEVELS ? FINDING_LEVELS : (int)severity;
}

static const struct rule *rule_of(const struct making *making, const json_t *flag)
{
    const char *id = json_string_value(json_object_get(flag, "rule"));
    int version = (int)json_integer_value(json_object_get(flag, "rules_version"));
    return id == NULL ? NULL : making->sources->rule(making->sources->context, id, version);
}

/* One condition as it is now. Where it compares with the class, the count that it compares, which neither holds nor fails. */
static json_t *now_json(const struct making *making, const struct condition *condition)
{
    struct condition own;
    if (!finding_own_condition(condition, &own))
        return json_null();
    json_t *now = evidence_live_json(making->detect, making->pupil, making->through_day, &own, making->sources->subject,
                                     making->sources->context);
    if (own.measure != condition->measure && json_is_object(now))
        json_put(&now, "holds", json_null());
    return now;
}

/* Left out where the rule is not known. */
static void set_now(const struct making *making, json_t *flag)
{
    const struct rule *rule = rule_of(making, flag);
    if (rule == NULL)
        return;
    const json_t *evidence, *list = json_object_get(flag, "evidence");
    json_t *now = json_array();
    size_t i;
    json_array_foreach(list, i, evidence) {
        bool same = i < (size_t)rule->condition_count && rule->when[i].measure == measure_at(evidence);
        json_array_append_new(now, same ? now_json(making, &rule->when[i]) : json_null());
    }
    json_object_set_new(flag, "now", now);
}

/* The condition that leads, by the table of patterns and levels. */
struct lead {
    json_t *flag; /* borrowed; NULL: no flag has evidence */
    size_t at, condition;
    int severity;
    enum finding_pattern pattern;
};

static struct lead lead_of(json_t *flags)
{
    struct lead lead = {0};
    int least = 0;
    json_t *flag, *evidence;
    size_t i, j;
    json_array_foreach(flags, i, flag) {
        if (severity_of(flag) > lead.severity)
            lead = (struct lead){.severity = severity_of(flag)};
        if (severity_of(flag) < lead.severity)
            continue;
        json_array_foreach(json_object_get(flag, "evidence"), j, evidence) {
            enum measure measure = measure_at(evidence);
            int rank = finding_rank(lead.severity, measure);
            if (lead.flag != NULL && rank >= least)
                continue;
            least = rank;
            lead.flag = flag;
            lead.at = i;
            lead.condition = j;
            lead.pattern = finding_pattern_of(measure);
        }
    }
    return lead;
}

/* Whose number is told then and now: one of the flag that the pupil's own days decide, of the pattern that leads if there is one. */
static size_t told_of(const struct lead *lead)
{
    const json_t *evidence, *list = json_object_get(lead->flag, "evidence");
    size_t told = lead->condition, i;
    bool found = false;
    json_array_foreach(list, i, evidence) {
        enum measure measure = measure_at(evidence);
        if (measure == MEASURES || measure_is_tail(measure))
            continue;
        if (finding_pattern_of(measure) == lead->pattern)
            return i;
        told = found ? told : i;
        found = true;
    }
    return told;
}

/* Do the flag's own conditions all hold still? Null where no condition of it is one, or one is not known. */
static json_t *holds_still(const json_t *now)
{
    const json_t *each;
    bool all = true;
    size_t own = 0, i;
    json_array_foreach(now, i, each) {
        const json_t *holds = json_object_get(each, "holds");
        own += json_is_boolean(holds);
        all = all && !json_is_false(holds);
    }
    return own == 0 ? json_null() : json_boolean(all);
}

static json_t *clear_json(const struct making *making, const json_t *flag)
{
    int32_t raised_day;
    const struct rule *rule = rule_of(making, flag);
    if (rule == NULL || measure_is_tail(rule->clear.measure) || !date_at(flag, "raised_on", &raised_day))
        return json_null();
    return evidence_clear_json(making->detect, making->pupil, making->through_day, raised_day, rule,
                               making->sources->subject, making->sources->context);
}

/* The first day of the window of a condition; a run has none and begins where it begins. False: there is none. */
static bool begins(const struct finding *finding, const json_t *flag, const json_t *evidence, int32_t *from_day)
{
    if (date_at(evidence, "from", from_day))
        return true;
    if (finding_pattern_of(measure_at(evidence)) != FINDING_RUN || !date_at(flag, "raised_on", from_day))
        return false;
    *from_day = finding_run_from(finding, *from_day);
    return *from_day != CIVIL_DAY_NONE;
}

/* The earliest of them of all flags, moved to the first sign in it (docs/support.md). */
static int32_t since_day(const struct finding *finding, const json_t *flags)
{
    const json_t *flag, *evidence;
    int32_t earliest = INT32_MAX, from_day;
    size_t i, j;
    json_array_foreach(flags, i, flag) {
        json_array_foreach(json_object_get(flag, "evidence"), j, evidence) {
            if (begins(finding, flag, evidence, &from_day) && from_day < earliest)
                earliest = from_day;
        }
    }
    return finding_first_sign(finding, earliest);
}

/* What is not there is left out: a list has many findings. */
static void put_some(json_t **told, const char *key, json_t *value)
{
    if (!json_is_null(value))
        json_put(told, key, value);
}

/* Those that its sentence tells, and that are not 0. */
static json_t *figures_json(const struct making *making, enum finding_pattern pattern)
{
    struct evidence evidence;
    json_t *figures = json_object();
    for (int i = 0; i < FINDING_FIGURES; i++)
        if ((FINDING_TELLS[pattern] >> i & 1) != 0 &&
            finding_figure(making->finding, (enum finding_figure)i, &evidence) && evidence.numerator > 0)
            json_put(&figures, MEASURE_FORMS[FINDING_MEASURES[i]].word, json_integer(evidence.numerator));
    return figures;
}

static json_t *share_json(int64_t absent, int64_t expected)
{
    return json_pack("[I, I]", (json_int_t)absent, (json_int_t)expected);
}

/* The rest of the class: all of it, the pupil's own minutes of the days on which it was of the class taken away. */
static json_t *rest_json(const struct making *making, const struct finding_recent *recent)
{
    struct finding_class all;
    if (!making->sources->class_of(making->sources->context, recent->from_day, recent->to_day, &all) ||
        all.fewest < FINDING_CLASS_LEAST)
        return json_null();
    int64_t absent = all.absent_minutes - recent->class_absent,
            expected = all.expected_minutes - recent->class_expected;
    return absent < 0 || expected <= 0 || absent > expected ? json_null() : share_json(absent, expected);
}

static json_t *most_json(const struct finding *finding)
{
    struct finding_most most = finding_most(finding);
    if (most.missed == 0)
        return json_null();
    return json_pack("{s:i, s:i, s:i, s:i}", "lesson", most.lesson, "weekday", most.weekday, "missed", most.missed,
                     "of", most.of);
}

static void put_recent(json_t **told, const struct making *making, const struct evidence *share,
                       enum finding_pattern pattern)
{
    struct finding_recent recent = finding_recent(making->finding);
    json_put(told, "days", json_integer(recent.days));
    put_some(told, "share", share->defined ? share_json(share->numerator, share->denominator) : json_null());
    put_some(told, "class", rest_json(making, &recent));
    json_put(told, "figures", figures_json(making, pattern));
    put_some(told, "run_from",
             pattern != FINDING_RUN ? json_null()
                                    : civil_json_date(finding_run_from(making->finding, making->through_day)));
    put_some(told, "most", pattern == FINDING_SCATTERED ? most_json(making->finding) : json_null());
    json_put(told, "well", json_pack("[i, i, i]", recent.well_attended, recent.well_lessons, recent.well_days));
}

static json_t *make(const struct making *making, json_t *flags, const struct evidence *share)
{
    struct lead lead = lead_of(flags);
    if (lead.flag == NULL)
        return json_null();
    const json_t *now = json_object_get(lead.flag, "now");
    json_t *told = json_object();
    json_put(&told, "pattern", json_string(FINDING_PATTERN_WORDS[lead.pattern]));
    put_some(&told, "since", civil_json_date(since_day(making->finding, flags)));
    put_recent(&told, making, share, lead.pattern);
    json_put(&told, "told", json_pack("[i, i]", (int)lead.at, (int)told_of(&lead)));
    put_some(&told, "holds", holds_still(now));
    put_some(&told, "clear", clear_json(making, lead.flag));
    return told;
}

/* Borrowed flags, in a new array. */
static json_t *open_ones(json_t *flags)
{
    json_t *open = json_array(), *flag;
    size_t i;
    json_array_foreach(flags, i, flag) {
        const json_t *withdrawn = json_object_get(flag, "withdrawn");
        if (json_is_null(json_object_get(flag, "cleared_on")) && (withdrawn == NULL || json_is_null(withdrawn)))
            json_array_append(open, flag);
    }
    return open;
}

json_t *finding_json(struct finding *finding, json_t *flags, const struct finding_sources *sources)
{
    struct making making = {.finding = finding, .sources = sources};
    struct evidence share;
    json_t *open = open_ones(flags), *flag, *told;
    size_t i;
    making.detect = finding_detect(finding, &making.pupil, &making.through_day);
    if (json_array_size(open) > 0 && finding_figure(finding, FIGURE_ABSENCE_SHARE, &share)) {
        json_array_foreach(open, i, flag) {
            set_now(&making, flag);
        }
        told = make(&making, open, &share);
    } else {
        told = json_null();
    }
    json_decref(open);
    return told;
}
