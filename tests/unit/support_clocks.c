/* The table of clocks: what it refuses, which row holds for whom and from when, and each row of the released table the day before it is
 * due, on the day and the day after, over lov, Christmas, the end of June, holiday school and a calendar that ends. The due dates
 * here were counted on paper; tests/support_clocks.test.mjs computes thousands more in another way. */
#include <stdio.h>
#include <string.h>
#include "tests/support_rig.h"
#include "tests/test.h"

static struct clocks table;
static struct schooldays calendar;
static struct problems problems;

static const struct clock_pupil PUPIL = {FORM_GR, CIVIL_DAY_NONE, true};

static const struct {
    const char *began, *due;
    enum clock_kind kind;
} EDGES[] = {
    /* five, ten, fifteen, twenty school days in an ordinary week, a studiedag on the way */
    {"2026-09-07", "2026-09-14", CLOCK_FIRST_CONTACT},
    {"2026-09-07", "2026-09-22", CLOCK_MAPPING},
    {"2026-09-07", "2026-09-29", CLOCK_INQUIRY},
    {"2026-09-07", "2026-09-14", CLOCK_INQUIRY_DECISION},
    {"2026-09-07", "2026-09-29", CLOCK_MEASURE_EVALUATED},
    {"2026-09-07", "2026-09-22", CLOCK_SIP},
    {"2026-09-07", "2026-10-06", CLOCK_NEXT_DATE},
    {"2026-09-07", "2026-10-06", CLOCK_LONG_CASE},
    {"2026-09-07", "2026-09-14", CLOCK_HUVUDMAN_TOLD},
    {"2026-09-07", "2026-09-14", CLOCK_HOME_MUNICIPALITY_TOLD},
    /* begun on a Saturday: Monday is the first day */
    {"2026-09-12", "2026-09-18", CLOCK_FIRST_CONTACT},
    /* over höstlov, with holiday school in it; the week of lov has working days */
    {"2026-10-22", "2026-11-05", CLOCK_FIRST_CONTACT},
    {"2026-10-22", "2026-11-12", CLOCK_MAPPING},
    {"2026-10-22", "2026-11-19", CLOCK_INQUIRY},
    {"2026-10-22", "2026-10-29", CLOCK_HUVUDMAN_TOLD},
    /* begun within it */
    {"2026-10-28", "2026-11-06", CLOCK_FIRST_CONTACT},
    /* over Christmas; the eve is a working day, 25 December, New Year and Epiphany are not */
    {"2026-12-18", "2027-01-14", CLOCK_FIRST_CONTACT},
    {"2026-12-18", "2027-01-21", CLOCK_MAPPING},
    {"2026-12-18", "2026-12-28", CLOCK_HUVUDMAN_TOLD},
    {"2026-12-28", "2027-01-05", CLOCK_HOME_MUNICIPALITY_TOLD},
    /* Easter: Good Friday and the Monday are no working days */
    {"2027-03-25", "2027-04-05", CLOCK_HUVUDMAN_TOLD},
    {"2027-03-25", "2027-04-09", CLOCK_FIRST_CONTACT},
    /* over the summer: holiday school in June is no school day, July has working days */
    {"2027-06-10", "2027-08-19", CLOCK_FIRST_CONTACT},
    {"2027-06-10", "2027-06-17", CLOCK_HUVUDMAN_TOLD},
    {"2027-06-15", "2027-08-20", CLOCK_FIRST_CONTACT},
    {"2027-06-28", "2027-08-20", CLOCK_FIRST_CONTACT},
    {"2027-06-28", "2027-08-27", CLOCK_MAPPING},
    {"2027-06-28", "2027-07-05", CLOCK_HUVUDMAN_TOLD},
    {"2027-06-28", "2027-07-05", CLOCK_HOME_MUNICIPALITY_TOLD},
    {"2027-06-28", "2027-08-20", CLOCK_INQUIRY_DECISION},
    {"2027-06-28", "2027-09-03", CLOCK_MEASURE_EVALUATED},
    {"2027-06-28", "2027-08-27", CLOCK_SIP},
    {"2027-06-28", "2027-09-10", CLOCK_NEXT_DATE},
    /* beyond the end of the calendar on 9 June 2028: from 1 August on without it */
    {"2028-06-08", "2028-08-04", CLOCK_FIRST_CONTACT},
    {"2028-06-28", "2028-08-07", CLOCK_FIRST_CONTACT},
};

