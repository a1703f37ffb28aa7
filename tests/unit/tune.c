/* Tuning on made-up schools: a best threshold that is known is found, noise is left alone, and every figure is counted here
 * again, from the flags that the detector raises by the profile's own file. */
#include "daemon/core/detect/tune.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "daemon/core/detect/detect.h"
#include "daemon/core/detect/rules_json.h"
#include "tests/rules_file.h"
#include "tests/test.h"

enum { DATES = 190, LESSONS = 6, CLASS = 20, PUPILS_MOST = 400, CAPACITY = 10 };

static struct problems problems;
static struct rules rules;

/* A school: which lessons a pupil has what of. */
typedef enum status lessons(uint32_t pupil, int32_t date, int lesson);

static uint32_t mix(uint32_t a, uint32_t b, uint32_t c)
{
    uint64_t x =
        (a * UINT64_C(0x9E3779B97F4A7C15)) ^ (b * UINT64_C(0xC2B2AE3D27D4EB4F)) ^ (c * UINT64_C(0x165667B19E3779F9));
    x = (x ^ x >> 31) * UINT64_C(0xD6E8FEB86659FD93);
    return (uint32_t)(x >> 33);
}

/* School days from 18 August on, five a week; the first 96 of them lie in autumn. */
static int32_t day_of(int32_t year, int32_t date)
{
    int32_t monday = civil_day(year, 8, 18);
    monday += (7 - civil_weekday(monday)) % 7;
    return monday + date / 5 * 7 + date % 5;
}

static int32_t autumn_dates(int32_t year)
{
    int32_t date = 0;
    while (day_of(year, date) < civil_day(year + 1, 1, 1))
        date++;
    return date;
}

static void lessons_of(lessons *school, uint32_t pupil, int32_t date, struct outcome outcomes[LESSONS])
{
    for (int lesson = 0; lesson < LESSONS; lesson++) {
        enum status status = school(pupil, date, lesson);
        bool away = status == STATUS_REPORTED || status == STATUS_UNREPORTED || status == STATUS_LEAVE;
        outcomes[lesson] = (struct outcome){.start_minute = (uint16_t)(480 + 60 * lesson),
                                            .minutes = 50,
                                            .absent_minutes = away                    ? 50
                                                              : status == STATUS_LATE ? 10
                                                                                      : 0,
                                            .subject = (uint16_t)lesson,
                                            .status = (uint8_t)status};
    }
}

/* Years of the school, all dates of a pupil together. */
static void for_all_days(lessons *school, uint32_t pupils, int years,
                         bool (*take)(void *into, uint32_t pupil, uint32_t class, int32_t day,
                                      const struct outcome *outcomes, size_t count),
                         void *into)
{
    for (uint32_t pupil = 0; pupil < pupils; pupil++)
        for (int32_t date = 0; date < years * DATES; date++) {
            struct outcome outcomes[LESSONS];
            lessons_of(school, pupil, date, outcomes);
            CHECK(take(into, pupil, pupil / CLASS, day_of(2023 + date / DATES, date % DATES), outcomes, LESSONS));
        }
}

static bool take_tune(void *into, uint32_t pupil, uint32_t class, int32_t day, const struct outcome *outcomes,
                      size_t count)
{
    return tune_day(into, pupil, class, day, outcomes, count);
}

static bool take_detect(void *into, uint32_t pupil, uint32_t class, int32_t day, const struct outcome *outcomes,
                        size_t count)
{
    return detect_set_day(into, pupil, class, day, outcomes, count);
}

static struct tune *tuned(lessons *school, uint32_t pupils, int years, int32_t severity, int capacity)
{
    struct tune *tune = tune_open(&rules, severity);
    enum tune_state state = TUNE_WORKING;
    CHECK(tune != NULL);
    for_all_days(school, pupils, years, take_tune, tune);
    CHECK(tune_begin(tune, capacity));
    while (state == TUNE_WORKING)
        state = tune_step(tune);
    CHECK(state == TUNE_DONE);
    return tune;
}

static void read_text(const char *text)
{
    CHECK(rules_read_text("rules", text, &rules, &problems));
    problems_print(&problems, stdout);
}

/* A school with a known best: every fifth pupil is away 24 % of the lessons all year, all others 18 % in autumn and next to
 * nothing in spring. Spread evenly, so that no window is far from its share. */
static bool goes_on(uint32_t pupil)
{
    return pupil % 5 == pupil / CLASS % 5;
}

