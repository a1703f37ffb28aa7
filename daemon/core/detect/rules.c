/* Reads the rules from libconfig text through common/settings: a table per kind of measure says which keys a
 * condition takes and their range, so that every wrong key is reported in one run. */
#include "daemon/core/detect/rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "common/settings.h"

enum {
    COUNT_MAX = 8000, /* lessons in the longest window */
    BASELINE_MIN_DAYS = 30,
    MIN_DAYS = 10,
    MEASURE_BYTES = 32
};

const char *const COMPARISON_WORDS[COMPARISONS] = {
    [COMPARISON_AT_LEAST] = "at_least",
    [COMPARISON_AT_MOST] = "at_most",
    [COMPARISON_BELOW] = "below",
    [COMPARISON_ABOVE] = "above",
};

/* Which keys a measure of each kind takes beside its threshold. */
enum { TAKES_DAYS = 1, TAKES_OFFSET = 2, TAKES_MIN_DAYS = 4, TAKES_BASELINE = 8 };
enum { WINDOW = TAKES_DAYS | TAKES_OFFSET, SHARE = WINDOW | TAKES_MIN_DAYS };

static const struct taken {
    int takes;
    double least, most; /* of the threshold */
} TAKEN[MEASURE_KINDS] = {
    [MEASURE_KIND_COUNT] = {WINDOW, 0, COUNT_MAX},
    [MEASURE_KIND_SHARE] = {SHARE, 0, 100},
    [MEASURE_KIND_RISE] = {SHARE | TAKES_BASELINE, -100, 100},
    [MEASURE_KIND_RUN] = {0, 0, COUNT_MAX},
    [MEASURE_KIND_TERM_START] = {TAKES_DAYS, 0, COUNT_MAX},
    [MEASURE_KIND_WEEKDAY] = {WINDOW, 0, 1},
    [MEASURE_KIND_CLASS] = {WINDOW, 0, 1},
    [MEASURE_KIND_SUBJECT] = {WINDOW, 0, 100},
};

/* The file as it is being read. */
struct reading {
    const struct settings *settings;
    struct problems *problems;
    struct rules *rules;
    bool wanted;          /* rules_read_wanted */
    int lines[RULES_MAX]; /* where each rule's id is */
};

/* A condition's keys as written; 0 days = not given. */
struct written {
    char measure[MEASURE_BYTES];
    int days, offset, min_days, baseline_days, baseline_min_days, for_days;
    double thresholds[2];
};

double condition_threshold(const struct condition *condition)
{
    return measure_is_tail(condition->measure) ? condition->threshold_tail : condition->threshold_hundredths / 100.0;
}

bool condition_same_threshold(const struct condition *a, const struct condition *b)
{
    return a->threshold_hundredths == b->threshold_hundredths && !(a->threshold_tail < b->threshold_tail) &&
           !(a->threshold_tail > b->threshold_tail);
}

static bool condition_equal(const struct condition *a, const struct condition *b)
{
    return a->measure == b->measure && a->comparison == b->comparison && a->days == b->days && a->offset == b->offset &&
           a->min_days == b->min_days && a->baseline_days == b->baseline_days &&
           a->baseline_min_days == b->baseline_min_days && condition_same_threshold(a, b);
}

bool rule_equal(const struct rule *a, const struct rule *b)
{
    if (strcmp(a->id, b->id) != 0 || a->severity != b->severity || a->condition_count != b->condition_count ||
        a->for_days != b->for_days || !condition_equal(&a->clear, &b->clear))
        return false;
    for (int32_t i = 0; i < a->condition_count; i++)
        if (!condition_equal(&a->when[i], &b->when[i]))
            return false;
    return true;
}

const struct rule *rules_called(const struct rules *rules, const char *id)
{
    for (int32_t i = 0; i < rules->count; i++)
        if (strcmp(rules->rule[i].id, id) == 0)
            return &rules->rule[i];
    return NULL;
}

bool rules_equal(const struct rules *a, const struct rules *b)
{
    if (a->count != b->count)
        return false;
    for (int32_t i = 0; i < a->count; i++) {
        const struct rule *other = rules_called(b, a->rule[i].id);
        if (other == NULL || !rule_equal(&a->rule[i], other))
            return false;
    }
    return true;
}