static void every_row_at_its_edge(void)
{
    bool tried[CLOCK_KINDS] = {false};
    for (size_t i = 0; i < sizeof EDGES / sizeof *EDGES; i++) {
        int32_t began = date_of(EDGES[i].began), due = date_of(EDGES[i].due);
        const struct clock_row *row = clock_row(&table, EDGES[i].kind, &PUPIL, began);
        struct schooldays_due told = clock_due(row, &calendar, began);
        if (told.day != due)
            printf("# %s begun %s: due %s\n", CLOCK_WORDS[EDGES[i].kind], EDGES[i].began, EDGES[i].due);
        CHECK(told.day == due && told.without_calendar == (due > date_of("2028-06-09")));
        struct clock_standing before = clock_standing(row, &calendar, due, due - 1);
        struct clock_standing on = clock_standing(row, &calendar, due, due);
        struct clock_standing after = clock_standing(row, &calendar, due, due + 1);
        CHECK(before.state == CLOCK_RUNNING && before.days == 1);
        CHECK(on.state == CLOCK_DUE_TODAY && on.days == 0 && !on.is_paused);
        CHECK(after.state == CLOCK_OVERDUE && after.days <= 1);
        tried[EDGES[i].kind] = true;
    }
    for (int kind = 0; kind < CLOCK_KINDS; kind++)
        CHECK(tried[kind] || kind == CLOCK_GUARDIAN_TOLD || kind == CLOCK_CONCERN_ANSWERED);
}

/* "3 skoldagar kvar (20 augusti)" */
static void a_clock_stopped_by_lov_has_days_and_a_date(void)
{
    const struct clock_row *row = clock_row(&table, CLOCK_FIRST_CONTACT, &PUPIL, date_of("2027-06-09"));
    int32_t due = clock_due(row, &calendar, date_of("2027-06-09")).day;
    CHECK(due == date_of("2027-08-18"));
    struct clock_standing in_july = clock_standing(row, &calendar, due, date_of("2027-07-01"));
    CHECK(in_july.state == CLOCK_RUNNING && in_july.days == 3 && in_july.is_paused);
    struct clock_standing in_august = clock_standing(row, &calendar, due, date_of("2027-08-16"));
    CHECK(in_august.days == 2 && !in_august.is_paused);
    struct clock_standing late = clock_standing(row, &calendar, due, date_of("2027-08-23"));
    CHECK(late.state == CLOCK_OVERDUE && late.days == 3); /* 19, 20, 23 */
}

static int64_t utc(const char *text)
{
    int64_t utc_ms = 0;
    CHECK(civil_read_utc(text, strlen(text), &utc_ms));
    return utc_ms;
}

/* The later of 16:00 and an hour after the lesson's close, in winter and in summer time, on a school day and in holiday school. */
static void the_guardian_is_told_the_same_day(void)
{
    const struct clock_row *row = clock_row(&table, CLOCK_GUARDIAN_TOLD, &PUPIL, date_of("2026-11-16"));
    CHECK(clock_told_by_ms(row, date_of("2026-11-16"), utc("2026-11-16T08:00:00Z")) == utc("2026-11-16T15:00:00Z"));
    CHECK(clock_told_by_ms(row, date_of("2026-11-16"), utc("2026-11-16T14:00:00Z")) == utc("2026-11-16T15:00:00Z"));
    CHECK(clock_told_by_ms(row, date_of("2026-11-16"), utc("2026-11-16T14:00:01Z")) == utc("2026-11-16T15:00:01Z"));
    CHECK(clock_told_by_ms(row, date_of("2027-06-15"), utc("2027-06-15T08:00:00Z")) == utc("2027-06-15T14:00:00Z"));
    CHECK(row->duty_by_law && !row->figure_by_law &&
          clock_due(row, &calendar, date_of("2027-06-15")).day == date_of("2027-06-15"));
}