static enum status known_best(uint32_t pupil, int32_t date, int lesson)
{
    uint32_t percent = goes_on(pupil) ? 24 : date < autumn_dates(2023) ? 18 : 2;
    uint32_t place = ((uint32_t)(date * LESSONS + lesson) * 37 + pupil * 13) % 100;
    return place < percent ? STATUS_REPORTED : STATUS_PRESENT;
}

static const char SHARE[] = "rules = ( { id = \"share\"; severity = 3;"
                            " when = ( { measure = \"absence_share\"; days = 20; at_least = %d; min_days = 20; } );"
                            " clear = { measure = \"absence_share\"; days = 20; below = %d; for_days = 5; }; } );";

static void find_from(int at_least)
{
    char text[sizeof SHARE + 32];
    static struct rules found;
    snprintf(text, sizeof text, SHARE, at_least, at_least / 2);
    read_text(text);
    struct tune *tune = tuned(known_best, PUPILS_MOST, 1, 3, CAPACITY);
    const struct tune_result *result = tune_result(tune);
    CHECK(!result->too_few && result->best >= 0);
    if (result->best >= 0) {
        const struct tune_profile *best = &result->profiles[result->best];
        tune_rules(tune, best, &found);
        CHECK(found.rule[0].when[0].threshold_hundredths == 2200);
        CHECK(found.rule[0].clear.threshold_hundredths == 1100);
        CHECK(best->figures.found == result->missed[TUNE_TOLD_OF] && best->figures.flagged == best->figures.found);
        CHECK(best->gain.verdict == TUNE_BETTER && best->gain.low > 90);
    }
    tune_close(tune);
}

static void the_known_best_is_found(void)
{
    find_from(40); /* too late: nobody is flagged */
    read_text("rules = ( { id = \"share\"; severity = 3;"
              " when = ( { measure = \"absence_share\"; days = 20; at_least = 16; min_days = 20; } );"
              " clear = { measure = \"absence_share\"; days = 20; below = 8; for_days = 5; }; } );");
    /* Too soon: everybody is, and there is room for all of them. The ladder goes 16, 19, 23 from here. */
    struct tune *tune = tuned(known_best, PUPILS_MOST, 1, 3, TUNE_CAPACITY_MAX);
    const struct tune_result *result = tune_result(tune);
    static struct rules found;
    CHECK(result->in_force.flagged == result->half_rows[TUNE_TOLD_OF]);
    CHECK(result->best >= 0);
    if (result->best >= 0) {
        tune_rules(tune, &result->profiles[result->best], &found);
        CHECK(found.rule[0].when[0].threshold_hundredths == 2300);
    }
    tune_close(tune);
}

static void the_best_in_force_is_left(void)
{
    read_text("rules = ( { id = \"share\"; severity = 3;"
              " when = ( { measure = \"absence_share\"; days = 20; at_least = 22; min_days = 20; } );"
              " clear = { measure = \"absence_share\"; days = 20; below = 11; for_days = 5; }; } );");
    struct tune *tune = tuned(known_best, PUPILS_MOST, 1, 3, CAPACITY);
    CHECK(tune_result(tune)->best == -1 &&
          tune_result(tune)->in_force.found == tune_result(tune)->missed[TUNE_TOLD_OF]);
    tune_close(tune);
}

/* Nothing about a pupil goes on from one day to the next. */
static uint32_t seed;
static enum status noise(uint32_t pupil, int32_t date, int lesson)
{
    uint32_t whole = mix(pupil + 1000 * seed, (uint32_t)date, 77) % 100;
    uint32_t part = mix(pupil + 1000 * seed, (uint32_t)date, (uint32_t)lesson) % 100;
    return whole < 6 || part < 3 ? STATUS_REPORTED : part < 4 ? STATUS_UNREPORTED : STATUS_PRESENT;
}

