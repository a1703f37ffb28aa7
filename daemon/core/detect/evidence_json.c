#include "daemon/core/detect/evidence_json.h"

#include "common/civil.h"
#include "common/civil_json.h"

static json_t *tell(const struct evidence *evidence, const struct condition *condition, evidence_subject *subject,
                    void *context)
{
    char from[CIVIL_DATE_BYTES] = "", to[CIVIL_DATE_BYTES] = "";
    if (evidence->own_days > 0) {
        civil_write_date(evidence->from_day, from);
        civil_write_date(evidence->to_day, to);
    }
    json_t *object = json_pack(
        "{s:s, s:i, s:i, s:s, s:s, s:i, s:I, s:I, s:s, s:i}", "measure", MEASURE_FORMS[condition->measure].word, "days",
        condition->days, "offset", condition->offset, "from", from, "to", to, "own_days", evidence->own_days,
        "numerator", (json_int_t)evidence->numerator, "denominator", (json_int_t)evidence->denominator, "comparison",
        COMPARISON_WORDS[condition->comparison], "threshold_hundredths", condition->threshold_hundredths);
    enum measure_kind kind = MEASURE_FORMS[condition->measure].kind;
    char name[SCHOOL_TEXT_BYTES];
    bool whole = true;
    if (kind == MEASURE_KIND_WEEKDAY && evidence->which >= 0)
        whole = json_object_set_new(object, "weekday", json_integer(evidence->which)) == 0;
    if (kind == MEASURE_KIND_SUBJECT && evidence->which >= 0)
        whole =
            json_object_set_new(object, "subject", json_string(subject(context, (uint16_t)evidence->which, name))) == 0;
    if (whole)
        return object;
    json_decref(object);
    return NULL;
}

json_t *evidence_json(struct detect *detect, uint32_t pupil, int32_t day, const struct condition *condition,
                      evidence_subject *subject, void *context)
{
    struct evidence evidence = {.which = -1};
    if (!detect_evidence(detect, pupil, day, condition, &evidence))
        return NULL;
    return tell(&evidence, condition, subject, context);
}

/* Own days in a row, as far as defined, on which the clear condition has held since the flag was raised: the count of
 * docs/detection.md, taken anew. */
static int32_t count_clear_days(struct detect *detect, uint32_t pupil, int32_t through_day, const struct flag *flag)
{
    int32_t counted = 0, own_day = 0;
    for (int32_t day = flag->raised_day + 1; day <= through_day; day++) {
        struct evidence evidence;
        if (!detect_own_day(detect, pupil, day, &own_day) || own_day != day ||
            !detect_evidence(detect, pupil, day, &flag->rule->clear, &evidence) || !evidence.defined)
            continue;
        counted = evidence.holds ? counted + 1 : 0;
    }
    return counted;
}

static json_t *tell_clear(struct detect *detect, uint32_t pupil, int32_t through_day, const struct flag *flag,
                          evidence_subject *subject, void *context)
{
    struct evidence evidence;
    if (!detect_evidence(detect, pupil, through_day, &flag->rule->clear, &evidence))
        return json_null();
    json_t *clear = tell(&evidence, &flag->rule->clear, subject, context);
    json_t *more =
        json_pack("{s:b, s:b, s:i, s:i}", "defined", (int)evidence.defined, "holds", (int)evidence.holds, "for_days",
                  flag->rule->for_days, "counted", count_clear_days(detect, pupil, through_day, flag));
    json_object_update(clear, more);
    json_decref(more);
    return clear;
}

json_t *evidence_explain_json(struct detect *detect, uint32_t pupil, int32_t through_day, const struct flag *flag,
                              evidence_subject *subject, void *context)
{
    static const char *const ENDS[] = {[FLAG_OPEN] = "open",
                                       [FLAG_CLEARED] = "cleared",
                                       [FLAG_YEAR_ENDED] = "year_ended",
                                       [FLAG_RULE_ENDED] = "rule_ended"};
    json_t *evidence = json_array();
    for (int32_t i = 0; i < flag->rule->condition_count; i++)
        json_array_append_new(evidence,
                              evidence_json(detect, pupil, flag->raised_day, &flag->rule->when[i], subject, context));
    json_t *clear =
        flag->end == FLAG_OPEN ? tell_clear(detect, pupil, through_day, flag, subject, context) : json_null();
    return json_pack("{s:s, s:i, s:i, s:o, s:o, s:s, s:o, s:o}", "rule", flag->rule->id, "severity",
                     flag->rule->severity, "rules_version", (int)flag->version, "raised_on",
                     civil_json_date(flag->raised_day), "cleared_on",
                     civil_json_date(flag->end == FLAG_OPEN ? CIVIL_DAY_NONE : flag->ended_day), "end", ENDS[flag->end],
                     "evidence", evidence, "clear", clear);
}