static void from_the_18th_birthday_on_no_guardian_is_told(void)
{
    struct clock_pupil pupil = {FORM_GY, date_of("2009-03-15"), false};
    CHECK(strcmp(clock_row(&table, CLOCK_GUARDIAN_TOLD, &pupil, date_of("2027-03-14"))->law, "skollagen 15:16") == 0);
    CHECK(clock_row(&table, CLOCK_GUARDIAN_TOLD, &pupil, date_of("2027-03-15")) == NULL);
    pupil.birth_day = CIVIL_DAY_NONE;
    CHECK(clock_row(&table, CLOCK_GUARDIAN_TOLD, &pupil, date_of("2027-03-15")) != NULL);
}

static void each_school_form_has_its_clocks(void)
{
    int32_t day = date_of("2026-09-07");
    for (int form = 0; form < SCHOOL_FORMS; form++) {
        bool gymnasium = form == FORM_GY || form == FORM_GYS;
        struct clock_pupil pupil = {(enum school_form)form, CIVIL_DAY_NONE, true};
        const struct clock_row *decision = clock_row(&table, CLOCK_INQUIRY_DECISION, &pupil, day);
        const struct clock_row *home = clock_row(&table, CLOCK_HOME_MUNICIPALITY_TOLD, &pupil, day);
        CHECK((clock_row(&table, CLOCK_HUVUDMAN_TOLD, &pupil, day) == NULL) == gymnasium);
        CHECK(strcmp(decision->law, gymnasium ? "skollagen 15:16" : "skollagen 7:19 a") == 0 && decision->duty_by_law);
        CHECK(strcmp(home->law, gymnasium ? "skollagen 15:15" : "skollagen 7:22") == 0);
        CHECK(home->below_age == (gymnasium ? 20 : 0));
        pupil.lives_elsewhere = false;
        CHECK(clock_row(&table, CLOCK_HOME_MUNICIPALITY_TOLD, &pupil, day) == NULL);
    }
}

static void at_20_the_gymnasium_tells_no_home_municipality(void)
{
    struct clock_pupil pupil = {FORM_GY, date_of("2007-01-31"), true};
    CHECK(clock_row(&table, CLOCK_HOME_MUNICIPALITY_TOLD, &pupil, date_of("2027-01-30")) != NULL);
    CHECK(clock_row(&table, CLOCK_HOME_MUNICIPALITY_TOLD, &pupil, date_of("2027-01-31")) == NULL);
    pupil.form = FORM_SP;
    CHECK(clock_row(&table, CLOCK_HOME_MUNICIPALITY_TOLD, &pupil, date_of("2027-01-31")) != NULL);
}

/* A guarantee with a limit of its own from a date on: a row more, and what began before keeps the older one. */
static void a_new_law_is_a_row(void)
{
    static const char TEXT[] =
        "clocks = ( { clock = \"mapping\"; unit = \"school\"; days = 10; source = \"local\"; figure = \"local\"; },\n"
        "{ clock = \"mapping\"; from = \"2028-07-01\"; unit = \"working\"; days = 3; source = \"law\"; figure = "
        "\"law\";\n"
        "  law = \"skollagen 9:99\"; forms = [\"GR\"]; } );";
    static struct clocks clocks;
    static const struct clock_pupil GY = {FORM_GY, CIVIL_DAY_NONE, false};
    problems.count = 0;
    CHECK(clocks_read("new.cfg", TEXT, &clocks, &problems) && problems.count == 0);
    const struct clock_row *before = clock_row(&clocks, CLOCK_MAPPING, &PUPIL, date_of("2028-06-30"));
    const struct clock_row *since = clock_row(&clocks, CLOCK_MAPPING, &PUPIL, date_of("2028-07-01"));
    CHECK(before->days == 10 && !before->duty_by_law);
    CHECK(since->days == 3 && since->duty_by_law && since->figure_by_law);
    CHECK(clock_row(&clocks, CLOCK_MAPPING, &GY, date_of("2028-07-01"))->days == 10);
    CHECK(clock_row(&clocks, CLOCK_SIP, &PUPIL, date_of("2028-07-01")) == NULL);
}

