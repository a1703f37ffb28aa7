/* Public holidays against a table of dates from almanacs, Easter against another algorithm, ages at their edges, school days of a
 * calendar that was written by hand. */
#include <string.h>
#include "daemon/core/support/holidays.h"
#include "tests/support_rig.h"
#include "tests/test.h"

/* Public holidays that fall on Monday to Friday, from almanacs. */
static const char *const HOLIDAYS_ON_WEEKDAYS[] = {
    "2025-01-01", "2025-01-06", "2025-04-18", "2025-04-21", "2025-05-01", "2025-05-29", "2025-06-06", "2025-12-25",
    "2025-12-26", "2026-01-01", "2026-01-06", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-12-25",
    "2027-01-01", "2027-01-06", "2027-03-26", "2027-03-29", "2027-05-06", "2028-01-06", "2028-04-14", "2028-04-17",
    "2028-05-01", "2028-05-25", "2028-06-06", "2028-12-25", "2028-12-26", "2029-01-01", "2029-03-30", "2029-04-02",
    "2029-05-01", "2029-05-10", "2029-06-06", "2029-12-25", "2029-12-26", "2030-01-01", "2030-04-19", "2030-04-22",
    "2030-05-01", "2030-05-30", "2030-06-06", "2030-12-25", "2030-12-26",
};

static bool is_listed(int32_t day)
{
    for (size_t i = 0; i < sizeof HOLIDAYS_ON_WEEKDAYS / sizeof *HOLIDAYS_ON_WEEKDAYS; i++)
        if (day == date_of(HOLIDAYS_ON_WEEKDAYS[i]))
            return true;
    return false;
}

static void holidays_of_six_years_are_the_almanacs(void)
{
    int listed = 0;
    for (int32_t day = date_of("2025-01-01"); day <= date_of("2030-12-31"); day++) {
        bool is_weekday = civil_weekday(day) < 5;
        CHECK((is_weekday && holiday_is(day)) == is_listed(day));
        CHECK(holiday_is_working_day(day) == (is_weekday && !is_listed(day)));
        listed += is_listed(day);
    }
    CHECK(listed == sizeof HOLIDAYS_ON_WEEKDAYS / sizeof *HOLIDAYS_ON_WEEKDAYS);
}

static void midsummer_and_all_saints_are_saturdays(void)
{
    static const char *const SATURDAYS[] = {"2025-06-21", "2026-06-20", "2027-06-26", "2028-06-24",
                                            "2029-06-23", "2030-06-22", "2025-11-01", "2026-10-31",
                                            "2027-11-06", "2028-11-04", "2029-11-03", "2030-11-02"};
    for (size_t i = 0; i < sizeof SATURDAYS / sizeof *SATURDAYS; i++) {
        CHECK(holiday_is(date_of(SATURDAYS[i])));
        CHECK(!holiday_is(date_of(SATURDAYS[i]) - 1) && !holiday_is(date_of(SATURDAYS[i]) - 7) &&
              !holiday_is(date_of(SATURDAYS[i]) + 7));
    }
}

/* Gauss's algorithm for the Gregorian calendar, with his two exceptions: 1900 to 2199, M = 24, N = 5 and 6. */
static int32_t easter_by_gauss(int year)
{
    int a = year % 19, b = year % 4, c = year % 7, n = year < 2100 ? 5 : 6;
    int d = (19 * a + 24) % 30, e = (2 * b + 4 * c + 6 * d + n) % 7;
    if (d == 29 && e == 6)
        return civil_day(year, 4, 19);
    if (d == 28 && e == 6 && a > 10)
        return civil_day(year, 4, 18);
    return civil_day(year, 3, 22) + d + e;
}

static void easter_is_that_of_gauss(void)
{
    for (int year = 1996; year < 2200; year++)
        CHECK(holiday_easter(year) == easter_by_gauss(year));
    CHECK(holiday_easter(2026) == date_of("2026-04-05") && holiday_easter(2038) == date_of("2038-04-25"));
}

static void ages_change_on_the_birthday(void)
{
    int32_t born = date_of("2009-03-14");
    CHECK(!civil_is_of_age(born, 18, date_of("2027-03-13")) && civil_is_of_age(born, 18, date_of("2027-03-14")));
    CHECK(civil_birthday(born, 18) == date_of("2027-03-14"));
    /* Local midnight in Stockholm is 23:00 UTC on the day before. */
    int64_t midnight_ms = civil_to_utc_ms(date_of("2027-03-14"), 0);
    CHECK(!civil_is_of_age(born, 18, civil_from_utc_ms(midnight_ms - 1).day));
    CHECK(civil_is_of_age(born, 18, civil_from_utc_ms(midnight_ms).day));
    CHECK(!civil_is_of_age(CIVIL_DAY_NONE, 18, date_of("2027-03-14")));
}

static void five_years_and_eleven_months(void)
{
    int32_t born = date_of("2020-12-31");
    CHECK(civil_age(born, date_of("2026-12-30")) == 5 && !civil_is_of_age(born, 6, date_of("2026-12-30")));
    CHECK(civil_age(born, date_of("2026-12-31")) == 6 && civil_is_of_age(born, 6, date_of("2026-12-31")));
    CHECK(civil_age(born, born) == 0 && civil_age(born, born - 1) == -1);
}

