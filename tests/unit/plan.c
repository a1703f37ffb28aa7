#include "firmware/core/plan.h"

#include <string.h>
#include "common/civil.h"
#include "tests/test.h"

#define ARRAY(a) (sizeof(a) / sizeof(a)[0])

static struct plan plan;

/* Local time of day on 2026-09-01, in UTC. */
static int64_t at(int hour, int minute)
{
    return civil_to_utc_ms(civil_day(2026, 9, 1), (hour * 60 + minute) * 60000);
}

static void add_period(struct wire_plan *to, int64_t start_ms, int minutes, const uint64_t *tokens, size_t count)
{
    to->periods[to->period_count++] = (struct wire_period){.start_ms = start_ms,
                                                           .late_ms = start_ms + 6 * 60000,
                                                           .end_ms = start_ms + minutes * 60000,
                                                           .first_token = to->token_count,
                                                           .token_count = count};
    memcpy(to->tokens + to->token_count, tokens, count * sizeof *tokens);
    to->token_count += count;
}

static const char *give(const struct wire_plan *lessons, int32_t day)
{
    static char bytes[WIRE_RETAINED_BYTES_MAX];
    int length = wire_encode_plan(lessons, bytes, sizeof bytes);
    return length < 0 ? "too long" : plan_read_day(&plan, day, bytes, (size_t)length);
}

/* Cards 1–9 are known. 08:10–09:00 for 1, 2, 3; 09:10–10:00 for 2, 3, 4. */
static void set_up(void)
{
    static const uint64_t EARLY[] = {1, 2, 3}, LATER[] = {2, 3, 4};
    static const char CARDS[] = "{\"v\":1,\"version\":1,\"tokens\":[\"0000000000000001\",\"0000000000000002\","
                                "\"0000000000000003\",\"0000000000000004\",\"0000000000000009\"]}";
    struct wire_plan lessons = {.version = 1, .day = civil_day(2026, 9, 1)};
    add_period(&lessons, at(8, 10), 50, EARLY, 3);
    add_period(&lessons, at(9, 10), 50, LATER, 3);
    plan_open(&plan);
    CHECK(plan_read_cards(&plan, CARDS, strlen(CARDS)) == NULL);
    CHECK(give(&lessons, lessons.day) == NULL);
}

static void a_tap_is_judged_by_room_and_time(void)
{
    static const struct {
        const char *name;
        uint64_t token;
        int hour, minute;
        enum feedback feedback;
    } CASES[] = {
        {"before anything is near", 1, 7, 54, FEEDBACK_RECORDED},
        {"a quarter of an hour early", 1, 7, 55, FEEDBACK_OK},
        {"early, not for this room", 4, 8, 0, FEEDBACK_OTHER_ROOM},
        {"at the start", 1, 8, 10, FEEDBACK_OK},
        {"within grace", 1, 8, 15, FEEDBACK_OK},
        {"late", 1, 8, 16, FEEDBACK_LATE},
        {"in the last minute", 1, 8, 59, FEEDBACK_LATE},
        {"the lesson going on comes before the next", 2, 8, 57, FEEDBACK_LATE},
        {"only the next is for this card", 4, 8, 57, FEEDBACK_OK},
        {"between the two, for the next", 2, 9, 3, FEEDBACK_OK},
        {"between the two, not for the next", 1, 9, 3, FEEDBACK_OTHER_ROOM},
        {"at the end of the last", 2, 10, 0, FEEDBACK_RECORDED},
        {"a card of this school in no lesson here", 9, 8, 20, FEEDBACK_OTHER_ROOM},
        {"a card of nobody", 77, 8, 20, FEEDBACK_UNKNOWN_CARD},
        {"a card of nobody at night", 77, 3, 0, FEEDBACK_UNKNOWN_CARD},
    };
    set_up();
    for (size_t i = 0; i < ARRAY(CASES); i++) {
        enum feedback feedback = plan_judge(&plan, CASES[i].token, at(CASES[i].hour, CASES[i].minute));
        if (feedback != CASES[i].feedback)
            printf("# %s: %s\n", CASES[i].name, WIRE_FEEDBACKS[feedback]);
        CHECK(feedback == CASES[i].feedback);
    }
}

static void who_has_arrived_is_not_called_late(void)
{
    set_up();
    CHECK(plan_judge(&plan, 2, at(8, 9)) == FEEDBACK_OK);
    plan_arrive(&plan, 2, at(8, 9));
    CHECK(plan_judge(&plan, 2, at(8, 40)) == FEEDBACK_OK);
    CHECK(plan_judge(&plan, 3, at(8, 40)) == FEEDBACK_LATE);
    plan_arrive(&plan, 2, at(8, 58)); /* now for the next lesson */
    CHECK(plan_judge(&plan, 2, at(9, 30)) == FEEDBACK_OK);
}

static void a_plan_heard_again_keeps_who_has_arrived(void)
{
    static const uint64_t TOKENS[] = {1, 2};
    struct wire_plan lessons = {.version = 4, .day = civil_day(2026, 9, 1)};
    add_period(&lessons, at(8, 10), 50, TOKENS, 2);
    set_up();
    CHECK(give(&lessons, lessons.day) == NULL);
    plan_arrive(&plan, 1, at(8, 5));
    CHECK(give(&lessons, lessons.day) == NULL);
    CHECK(plan_judge(&plan, 1, at(8, 30)) == FEEDBACK_OK);
    lessons.version = 5;
    CHECK(give(&lessons, lessons.day) == NULL);
    CHECK(plan_judge(&plan, 1, at(8, 30)) == FEEDBACK_LATE);
}