static void nothing_is_better_on_noise(void)
{
    int profiles = 0;
    CHECK(read_rules_file("config/rules.cfg", &rules, &problems));
    for (seed = 1; seed <= 6; seed++) {
        struct tune *tune = tuned(noise, PUPILS_MOST / 2, 1, 1 + (int32_t)seed % 3, 2 * CAPACITY);
        const struct tune_result *result = tune_result(tune);
        CHECK(!result->too_few && result->best == -1);
        tune_close(tune);
    }
    read_text("rules = ( { id = \"share\"; severity = 3;"
              " when = ( { measure = \"absence_share\"; days = 20; at_least = 15; } );"
              " clear = { measure = \"absence_share\"; days = 20; below = 8; for_days = 5; }; } );");
    for (seed = 20; seed <= 40; seed++) {
        struct tune *tune = tuned(noise, PUPILS_MOST / 2, 1, 3, 2 * CAPACITY);
        const struct tune_result *result = tune_result(tune);
        CHECK(!result->too_few && result->variants > 5 && result->best == -1);
        profiles += result->profile_count;
        tune_close(tune);
    }
    CHECK(profiles > 10); /* which looked better on the half that they were chosen on */
}

/* Two years of pupils of all kinds: some drift away, some have a flu, some are late, some leave after Christmas. */
static enum status mixed(uint32_t pupil, int32_t date, int lesson)
{
    uint32_t kind = mix(pupil, 1, 1) % 10, year = (uint32_t)date / DATES, in_year = (uint32_t)date % DATES;
    uint32_t chance = mix(pupil, (uint32_t)date, (uint32_t)lesson) % 100;
    uint32_t flu = mix(pupil, year, 3) % DATES, day = mix(pupil, (uint32_t)date, 9) % 100;
    if (kind == 9 && in_year > 95)
        return STATUS_CANCELLED;
    if (kind == 8 && in_year > 100 && chance < 30)
        return STATUS_UNKNOWN;
    if (in_year >= flu && in_year < flu + 1 + mix(pupil, year, 4) % 6)
        return STATUS_REPORTED;
    if (kind < 2 && in_year > 20 + 10 * kind)
        return day < 12      ? STATUS_REPORTED
               : chance < 10 ? STATUS_UNREPORTED
               : chance < 14 ? STATUS_LATE
                             : STATUS_PRESENT;
    if (kind == 2 && in_year > 60 && in_year < 120)
        return day < 70 ? STATUS_UNREPORTED : STATUS_LATE;
    if (kind == 3 && in_year > 40 && in_year < 60) /* a long illness, with a day of leave in it */
        return in_year == 50 ? STATUS_LEAVE : STATUS_REPORTED;
    if (day == 50)
        return STATUS_LEAVE;
    return chance < 2 ? STATUS_REPORTED : chance < 3 ? STATUS_UNREPORTED : chance < 6 ? STATUS_LATE : STATUS_PRESENT;
}

/* The counts of one set of rules, day by day and without the tuner's code. */
struct counted {
    uint32_t items, worst_week, flagged, found;
    double lost;
};

struct day_signs {
    bool sign, own, idle;
};

static double missed_on(lessons *school, uint32_t pupil, int32_t date, struct day_signs *day)
{
    int expected = 0, missed = 0, leave = 0;
    struct outcome outcomes[LESSONS];
    lessons_of(school, pupil, date, outcomes);
    *day = (struct day_signs){.sign = false};
    for (int lesson = 0; lesson < LESSONS; lesson++) {
        enum status status = outcomes[lesson].status;
        bool away = status == STATUS_REPORTED || status == STATUS_UNREPORTED || status == STATUS_LATE;
        day->sign |= away;
        leave += status == STATUS_LEAVE;
        expected += status == STATUS_PRESENT || away ? outcomes[lesson].minutes : 0;
        missed += away ? outcomes[lesson].absent_minutes : 0;
    }
    day->own = expected > 0 || leave > 0;
    day->idle = expected == 0;
    return expected > 0 ? (double)missed / expected : 0;
}

/* As told in tune_signs.h, from the last date backwards: own days of the same school year. */
static double lost_before(lessons *school, uint32_t pupil, int32_t date, const struct rule *rule)
{
    int32_t first_of_year = date / DATES * DATES, longest = 0;
    double lost = 0, sum = 0;
    for (int32_t i = 0; i < rule->condition_count; i++) {
        int32_t days = rule->when[i].offset + rule->when[i].days;
        longest = days > longest ? days : longest;
    }
    bool in_run = false;
    for (int32_t i = 0; i < rule->condition_count; i++)
        in_run |= rule->when[i].days == 0;
    for (int32_t at = date; at >= first_of_year && (longest > 0 || in_run); at--) {
        struct day_signs day;
        double missed = missed_on(school, pupil, at, &day);
        if (!day.own)
            continue;
        in_run = in_run && (missed >= 1 || day.idle);
        sum += missed;
        if (day.sign && (longest > 0 || in_run))
            lost = sum;
        longest -= longest > 0;
    }
    return lost;
}

