/* The list for the study grant against a count of its own: over random months, and at each edge. */
#include "daemon/core/support/grant.h"

#include "common/civil.h"
#include "tests/test.h"

#define MONTHS       20000
#define LESSONS      5
#define MONTH_DAYS   30
#define WHOLE_LESSON 60

static const struct grant EMPTY = {.first_day = CIVIL_DAY_NONE};

static uint64_t random_state = 5;

static int random_below(int end)
{
    uint64_t z = random_state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (int)((z ^ z >> 31) % (uint64_t)end);
}

/* By the words of docs/support.md, from the day of the month on: hours by date first. */
static bool listed_in_words(struct outcome month[MONTH_DAYS][LESSONS], int *first)
{
    int by_date[MONTH_DAYS] = {0}, dates = 0, minutes = 0;
    for (int date = MONTH_DAYS - 1; date >= 0; date--) {
        for (int i = 0; i < LESSONS; i++) {
            const char *word = STATUS_WORDS[month[date][i].status];
            if (word[0] == 'l' ? word[1] == 'a' : word[0] == 'u' && word[3] == 'e') /* late, unreported */
                by_date[date] += month[date][i].absent_minutes;
        }
        dates += by_date[date] > 0;
        minutes += by_date[date];
        *first = by_date[date] > 0 ? date : *first;
    }
    return dates >= 2 && minutes >= 4 * 60;
}

static void random_months(void)
{
    int listed = 0;
    for (int round = 0; round < MONTHS; round++) {
        struct outcome month[MONTH_DAYS][LESSONS] = {0};
        struct grant grant = EMPTY;
        int first = -1, absent_dates = random_below(40);
        for (int n = 0; n < absent_dates; n++) {
            struct outcome *outcome = &month[random_below(MONTH_DAYS)][random_below(LESSONS)];
            *outcome = (struct outcome){.minutes = WHOLE_LESSON,
                                        .absent_minutes = (uint16_t)(random_below(WHOLE_LESSON + 1)),
                                        .status = (uint8_t)(random_below(STATUSES))};
        }
        for (int date = 0; date < MONTH_DAYS; date++)
            grant_add(&grant, 20000 + date, month[date], LESSONS);
        bool right = listed_in_words(month, &first);
        CHECK(grant_is_listed(&grant) == right);
        CHECK(grant.first_day == (first < 0 ? CIVIL_DAY_NONE : 20000 + first));
        listed += right;
    }
    CHECK(listed > 100 && listed < MONTHS - 100);
}

static struct grant of_two(int first_minutes, int second_minutes)
{
    struct grant grant = EMPTY;
    struct outcome one = {.minutes = 1440, .absent_minutes = (uint16_t)first_minutes, .status = STATUS_UNREPORTED};
    grant_add(&grant, 20010, &one, 1);
    one.absent_minutes = (uint16_t)second_minutes;
    one.status = STATUS_LATE;
    grant_add(&grant, 20005, &one, 1);
    return grant;
}

static void at_the_edges(void)
{
    struct grant under = of_two(200, 39), at = of_two(200, 40), once = of_two(600, 0);
    CHECK(!grant_is_listed(&under) && grant_is_listed(&at) && !grant_is_listed(&once));
    CHECK(at.first_day == 20005 && at.minutes == 240 && at.dates == 2);
    CHECK(grant_when(&at, 20005 + 14) == GRANT_TOO_EARLY && grant_when(&at, 20005 + 15) == GRANT_WITH_REASON);
    CHECK(grant_when(&at, 20005 + 29) == GRANT_WITH_REASON && grant_when(&at, 20005 + 30) == GRANT_USUAL);
}

int main(void)
{
    TEST(random_months);
    TEST(at_the_edges);
    return test_done();
}
