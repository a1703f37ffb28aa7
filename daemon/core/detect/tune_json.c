/* Figures are those of the half that is told of. Loads are of the whole school, as if its other half were like this one. */
#include "daemon/core/detect/tune_json.h"

#include <math.h>
#include <stdlib.h>
#include "common/civil.h"
#include "common/json_put.h"
#include "daemon/core/detect/preview.h"
#include "daemon/core/detect/rules_json.h"

enum { STEP = 5, HALF_DAY = 500 /* thousandths */ };

static uint64_t in_fives(uint64_t count)
{
    return (count + STEP / 2) / STEP * STEP;
}

static json_t *few_or(uint64_t count, uint64_t shown)
{
    return count < PREVIEW_LEAST ? json_null() : json_integer((json_int_t)shown);
}

static json_t *people(uint64_t count)
{
    return few_or(count, in_fives(count));
}

static json_t *per_week(const struct tune_result *result, uint64_t items)
{
    uint64_t half = result->half_rows[TUNE_TOLD_OF], weeks = result->weeks;
    return items < PREVIEW_LEAST
               ? json_null()
               : json_real(round(10.0 * (double)(in_fives(items) * result->rows) / (double)(half * weeks)) / 10);
}

/* School days before the flag, of an item on the average, in half days. */
static json_t *lost(const struct tune_figures *figures)
{
    return figures->items < PREVIEW_LEAST
               ? json_null()
               : json_real(round((double)figures->lost / figures->items / HALF_DAY) * HALF_DAY / 1000);
}

static json_t *tell_figures(const struct tune_result *result, const struct tune_figures *figures)
{
    json_t *told = json_object();
    uint64_t worst = figures->worst_week, half = result->half_rows[TUNE_TOLD_OF];
    json_put(&told, "items_per_week", per_week(result, figures->items));
    json_put(&told, "worst_week", few_or(worst, half > 0 ? in_fives(worst * result->rows / half) : 0));
    json_put(&told, "flagged_autumn", people(figures->flagged));
    json_put(&told, "missed_in_spring", people(figures->found));
    json_put(&told, "days_lost", lost(figures));
    return told;
}

static json_t *tell_change(const struct rule *rule, const struct condition *from, const struct condition *to)
{
    return json_pack("{s:s, s:s, s:i, s:s, s:f, s:f}", "rule", rule->id, "measure", MEASURE_FORMS[from->measure].word,
                     "days", (int)from->days, "limit", COMPARISON_WORDS[from->comparison], "from",
                     condition_threshold(from), "to", condition_threshold(to));
}

/* The thresholds that raise flags, where they differ. */
static json_t *tell_changes(const struct rules *in_force, const struct rules *rules)
{
    json_t *changes = json_array();
    for (int32_t i = 0; i < rules->count; i++)
        for (int32_t j = 0; j < rules->rule[i].condition_count; j++) {
            const struct condition *from = &in_force->rule[i].when[j], *to = &rules->rule[i].when[j];
            if (!condition_same_threshold(from, to))
                json_array_append_new(changes, tell_change(&rules->rule[i], from, to));
        }
    return changes;
}

static json_t *tell_gain(const struct tune_gain *gain)
{
    static const char *const VERDICTS[] = {
        [TUNE_BETTER] = "better", [TUNE_UNDECIDED] = "undecided", [TUNE_WORSE] = "worse"};
    return json_pack("{s:i, s:i, s:s}", "low", (int)(STEP * floor(gain->low / STEP)), "high",
                     (int)(STEP * ceil(gain->high / STEP)), "verdict", VERDICTS[gain->verdict]);
}

static json_t *tell_profile(const struct tune *tune, const struct tune_profile *profile, struct rules *rules)
{
    const struct tune_result *result = tune_result(tune);
    json_t *told = tell_figures(result, &profile->figures);
    tune_rules(tune, profile, rules);
    json_t *list = rules_json(rules);
    char *text = rules_json_text(list);
    json_put(&told, "load", json_real((profile->load + 1.0) * result->capacity / TUNE_LOADS));
    json_put(&told, "gain", tell_gain(&profile->gain));
    json_put(&told, "changes", tell_changes(tune_in_force(tune), rules));
    json_put(&told, "rules", list);
    json_put(&told, "text", text != NULL ? json_string(text) : NULL);
    free(text);
    return told;
}

static json_t *tell_school(const struct tune_result *result)
{
    char from[CIVIL_DATE_BYTES] = "", to[CIVIL_DATE_BYTES] = "";
    if (result->rows > 0) {
        civil_write_date(result->first_day, from);
        civil_write_date(result->last_day, to);
    }
    return json_pack("{s:i, s:i, s:i, s:i, s:o, s:o, s:s, s:s}", "school_years", (int)result->years, "weeks",
                     (int)result->weeks, "pupil_years", (int)result->rows, "told_of",
                     (int)result->half_rows[TUNE_TOLD_OF], "missed_in_spring", people(result->missed[TUNE_TOLD_OF]),
                     "attended_in_spring", people(result->attended[TUNE_TOLD_OF]), "from", from, "to", to);
}

/* NULL: no memory. */
static json_t *tell_profiles(const struct tune *tune)
{
    const struct tune_result *result = tune_result(tune);
    struct rules *rules = malloc(sizeof *rules);
    json_t *profiles = json_array();
    bool good = rules != NULL;
    for (int i = 0; good && i < result->profile_count; i++)
        good = json_array_append_new(profiles, tell_profile(tune, &result->profiles[i], rules)) == 0;
    free(rules);
    if (good)
        return profiles;
    json_decref(profiles);
    return NULL;
}

json_t *tune_json(const struct tune *tune)
{
    const struct tune_result *result = tune_result(tune);
    json_t *told = json_object();
    json_put(&told, "school", tell_school(result));
    json_put(&told, "capacity", json_integer(result->capacity));
    json_put(&told, "severity", json_integer(result->severity));
    json_put(&told, "candidates", json_integer(result->tried));
    json_put(&told, "too_few", json_boolean(result->too_few));
    json_put(&told, "in_force", tell_figures(result, &result->in_force));
    json_put(&told, "profiles", tell_profiles(tune));
    json_put(&told, "best", result->best >= 0 ? json_integer(result->best) : json_null());
    return told;
}

json_t *tune_progress_json(const struct tune *tune)
{
    struct tune_progress progress = tune_progress(tune);
    return json_pack("{s:i, s:i, s:i, s:i}", "pupil_years", (int)progress.rows, "of_pupil_years", (int)progress.of_rows,
                     "candidates", (int)progress.tried, "of_candidates", TUNE_CANDIDATES_MAX);
}
