/* Random calendars and pupils: a due date is a day that counts, as many such days after the one on which the clock began as the table
 * says, and no lov makes it sooner. With SAY=1 each is printed as a line of JSON, for tests/support_clocks.test.mjs. */
#include <stdio.h>
#include <stdlib.h>
#include "tests/support_rig.h"
#include "tests/test.h"

enum { CALENDARS = 100, BEGINNINGS = 8, LOV_MAX = 12 };

static uint64_t random_state = 14;

static int random_below(int end)
{
    uint64_t z = random_state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (int)((z ^ z >> 31) % (uint64_t)end);
}

/* None to three school years from 2025 on, whole or as two terms; some with an open end; lov, studiedagar and holiday school at random. */
static void random_calendar(struct schooldays *calendar)
{
    *calendar = (struct schooldays){0};
    for (int year = 2025 + random_below(2), last = 2025 + random_below(3); year <= last; year++) {
        int32_t first = civil_day(year, 8, 11 + random_below(10)), end = civil_day(year + 1, 6, 5 + random_below(12));
        if (random_below(3) == 0) {
            schooldays_add(calendar, CALENDAR_LASAR, first, civil_day(year, 12, 15 + random_below(8)));
            schooldays_add(calendar, CALENDAR_LASAR, civil_day(year + 1, 1, 7 + random_below(7)), end);
        } else {
            schooldays_add(calendar, CALENDAR_LASAR, first, random_below(10) == 0 ? CIVIL_DAY_NONE : end);
        }
    }
    for (int i = random_below(LOV_MAX); i > 0; i--) {
        static const enum calendar_kind KINDS[] = {CALENDAR_LOV, CALENDAR_STUDIEDAG, CALENDAR_HELGDAG,
                                                   CALENDAR_LOVSKOLA};
        int32_t from = civil_day(2025, 8, 1) + random_below(1100);
        schooldays_add(calendar, KINDS[random_below(4)], from, from + random_below(15));
    }
}

static void say_date(const char *key, int32_t day)
{
    char text[CIVIL_DATE_BYTES];
    civil_write_date(day == CIVIL_DAY_NONE ? 0 : day, text);
    printf(day == CIVIL_DAY_NONE ? "\"%s\":null," : "\"%s\":\"%s\",", key, text);
}

static void say(const struct schooldays *calendar, const struct clock_pupil *pupil, enum clock_kind kind, int32_t began,
                bool runs, struct schooldays_due due)
{
    printf("{\"calendar\":[");
    for (size_t i = 0; i < calendar->count; i++) {
        printf("%s{", i > 0 ? "," : "");
        say_date("from", calendar->spans[i].from_day);
        say_date("to", calendar->spans[i].to_day);
        printf("\"kind\":\"%s\"}", CALENDAR_WORDS[calendar->spans[i].kind]);
    }
    printf("],\"clock\":\"%s\",\"form\":\"%s\",\"elsewhere\":%s,", CLOCK_WORDS[kind], SCHOOL_FORM_WORDS[pupil->form],
           pupil->lives_elsewhere ? "true" : "false");
    say_date("born", pupil->birth_day);
    say_date("began", began);
    say_date("due", runs ? due.day : CIVIL_DAY_NONE);
    printf("\"runs\":%s,\"without_calendar\":%s}\n", runs ? "true" : "false", due.without_calendar ? "true" : "false");
}

/* An age is near a limit as often as not. */
static int32_t random_birth_day(int32_t began)
{
    int year, month, day_of_month;
    civil_date(began, &year, &month, &day_of_month);
    return random_below(4) == 0 ? CIVIL_DAY_NONE
                                : civil_day(year - 17 - random_below(4), month, day_of_month) - 2 + random_below(5);
}

static struct clocks table;

static void try_clock(struct schooldays *calendar, enum clock_kind kind, bool says)
{
    int32_t began = civil_day(2025, 8, 1) + random_below(1000);
    struct clock_pupil pupil = {(enum school_form)random_below(SCHOOL_FORMS), random_birth_day(began),
                                random_below(2) == 0};
    const struct clock_row *row = clock_row(&table, kind, &pupil, began);
    struct schooldays_due due = {.day = CIVIL_DAY_NONE};
    if (row != NULL)
        due = clock_due(row, calendar, began);
    if (says)
        say(calendar, &pupil, kind, began, row != NULL, due);
    if (due.day == CIVIL_DAY_NONE || row->days == 0)
        return;
    enum day_unit unit = row->unit == CLOCK_WORKING_DAYS ? DAY_UNIT_WORKING : DAY_UNIT_SCHOOL;
    CHECK(schooldays_between(calendar, unit, began, due.day) == row->days);
    CHECK(schooldays_between(calendar, unit, due.day - 1, due.day) == 1);
    schooldays_add(calendar, CALENDAR_LOV, began + 1 + random_below(30), began + 31 + random_below(10));
    struct schooldays_due later = clock_due(row, calendar, began);
    calendar->count--;
    CHECK(later.day == CIVIL_DAY_NONE || later.day >= due.day);
    CHECK(unit == DAY_UNIT_SCHOOL || later.day == due.day);
}

static void due_dates_are_days_that_count(void)
{
    static struct schooldays calendar;
    bool says = getenv("SAY") != NULL;
    for (int i = 0; i < CALENDARS; i++) {
        random_calendar(&calendar);
        for (int kind = 0; kind < CLOCK_KINDS; kind++)
            for (int j = 0; j < BEGINNINGS; j++)
                try_clock(&calendar, (enum clock_kind)kind, says);
    }
}

int main(void)
{
    static struct problems problems;
    bool read = clocks_of_file("config/clocks.cfg", &table, &problems);
    problems_print(&problems, stdout);
    if (!read)
        return 1;
    TEST(due_dates_are_days_that_count);
    return test_done();
}
