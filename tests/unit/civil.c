/* Civil time against the C library's own time zone rules, an implementation that shares nothing with ours. */
#include "common/civil.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "tests/test.h"

static const int64_t HOUR_MS = 3600000;

static void every_hour_agrees_with_libc(void)
{
    int64_t first_ms = (int64_t)civil_day(1996, 1, 1) * CIVIL_MS_PER_DAY;
    int64_t last_ms = (int64_t)civil_day(2037, 12, 31) * CIVIL_MS_PER_DAY;
    int disagreements = 0;
    for (int64_t utc_ms = first_ms; utc_ms < last_ms; utc_ms += HOUR_MS) {
        time_t seconds = (time_t)(utc_ms / 1000);
        struct tm local;
        localtime_r(&seconds, &local);
        struct civil ours = civil_from_utc_ms(utc_ms);
        int year, month, day_of_month;
        civil_date(ours.day, &year, &month, &day_of_month);
        disagreements += year != local.tm_year + 1900 || month != local.tm_mon + 1 || day_of_month != local.tm_mday ||
                         ours.ms_of_day != local.tm_hour * HOUR_MS ||
                         civil_weekday(ours.day) != (local.tm_wday + 6) % 7;
    }
    CHECK(disagreements == 0);
}

static void every_local_minute_around_autumn_change_returns(void)
{
    for (int32_t day = civil_day(2026, 10, 23); day < civil_day(2026, 10, 28); day++)
        for (int32_t minute = 0; minute < 1440; minute++) {
            struct civil back = civil_from_utc_ms(civil_to_utc_ms(day, minute * 60000));
            CHECK(back.day == day && back.ms_of_day == minute * 60000);
        }
}

static int64_t utc(const char *text)
{
    int64_t utc_ms = -1;
    CHECK(civil_read_utc(text, strlen(text), &utc_ms));
    return utc_ms;
}

static void clock_changes(void)
{
    static const struct {
        const char *local, *utc;
    } CASES[] = {
        {"2026-10-25T01:59", "2026-10-24T23:59:00Z"},
        {"2026-10-25T02:30", "2026-10-25T00:30:00Z"}, /* the first of two */
        {"2026-10-25T03:00", "2026-10-25T02:00:00Z"},
        {"2026-03-29T01:59", "2026-03-29T00:59:00Z"},
        {"2026-03-29T02:00", "2026-03-29T01:00:00Z"},
        {"2026-03-29T02:30", "2026-03-29T01:30:00Z"}, /* does not exist */
        {"2026-03-29T03:00", "2026-03-29T01:00:00Z"},
        {"2026-07-01T12:00:30", "2026-07-01T10:00:30Z"},
        {"2026-07-01T12:00:00.250Z", "2026-07-01T12:00:00.250Z"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        int64_t ours = -1;
        CHECK(civil_read_local(CASES[i].local, strlen(CASES[i].local), &ours));
        CHECK(ours == utc(CASES[i].utc));
    }
}

static void school_years(void)
{
    CHECK(civil_school_year(civil_day(2026, 8, 1)) == civil_day(2026, 8, 1));
    CHECK(civil_school_year(civil_day(2026, 7, 31)) == civil_day(2025, 8, 1));
}

static void what_is_no_time_is_refused(void)
{
    static const char *const DATES[] = {"2026-02-29",  "2026-13-01", "2026-00-10", "26-01-01",
                                        "2026-01-01 ", "2026-1-1",   "",           "20260101"};
    static const char *const INSTANTS[] = {"2026-01-01T10:00",      "2026-01-01T24:00Z", "2026-01-01T10:60Z",
                                           "2026-01-01T10:00.123Z", "2026-01-01 10:00Z", "2026-01-01T10:00:00.1Z",
                                           "2026-01-01T10:00ZZ"};
    int32_t day, minutes;
    int64_t utc_ms;
    for (size_t i = 0; i < sizeof DATES / sizeof *DATES; i++)
        CHECK(!civil_read_date(DATES[i], strlen(DATES[i]), &day));
    for (size_t i = 0; i < sizeof INSTANTS / sizeof *INSTANTS; i++)
        CHECK(!civil_read_utc(INSTANTS[i], strlen(INSTANTS[i]), &utc_ms));
    CHECK(!civil_read_minutes("8:10", 4, &minutes) && !civil_read_minutes("08:60", 5, &minutes));
    CHECK(civil_read_minutes("23:59", 5, &minutes) && minutes == 1439);
}

static void what_is_written_is_read(void)
{
    char text[CIVIL_UTC_BYTES];
    for (int64_t utc_ms = 946684800000; utc_ms < 4102444800000; utc_ms += 86399999 * INT64_C(7)) {
        civil_write_utc(utc_ms, text);
        CHECK(utc(text) == utc_ms);
    }
}

/* Counted from one birthday to the next by the calendar's own days, so that nothing divides. */
static void an_age_changes_at_midnight_and_a_leap_day_at_the_end_of_february(void)
{
    for (int32_t born = civil_day(2019, 12, 31); born < civil_day(2021, 1, 2); born++) {
        int year, month, day_of_month, wrong = 0, age = -1;
        civil_date(born, &year, &month, &day_of_month);
        for (int32_t day = born - 1; day < born + 366 * 20; day++) {
            int y, m, d;
            civil_date(day, &y, &m, &d);
            bool last_of_february = m == 2 && d == 28 && y % 4 != 0;
            age += m == month && (d == day_of_month || (day_of_month == 29 && last_of_february));
            wrong += civil_age(born, day) != age;
        }
        CHECK(wrong == 0);
    }
    CHECK(civil_birthday(civil_day(2008, 12, 1), 18) == civil_day(2026, 12, 1));
    CHECK(civil_age(civil_day(2008, 12, 1), civil_day(2026, 11, 30)) == 17);
    CHECK(civil_age(civil_day(2008, 2, 29), civil_day(2026, 2, 28)) == 18);
    CHECK(civil_age(civil_day(2008, 2, 29), civil_day(2028, 2, 28)) == 19);
}

int main(void)
{
    setenv("TZ", "Europe/Stockholm", 1);
    tzset();
    TEST(every_hour_agrees_with_libc);
    TEST(every_local_minute_around_autumn_change_returns);
    TEST(clock_changes);
    TEST(school_years);
    TEST(what_is_no_time_is_refused);
    TEST(what_is_written_is_read);
    TEST(an_age_changes_at_midnight_and_a_leap_day_at_the_end_of_february);
    return test_done();
}