bool rule_clears_otherwise(const struct rule *rule)
{
    struct condition opposite = rule->when[0];
    opposite.comparison = opposite.comparison == COMPARISON_AT_LEAST ? COMPARISON_BELOW : COMPARISON_ABOVE;
    return rule->condition_count == 1 && condition_equal(&opposite, &rule->clear);
}

/* Reads the keys that the measure takes; the two thresholds are named by `first` and the comparison after it. Of an
 * unknown measure all keys are accepted, so that only the measure is reported. */
static void read_keys(struct reading *reading, const struct setting *group, enum measure measure, enum comparison first,
                      struct written *written)
{
    static const struct taken ANY = {SHARE | TAKES_BASELINE, -100, COUNT_MAX}; /* of an unknown measure */
    const struct taken *taken = measure < MEASURES ? &TAKEN[MEASURE_FORMS[measure].kind] : &ANY;
    bool known = measure < MEASURES, clears = first == COMPARISON_BELOW;
    struct setting_row rows[9] = {
        {"measure", SETTING_TEXT, true, 0, 0, offsetof(struct written, measure), MEASURE_BYTES},
        {COMPARISON_WORDS[first], SETTING_NUMBER, false, taken->least, taken->most,
         offsetof(struct written, thresholds[0]), sizeof(double)},
        {COMPARISON_WORDS[first + 1], SETTING_NUMBER, false, taken->least, taken->most,
         offsetof(struct written, thresholds[1]), sizeof(double)},
    };
    size_t count = 3;
#define OFFSET_WRITTEN_MAX 100000
#define DAYS_ROW(key, required, least, most)                                                     \
    rows[count++] = (struct setting_row)                                                         \
    {                                                                                            \
#key, SETTING_INTEGER, required, least, most, offsetof(struct written, key), sizeof(int) \
    }
    if ((taken->takes & TAKES_DAYS) != 0)
        DAYS_ROW(days, known, 1, RULE_DAYS_MAX);
    if ((taken->takes & TAKES_OFFSET) != 0)
        DAYS_ROW(offset, false, 0, OFFSET_WRITTEN_MAX);
    if ((taken->takes & TAKES_MIN_DAYS) != 0)
        DAYS_ROW(min_days, false, 1, RULE_DAYS_MAX);
    if ((taken->takes & TAKES_BASELINE) != 0)
        DAYS_ROW(baseline_days, known, 1, RULE_DAYS_MAX);
    if ((taken->takes & TAKES_BASELINE) != 0)
        DAYS_ROW(baseline_min_days, false, 1, RULE_DAYS_MAX);
    if (clears)
        DAYS_ROW(for_days, true, 1, RULE_DAYS_MAX);
#undef DAYS_ROW
    settings_read(reading->settings, group, rows, count, written, reading->problems);
}

/* The one threshold that a condition has, exactly: hundredths, or the double of a tail. */
static void read_threshold(struct reading *reading, const struct setting *group, enum comparison first,
                           const double thresholds[2], struct condition *condition)
{
    const char *one = COMPARISON_WORDS[first], *other = COMPARISON_WORDS[first + 1];
    const struct setting *one_at = setting_member(group, one), *other_at = setting_member(group, other);
    if ((one_at == NULL) == (other_at == NULL)) {
        settings_problem(reading->settings, group, reading->problems, "a condition must have %s or %s, one of the two",
                         one, other);
        return;
    }
    condition->comparison = one_at != NULL ? first : first + 1;
    double threshold = thresholds[one_at != NULL ? 0 : 1];
    if (measure_is_tail(condition->measure)) {
        condition->threshold_tail = threshold;
        return;
    }
    double hundredths = round(threshold * 100);
    condition->threshold_hundredths = (int32_t)hundredths;
    const struct setting *at = one_at != NULL ? one_at : other_at;
    const char *key = COMPARISON_WORDS[condition->comparison];
    if (reading->wanted && measure_is_share(condition->measure) && abs(condition->threshold_hundredths) < 100 &&
        condition->threshold_hundredths != 0)
        settings_problem(reading->settings, at, reading->problems,
                         "%s is in percent, and %g is less than one: write %g if that is meant", key, threshold,
                         threshold * 100);
    if (fabs(threshold * 100 - hundredths) > 1e-6)
        settings_problem(reading->settings, at, reading->problems, "%s must have at most two decimals", key);
    else if (!measure_is_share(condition->measure) && condition->threshold_hundredths % 100 != 0)
        settings_problem(reading->settings, at, reading->problems, "%s must be a whole number: %s counts", key,
                         MEASURE_FORMS[condition->measure].word);
}

