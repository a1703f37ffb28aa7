/* When a group's absence is a signal: a table of a day after days like it. */
#include "daemon/core/groupsignal.h"

#include "tests/test.h"

#define BEFORE_MAX 20

static const struct groupsignal_settings SETTINGS = GROUPSIGNAL_DEFAULTS;

/* Absent percent of 6,000 minutes, on the days before and on the day. */
struct signal_case {
    const char *name;
    int before[BEFORE_MAX], before_count;
    int pupils, today_percent;
    bool holds;
    int usual_ppm;
};

#define TEN(p) {p, p, p, p, p, p, p, p, p, p}, 10

static const struct signal_case CASES[] = {
    {"twice the median", TEN(10), 25, 20, true, 100000},
    {"a little less than twice", TEN(10), 25, 19, false, 0},
    {"twice, but not 15 percent", TEN(7), 25, 14, false, 0},
    {"exactly 15 percent", TEN(7), 25, 15, true, 70000},
    {"one bad week does not move the median", {10, 10, 90, 90, 90, 90, 10, 10, 10, 10}, 10, 25, 20, true, 100000},
    {"the middle of an even count", {8, 8, 8, 8, 8, 12, 12, 12, 12, 12}, 10, 25, 20, true, 100000},
    {"the middle of an even count, too little", {8, 8, 8, 8, 8, 14, 14, 14, 14, 14}, 10, 25, 21, false, 0},
    {"nobody is ever absent", TEN(0), 25, 15, true, 0},
    {"fewer days than a median needs", {5, 5, 5, 5, 5, 5, 5, 5, 5}, 9, 25, 90, false, 0},
    {"five pupils", TEN(5), 5, 40, true, 50000},
    {"four pupils", TEN(5), 4, 40, false, 0},
};

static void a_day_after_days_like_it(void)
{
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct signal_case *one = &CASES[i];
        struct groupsignal_day before[BEFORE_MAX];
        for (int k = 0; k < one->before_count; k++)
            before[k] = (struct groupsignal_day){25, 6000, 60 * one->before[k]};
        struct groupsignal_day today = {one->pupils, 6000, 60 * one->today_percent};
        int32_t usual_ppm = 0;
        bool holds = groupsignal_holds(&SETTINGS, &today, before, (size_t)one->before_count, &usual_ppm);
        if (holds != one->holds || (holds && usual_ppm != one->usual_ppm))
            printf("# %s: %d, usual %d ppm\n", one->name, holds, (int)usual_ppm);
        CHECK(holds == one->holds);
        CHECK(!holds || usual_ppm == one->usual_ppm);
    }
}

/* Shares that are no whole millionths: 2/7 is twice 1/7, 1/7 and a bit is not half of it. */
static void thirds_and_sevenths(void)
{
    struct groupsignal_day before[10], today = {7, 700, 200};
    int32_t usual_ppm;
    for (int i = 0; i < 10; i++)
        before[i] = (struct groupsignal_day){7, 700, 100};
    CHECK(groupsignal_holds(&SETTINGS, &today, before, 10, &usual_ppm));
    for (int i = 0; i < 10; i++)
        before[i].absent_minutes = 101;
    CHECK(!groupsignal_holds(&SETTINGS, &today, before, 10, &usual_ppm));
}

static void what_counts_of_a_pupil(void)
{
    static const struct outcome LESSONS[] = {
        {.minutes = 60, .status = STATUS_PRESENT},
        {.minutes = 60, .absent_minutes = 10, .status = STATUS_LATE},
        {.minutes = 60, .absent_minutes = 60, .status = STATUS_REPORTED},
        {.minutes = 60, .absent_minutes = 40, .status = STATUS_UNREPORTED},
        {.minutes = 60, .absent_minutes = 60, .status = STATUS_LEAVE},
        {.minutes = 60, .status = STATUS_UNKNOWN},
        {.minutes = 60, .status = STATUS_CANCELLED},
        {.minutes = 60, .status = STATUS_EXEMPT},
    };
    struct groupsignal_day day = {0, 0, 0};
    groupsignal_add(&day, LESSONS, 8);
    CHECK(day.pupils == 1 && day.expected_minutes == 240 && day.absent_minutes == 110);
    groupsignal_add(&day, &LESSONS[4], 4); /* nothing of it counts, so neither does the pupil */
    CHECK(day.pupils == 1 && day.expected_minutes == 240 && day.absent_minutes == 110);
}

int main(void)
{
    TEST(a_day_after_days_like_it);
    TEST(thirds_and_sevenths);
    TEST(what_counts_of_a_pupil);
    return test_done();
}
