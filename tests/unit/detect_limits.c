/* The detector at its bounds: pupils of a class, versions and rules, flags of a school year, ends of windows. */
#include "tests/detect_words.h"

/* As many as a class may have, and no more: what is refused changes nothing. */
static void a_class_has_an_end(void)
{
    struct detect *detect = detect_open();
    struct outcome present = {.minutes = 60};
    int32_t day = civil_day(2026, 9, 1);
    uint32_t set = 0;
    while (set < DETECT_CLASS_PUPILS_MAX && detect_set_day(detect, set, 0, day, &present, 1))
        set++;
    CHECK(set == DETECT_CLASS_PUPILS_MAX);
    CHECK(!detect_set_day(detect, set, 0, day, &present, 1));
    CHECK(!detect_own_day(detect, set, day, &(int32_t){0}));
    CHECK(detect_set_day(detect, set, 1, day, &present, 1));
    CHECK(detect_set_day(detect, 0, 0, day + 1, &present, 1));
    detect_close(detect);
}

/* Several versions: what ended stays ended. And there is an end to versions, and to rules. */
static void versions_and_rules_have_an_end(void)
{
    struct sentence run = {
        "run", "late_arrivals; days = 5; at_least = 1;", "late_arrivals; days = 1; below = 1; for_days = 9;", "", "",
        ""};
    struct detect *detect = detect_open();
    const struct flag *flags;
    size_t count;
    int32_t from = civil_day(2026, 9, 1);
    CHECK(read_rule(&run));
    set_words(detect, "L P P P", from);
    for (int32_t version = 1; version <= DETECT_VERSIONS_MAX; version++) {
        rules.rule[0].for_days = version;
        CHECK(detect_add_rules(detect, &rules, (uint32_t)version, version == 1 ? INT32_MIN : from + version));
    }
    CHECK(!detect_add_rules(detect, &rules, 99, from + 99));
    CHECK(detect_flags(detect, 0, from + 3, &flags, &count) && count == 3);
    CHECK(flags[0].end == FLAG_CLEARED && flags[0].ended_day == from + 1);
    CHECK(flags[1].end == FLAG_RULE_ENDED && flags[1].raised_day == from + 2 && flags[1].ended_day == from + 3);
    CHECK(flags[2].end == FLAG_OPEN && flags[2].raised_day == from + 3 && flags[2].version == 3);
    detect_close(detect);
    detect_close(NULL);
    detect_work_close(NULL);
    detect = detect_open();
    for (rules.count = 1; rules.count < RULES_MAX; rules.count++) {
        rules.rule[rules.count] = rules.rule[0];
        snprintf(rules.rule[rules.count].id, sizeof rules.rule[0].id, "r%d", (int)rules.count);
    }
    int added = 0;
    for (int32_t version = 1; version <= DETECT_VERSIONS_MAX; version++) {
        for (int32_t i = 0; i < rules.count; i++)
            rules.rule[i].for_days = version;
        added += detect_add_rules(detect, &rules, (uint32_t)version, from + version);
    }
    CHECK(added == 10);
    detect_close(detect);
}

/* As many rules as there may be, each raised on every other date of a school year: all of 73,200 flags, by rule and date. */
static void no_flag_of_a_whole_year_is_lost(void)
{
    enum { DATES = 366, A_RULES = DATES / 2 };
    struct sentence late = {
        "late", "late_arrivals; days = 1; at_least = 1;", "late_arrivals; days = 1; below = 1; for_days = 1;", "", "",
        ""};
    struct detect *detect = detect_open();
    const struct flag *flags;
    size_t count = 0;
    int32_t from = civil_day(2027, 8, 1);
    CHECK(read_rule(&late));
    for (; rules.count < RULES_MAX; rules.count++) {
        rules.rule[rules.count] = rules.rule[0];
        snprintf(rules.rule[rules.count].id, sizeof rules.rule[0].id, "r%d", (int)rules.count);
    }
    CHECK(detect_add_rules(detect, &rules, 1, INT32_MIN));
    for (int32_t day = 0; day < DATES; day++) { /* a question a day: the trail is kept, and gone on from */
        set_words(detect, day % 2 == 0 ? "L" : "P", from + day);
        CHECK(detect_flags(detect, 0, from + day, &flags, &count));
    }
    CHECK(count == (size_t)RULES_MAX * A_RULES);
    for (size_t i = 0; i < count; i++)
        CHECK(flags[i].rule == flags[i / A_RULES * A_RULES].rule &&
              flags[i].raised_day == from + 2 * (int32_t)(i % A_RULES) &&
              flags[i].ended_day == flags[i].raised_day + 1);
    struct detect_work *work = detect_work_open(detect);
    CHECK(detect_recompute(detect, work, 0, from + DATES - 1, &flags, &count) && count == (size_t)RULES_MAX * A_RULES);
    detect_work_close(work);
    detect_close(detect);
}

/* Windows that begin and end on every own day that a rule can name. */
static void every_window_end_fits(void)
{
    enum { ENDS = RULE_OFFSET_MAX + 2 * RULE_DAYS_MAX + 1 };
    struct sentence late = {
        "late", "late_arrivals; days = 1; at_least = 1;", "late_arrivals; days = 1; below = 1; for_days = 1;", "", "",
        ""};
    struct detect *detect = detect_open();
    const struct flag *flags;
    size_t count;
    int32_t from = civil_day(2026, 9, 1);
    CHECK(read_rule(&late));
    struct condition any = rules.rule[0].when[0];
    for (int32_t end = 0; end < ENDS; end++) {
        struct rule *rule = &rules.rule[end / RULE_CONDITIONS_MAX];
        *rule = end % RULE_CONDITIONS_MAX == 0 ? rules.rule[0] : *rule;
        snprintf(rule->id, sizeof rule->id, "r%d", (int)(end / RULE_CONDITIONS_MAX));
        int32_t days = end <= RULE_OFFSET_MAX ? 1 : end - RULE_OFFSET_MAX, base = days - RULE_DAYS_MAX;
        struct condition *condition = &rule->when[end % RULE_CONDITIONS_MAX];
        *condition = any;
        condition->offset = end <= RULE_OFFSET_MAX ? end : RULE_OFFSET_MAX;
        condition->days = base > 0 ? RULE_DAYS_MAX : days;
        condition->baseline_days = base > 0 ? base : 0;
        condition->measure = base > 0 ? MEASURE_ABSENCE_RISE : any.measure;
        rule->condition_count = end % RULE_CONDITIONS_MAX + 1;
        rules.count = end / RULE_CONDITIONS_MAX + 1;
    }
    CHECK(detect_add_rules(detect, &rules, 1, INT32_MIN));
    set_words(detect, "L P L", from);
    CHECK(detect_flags(detect, 0, from + 3, &flags, &count) && count == 0);
    detect_close(detect);
}

int main(void)
{
    TEST(a_class_has_an_end);
    TEST(versions_and_rules_have_an_end);
    TEST(no_flag_of_a_whole_year_is_lost);
    TEST(every_window_end_fits);
    return test_done();
}