static void a_leap_day_is_a_birthday_in_every_year(void)
{
    int32_t born = date_of("2012-02-29");
    CHECK(!civil_is_of_age(born, 15, date_of("2027-02-27")) && civil_is_of_age(born, 15, date_of("2027-02-28")));
    CHECK(!civil_is_of_age(born, 16, date_of("2028-02-28")) && civil_is_of_age(born, 16, date_of("2028-02-29")));
}

static void school_days_are_those_of_the_calendar(void)
{
    static const struct {
        const char *day;
        bool is_school_day;
    } DAYS[] = {
        {"2026-08-14", false}, {"2026-08-17", true},  {"2026-09-19", false}, /* a Saturday */
        {"2026-09-21", false},                                               /* studiedag */
        {"2026-10-23", true},  {"2026-10-26", false},                        /* höstlov, and lovskola in it */
        {"2026-11-02", true},  {"2026-12-21", true},  {"2026-12-22", false},
        {"2027-01-11", true},  {"2027-03-26", false}, /* Good Friday */
        {"2027-06-11", true},  {"2027-06-14", false}, /* lovskola */
        {"2027-06-28", false}, {"2027-08-13", false}, {"2027-08-16", true},
        {"2028-06-09", true},  {"2028-06-12", false}, /* the school year is known and has ended */
        {"2028-08-01", true},                         /* of the next one nothing is known: a Tuesday */
    };
    static struct schooldays calendar;
    calendar_of_two_years(&calendar);
    for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++)
        CHECK(schooldays_is(&calendar, date_of(DAYS[i].day)) == DAYS[i].is_school_day);
    CHECK(schooldays_end(&calendar) == date_of("2028-06-09"));
    CHECK(schooldays_known(&calendar, date_of("2028-07-31")) && !schooldays_known(&calendar, date_of("2028-08-01")));
    CHECK(schooldays_known(&calendar, date_of("2026-08-01")) && !schooldays_known(&calendar, date_of("2026-07-31")));
}

static void without_a_calendar_it_is_said(void)
{
    static struct schooldays none;
    struct schooldays_due due = schooldays_after(&none, DAY_UNIT_SCHOOL, date_of("2026-12-23"), 3);
    CHECK(due.without_calendar && due.day == date_of("2026-12-29")); /* 24, 28, 29: the 25th is a holiday */
    due = schooldays_after(&none, DAY_UNIT_WORKING, date_of("2026-12-23"), 3);
    CHECK(!due.without_calendar && due.day == date_of("2026-12-29"));
    CHECK(schooldays_end(&none) == CIVIL_DAY_NONE);
}

static void a_clock_beyond_the_calendar_says_so(void)
{
    static struct schooldays calendar;
    calendar_of_two_years(&calendar);
    struct schooldays_due due = schooldays_after(&calendar, DAY_UNIT_SCHOOL, date_of("2028-06-02"), 4);
    CHECK(!due.without_calendar && due.day == date_of("2028-06-09")); /* the 6th is the national day */
    due = schooldays_after(&calendar, DAY_UNIT_SCHOOL, date_of("2028-06-02"), 5);
    CHECK(due.without_calendar && due.day == date_of("2028-08-01"));
}

static void a_calendar_of_lov_alone_gives_no_date(void)
{
    static const struct span_text SPANS[] = {{CALENDAR_LASAR, "2026-08-17", ""}, {CALENDAR_LOV, "", ""}};
    static struct schooldays calendar;
    calendar = (struct schooldays){0};
    calendar_add(&calendar, SPANS, 2);
    CHECK(schooldays_after(&calendar, DAY_UNIT_SCHOOL, date_of("2026-09-01"), 1).day == CIVIL_DAY_NONE);
    CHECK(schooldays_end(&calendar) == CIVIL_DAY_NONE);
}

static void a_full_calendar_takes_no_more(void)
{
    static struct schooldays full;
    for (int i = 0; i < SCHOOLDAYS_SPANS_MAX; i++)
        CHECK(schooldays_add(&full, CALENDAR_LOV, i, i));
    CHECK(!schooldays_add(&full, CALENDAR_LOV, 0, 0) && full.count == SCHOOLDAYS_SPANS_MAX);
}

int main(void)
{
    TEST(holidays_of_six_years_are_the_almanacs);
    TEST(midsummer_and_all_saints_are_saturdays);
    TEST(easter_is_that_of_gauss);
    TEST(ages_change_on_the_birthday);
    TEST(five_years_and_eleven_months);
    TEST(a_leap_day_is_a_birthday_in_every_year);
    TEST(school_days_are_those_of_the_calendar);
    TEST(without_a_calendar_it_is_said);
    TEST(a_clock_beyond_the_calendar_says_so);
    TEST(a_calendar_of_lov_alone_gives_no_date);
    TEST(a_full_calendar_takes_no_more);
    return test_done();
}
