/* The inbox's decisions, table by table. Day 100 is today; rules are a, b, c. */
#include "dashboard/triage.h"

#include <stddef.h>
#include "common/civil.h"
#include "tests/test.h"

#define TODAY 100
#define END \
    {       \
        0   \
    }

struct row {
    const char *what;
    struct triage_flag flags[4];
    struct triage_answer answers[4]; /* newest first */
    struct triage_case one;
    enum triage_place place;
    enum triage_due due;
    int32_t since_day;
};

static const struct row ROWS[] = {
    {"nothing", {END}, {END}, {0}, TRIAGE_AWAY, TRIAGE_DUE_NOT, 0},
    {"one flag waits since it was raised", {{"a", 2, 90}}, {END}, {0}, TRIAGE_NEW, TRIAGE_DUE_NOT, 90},
    {"several wait by the oldest", {{"a", 2, 95}, {"b", 3, 92}}, {END}, {0}, TRIAGE_NEW, TRIAGE_DUE_NOT, 92},
    {"severity 1 is quiet", {{"a", 1, 90}}, {END}, {0}, TRIAGE_QUIET, TRIAGE_DUE_NOT, 90},
    {"one of severity 2 lifts it", {{"a", 1, 90}, {"b", 2, 95}}, {END}, {0}, TRIAGE_NEW, TRIAGE_DUE_NOT, 90},

    {"dismissed", {{"a", 2, 90}}, {{TRIAGE_DISMISS, "a", 2, 110}}, {0}, TRIAGE_AWAY, TRIAGE_DUE_NOT, 0},
    {"dismissed until tomorrow", {{"a", 2, 90}}, {{TRIAGE_DISMISS, "a", 2, 101}}, {0}, TRIAGE_AWAY, TRIAGE_DUE_NOT, 0},
    {"the mute has ended", {{"a", 2, 90}}, {{TRIAGE_DISMISS, "a", 2, 100}}, {0}, TRIAGE_NEW, TRIAGE_DUE_NOT, 100},
    {"raised after the mute", {{"a", 2, 99}}, {{TRIAGE_DISMISS, "a", 2, 97}}, {0}, TRIAGE_NEW, TRIAGE_DUE_NOT, 99},
    {"another rule joins a dismissed one",
     {{"a", 2, 90}, {"b", 2, 98}},
     {{TRIAGE_DISMISS, "a", 2, 110}},
     {0},
     TRIAGE_NEW,
     TRIAGE_DUE_NOT,
     98},
    {"both dismissed, one after the other",
     {{"a", 2, 90}, {"b", 2, 98}},
     {{TRIAGE_DISMISS, "b", 2, 112}, {TRIAGE_DISMISS, "a", 2, 110}},
     {0},
     TRIAGE_AWAY,
     TRIAGE_DUE_NOT,
     0},
    {"dismissed, and more severe now",
     {{"a", 3, 90}},
     {{TRIAGE_DISMISS, "a", 2, 110}},
     {0},
     TRIAGE_NEW,
     TRIAGE_DUE_NOT,
     90},
    {"dismissed, and less severe now",
     {{"a", 1, 90}},
     {{TRIAGE_DISMISS, "a", 2, 110}},
     {0},
     TRIAGE_AWAY,
     TRIAGE_DUE_NOT,
     0},
    {"a more severe rule brings the dismissed one back",
     {{"a", 2, 90}, {"b", 3, 98}},
     {{TRIAGE_DISMISS, "a", 2, 110}},
     {0},
     TRIAGE_NEW,
     TRIAGE_DUE_NOT,
     90},

    {"snoozed", {{"a", 2, 90}}, {{TRIAGE_SNOOZE, "a", 2, 104}}, {0}, TRIAGE_AWAY, TRIAGE_DUE_NOT, 0},
    {"its date has come", {{"a", 2, 90}}, {{TRIAGE_SNOOZE, "a", 2, 100}}, {0}, TRIAGE_DUE, TRIAGE_DUE_SNOOZE, 100},
    {"its date has come, without a flag", {END}, {{TRIAGE_SNOOZE, "a", 2, 99}}, {0}, TRIAGE_DUE, TRIAGE_DUE_SNOOZE, 99},
    {"a quiet one's date has come",
     {{"a", 1, 90}},
     {{TRIAGE_SNOOZE, "a", 1, 99}},
     {0},
     TRIAGE_DUE,
     TRIAGE_DUE_SNOOZE,
     99},
    {"a new rule joins a snoozed one",
     {{"a", 2, 90}, {"b", 2, 98}},
     {{TRIAGE_SNOOZE, "a", 2, 104}},
     {0},
     TRIAGE_AWAY,
     TRIAGE_DUE_NOT,
     0},
    {"a more severe one wakes it",
     {{"a", 2, 90}, {"b", 3, 98}},
     {{TRIAGE_SNOOZE, "a", 2, 104}},
     {0},
     TRIAGE_NEW,
     TRIAGE_DUE_NOT,
     90},
    {"dismissed when its date came",
     {{"a", 2, 90}},
     {{TRIAGE_DISMISS, "a", 2, 110}, {TRIAGE_SNOOZE, "a", 2, 96}},
     {0},
     TRIAGE_AWAY,
     TRIAGE_DUE_NOT,
     0},

    {"a case is open", {{"a", 3, 90}}, {{TRIAGE_CONFIRM, "a", 3, 0}}, {true, 107}, TRIAGE_AWAY, TRIAGE_DUE_NOT, 0},
    {"a new rule joins the case",
     {{"a", 3, 90}, {"b", 2, 99}},
     {{TRIAGE_CONFIRM, "a", 3, 0}},
     {true, 107},
     TRIAGE_AWAY,
     TRIAGE_DUE_NOT,
     0},
    {"a more severe one comes to the inbox",
     {{"a", 3, 90}, {"b", 4, 99}},
     {{TRIAGE_CONFIRM, "a", 3, 0}},
     {true, 107},
     TRIAGE_NEW,
     TRIAGE_DUE_NOT,
     90},
    {"the case's date has come",
     {{"a", 3, 90}},
     {{TRIAGE_CONFIRM, "a", 3, 0}},
     {true, 98},
     TRIAGE_DUE,
     TRIAGE_DUE_CASE,
     98},
    {"the case's date, all flags cleared",
     {END},
     {{TRIAGE_CONFIRM, "a", 3, 0}},
     {true, 100},
     TRIAGE_DUE,
     TRIAGE_DUE_CASE,
     100},
    {"due comes before risen",
     {{"a", 4, 90}},
     {{TRIAGE_CONFIRM, "a", 3, 0}},
     {true, 100},
     TRIAGE_DUE,
     TRIAGE_DUE_CASE,
     100},
    {"a confirmation without a case mutes nothing",
     {{"a", 3, 90}},
     {{TRIAGE_CONFIRM, "a", 3, 0}},
     {0},
     TRIAGE_NEW,
     TRIAGE_DUE_NOT,
     90},
};

