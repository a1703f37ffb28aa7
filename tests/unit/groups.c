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
        groups_pupil(groups, class, year,
                     &(struct outcome_minutes){.counted = 1000, .absent = absent, .unreported = absent / 2});
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

/* A year's signal beside that of its class would be the one pupil in another class. */
static void a_year_is_whole_without_a_pupil_elsewhere(void)
{
    begin();
    pupils("7A", "7", 6, 0);
    pupils("8A", "8", 20, 0);
    pupils("R", "7", 5, 10);
    pupils("R", "8", 1, 10);
    pupils("9A", "9", 6, 0);
    pupils("6A", "6", 6, 0);
    pupils("6B", "6", 4, 0);
    groups_settle(groups);
    CHECK(!groups_is_whole(groups, "7") && !groups_is_whole(groups, "8") && groups_is_whole(groups, "9"));
    CHECK(!groups_is_whole(groups, "6") && !groups_is_whole(groups, "5"));
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
            char class[24], year[8];
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

/* Somebody who knows how this is done tries every number that the untold classes can have: what is told would be the same for
 * more than one number of each, and for more than one sum of each year's. */
enum { WORLDS_CLASSES = 5, WORLDS_YEARS = 2 };

struct told {
    int numbers[WORLDS_CLASSES + WORLDS_YEARS + 1]; /* -1: not told */
};

static struct told tell(const int numbers[WORLDS_CLASSES], size_t classes)
{
    struct told told;
    struct group *of[WORLDS_CLASSES + WORLDS_YEARS + 1];
    size_t count = 0;
    for (size_t i = 0; i < classes; i++)
        groups->classes[i].numbers[GROUPS_FLAGGED] = numbers[i];
    memset(groups->years[0].numbers, 0, sizeof groups->years[0].numbers);
    memset(groups->years[1].numbers, 0, sizeof groups->years[1].numbers);
    memset(groups->school.numbers, 0, sizeof groups->school.numbers);
    groups_settle(groups);
    memset(&told, 0, sizeof told);
    for (size_t i = 0; i < classes; i++)
        of[count++] = &groups->classes[i];
    for (size_t i = 0; i < groups->year_count; i++)
        of[count++] = &groups->years[i];
    of[count++] = &groups->school;
    for (size_t i = 0; i < count; i++)
        told.numbers[i] = of[i]->number_is_told[GROUPS_FLAGGED] ? of[i]->numbers[GROUPS_FLAGGED] : -1;
    return told;
}

/* What has been seen of the untold classes, in sets of bits: each one's number, each year's sum. */
struct seen {
    uint32_t class[WORLDS_CLASSES], year[WORLDS_YEARS];
};

static void see(struct seen *seen, const struct told *told, const int numbers[WORLDS_CLASSES], size_t classes)
{
    int sums[WORLDS_YEARS] = {0};
    for (size_t i = 0; i < classes; i++) {
        if (told->numbers[i] >= 0)
            continue;
        seen->class[i] |= UINT32_C(1) << numbers[i];
        if (groups->classes[i].year >= 0)
            sums[groups->classes[i].year] += numbers[i];
    }
    for (int year = 0; year < WORLDS_YEARS; year++)
        seen->year[year] |= UINT32_C(1) << sums[year];
}

static bool is_one(uint32_t bits)
{
    return bits != 0 && (bits & (bits - 1)) == 0;
}

static bool something_is_certain(const int truth[WORLDS_CLASSES], size_t classes)
{
    struct told told = tell(truth, classes);
    struct seen seen = {{0}, {0}};
    int world[WORLDS_CLASSES], worlds = 1;
    for (size_t i = 0; i < classes; i++)
        worlds *= told.numbers[i] < 0 ? GROUPS_PUPILS_MIN : 1;
    for (int number = 0; number < worlds; number++) {
        int left = number;
        for (size_t i = 0; i < classes; i++) {
            world[i] = told.numbers[i] < 0 ? left % GROUPS_PUPILS_MIN : told.numbers[i];
            left /= told.numbers[i] < 0 ? GROUPS_PUPILS_MIN : 1;
        }
        struct told same = tell(world, classes);
        if (memcmp(&same, &told, sizeof told) == 0)
            see(&seen, &told, world, classes);
    }
    bool certain = false;
    for (size_t i = 0; i < classes; i++)
        certain |= told.numbers[i] < 0 && is_one(seen.class[i]);
    for (size_t year = 0; year < groups->year_count; year++) {
        bool hides = false;
        for (size_t i = 0; i < classes; i++)
            hides |= told.numbers[i] < 0 && groups->classes[i].year == (int)year;
        certain |= hides && told.numbers[classes + year] < 0 && is_one(seen.year[year]);
    }
    return certain;
}

static void who_tries_every_number_finds_none_for_certain(void)
{
    int certain = 0, school_told = 0;
    srand(11);
    for (int round = 0; round < 400; round++) {
        int truth[WORLDS_CLASSES];
        size_t classes = 2 + (size_t)rand() % (WORLDS_CLASSES - 1);
        begin();
        for (size_t i = 0; i < classes; i++) {
            static const char *const YEARS[] = {"8", "9", ""};
            char class[24];
            snprintf(class, sizeof class, "c%zu", i);
            pupils(class, YEARS[rand() % 5 % 3], 20, 0);
            truth[i] = rand() % 3 == 0 ? rand() % 12 : rand() % 2 ? 4 : rand() % 5;
        }
        certain += something_is_certain(truth, classes);
        school_told += tell(truth, classes).numbers[classes + groups->year_count] >= 0;
    }
    CHECK(certain == 0);
    CHECK(school_told > 40);
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
    TEST(a_year_is_whole_without_a_pupil_elsewhere);
    TEST(who_has_no_lesson_counts_as_no_pupil);
    TEST(a_sum_of_numbers_hides_what_would_tell_a_small_one);
    TEST(no_small_number_follows_from_what_is_told);
    TEST(who_tries_every_number_finds_none_for_certain);
    TEST(bands_grow_until_they_hold_pupils_enough);
    free(groups);
    return test_done();
}