static bool spring_missed(lessons *school, uint32_t pupil, int32_t year, bool *known)
{
    int own_days = 0, said = 0, unsaid = 0;
    double expected = 0, missed = 0;
    for (int32_t date = year * DATES; date < (year + 1) * DATES; date++) {
        struct outcome outcomes[LESSONS];
        struct day_signs day;
        missed_on(school, pupil, date, &day);
        if (!day.own || day_of(2023 + year, date % DATES) < civil_day(2024 + year, 1, 1))
            continue;
        own_days++;
        lessons_of(school, pupil, date, outcomes);
        for (int lesson = 0; lesson < LESSONS; lesson++) {
            enum status status = outcomes[lesson].status;
            unsaid += status == STATUS_UNKNOWN;
            said += status != STATUS_UNKNOWN && status != STATUS_CANCELLED;
            if (status == STATUS_LEAVE || status == STATUS_CANCELLED || status == STATUS_UNKNOWN)
                continue;
            expected += outcomes[lesson].minutes;
            missed += outcomes[lesson].absent_minutes;
        }
    }
    *known = own_days >= TUNE_SPRING_DAYS && said >= 4 * unsaid;
    return *known && missed / expected >= 0.1 - 1e-12;
}

static int32_t date_of(int32_t day)
{
    for (int32_t date = 0; date < 2 * DATES; date++)
        if (day_of(2023 + date / DATES, date % DATES) == day)
            return date;
    return -1;
}

/* The items of one pupil, walking over the calendar: is any flag open today that was not yesterday? */
static void count_pupil(struct counted *counted, lessons *school, uint32_t pupil, const struct flag *flags,
                        size_t count, int32_t severity, uint32_t *weeks)
{
    bool flagged[2] = {false, false};
    for (int32_t day = day_of(2023, 0), open_until = INT32_MIN; day <= day_of(2024, DATES - 1); day++) {
        double lost = -1;
        for (size_t i = 0; i < count; i++) {
            if (flags[i].rule->severity < severity || flags[i].raised_day != day)
                continue;
            double before = lost_before(school, pupil, date_of(day), flags[i].rule);
            if (day > open_until)
                lost = before > lost ? before : lost;
        }
        for (size_t i = 0; i < count; i++)
            if (flags[i].rule->severity >= severity && flags[i].raised_day == day) {
                int32_t end = flags[i].end == FLAG_OPEN ? INT32_MAX : flags[i].ended_day;
                open_until = end > open_until ? end : open_until;
            }
        if (lost < 0)
            continue;
        int32_t year = day >= civil_day(2024, 8, 1);
        counted->items++;
        counted->lost += lost;
        weeks[(day - day_of(2023, 0)) / 7]++;
        flagged[year] |= day < civil_day(2024 + year, 1, 1);
    }
    for (int32_t year = 0; year < 2; year++) {
        bool known, missed = spring_missed(school, pupil, year, &known);
        counted->flagged += flagged[year] && known;
        counted->found += flagged[year] && missed;
    }
}

static struct counted count_naively(lessons *school, uint32_t pupils, const struct rules *by, int32_t severity,
                                    const struct tune *tune)
{
    struct detect *detect = detect_open();
    struct counted counted = {.items = 0};
    uint32_t weeks[200] = {0};
    for_all_days(school, pupils, 2, take_detect, detect);
    CHECK(detect_add_rules(detect, by, 1, INT32_MIN));
    struct detect_work *work = detect_work_open(detect);
    for (uint32_t pupil = 0; pupil < pupils; pupil++) {
        const struct flag *flags;
        size_t count;
        CHECK(detect_recompute(detect, work, pupil, INT32_MAX, &flags, &count));
        if (tune_row(tune, 2 * pupil)->half == TUNE_TOLD_OF)
            count_pupil(&counted, school, pupil, flags, count, severity, weeks);
    }
    for (size_t week = 0; week < sizeof weeks / sizeof *weeks; week++)
        counted.worst_week = weeks[week] > counted.worst_week ? weeks[week] : counted.worst_week;
    detect_work_close(work);
    detect_close(detect);
    return counted;
}

