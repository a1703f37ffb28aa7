/* Random schools under random rules: whatever the order in which days, changes of class and leaves arrive, are corrected and taken
 * back, the detector that has followed says what one that is given the final ones in order says, and it has told of every pupil
 * that it concerned. tests/detect.test.mjs compares the same answers with an evaluator of another structure. */
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "daemon/core/detect/detect.h"
#include "tests/test.h"

enum {
    SCHOOLS = 24,       /* of FEWER, unless the environment's SCHOOLS says otherwise, from FIRST_SCHOOL on */
    LOOKS_SELDOM = 500, /* one look in so many days set */
    PUPILS = 24,
    CLASSES = 3,
    SUBJECTS = 5,
    DATES = 420, /* some of them of a second school year */
    LESSONS_MAX = 5,
    RULES = 14,
    LEAVES_MAX = 8,
    FLAGS_MAX = 2000
};

static uint64_t random_state;

static uint32_t random_below(uint32_t end)
{
    uint64_t z = random_state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ z >> 31) >> 32) % end;
}

static bool chance(uint32_t percent)
{
    return random_below(100) < percent;
}

struct pupil_day {
    uint32_t class;
    size_t count;
    struct outcome outcomes[LESSONS_MAX];
};

/* A pupil's habits, in percent; the class, and the dates between which it is the next one. */
struct habits {
    uint32_t ill, skips, late, weekday, subject;
    uint32_t class;
    int32_t moves, returns;
};

static int32_t first_day;
static struct pupil_day days[PUPILS][DATES], drafts[PUPILS][DATES];

static enum status random_status(const struct habits *habits, int32_t date, uint32_t subject)
{
    if (subject == 1 && chance(habits->subject))
        return STATUS_UNREPORTED;
    if (chance(habits->skips))
        return chance(50) ? STATUS_UNREPORTED : STATUS_REPORTED;
    if (chance(habits->late))
        return STATUS_LATE;
    static const enum status RARE[] = {STATUS_LEAVE, STATUS_UNKNOWN, STATUS_UNKNOWN, STATUS_CANCELLED, STATUS_EXEMPT};
    return chance(date % 40 == 7 ? 50 : 3) ? RARE[random_below(5)] : STATUS_PRESENT;
}

static void random_day(struct pupil_day *day, int32_t date, const struct habits *habits)
{
    int weekday = civil_weekday(first_day + date);
    *day = (struct pupil_day){.class = chance(1) ? random_below(CLASSES)
                                                 : (habits->class + (date >= habits->moves && date < habits->returns)) %
                                                       CLASSES};
    if (weekday > 4 || chance(4))
        return;
    bool ill = chance(habits->ill) || (weekday == 4 && chance(habits->weekday));
    enum status all = chance(10) ? STATUS_LEAVE : chance(70) ? STATUS_REPORTED : STATUS_UNREPORTED;
    day->count = 1 + random_below(LESSONS_MAX);
    for (size_t i = 0; i < day->count; i++) {
        uint16_t minutes = (uint16_t)(40 + 10 * random_below(4)), subject = (uint16_t)random_below(SUBJECTS);
        enum status status = ill ? all : random_status(habits, date, subject);
        bool misses = status == STATUS_REPORTED || status == STATUS_UNREPORTED || status == STATUS_LEAVE;
        uint32_t missed = status == STATUS_LATE || (misses && chance(10)) ? random_below(minutes + 1U) : minutes;
        day->outcomes[i] = (struct outcome){.start_minute = (uint16_t)(480 + 70 * i),
                                            .minutes = minutes,
                                            .subject = subject,
                                            .status = (uint8_t)status,
                                            .absent_minutes = (uint16_t)(misses || status == STATUS_LATE ? missed : 0)};
    }
}

/* Some move to another class, for good or for a while. */
static void random_move(struct habits *habits)
{
    habits->moves = chance(30) ? (int32_t)random_below(DATES) : DATES;
    habits->returns = chance(50) ? habits->moves + (int32_t)random_below(60) : DATES;
}

