/* Who is to be followed from last year, and what a school year's latest own days hold: cases by hand, and every flag of a short
 * year against a count of its days one by one. */
#include "dashboard/last_year.h"

#include "common/civil.h"
#include "tests/test.h"

static int32_t begins(void)
{
    return civil_day(2026, 8, 1);
}

/* One lesson of an hour. */
static struct outcome lesson(enum status status, uint16_t absent)
{
    return (struct outcome){.minutes = 60, .absent_minutes = absent, .status = (uint8_t)status};
}

static void add_day(struct own_days *days, int32_t day, enum status status, uint16_t absent)
{
    struct outcome one = lesson(status, absent);
    own_days_add(days, day, &one, 1);
}

static void the_latest_own_days_are_counted_and_no_other(void)
{
    struct own_days days = {0};
    for (int i = 0; i < 100; i++) /* every third day is known, the newest first */
        add_day(&days, 1000 - i, i % 3 == 0 ? STATUS_REPORTED : i % 3 == 1 ? STATUS_UNKNOWN : STATUS_CANCELLED, 60);
    CHECK(days.count == 34 && days.to_day == 1000 && days.from_day == 1000 - 99);
    for (int i = 100; i < 300; i++)
        add_day(&days, 1000 - i, STATUS_PRESENT, 0);
    CHECK(days.count == OWN_DAYS_WINDOW && days.from_day == 1000 - 105 && days.lost_minutes == 34 * 60);
    struct outcome one = lesson(STATUS_REPORTED, 60);
    CHECK(!own_days_add(&days, 1, &one, 1) && days.lost_minutes == 34 * 60);
}

static void time_lost_is_all_that_was_missed(void)
{
    const struct outcome outcomes[] = {lesson(STATUS_PRESENT, 0),   lesson(STATUS_LATE, 7),
                                       lesson(STATUS_REPORTED, 60), lesson(STATUS_UNREPORTED, 59),
                                       lesson(STATUS_LEAVE, 58),    lesson(STATUS_UNKNOWN, 0),
                                       lesson(STATUS_CANCELLED, 0), lesson(STATUS_EXEMPT, 0)};
    struct own_days days = {0};
    CHECK(own_days_add(&days, 1, outcomes, sizeof outcomes / sizeof *outcomes));
    CHECK(days.count == 1 && days.lost_minutes == 7 + 60 + 59 + 58);
    add_day(&days, 0, STATUS_LEAVE, 60); /* leave alone is an own day, too */
    CHECK(days.count == 2 && days.lost_minutes == 7 + 60 + 59 + 58 + 60);
}

/* Is the flag open on some of the days, looked at one by one? */
static bool open_on_one(const struct last_year_flag *flag, const int32_t *own, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (flag->raised_day <= own[i] && (flag->cleared_day == CIVIL_DAY_NONE || own[i] <= flag->cleared_day))
            return true;
    return false;
}

static void every_flag_of_a_year_against_its_days_one_by_one(void)
{
    int32_t own[60];
    size_t wrong = 0, followed = 0;
    struct own_days days = {0};
    for (int i = 0; i < 60; i++) {
        own[i] = begins() - 45 - i - i / 5 * 2; /* newest first; five days a week */
        add_day(&days, own[i], STATUS_PRESENT, 0);
    }
    /* A flag is raised and cleared on own days only: it is open then on an own day of the window, or on none. */
    for (int raised = 0; raised < 60; raised++)
        for (int cleared = -1; cleared <= raised; cleared++) {
            struct last_year_flag flag = {3, own[raised], cleared < 0 ? CIVIL_DAY_NONE : own[cleared], false};
            bool follows = last_year_follows(&flag, &days, begins());
            followed += follows;
            wrong += follows != open_on_one(&flag, own, OWN_DAYS_WINDOW);
        }
    CHECK(wrong == 0 && followed == 40 * 43 / 2 + 20 * 41);
}

static void other_flags_put_nobody_on_the_list(void)
{
    struct own_days days = {0}, none = {0};
    int32_t last = begins() - 50;
    for (int i = 0; i < 50; i++)
        add_day(&days, last - i, STATUS_PRESENT, 0);
    const struct last_year_flag flag = {3, last - 5, last, false};
    CHECK(last_year_follows(&flag, &days, begins()) && !last_year_follows(&flag, &none, begins()));
    CHECK(last_year_follows(&(struct last_year_flag){4, last, last, false}, &days, begins()));
    CHECK(!last_year_follows(&(struct last_year_flag){2, last - 5, last, false}, &days, begins()));
    CHECK(!last_year_follows(&(struct last_year_flag){3, last - 5, last, true}, &days, begins()));
    CHECK(!last_year_follows(&(struct last_year_flag){3, last - 49, last - 40, false}, &days, begins()));
    CHECK(last_year_follows(&(struct last_year_flag){3, last - 49, last - 39, false}, &days, begins()));
    CHECK(!last_year_follows(&(struct last_year_flag){3, begins(), CIVIL_DAY_NONE, false}, &days, begins()));
    CHECK(!last_year_follows(&(struct last_year_flag){3, civil_day(2025, 7, 31), CIVIL_DAY_NONE, false}, &days,
                             begins()));
    CHECK(
        last_year_follows(&(struct last_year_flag){3, civil_day(2025, 8, 1), CIVIL_DAY_NONE, false}, &days, begins()));
}

static void new_items_join_until_the_first_of_october(void)
{
    CHECK(last_year_joins_until(civil_day(2026, 8, 1)) == civil_day(2026, 10, 1));
    CHECK(last_year_joins_until(civil_day(2027, 7, 31)) == civil_day(2026, 10, 1));
}

static void words_and_reasons_are_choices(void)
{
    enum last_year_kind kind;
    for (int i = 0; i < LAST_YEAR_KINDS; i++)
        CHECK(last_year_kind_read(LAST_YEAR_WORDS[i], &kind) && kind == (enum last_year_kind)i);
    CHECK(!last_year_kind_read("", &kind) && !last_year_kind_read("dismiss", &kind));
    CHECK(last_year_is_reason(LAST_YEAR_NOT_NEEDED, "attendance_up") && !last_year_is_reason(LAST_YEAR_NOT_NEEDED, ""));
    CHECK(!last_year_is_reason(LAST_YEAR_NOT_NEEDED, "he is well again"));
    CHECK(last_year_is_reason(LAST_YEAR_KEEP_WATCHING, "") && !last_year_is_reason(LAST_YEAR_CASE_GOES_ON, "other"));
}

int main(void)
{
    TEST(the_latest_own_days_are_counted_and_no_other);
    TEST(time_lost_is_all_that_was_missed);
    TEST(every_flag_of_a_year_against_its_days_one_by_one);
    TEST(other_flags_put_nobody_on_the_list);
    TEST(new_items_join_until_the_first_of_october);
    TEST(words_and_reasons_are_choices);
    return test_done();
}