/* A minimum above the length of the window would leave the measure undefined on every day. */
static void check_minimum(struct reading *reading, const struct setting *group, const char *minimum_key, int minimum,
                          const char *days_key, int days)
{
    if (days > 0 && minimum > days)
        settings_problem(reading->settings, setting_member(group, minimum_key), reading->problems,
                         "%s must be between 1 and %d, the value of %s", minimum_key, days, days_key);
}

/* `first` is COMPARISON_AT_LEAST in `when`, COMPARISON_BELOW in `clear`. Defaults that are not written depend on
 * the window: min_days is MIN_DAYS or the whole of a shorter window. */
static void read_condition(struct reading *reading, const struct setting *group, enum comparison first,
                           struct condition *condition, int32_t *for_days)
{
    struct written written = {.days = 0};
    const struct setting *measure_at = setting_member(group, "measure");
    condition->measure = measure_called(setting_text(measure_at));
    read_keys(reading, group, condition->measure, first, &written);
    if (condition->measure == MEASURES) {
        if (setting_text(measure_at) != NULL)
            settings_problem(reading->settings, measure_at, reading->problems,
                             "measure \"%s\" is unknown; docs/detection.md lists them", setting_text(measure_at));
        return;
    }
    read_threshold(reading, group, first, written.thresholds, condition);
    check_minimum(reading, group, "min_days", written.min_days, "days", written.days);
    check_minimum(reading, group, "baseline_min_days", written.baseline_min_days, "baseline_days",
                  written.baseline_days);
    condition->days = written.days;
    condition->offset = written.offset < RULE_OFFSET_MAX ? written.offset : RULE_OFFSET_MAX;
    condition->baseline_days = written.baseline_days;
    *for_days = written.for_days;
    int takes = TAKEN[MEASURE_FORMS[condition->measure].kind].takes;
    if ((takes & TAKES_MIN_DAYS) != 0)
        condition->min_days = written.min_days > 0      ? written.min_days
                              : written.days < MIN_DAYS ? written.days
                                                        : MIN_DAYS;
    if ((takes & TAKES_BASELINE) != 0)
        condition->baseline_min_days = written.baseline_min_days > 0 ? written.baseline_min_days : BASELINE_MIN_DAYS;
}

static void read_when(struct reading *reading, const struct setting *list, struct rule *rule)
{
    int count = setting_count(list);
    if (setting_is_group(list) || count < 1 || count > RULE_CONDITIONS_MAX) {
        settings_problem(reading->settings, list, reading->problems,
                         "when must be a list ({…}, …) of 1 to %d conditions", RULE_CONDITIONS_MAX);
        return;
    }
    for (int i = 0; i < count; i++) {
        const struct setting *group = setting_element(list, i);
        int32_t none;
        if (setting_is_group(group))
            read_condition(reading, group, COMPARISON_AT_LEAST, &rule->when[rule->condition_count++], &none);
        else
            settings_problem(reading->settings, group, reading->problems, "a condition must be a group {…}");
    }
}

static void check_id(struct reading *reading, const struct setting *at)
{
    struct rules *rules = reading->rules;
    for (int32_t i = 0; i < rules->count; i++)
        if (strcmp(rules->rule[i].id, rules->rule[rules->count].id) == 0) {
            settings_problem(reading->settings, at, reading->problems, "id \"%s\" is taken by the rule on line %d",
                             rules->rule[i].id, reading->lines[i]);
            return;
        }
}

static bool same_quantity(const struct condition *a, const struct condition *b)
{
    return a->measure == b->measure && a->days == b->days && a->offset == b->offset &&
           a->baseline_days == b->baseline_days;
}