static void without_clock_list_or_plan_a_tap_is_recorded(void)
{
    set_up();
    CHECK(plan_judge(&plan, 1, 0) == FEEDBACK_RECORDED);
    CHECK(plan_judge(&plan, 1, at(8, 10) + 86400000) == FEEDBACK_RECORDED);
    CHECK(plan_read_day(&plan, civil_day(2026, 9, 1), "", 0) == NULL);
    CHECK(plan_judge(&plan, 1, at(8, 10)) == FEEDBACK_RECORDED);
    CHECK(plan_read_cards(&plan, "", 0) == NULL);
    CHECK(plan_judge(&plan, 77, at(8, 10)) == FEEDBACK_RECORDED);
    CHECK(!plan_card_known(&plan, 1));
}

static void a_broken_message_changes_nothing(void)
{
    set_up();
    CHECK(plan_read_cards(&plan, "{\"v\":1", 6) != NULL);
    CHECK(plan_read_day(&plan, civil_day(2026, 9, 1), "[]", 2) != NULL);
    CHECK(plan_card_known(&plan, 1));
    CHECK(plan_judge(&plan, 1, at(8, 10)) == FEEDBACK_OK);
    struct wire_plan lessons = {.version = 1, .day = civil_day(2026, 9, 2)};
    CHECK(give(&lessons, civil_day(2026, 9, 1)) != NULL);
    CHECK(plan_judge(&plan, 1, at(8, 10)) == FEEDBACK_OK);
}

static void two_weeks_fit_and_the_oldest_day_makes_room(void)
{
    static const uint64_t TOKENS[] = {1};
    set_up();
    for (int32_t day = civil_day(2026, 9, 2); day < civil_day(2026, 9, 2) + PLAN_DAYS; day++) {
        struct wire_plan lessons = {.version = 1, .day = day};
        add_period(&lessons, civil_to_utc_ms(day, 8 * 3600000), 50, TOKENS, 1);
        CHECK(give(&lessons, day) == NULL);
    }
    CHECK(plan_judge(&plan, 1, at(8, 10)) == FEEDBACK_RECORDED);
    for (int32_t day = civil_day(2026, 9, 2); day < civil_day(2026, 9, 2) + PLAN_DAYS; day++)
        CHECK(plan_judge(&plan, 1, civil_to_utc_ms(day, 8 * 3600000)) == FEEDBACK_OK);
    struct wire_plan past = {.version = 1, .day = civil_day(2026, 9, 1)};
    CHECK(give(&past, past.day) != NULL);
}

/* A hall: more pupils at a lesson than a class has, and the last is judged as the first is. */
static void a_hall_holds_all_that_a_plan_holds(void)
{
    static uint64_t tokens[WIRE_PLAN_TOKENS_MAX];
    static struct wire_plan lessons;
    static struct wire_cards cards = {.count = WIRE_TOKENS_MAX};
    static char bytes[WIRE_RETAINED_BYTES_MAX];
    for (size_t i = 0; i < ARRAY(tokens); i++)
        cards.tokens[i] = tokens[i] = i + 1;
    set_up();
    int length = wire_encode_cards(&cards, bytes, sizeof bytes);
    CHECK(length > 0 && plan_read_cards(&plan, bytes, (size_t)length) == NULL);
    lessons = (struct wire_plan){.version = 2, .day = civil_day(2026, 9, 1)};
    add_period(&lessons, at(8, 10), 50, tokens, 150);
    add_period(&lessons, at(9, 10), 50, tokens, WIRE_PLAN_TOKENS_MAX - 150);
    CHECK(give(&lessons, lessons.day) == NULL);
    for (uint64_t token = 1; token <= 150; token++) {
        CHECK(plan_judge(&plan, token, at(8, 10)) == FEEDBACK_OK);
        plan_arrive(&plan, token, at(8, 10));
        CHECK(plan_judge(&plan, token, at(8, 40)) == FEEDBACK_OK);
    }
    CHECK(plan_judge(&plan, 151, at(8, 10)) == FEEDBACK_OTHER_ROOM);
    CHECK(plan_judge(&plan, WIRE_PLAN_TOKENS_MAX - 150, at(9, 10)) == FEEDBACK_OK);
    CHECK(plan_judge(&plan, WIRE_PLAN_TOKENS_MAX - 149, at(9, 10)) == FEEDBACK_OTHER_ROOM);
}

int main(void)
{
    TEST(a_tap_is_judged_by_room_and_time);
    TEST(who_has_arrived_is_not_called_late);
    TEST(a_plan_heard_again_keeps_who_has_arrived);
    TEST(without_clock_list_or_plan_a_tap_is_recorded);
    TEST(a_broken_message_changes_nothing);
    TEST(a_hall_holds_all_that_a_plan_holds);
    TEST(two_weeks_fit_and_the_oldest_day_makes_room);
    return test_done();
}
