/* What lanes.h says of many days at a time is what it says of them one by one, on random columns. */
#include <stdlib.h>
#include <string.h>
#include "daemon/core/detect/vector/lanes.h"
#include "tests/test.h"

enum { ROUNDS = 400, COLUMNS_USED = 4, STEP_MINUTES_MAX = 250 };

static int16_t counts[COLUMNS_USED][BEFORE + LANES_DAYS];
static int32_t minutes[COLUMNS_USED][BEFORE + LANES_DAYS];

static void random_columns(void)
{
    for (int column = 0; column < COLUMNS_USED; column++)
        for (int day = 1; day < BEFORE + LANES_DAYS; day++) {
            counts[column][day] = (int16_t)(counts[column][day - 1] + rand() % 3);
            minutes[column][day] = minutes[column][day - 1] + rand() % STEP_MINUTES_MAX;
        }
}

static struct day_bits random_bits(uint32_t words)
{
    struct day_bits bits = {{0}};
    for (uint32_t word = 0; word < words; word++)
        bits.words[word] = rand() % 5 == 0 ? 0 : (uint64_t)rand() << 40 ^ (uint64_t)rand() << 20 ^ (uint64_t)rand();
    return bits;
}

static bool equal(const struct day_bits *a, const struct day_bits *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static void tests_leave_the_same_days(void)
{
    const struct lanes *best = lanes_best();
    uint32_t passed = 0;
    random_columns();
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t words = 1 + (uint32_t)rand() % YEAR_WORDS;
        int near = rand() % 20, far = near + rand() % 40, base = far + rand() % 40, sign = rand() % 2 == 0 ? 1 : -1;
        const int32_t *part = minutes[rand() % 2] + BEFORE, *whole = minutes[2] + BEFORE;
        struct count_test count = {counts[0] + BEFORE - near, counts[0] + BEFORE - far, (int16_t)(rand() % 60 - 10)};
        struct share_test share = {
            part - near, part - far, whole - near, whole - far, sign * 10000, sign * (rand() % 20000), rand() % 2};
        struct rise_test rise = {part - near,    part - far,   part - base,  whole - near,
                                 whole - far,    whole - base, sign * 10000, sign * (rand() % 6000 - 3000),
                                 rand() % 2 == 0};
        struct day_bits start = random_bits(words), plain = start, fast = start;
        CHECK(LANES_PLAIN.count(&count, &plain, words) == best->count(&count, &fast, words) && equal(&plain, &fast));
        plain = fast = start;
        CHECK(LANES_PLAIN.share(&share, &plain, words) == best->share(&share, &fast, words) && equal(&plain, &fast));
        plain = fast = start;
        CHECK(LANES_PLAIN.rise(&rise, &plain, words) == best->rise(&rise, &fast, words) && equal(&plain, &fast));
        passed += !equal(&plain, &start) && plain.words[0] != 0;
    }
    CHECK(passed > ROUNDS / 10);
}

static void sums_are_the_same(void)
{
    const struct lanes *best = lanes_best();
    for (uint32_t days = 1; days < LANES_DAYS; days++) {
        int16_t small[2][LANES_DAYS] = {{0}};
        int32_t large[2][LANES_DAYS] = {{0}};
        for (uint32_t day = 0; day < days; day++) {
            small[0][day] = small[1][day] = (int16_t)(rand() % 40);
            large[0][day] = large[1][day] = rand() % STEP_MINUTES_MAX;
        }
        LANES_PLAIN.sum_counts(small[0], days);
        best->sum_counts(small[1], days);
        LANES_PLAIN.sum_minutes(large[0], days);
        best->sum_minutes(large[1], days);
        CHECK(memcmp(small[0], small[1], days * sizeof(int16_t)) == 0);
        CHECK(memcmp(large[0], large[1], days * sizeof(int32_t)) == 0);
    }
}

static void sums_of_all_columns_are_the_same(void)
{
    static struct day_sums by_day[LANES_DAYS];
    static struct minutes_column minutes_of[2][MINUTE_COLUMNS];
    static struct counts_column counts_of[2][COUNT_COLUMNS];
    for (uint32_t day = 0; day < LANES_DAYS; day++)
        for (uint32_t column = 0; column < COLUMNS; column++)
            by_day[day].of[column] = (uint16_t)(column < MINUTE_COLUMNS ? rand() % UINT16_MAX : rand() % 40);
    for (uint32_t days = 1; days < LANES_DAYS; days += 7) {
        uint32_t places = BEFORE + 1 + days;
        LANES_PLAIN.sum_days(by_day, days, minutes_of[0], counts_of[0]);
        lanes_best()->sum_days(by_day, days, minutes_of[1], counts_of[1]);
        for (int column = 0; column < MINUTE_COLUMNS; column++)
            CHECK(memcmp(minutes_of[0] + column, minutes_of[1] + column, places * sizeof(int32_t)) == 0);
        for (int column = 0; column < COUNT_COLUMNS; column++)
            CHECK(memcmp(counts_of[0] + column, counts_of[1] + column, places * sizeof(int16_t)) == 0);
    }
    CHECK(minutes_of[0][COLUMN_TIME].sums[PLACES - 80] > UINT16_MAX && counts_of[0][0].sums[PLACES - 80] > 0);
}

static void marks_are_the_same(void)
{
    struct packed_day days[LANES_DAYS], timetable[LANES_DAYS];
    for (uint32_t count = 1; count <= LANES_DAYS; count++) {
        struct packed_day *end = days + LANES_DAYS, *begin = end - count; /* nothing behind the last day may be read */
        struct day_bits marked[2], strange[2];
        uint16_t exceptions = 0;
        for (uint32_t day = 0; day < count; day++) {
            begin[day] = (struct packed_day){(uint16_t)day, exceptions, (uint32_t)(rand() % 3)};
            timetable[day] = (struct packed_day){0, (uint16_t)(rand() % 3), (uint32_t)(rand() % 3)};
            exceptions = (uint16_t)(exceptions + rand() % 3);
        }
        struct mark_test test = {begin, timetable, count};
        LANES_PLAIN.mark(&test, &marked[0], &strange[0]);
        lanes_best()->mark(&test, &marked[1], &strange[1]);
        CHECK(equal(&marked[0], &marked[1]) && equal(&strange[0], &strange[1]));
        for (uint32_t day = 0; day < count; day++) {
            CHECK((marked[0].words[day / 64] >> day % 64 & 1) ==
                  (day + 1 < count && begin[day].first_exception != begin[day + 1].first_exception));
            CHECK((strange[0].words[day / 64] >> day % 64 & 1) == (begin[day].shape != timetable[day].shape));
        }
    }
}

int main(void)
{
    srand(1);
    TEST(marks_are_the_same);
    TEST(tests_leave_the_same_days);
    TEST(sums_are_the_same);
    TEST(sums_of_all_columns_are_the_same);
    return test_done();
}