static size_t flags_in(const struct row *row)
{
    size_t count = 0;
    while (count < 4 && row->flags[count].rule != NULL)
        count++;
    return count;
}

static size_t answers_in(const struct row *row)
{
    size_t count = 0;
    while (count < 4 && row->answers[count].rule != NULL)
        count++;
    return count;
}

static void each_row(void)
{
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const struct row *row = &ROWS[i];
        struct triage_verdict got =
            triage_decide(row->flags, flags_in(row), row->answers, answers_in(row), row->one, TODAY);
        bool same = got.place == row->place && got.due == row->due && got.since_day == row->since_day;
        if (!same)
            printf("# %s: place %d due %d since %d\n", row->what, got.place, got.due, (int)got.since_day);
        CHECK(same);
    }
}

static void due_first_then_by_time_lost_and_waiting_then_those_from_last_year(void)
{
    const struct triage_rank sorted[] = {
        {{TRIAGE_DUE, TRIAGE_DUE_CASE, 0, 80}, false, 0},  {{TRIAGE_DUE, TRIAGE_DUE_SNOOZE, 4, 90}, false, 0},
        {{TRIAGE_NEW, TRIAGE_DUE_NOT, 2, 95}, false, 900}, {{TRIAGE_NEW, TRIAGE_DUE_NOT, 4, 10}, false, 60},
        {{TRIAGE_NEW, TRIAGE_DUE_NOT, 2, 10}, false, 0},   {{TRIAGE_NEW, TRIAGE_DUE_NOT, 4, 70}, false, 0},
        {{TRIAGE_NEW, TRIAGE_DUE_NOT, 4, 5}, true, 0},     {{TRIAGE_NEW, TRIAGE_DUE_NOT, 2, 6}, true, 0}};
    const size_t count = sizeof sorted / sizeof *sorted;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) {
            int order = triage_compare(&sorted[i], &sorted[j]);
            CHECK(i == j ? order == 0 : (order < 0) == (i < j));
        }
}

static void too_many_are_more_than_the_school_has_said(void)
{
    CHECK(!triage_too_many(10, 10) && triage_too_many(11, 10));
    CHECK(!triage_too_many(0, 0) && !triage_too_many(4096, 0));
}

static void mutes_for_ten_school_days(void)
{
    int32_t friday = civil_day(2026, 11, 20), monday = friday + 3;
    CHECK(triage_mute_end(friday, NULL, 0) == civil_day(2026, 12, 5)); /* ten weekdays: until Friday 4 December */
    const int32_t with_holiday[] = {monday,      monday + 1,  monday + 7,  monday + 8,  monday + 9,
                                    monday + 10, monday + 11, monday + 14, monday + 15, monday + 16};
    CHECK(triage_mute_end(friday, with_holiday, 10) == monday + 17);
    CHECK(triage_mute_end(friday, with_holiday, 2) == monday + 1 + 11); /* eight weekdays from Wednesday on */
    CHECK(civil_weekday(triage_mute_end(friday, NULL, 0)) == 5);
}

static void reasons_are_choices(void)
{
    CHECK(triage_is_reason(TRIAGE_SNOOZE, "known_cause") && triage_is_reason(TRIAGE_DISMISS, "wrong_data"));
    CHECK(!triage_is_reason(TRIAGE_SNOOZE, "wrong_data") && !triage_is_reason(TRIAGE_DISMISS, ""));
    CHECK(!triage_is_reason(TRIAGE_DISMISS, "he is ill") && triage_is_reason(TRIAGE_CONFIRM, ""));
}

int main(void)
{
    TEST(each_row);
    TEST(due_first_then_by_time_lost_and_waiting_then_those_from_last_year);
    TEST(too_many_are_more_than_the_school_has_said);
    TEST(mutes_for_ten_school_days);
    TEST(reasons_are_choices);
    return test_done();
}