/* In the drafts the moves are other ones: a change of class is corrected, too, and with it many days. */
static void random_school(void)
{
    first_day = civil_day(2025, 8, 1) + (int32_t)random_below(60);
    for (uint32_t pupil = 0; pupil < PUPILS; pupil++) {
        struct habits habits = {random_below(12),
                                random_below(15),
                                random_below(20),
                                random_below(60),
                                random_below(50),
                                pupil % CLASSES,
                                DATES,
                                DATES};
        random_move(&habits);
        struct habits otherwise = habits;
        if (chance(30))
            random_move(&otherwise);
        for (int32_t date = 0; date < DATES; date++) {
            random_day(&days[pupil][date], date, &habits);
            random_day(&drafts[pupil][date], date, &otherwise);
        }
    }
}

static struct condition random_condition(bool clears)
{
    static const int32_t TAILS_PERCENT[] = {1, 5, 20, 40};
    enum measure measure = random_below(MEASURES);
    struct condition condition = {.measure = measure};
    condition.comparison = (clears ? COMPARISON_BELOW : COMPARISON_AT_LEAST) + (enum comparison)chance(15);
    condition.days = 1 + (int32_t)random_below(chance(20) ? RULE_DAYS_MAX : 30);
    condition.offset = chance(70) ? 0 : (int32_t)random_below(chance(10) ? RULE_OFFSET_MAX + 1 : 12);
    condition.min_days = 1 + (int32_t)random_below((uint32_t)condition.days);
    if (measure == MEASURE_ABSENCE_RISE) {
        condition.baseline_days = 1 + (int32_t)random_below(60);
        condition.baseline_min_days = 1 + (int32_t)random_below((uint32_t)condition.baseline_days);
    }
    if (measure_is_tail(measure)) {
        condition.days = (measure == MEASURE_WEEKDAY_TAIL ? 30 : 8) + (int32_t)random_below(30);
        condition.comparison = clears ? COMPARISON_ABOVE : COMPARISON_AT_MOST;
        condition.threshold_tail = TAILS_PERCENT[random_below(4)] / 100.0 + 0.001234567;
    } else if (measure_is_share(measure)) {
        condition.threshold_hundredths = (int32_t)random_below(4000);
    } else {
        condition.threshold_hundredths = 100 * (int32_t)random_below(5);
    }
    return condition;
}

static void random_rules(struct rules *rules)
{
    rules->count = RULES;
    for (int32_t i = 0; i < RULES; i++) {
        struct rule *rule = &rules->rule[i];
        *rule = (struct rule){.severity = 1, .condition_count = 1 + (int32_t)random_below(chance(30) ? 4 : 2)};
        snprintf(rule->id, sizeof rule->id, "rule-%d", i);
        for (int32_t c = 0; c < rule->condition_count; c++)
            rule->when[c] = random_condition(false);
        rule->clear = random_condition(true);
        if (chance(60)) { /* mostly a rule clears by what raised it */
            rule->clear = rule->when[0];
            rule->clear.comparison =
                rule->when[0].comparison == COMPARISON_AT_LEAST ? COMPARISON_BELOW : COMPARISON_ABOVE;
        }
        rule->for_days = 1 + (int32_t)random_below(6);
    }
}

static bool set_day(struct detect *detect, uint32_t pupil, int32_t date, const struct pupil_day *day)
{
    return detect_set_day(detect, pupil, day->class, first_day + date, day->outcomes, day->count);
}

/* What is said of the school beside its days: who has left after which day, and which school year has begun. */
struct news {
    struct detect_leave leaves[LEAVES_MAX];
    size_t leave_count;
    int32_t year_began;
};

static void random_news(struct news *news)
{
    news->leave_count = 0;
    for (uint32_t pupil = 0; pupil < PUPILS && news->leave_count < LEAVES_MAX; pupil++)
        if (chance(15))
            news->leaves[news->leave_count++] = (struct detect_leave){pupil, first_day + (int32_t)random_below(DATES)};
    news->year_began = civil_day(chance(50) ? 2025 : 2026, 8, 1);
}

static void tell(struct detect *detect, const struct news *news)
{
    CHECK(detect_set_leaves(detect, news->leaves, news->leave_count));
    detect_year_began(detect, news->year_began);
}

struct snapshot {
    size_t count;
    struct flag flags[FLAGS_MAX];
};
static struct snapshot followed[PUPILS];