static bool is_as_counted(const struct tune_figures *told, const struct counted *counted)
{
    return told->items == counted->items && told->worst_week == counted->worst_week &&
           told->flagged == counted->flagged && told->found == counted->found &&
           fabs((double)told->lost / 1000 - counted->lost) < 0.005 * counted->items + 0.001;
}

static void figures_are_those_of_the_file(void)
{
    enum { PUPILS = 200 };
    int profiles = 0;
    CHECK(read_rules_file("config/rules.cfg", &rules, &problems));
    for (int32_t severity = 1; severity <= 4; severity++) {
        struct tune *tune = tuned(mixed, PUPILS, 2, severity, CAPACITY);
        const struct tune_result *result = tune_result(tune);
        struct counted now = count_naively(mixed, PUPILS, &rules, severity, tune);
        CHECK(result->years == 2 && result->rows == 2 * PUPILS && now.items > 10);
        printf("# severity %d: %u items\n", (int)severity, (unsigned)now.items);
        CHECK(is_as_counted(&result->in_force, &now));
        for (int i = 0; i < result->profile_count; i++) {
            static struct rules of, read;
            tune_rules(tune, &result->profiles[i], &of);
            json_t *list = rules_json(&of);
            char *text = rules_json_text(list);
            CHECK(text != NULL && rules_read_wanted("profile", text, &read, &problems));
            struct counted counted = count_naively(mixed, PUPILS, &read, severity, tune);
            CHECK(is_as_counted(&result->profiles[i].figures, &counted));
            CHECK(i == 0 || result->profiles[i].load > result->profiles[i - 1].load);
            profiles++;
            free(text);
            json_decref(list);
        }
        tune_close(tune);
    }
    CHECK(profiles > 4);
}

static void halves_are_even_and_keep_a_pupil_together(void)
{
    enum { PUPILS = 90 };
    read_text(
        "rules = ( { id = \"late\"; severity = 3; when = ( { measure = \"late_arrivals\"; days = 5; at_least = 3; } );"
        " clear = { measure = \"late_arrivals\"; days = 5; below = 1; for_days = 1; }; } );");
    struct tune *tune = tuned(mixed, PUPILS, 2, 3, 0);
    uint32_t first[2] = {0, 0};
    for (uint32_t pupil = 0; pupil < PUPILS; pupil++) {
        CHECK(tune_row(tune, 2 * pupil)->half == tune_row(tune, 2 * pupil + 1)->half);
        first[tune_row(tune, 2 * pupil)->half]++;
        if (pupil % CLASS == CLASS - 1)
            CHECK(first[0] == first[1]);
    }
    CHECK(tune_row(tune, 2 * PUPILS) == NULL && tune_result(tune)->capacity == 1);
    tune_close(tune);
}

static void too_few_are_told_so(void)
{
    CHECK(read_rules_file("config/rules.cfg", &rules, &problems));
    struct tune *tune = tuned(mixed, CLASS, 1, 3, CAPACITY);
    CHECK(tune_result(tune)->too_few && tune_result(tune)->profile_count == 0 && tune_result(tune)->best == -1);
    tune_close(tune);
    tune = tuned(mixed, 0, 1, 3, CAPACITY);
    CHECK(tune_result(tune)->too_few && tune_result(tune)->rows == 0);
    tune_close(tune);
}

/* Every variant of the default rules is one that may be put in force, and no two of a rule are the same. */
static void variants_are_rules(void)
{
    static struct tune_ladder ladder;
    static struct rules out, read;
    CHECK(read_rules_file("config/rules.cfg", &rules, &problems));
    for (int32_t severity = 1; severity <= 4; severity++) {
        tune_ladder(&ladder, &rules, severity);
        CHECK(ladder.variants.count > 50 && ladder.variants.count <= RULES_MAX);
        for (int32_t i = 0; i < ladder.count; i++)
            for (int32_t a = ladder.first[i]; a < ladder.first[i + 1]; a++)
                for (int32_t b = a + 1; b < ladder.first[i + 1]; b++) {
                    struct rule same = ladder.variants.rule[b];
                    memcpy(same.id, ladder.variants.rule[a].id, sizeof same.id);
                    CHECK(!rule_equal(&ladder.variants.rule[a], &same));
                }
        uint16_t chosen[RULES_MAX] = {0};
        for (int32_t step = 0; step < TUNE_RULE_VARIANTS_MAX; step++) {
            for (int32_t i = 0; i < ladder.count; i++)
                chosen[i] = (uint16_t)(ladder.first[i] + step % (ladder.first[i + 1] - ladder.first[i]));
            tune_ladder_choose(&ladder, &rules, chosen, &out);
            json_t *list = rules_json(&out);
            char *text = rules_json_text(list);
            CHECK(text != NULL && rules_read_wanted("variant", text, &read, &problems));
            for (int32_t i = 0; i < out.count; i++)
                CHECK(rule_equal(&out.rule[i], &read.rule[i]));
            CHECK(step > 0 || memcmp(out.rule, rules.rule, sizeof(struct rule) * (size_t)rules.count) == 0);
            free(text);
            json_decref(list);
        }
    }
}