#define ROW(rest) "clocks = ( { clock = \"sip\"; " rest " } );"
static void what_is_wrong_is_named(void)
{
    static const struct {
        const char *text, *says;
    } WRONG[] = {
        {"", "c.cfg: clocks is missing"},
        {"clocks = ( 5 );", "c.cfg:1: row 1 of clocks is no group {…}"},
        {ROW("unit = \"school\"; source = \"local\"; figure = \"local\"; days = 0;"),
         "c.cfg:1: days must be a whole number between 1 and 200"},
        {ROW("unit = \"school\"; source = \"local\"; figure = \"local\";"),
         "c.cfg:1: days goes with unit \"school\" and \"working\", and after with days"},
        {ROW("unit = \"date\"; at = \"16:00\"; source = \"local\"; figure = \"local\";"),
         "c.cfg:1: guardian_told, and it alone, has unit \"date\" with at and minutes"},
        {ROW("unit = \"weeks\"; days = 3; source = \"local\"; figure = \"local\";"),
         "c.cfg:1: unit: \"weeks\" is none of those that docs/support.md names"},
        {ROW("unit = \"school\"; days = 3; source = \"habit\"; figure = \"local\";"),
         "c.cfg:1: source: \"habit\" is none of those that docs/support.md names"},
        {ROW("unit = \"school\"; days = 3; source = \"law\"; figure = \"local\";"),
         "c.cfg:1: law names the paragraph when source is \"law\""},
        {ROW("unit = \"school\"; days = 3; source = \"local\"; figure = \"local\"; from = \"1 July\";"),
         "c.cfg:1: from must be a date like 2028-07-01"},
        {ROW("unit = \"school\"; days = 3; source = \"local\"; figure = \"local\"; forms = [\"KV\"];"),
         "c.cfg:1: forms: \"KV\" is none of those that docs/support.md names"},
        {"clocks = ( { clock = \"sip\"; unit = \"school\"; days = 3; source = \"local\"; figure = \"local\"; },\n"
         "{ clock = \"sip\"; unit = \"school\"; days = 4; source = \"local\"; figure = \"local\"; forms = [\"GY\"]; } "
         ");",
         "c.cfg:1: sip of GY stands in lines 1 and 2 from the same date"},
    };
    static struct clocks clocks;
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        problems.count = 0;
        CHECK(!clocks_read("c.cfg", WRONG[i].text, &clocks, &problems));
        if (problems.count != 1 || strcmp(problems.lines[0], WRONG[i].says) != 0)
            printf("# case %zu: %d problems: %s\n", i, problems.count, problems.lines[0]);
        CHECK(problems.count == 1 && strcmp(problems.lines[0], WRONG[i].says) == 0);
    }
}

static void more_rows_than_fit_are_refused(void)
{
    static const char BEGIN[] = "clocks = (", EACH[] = "{ clock = \"sip\"; },", END[] = "{} );";
    static char text[CLOCKS_BYTES_MAX + 2];
    static struct clocks clocks;
    size_t length = sizeof BEGIN - 1;
    memcpy(text, BEGIN, length);
    for (int i = 0; i < CLOCK_ROWS_MAX; i++, length += sizeof EACH - 1)
        memcpy(text + length, EACH, sizeof EACH - 1);
    memcpy(text + length, END, sizeof END);
    problems.count = 0;
    CHECK(!clocks_read("c.cfg", text, &clocks, &problems) && problems.count == 1);
    CHECK(strcmp(problems.lines[0], "c.cfg:1: clocks has more than 64 rows") == 0);
    memset(text, ' ', CLOCKS_BYTES_MAX + 1);
    problems.count = 0;
    CHECK(!clocks_read("c.cfg", text, &clocks, &problems) && problems.count == 1);
    CHECK(strcmp(problems.lines[0], "c.cfg: longer than 65536 bytes") == 0);
}

int main(void)
{
    calendar_of_two_years(&calendar);
    bool read = clocks_of_file("config/clocks.cfg", &table, &problems);
    problems_print(&problems, stdout);
    if (!read)
        return 1;
    TEST(every_row_at_its_edge);
    TEST(a_clock_stopped_by_lov_has_days_and_a_date);
    TEST(the_guardian_is_told_the_same_day);
    TEST(from_the_18th_birthday_on_no_guardian_is_told);
    TEST(each_school_form_has_its_clocks);
    TEST(at_20_the_gymnasium_tells_no_home_municipality);
    TEST(a_new_law_is_a_row);
    TEST(what_is_wrong_is_named);
    TEST(more_rows_than_fit_are_refused);
    return test_done();
}
