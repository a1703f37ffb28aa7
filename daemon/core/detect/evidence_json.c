/* Builds the objects `evidence` and `clear` of docs/api.md; every figure comes from detect_evidence. */
#include "daemon/core/detect/evidence_json.h"

#include <math.h>
#include "common/civil_json.h"
#include "common/json_put.h"

/* The rule's threshold times 100: an integer, except for a probability, which is rounded to six decimals. */
static json_t *threshold(const struct condition *condition)
{
    return measure_is_tail(condition->measure) ? json_real(round(1e8 * condition->threshold_tail) / 1e6)
                                               : json_integer(condition->threshold_hundredths);
}

/* NULL: no memory. */
static json_t *tell(const struct evidence *evidence, const struct condition *condition, evidence_subject *subject,
                    void *context)
{
    enum measure_kind kind = MEASURE_FORMS[condition->measure].kind;
    bool any_day = evidence->own_days > 0;
    char name[NAME_BYTES];
    json_t *object = json_object();
    json_put(&object, "measure", json_string(MEASURE_FORMS[condition->measure].word));
    json_put(&object, "days", json_integer(condition->days));
    json_put(&object, "offset", json_integer(condition->offset));
    json_put(&object, "from", any_day ? civil_json_date(evidence->from_day) : json_string(""));
    json_put(&object, "to", any_day ? civil_json_date(evidence->to_day) : json_string(""));
    json_put(&object, "own_days", json_integer(evidence->own_days));
    json_put(&object, "numerator", json_integer(evidence->numerator));
    json_put(&object, "denominator", json_integer(evidence->denominator));
    json_put(&object, "comparison", json_string(COMPARISON_WORDS[condition->comparison]));
    json_put(&object, "threshold_hundredths", threshold(condition));
    if (evidence->class_whole >= 0) {
        json_put(&object, "class_numerator", json_integer(evidence->class_part));
        json_put(&object, "class_denominator", json_integer(evidence->class_whole));
    }
    if (kind == MEASURE_KIND_WEEKDAY && evidence->which >= 0)
        json_put(&object, "weekday", json_integer(evidence->which));
    if (kind == MEASURE_KIND_SUBJECT && evidence->which >= 0)
        json_put(&object, "subject", json_string(subject(context, (uint16_t)evidence->which, name)));
    return object;
}

json_t *evidence_json(struct detect *detect, uint32_t pupil, int32_t day, const struct condition *condition,
                      evidence_subject *subject, void *context)
{
    struct evidence evidence = {.which = -1};
    if (!detect_evidence(detect, pupil, day, condition, &evidence))
        return NULL;
    return tell(&evidence, condition, subject, context);
}

json_t *evidence_live_json(struct detect *detect, uint32_t pupil, int32_t day, const struct condition *condition,
                           evidence_subject *subject, void *context)
{
    struct evidence evidence;
    if (!detect_evidence(detect, pupil, day, condition, &evidence))
        return json_null();
    json_t *live = tell(&evidence, condition, subject, context);
    json_put(&live, "defined", json_boolean(evidence.defined));
    json_put(&live, "holds", json_boolean(evidence.holds));
    return live;
}

/* How many defined own days in a row the clear condition has held since the flag was raised (docs/detection.md), counted from
 * the evidence of each day and not from the trail; backwards, as the latest day on which it does not hold ends it. */
static int32_t count_clear_days(struct detect *detect, uint32_t pupil, int32_t through_day, int32_t raised_day,
                                const struct condition *clear)
{
    int32_t counted = 0, own_day;
    for (int32_t day = through_day; detect_own_day(detect, pupil, day, &own_day) && own_day > raised_day;
         day = own_day - 1) {
        struct evidence evidence;
        if (!detect_evidence(detect, pupil, own_day, clear, &evidence) || !evidence.defined)
            continue;
        if (!evidence.holds)
            break;
        counted++;
    }
    return counted;
}

json_t *evidence_clear_json(struct detect *detect, uint32_t pupil, int32_t through_day, int32_t raised_day,
                            const struct rule *rule, evidence_subject *subject, void *context)
{
    json_t *clear = evidence_live_json(detect, pupil, through_day, &rule->clear, subject, context);
    if (json_is_null(clear))
        return clear;
    json_put(&clear, "for_days", json_integer(rule->for_days));
    json_put(&clear, "counted", json_integer(count_clear_days(detect, pupil, through_day, raised_day, &rule->clear)));
    return clear;
}

/* The evidence is that of the day of raising; `clear` is that of through_day, and null once the flag has ended. */
json_t *evidence_explain_json(struct detect *detect, uint32_t pupil, int32_t through_day, const struct flag *flag,
                              evidence_subject *subject, void *context)
{
    static const char *const ENDS[] = {[FLAG_OPEN] = "open",
                                       [FLAG_CLEARED] = "cleared",
                                       [FLAG_YEAR_ENDED] = "year_ended",
                                       [FLAG_RULE_ENDED] = "rule_ended",
                                       [FLAG_LEFT] = "left"};
    json_t *evidence = json_array();
    for (int32_t i = 0; i < flag->rule->condition_count; i++)
        json_array_append_new(evidence,
                              evidence_json(detect, pupil, flag->raised_day, &flag->rule->when[i], subject, context));
    json_t *clear = flag->end == FLAG_OPEN ? evidence_clear_json(detect, pupil, through_day, flag->raised_day,
                                                                 flag->rule, subject, context)
                                           : json_null();
    json_t *told = json_object();
    json_put(&told, "rule", json_string(flag->rule->id));
    json_put(&told, "severity", json_integer(flag->rule->severity));
    json_put(&told, "rules_version", json_integer(flag->version));
    json_put(&told, "raised_on", civil_json_date(flag->raised_day));
    json_put(&told, "cleared_on", civil_json_date(flag->end == FLAG_OPEN ? CIVIL_DAY_NONE : flag->ended_day));
    json_put(&told, "end", json_string(ENDS[flag->end]));
    json_put(&told, "evidence", evidence);
    json_put(&told, "clear", clear);
    return told;
}
