/* What may be told of classes and years: few pupils never, and never by taking one figure from another. */
#include "dashboard/groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/test.h"

static struct groups *groups;

static void begin(void)
{
    groups = realloc(groups, sizeof *groups);
    memset(groups, 0, sizeof *groups);
}

static void pupils(const char *class, const char *year, int count, int64_t absent)
{
    for (int i = 0; i < count; i++)
        groups_pupil(groups, class, year, &(struct outcome_minutes){.counted = 1000, .absent = absent, .unreported = absent / 2});
}

static void a_small_class_is_in_no_sum(void)
{
    begin();
    pupils("9A", "9", 20, 100);
    pupils("9R", "9", 4, 900);
    pupils("8A", "8", 5, 200);
    groups_class(groups, "9R")->year_absent = 77;
    groups_settle(groups);
    CHECK(!groups_class(groups, "9R")->is_told && groups_class(groups, "8A")->is_told);
    CHECK(groups->years[0].pupils == 20 && groups->years[0].recent.absent == 2000);
    CHECK(groups->school.pupils == 25 && groups->school.recent.unreported == 1500 && groups->school.year_absent == 0);
}

static void a_class_of_two_years_is_in_the_school_only(void)
{
    begin();
    pupils("7A", "7", 6, 0);
    pupils("R", "7", 5, 10);
    pupils("R", "8", 1, 10);
    pupils("B", "", 5, 10);
    groups_settle(groups);
    CHECK(groups_class(groups, "R")->year == -1 && groups_class(groups, "R")->is_told);
    CHECK(groups->years[0].pupils == 6 && groups->years[1].pupils == 0 && !groups->years[1].is_told);
    CHECK(groups->school.pupils == 17);
}

static void who_has_no_lesson_counts_as_no_pupil(void)
{
    begin();
    pupils("7A", "7", 4, 0);
    groups_pupil(groups, "7A", "7", &(struct outcome_minutes){.unknown = 500, .leave = 500});
    groups_settle(groups);
    CHECK(groups_class(groups, "7A")->pupils == 4 && !groups_class(groups, "7A")->is_told && !groups->school.is_told);
}

static void a_sum_of_numbers_hides_what_would_tell_a_small_one(void)
{
    begin();
    const char *const classes[] = {"8A", "8B", "9A", "9B"};
    const int flagged[] = {6, 3, 7, 5};
    for (int i = 0; i < 4; i++) {
        pupils(classes[i], i < 2 ? "8" : "9", 20, 0);
        groups_class(groups, classes[i])->numbers[GROUPS_FLAGGED] = flagged[i];
    }
    groups_settle(groups);
    CHECK(groups_class(groups, "8A")->number_is_told[GROUPS_FLAGGED]);
    CHECK(!groups_class(groups, "8B")->number_is_told[GROUPS_FLAGGED]);
    CHECK(!groups->years[0].number_is_told[GROUPS_FLAGGED]); /* 9 - 6 = 3 */
    CHECK(groups->years[1].number_is_told[GROUPS_FLAGGED]);  /* 7 + 5, both told */
    CHECK(!groups->school.number_is_told[GROUPS_FLAGGED]);   /* 21 - 12 - 6 = 3 */
}

/* Every set of classes whose number follows from what is told: a told year's untold classes; the school's rest. */
static bool something_small_follows(enum groups_number number)
{
    int rest = 0, rest_parts = 0;
    bool small = false;
    for (int year = -1; year < (int)groups->year_count; year++) {
        int sum = 0, parts = 0;
        for (size_t i = 0; i < groups->class_count; i++) {
            const struct group *class = &groups->classes[i];
            if (!class->is_told || class->year != year || class->number_is_told[number])
                continue;
            sum += class->numbers[number];
            parts++;
        }
        if (year >= 0 && groups->years[year].number_is_told[number]) {
            small |= parts > 0 && sum < GROUPS_PUPILS_MIN;
            continue;
        }
        rest += sum;
        rest_parts += parts;
    }
    return small || (groups->school.number_is_told[number] && rest_parts > 0 && rest < GROUPS_PUPILS_MIN);
}

static void no_small_number_follows_from_what_is_told(void)
{
    int school_told = 0, year_told = 0, small = 0;
    srand(7);
    for (int round = 0; round < 20000; round++) {
        begin();
        for (int i = 0; i < 1 + rand() % 7; i++) {
            char class[8], year[8];
            snprintf(class, sizeof class, "c%d", i);
            snprintf(year, sizeof year, "%d", rand() % 3);
            pupils(class, rand() % 9 ? year : "", 1 + rand() % 12, 10 * (rand() % 40));
            groups_class(groups, class)->numbers[GROUPS_FLAGGED] = rand() % (1 + groups_class(groups, class)->pupils);
        }
        groups_settle(groups);
        small += something_small_follows(GROUPS_FLAGGED);
        school_told += groups->school.number_is_told[GROUPS_FLAGGED];
        for (size_t i = 0; i < groups->year_count; i++)
            year_told += groups->years[i].number_is_told[GROUPS_FLAGGED];
    }
    CHECK(small == 0);
    CHECK(school_told > 2000 && year_told > 2000); /* else nothing was tried */
}

static void bands_grow_until_they_hold_pupils_enough(void)
{
    struct groups_band bands[GROUPS_BANDS];
    begin();
    pupils("7A", "7", 30, 0);
    pupils("7A", "7", 6, 60);
    pupils("7A", "7", 4, 150);
    pupils("7A", "7", 2, 990);
    groups_settle(groups);
    CHECK(groups_spread(groups, bands) == 3); /* 6 pupils from 15 % or above, of whom nobody between */
    CHECK(bands[0].from_percent == 0 && bands[0].to_percent == 5 && bands[0].pupils == 30);
    CHECK(bands[1].from_percent == 5 && bands[1].to_percent == 15 && bands[1].pupils == 6);
    CHECK(bands[2].from_percent == 15 && bands[2].to_percent == 0 && bands[2].pupils == 6);
    begin();
    pupils("7A", "7", 4, 0);
    pupils("7A", "7", 5, 990);
    groups_settle(groups);
    CHECK(groups_spread(groups, bands) == 1 && bands[0].from_percent == 0 && bands[0].pupils == 9);
    begin();
    groups_settle(groups);
    CHECK(groups_spread(groups, bands) == 0);
}

int main(void)
{
    TEST(a_small_class_is_in_no_sum);
    TEST(a_class_of_two_years_is_in_the_school_only);
    TEST(who_has_no_lesson_counts_as_no_pupil);
    TEST(a_sum_of_numbers_hides_what_would_tell_a_small_one);
    TEST(no_small_number_follows_from_what_is_told);
    TEST(bands_grow_until_they_hold_pupils_enough);
    free(groups);
    return test_done();
}