/* A share at least, `conditions` times over different windows. */
static void long_rule(struct rule *rule, int32_t conditions)
{
    struct condition condition = rule->when[0];
    rule->condition_count = conditions;
    for (int32_t i = 0; i < conditions; i++) {
        rule->when[i] = condition;
        rule->when[i].days += i;
    }
}

static void many_conditions_have_few_steps(void)
{
    static const int32_t VARIANTS[] = {9, 81, 27, 81, 1, 1, 1, 1};
    static struct tune_ladder ladder;
    read_text("rules = ( { id = \"share\"; severity = 3;"
              " when = ( { measure = \"absence_share\"; days = 20; at_least = 40; } );"
              " clear = { measure = \"absence_share\"; days = 20; below = 11; for_days = 5; }; } );");
    for (int32_t conditions = 1; conditions <= RULE_CONDITIONS_MAX; conditions++) {
        long_rule(&rules.rule[0], conditions);
        tune_ladder(&ladder, &rules, 3);
        CHECK(ladder.variants.count == VARIANTS[conditions - 1] && ladder.variants.count <= TUNE_RULE_VARIANTS_MAX);
    }
    /* As many rules as there can be have no room for steps. */
    long_rule(&rules.rule[0], 1);
    for (rules.count = 1; rules.count < RULES_MAX; rules.count++) {
        rules.rule[rules.count] = rules.rule[0];
        snprintf(rules.rule[rules.count].id, ID_BYTES, "share-%d", (int)rules.count);
    }
    tune_ladder(&ladder, &rules, 3);
    CHECK(ladder.count == RULES_MAX && ladder.variants.count == RULES_MAX);
}

/* Forty rules, each of which finds one pupil more when it moves: the way to the best is longer than the search. */
static void the_search_ends(void)
{
    enum { MANY = 40, STEPS = 9 };
    static struct tune_ladder ladder = {.count = MANY};
    static struct tune_flags flags[MANY * STEPS];
    static struct tune_row rows[2 * MANY];
    static struct tune_search search = {.ladder = &ladder, .flags = flags, .counting = {.rows = rows}};
    for (int32_t rule = 0; rule < MANY; rule++) {
        ladder.home[rule] = ladder.first[rule] = STEPS * rule;
        ladder.first[rule + 1] = STEPS * (rule + 1);
        for (int step = 0; step < TUNE_STEPS; step++)
            ladder.alike[step][rule] = STEPS * rule;
        for (int variant = 1; variant < STEPS; variant++)
            CHECK(
                tune_flags_add(&flags[STEPS * rule + variant], (struct tune_flag){.row = (uint32_t)rule, .ended = 9}));
        rows[rule] = (struct tune_row){.spring_known = true, .missed = true};
        rows[MANY + rule].spring_known = true;
    }
    search.missed = search.attended = MANY;
    for (int load = 0; load < TUNE_LOADS; load++)
        search.items_most[load] = MANY;
    bool room;
    CHECK(tune_search_begin(&search));
    while (tune_search_step(&search, &room))
        CHECK(search.tried <= TUNE_CANDIDATES_MAX);
    CHECK(room && search.tried == TUNE_CANDIDATES_MAX);
    const struct tune_choice *best = tune_search_best(&search, 0);
    CHECK(best != NULL && best->items > 10 && best->items < MANY);
    tune_search_end(&search);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        free(flags[i].list);
}

int main(void)
{
    TEST(many_conditions_have_few_steps);
    TEST(the_search_ends);
    TEST(variants_are_rules);
    TEST(the_known_best_is_found);
    TEST(the_best_in_force_is_left);
    TEST(nothing_is_better_on_noise);
    TEST(figures_are_those_of_the_file);
    TEST(halves_are_even_and_keep_a_pupil_together);
    TEST(too_few_are_told_so);
    return test_done();
}