/* Rules are compared by their content: two detectors hold copies. */
static bool same_flags(const struct flag *a, size_t a_count, const struct flag *b, size_t b_count)
{
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++)
        same = rule_equal(a[i].rule, b[i].rule) && a[i].version == b[i].version && a[i].raised_day == b[i].raised_day &&
               a[i].end == b[i].end && a[i].ended_day == b[i].ended_day;
    return same;
}

static bool follow_changes(struct detect *detect, int32_t through_day)
{
    uint32_t pupil;
    while (detect_next_changed(detect, &pupil)) {
        const struct flag *flags;
        if (!detect_flags(detect, pupil, through_day, &flags, &followed[pupil].count) ||
            followed[pupil].count > FLAGS_MAX)
            return false;
        if (followed[pupil].count > 0)
            memcpy(followed[pupil].flags, flags, followed[pupil].count * sizeof *flags);
    }
    return true;
}

/* What is followed, what is asked with the state kept, and what is asked without it, all against a new detector. */
static bool agrees(struct detect *detect, struct detect *fresh, int32_t through_day, size_t *flags_seen)
{
    struct detect_work *work = detect_work_open(detect), *fresh_work = detect_work_open(fresh);
    bool same = work != NULL && fresh_work != NULL;
    for (uint32_t pupil = 0; pupil < PUPILS && same; pupil++) {
        const struct flag *expected, *afresh, *kept;
        size_t expected_count, afresh_count, kept_count;
        same = detect_recompute(fresh, fresh_work, pupil, through_day, &expected, &expected_count) &&
               same_flags(followed[pupil].flags, followed[pupil].count, expected, expected_count) &&
               detect_recompute(detect, work, pupil, through_day, &afresh, &afresh_count) &&
               same_flags(afresh, afresh_count, expected, expected_count) &&
               detect_flags(detect, pupil, through_day, &kept, &kept_count) &&
               same_flags(kept, kept_count, expected, expected_count);
        *flags_seen += expected_count;
    }
    detect_work_close(work);
    detect_work_close(fresh_work);
    return same;
}

/* The evidence, which is taken from the days by other code, says that every condition held on the day of the flag, and the
 * clear condition when it was cleared. */
static bool evidence_bears_out(struct detect *detect, uint32_t pupil, const struct snapshot *told)
{
    bool holds = true;
    for (size_t i = 0; i < told->count && holds; i++) {
        const struct flag *flag = &told->flags[i];
        struct evidence evidence;
        for (int32_t c = 0; c < flag->rule->condition_count && holds; c++)
            holds = detect_evidence(detect, pupil, flag->raised_day, &flag->rule->when[c], &evidence) && evidence.holds;
        if (flag->end == FLAG_CLEARED)
            holds = holds && detect_evidence(detect, pupil, flag->ended_day, &flag->rule->clear, &evidence) &&
                    evidence.holds;
    }
    return holds;
}

/* A new detector, given the days that `set` marks in order, and the news. */
static struct detect *rebuild(const struct rules *versions, bool set[PUPILS][DATES], const struct news *news)
{
    struct detect *fresh = detect_open();
    CHECK(detect_add_rules(fresh, &versions[0], 1, INT32_MIN));
    CHECK(detect_add_rules(fresh, &versions[1], 2, first_day + DATES / 3));
    for (uint32_t pupil = 0; pupil < PUPILS; pupil++)
        for (int32_t date = 0; date < DATES; date++)
            if (set[pupil][date])
                CHECK(set_day(fresh, pupil, date, &days[pupil][date]));
    tell(fresh, news);
    return fresh;
}

