/* A school year at once (vector.h) leaves the same trail behind as the same year day by day (trail.h): sums, states of the
 * rules, flags. On the default rules, on odd ones of every measure, on ten that clear as soon as their condition no longer holds, and on random pupils, some
 * with so many minutes that columns leave them to the twin. */
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "daemon/core/detect/vector/vector.h"
#include "tests/rules_file.h"
#include "tests/test.h"

enum { PUPILS = 300, LESSONS = 6, SUBJECTS = 16 };

static struct history history;
static struct plan plan;
static struct subject_sums subject_sums[SUBJECTS];
static uint16_t touched[SUBJECTS];
static struct subject_work subjects = {subject_sums, touched};

static bool chance(uint32_t percent)
{
    return (uint32_t)(rand() % 100) < percent;
}

static void set_random_day(uint32_t pupil, int32_t day)
{
    struct outcome outcomes[LESSONS];
    struct history_change change;
    uint32_t habit = pupil % 30;
    bool ill = chance(habit);
    for (int i = 0; i < LESSONS; i++) {
        enum status status = ill             ? STATUS_REPORTED
                             : chance(habit) ? (enum status)(rand() % STATUSES)
                             : chance(2)     ? STATUS_UNKNOWN
                                             : STATUS_PRESENT;
        uint16_t minutes = (uint16_t)(pupil % 50 == 7 ? 240 : 40 + 10 * (i % 4)),
                 subject = (uint16_t)(rand() % SUBJECTS);
        bool misses =
            status == STATUS_LATE || status == STATUS_REPORTED || status == STATUS_UNREPORTED || status == STATUS_LEAVE;
        outcomes[i] = (struct outcome){.minutes = minutes, .subject = subject, .status = (uint8_t)status};
        outcomes[i].absent_minutes = (uint16_t)(!misses ? 0 : ill || chance(80) ? minutes : rand() % minutes);
    }
    uint32_t class = pupil / 25 + (pupil % 9 == 4 && day % 100 > 40); /* some go to and fro */
    CHECK(history_set(&history, pupil, class, day, outcomes, LESSONS, &change));
}

static int compare_flags(const void *left, const void *right)
{
    const struct trail_flag *a = left, *b = right;
    return a->life != b->life ? a->life - b->life : a->raised - b->raised;
}

static bool same_trails(struct trail *a, struct trail *b)
{
    bool same = a->flag_count == b->flag_count && a->running.days == b->running.days &&
                a->running.absent_run == b->running.absent_run && a->running.term_days == b->running.term_days &&
                a->running.term_absent_days == b->running.term_absent_days &&
                a->running.term_spells == b->running.term_spells && a->running.autumn == b->running.autumn &&
                a->running.in_spell == b->running.in_spell &&
                memcmp(a->sums, b->sums, plan.end_count * sizeof *a->sums) == 0 &&
                memcmp(a->states, b->states, plan.life_count * sizeof *a->states) == 0;
    if (!same || a->flag_count == 0)
        return same;
    qsort(a->flags, a->flag_count, sizeof *a->flags, compare_flags);
    qsort(b->flags, b->flag_count, sizeof *b->flags, compare_flags);
    return memcmp(a->flags, b->flags, a->flag_count * sizeof *a->flags) == 0;
}

static void leave_the_same_trail(const char *path, bool plain)
{
    static struct rules rules;
    static struct problems problems;
    struct trail by_day, at_once;
    struct columns *columns = vector_open();
    int32_t first_day = civil_day(2025, 8, 1);
    uint32_t flags = 0, long_years = 0;
    history_init(&history);
    CHECK(read_rules_file(path, &rules, &problems));
    for (int32_t i = 0; i < rules.count; i++)
        CHECK(plan_add(&plan, &rules.rule[i], i == 3 ? first_day + 100 : INT32_MIN));
    if (plain)
        vector_use_plain(columns);
    CHECK(columns != NULL && trail_open(&by_day, &plan) && trail_open(&at_once, &plan));
    for (uint32_t pupil = 0; pupil < PUPILS; pupil++)
        for (int32_t day = first_day + 17; day < first_day + 310; day++)
            if (civil_weekday(day) < 5 || pupil % 50 == 7)
                set_random_day(pupil, day);
    for (uint32_t pupil = 0; pupil < PUPILS; pupil++) {
        const struct pupil_year *year = history_year(&history, pupil, first_day);
        uint32_t days = pupil % 3 == 0 ? year->day_count : 1 + (uint32_t)rand() % year->day_count;
        trail_clear(&by_day, &plan);
        trail_clear(&at_once, &plan);
        CHECK(trail_walk(&by_day, &plan, &history, year, days, &subjects));
        CHECK(vector_walk(columns, &at_once, &plan, &history, year, days, &subjects));
        bool same = same_trails(&by_day, &at_once);
        CHECK(same);
        flags += by_day.flag_count;
        long_years += pupil % 50 == 7;
    }
    CHECK(flags > PUPILS && long_years > 0);
    trail_close(&by_day);
    trail_close(&at_once);
    vector_close(columns);
    plan_free(&plan);
    history_free(&history);
}

static void both_leave_the_same_trail(void)
{
    leave_the_same_trail("config/rules.cfg", false);
}

static void so_they_do_without_avx2(void)
{
    leave_the_same_trail("config/rules.cfg", true);
}

static void so_they_do_by_every_measure(void)
{
    leave_the_same_trail("tests/vectors/odd-rules.cfg", false);
    leave_the_same_trail("tests/vectors/odd-rules.cfg", true);
}

static void so_they_do_by_rules_that_clear_at_once(void)
{
    leave_the_same_trail("tests/bench/ten.cfg", false);
}

int main(void)
{
    srand(1);
    TEST(both_leave_the_same_trail);
    TEST(so_they_do_without_avx2);
    TEST(so_they_do_by_every_measure);
    TEST(so_they_do_by_rules_that_clear_at_once);
    return test_done();
}