/* No value of the measure that clears may both raise and clear; what is measured otherwise is not compared. */
static void check_clear(struct reading *reading, const struct setting *group, const struct rule *rule)
{
    const struct condition *clear = &rule->clear;
    bool below = clear->comparison == COMPARISON_BELOW, limited = false, any = false;
    double limit = 0, threshold = condition_threshold(clear);
    for (int32_t i = 0; i < rule->condition_count; i++) {
        const struct condition *when = &rule->when[i];
        if (!same_quantity(when, clear))
            continue;
        any = true;
        if ((when->comparison == COMPARISON_AT_LEAST) != below)
            continue;
        double at = condition_threshold(when);
        limit = !limited || (below ? at > limit : at < limit) ? at : limit;
        limited = true;
    }
    const char *key = COMPARISON_WORDS[clear->comparison];
    if (any && !limited)
        settings_problem(reading->settings, group, reading->problems,
                         "clear must have %s, for when has %s of the same measure",
                         COMPARISON_WORDS[below ? COMPARISON_ABOVE : COMPARISON_BELOW],
                         COMPARISON_WORDS[below ? COMPARISON_AT_MOST : COMPARISON_AT_LEAST]);
    else if (any && below && threshold > limit)
        settings_problem(reading->settings, setting_member(group, key), reading->problems,
                         "below must not be more than %g, where the flag is raised", limit);
    else if (any && !below && threshold < limit)
        settings_problem(reading->settings, setting_member(group, key), reading->problems,
                         "above must not be less than %g, where the flag is raised", limit);
}

static void read_rule(struct reading *reading, const struct setting *group)
{
    static const struct setting_row ROWS[] = {
        {"id", SETTING_TEXT, true, SETTING_ID, 0, offsetof(struct rule, id), ID_BYTES},
        {"severity", SETTING_INTEGER, true, 1, 4, offsetof(struct rule, severity), sizeof(int32_t)},
        {"when", SETTING_NESTED, true, 0, 0, 0, 0},
        {"clear", SETTING_NESTED, true, 0, 0, 0, 0},
    };
    struct rule *rule = &reading->rules->rule[reading->rules->count];
    int before = reading->problems->count;
    *rule = (struct rule){.severity = 0};
    settings_read(reading->settings, group, ROWS, sizeof ROWS / sizeof *ROWS, rule, reading->problems);
    const struct setting *id = setting_member(group, "id"), *when = setting_member(group, "when"),
                         *clear = setting_member(group, "clear");
    if (rule->id[0] != '\0')
        check_id(reading, id);
    /* settings_read has already reported what is neither group nor list. */
    if (setting_is_group(when) || setting_is_list(when))
        read_when(reading, when, rule);
    if (setting_is_group(clear))
        read_condition(reading, clear, COMPARISON_BELOW, &rule->clear, &rule->for_days);
    else if (setting_is_list(clear))
        settings_problem(reading->settings, clear, reading->problems, "clear must be a group {…}");
    if (reading->wanted && reading->problems->count == before)
        check_clear(reading, clear, rule);
    reading->lines[reading->rules->count++] = setting_line(group);
}

static void read_list(struct reading *reading, const struct setting *list)
{
    int count = setting_count(list);
    if (setting_is_group(list) || count < 1 || count > RULES_MAX) {
        settings_problem(reading->settings, list, reading->problems, "rules must be a list ({…}, …) of 1 to %d rules",
                         RULES_MAX);
        return;
    }
    for (int i = 0; i < count; i++) {
        const struct setting *group = setting_element(list, i);
        if (setting_is_group(group))
            read_rule(reading, group);
        else
            settings_problem(reading->settings, group, reading->problems, "a rule must be a group {…}");
    }
}

/* Reads into a copy, so that `rules` is untouched when anything is wrong. */
static bool read_text(const char *name, const char *text, bool wanted, struct rules *rules, struct problems *problems)
{
    static const struct setting_row ROWS[] = {{"rules", SETTING_NESTED, true, 0, 0, 0, 0}};
    struct settings *settings = settings_open_text(name, text, problems);
    if (settings == NULL)
        return false;
    int before = problems->count;
    struct reading reading = {
        .settings = settings, .problems = problems, .rules = calloc(1, sizeof *rules), .wanted = wanted};
    if (reading.rules == NULL) {
        problems_add(problems, name, 0, "out of memory");
    } else {
        char nothing; /* no byte is written: the only row is nested */
        settings_read(settings, settings_root(settings), ROWS, 1, &nothing, problems);
        const struct setting *list = setting_member(settings_root(settings), "rules");
        if (setting_is_group(list) || setting_is_list(list))
            read_list(&reading, list);
        if (problems->count == before)
            *rules = *reading.rules;
    }
    free(reading.rules);
    settings_close(settings);
    return problems->count == before;
}

bool rules_read_text(const char *name, const char *text, struct rules *rules, struct problems *problems)
{
    return read_text(name, text, false, rules, problems);
}

bool rules_read_wanted(const char *name, const char *text, struct rules *rules, struct problems *problems)
{
    return read_text(name, text, true, rules, problems);
}