/* Days in random order, half of them wrong first and some taken back, looked at now and then. */
static bool random_school_agrees(size_t *flags_seen)
{
    static struct rules versions[2];
    static bool set[PUPILS][DATES];
    static uint32_t order[PUPILS * DATES];
    random_school();
    random_rules(&versions[0]);
    random_rules(&versions[1]);
    memcpy(versions[1].rule, versions[0].rule, RULES / 2 * sizeof *versions[1].rule);
    memset(set, 0, sizeof set);
    memset(followed, 0, sizeof followed);
    struct detect *detect = detect_open();
    CHECK(detect_add_rules(detect, &versions[0], 1, INT32_MIN));
    CHECK(detect_add_rules(detect, &versions[1], 2, first_day + DATES / 3));
    uint32_t disorder = 1 + random_below(chance(50) ? 30 : PUPILS * DATES); /* mostly in order, or not at all */
    for (uint32_t i = 0; i < PUPILS * DATES; i++)
        order[i] = i;
    for (uint32_t i = 0; i < PUPILS * DATES; i++) {
        uint32_t other = i + random_below(PUPILS * DATES - i < disorder ? PUPILS * DATES - i : disorder);
        uint32_t swapped = order[i];
        order[i] = order[other];
        order[other] = swapped;
    }
    bool same = true;
    for (uint32_t i = 0; i < PUPILS * DATES && same; i++) {
        uint32_t pupil = order[i] % PUPILS, date = order[i] / PUPILS;
        int32_t through_day = first_day + (i + 1 == PUPILS * DATES ? DATES : (int32_t)random_below(DATES));
        uint32_t late = order[random_below(i + 1)];
        if (chance(30))
            CHECK(set_day(detect, pupil, (int32_t)date, &drafts[pupil][date]));
        if (chance(4)) { /* an old day, wrong for a while */
            CHECK(set_day(detect, late % PUPILS, (int32_t)(late / PUPILS), &drafts[late % PUPILS][late / PUPILS]));
            CHECK(follow_changes(detect, first_day + (int32_t)date));
            if (set[late % PUPILS][late / PUPILS])
                CHECK(set_day(detect, late % PUPILS, (int32_t)(late / PUPILS), &days[late % PUPILS][late / PUPILS]));
            else
                CHECK(detect_set_day(detect, late % PUPILS, 0, first_day + (int32_t)(late / PUPILS), NULL, 0));
        }
        CHECK(set_day(detect, pupil, (int32_t)date, &days[pupil][date]));
        set[pupil][date] = true;
        if (random_below(LOOKS_SELDOM) != 0 && i + 1 < PUPILS * DATES)
            continue;
        /* Followed flags are those through one day: every pupil is asked while one day and the news are wrong, then what changes is
         * followed. */
        struct news news;
        random_news(&news);
        tell(detect, &news);
        CHECK(set_day(detect, pupil, (int32_t)date, &drafts[pupil][date]));
        for (uint32_t p = 0; p < PUPILS; p++) {
            const struct flag *flags;
            CHECK(detect_flags(detect, p, through_day, &flags, &followed[p].count));
            CHECK(followed[p].count <= FLAGS_MAX);
            if (followed[p].count > 0)
                memcpy(followed[p].flags, flags, followed[p].count * sizeof *flags);
        }
        for (uint32_t changed; detect_next_changed(detect, &changed);)
            ;
        CHECK(set_day(detect, pupil, (int32_t)date, &days[pupil][date]));
        random_news(&news);
        tell(detect, &news);
        CHECK(follow_changes(detect, through_day));
        struct detect *fresh = rebuild(versions, set, &news);
        same = agrees(detect, fresh, through_day, flags_seen);
        detect_close(fresh);
    }
    for (uint32_t pupil = 0; pupil < PUPILS && same; pupil++)
        same = evidence_bears_out(detect, pupil, &followed[pupil]);
    detect_close(detect);
    return same;
}

static long from_environment(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtol(text, NULL, 10);
}

static void any_order_gives_the_flags_of_a_recomputation(void)
{
    size_t flags_seen = 0;
    long first = from_environment("FIRST_SCHOOL", 1), schools = from_environment("SCHOOLS", test_rounds(SCHOOLS));
    for (long seed = first; seed < first + schools; seed++) {
        random_state = (uint64_t)seed;
        bool same = random_school_agrees(&flags_seen);
        if (!same)
            printf("# seed %ld\n", seed);
        CHECK(same);
    }
    printf("# %ld schools of %d pupils, %zu flags compared\n", schools, PUPILS, flags_seen);
    CHECK(flags_seen > (size_t)(10000 * schools / SCHOOLS));
}

int main(void)
{
    TEST(any_order_gives_the_flags_of_a_recomputation);
    return test_done();
}
