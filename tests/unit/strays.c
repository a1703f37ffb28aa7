/* Cards that count nowhere: what staff are told of them, and how one becomes a pupil's. The school is that of school_facts.h:
 * pupils with even numbers belong to room 1, the others to room 2. */
#include "daemon/commands/strays.h"

#include "tests/control_rig.h"

#define STRANGER 77 /* its card is nobody's */
#define HOLDERS  "SELECT count(*) FROM card WHERE known_to_ms IS NULL AND "

static json_t *answer;

/* The answer stays until the next command. */
static bool command(json_t *request)
{
    control_json(request);
    json_decref(answer);
    answer = json_loads(reply, 0, NULL);
    turn();
    return json_is_true(json_object_get(answer, "ok"));
}

static size_t list(void)
{
    CHECK(command(json_pack("{s:s}", "do", "strays")));
    return json_array_size(json_object_get(answer, "strays"));
}

static const json_t *row(size_t i)
{
    return json_array_get(json_object_get(answer, "strays"), i);
}

static bool says(const json_t *of, const char *key, const char *text)
{
    const char *is = json_string_value(json_object_get(of, key));
    return is != NULL && strcmp(is, text) == 0;
}

static bool give(const char *terminal, int hour, int minute, const char *pupil)
{
    char at[CIVIL_UTC_BYTES];
    civil_write_utc(civil_to_utc_ms(today, (hour * 60 + minute) * 60000), at);
    return command(json_pack("{s:s, s:s, s:s, s:s, s:s}", "do", "card_give", "author", "kim", "terminal", terminal,
                             "at", at, "pupil", pupil));
}

static void an_unknown_card_is_told_once_with_its_latest_place(void)
{
    begin();
    both_ready();
    wait_until(7, 50);
    event(1, EVENT_TAP, STRANGER, 7, 40);
    event(2, EVENT_TAP, STRANGER, 7, 45);
    turn();
    CHECK(list() == 1 && !json_is_true(json_object_get(answer, "more")));
    CHECK(says(row(0), "why", "unknown") && says(row(0), "terminal", "t-2") && says(row(0), "room", "room-2"));
    CHECK(says(row(0), "at", "2026-09-01T05:45:00.000Z"));
    CHECK(json_integer_value(json_object_get(row(0), "taps")) == 2);
    CHECK(json_array_size(json_object_get(row(0), "pupils")) == 0);
    CHECK(says(answer, "from", "2026-08-26"));
    stop();
}

static void whose_it_was_is_told_by_pupil(void)
{
    begin();
    run_sql("UPDATE pupil SET to_day = 20000 WHERE pupil_id = 'pupil-04';"
            "UPDATE card SET to_ms = 1 WHERE pupil_id = 'pupil-06';"
            "INSERT INTO card SELECT token, 'pupil-10', NULL, NULL, 0, NULL FROM card WHERE pupil_id = 'pupil-08'");
    stop();
    start();
    both_ready();
    wait_until(7, 50);
    event(1, EVENT_TAP, 4, 7, 41);
    event(1, EVENT_TAP, 6, 7, 42);
    event(1, EVENT_TAP, 8, 7, 43);
    turn();
    CHECK(list() == 3);
    CHECK(says(row(0), "why", "two") && json_array_size(json_object_get(row(0), "pupils")) == 2);
    CHECK(says(row(1), "why", "not_now") && says(row(2), "why", "left"));
    CHECK(strstr(reply, "\"pupils\":[\"pupil-06\"]") != NULL && strstr(reply, "\"pupils\":[\"pupil-04\"]") != NULL);
    stop();
}

static void taps_around_no_lesson_are_told(void)
{
    begin();
    both_ready();
    wait_until(7, 0);
    event(1, EVENT_TAP, 0, 6, 30);
    turn();
    CHECK(list() == 1 && says(row(0), "why", "no_lesson"));
    CHECK(strstr(reply, "\"pupils\":[\"pupil-00\"]") != NULL);
    CHECK(!give("t-1", 6, 30, "pupil-02") && strstr(reply, "a pupil at the school has that card") != NULL);
    today += STRAYS_DAYS;
    set_time(7, 0);
    turn();
    CHECK(list() == 0);
    stop();
}

static void a_terminal_that_is_not_listed_is_told_by_its_name(void)
{
    begin();
    both_ready();
    wait_until(7, 58);
    event(3, EVENT_TAP, 0, 7, 57);
    turn();
    CHECK(list() == 1 && says(row(0), "why", "terminal") && says(row(0), "terminal", "t-3"));
    CHECK(json_is_null(json_object_get(row(0), "room")));
    stop();
}

static void a_card_given_out_counts_from_then_on(void)
{
    begin();
    both_ready();
    wait_until(7, 55);
    event(1, EVENT_TAP, STRANGER, 7, 50);
    turn();
    sent.count = 0;
    CHECK(give("t-1", 7, 50, "pupil-00"));
    CHECK(says(answer, "since", "2026-09-01T05:55:00.000Z"));
    CHECK(last_sent("narvaro/1/skolan/cards") != NULL); /* the terminals hear of it */
    CHECK(ask(HOLDERS "pupil_id = 'pupil-00'") == 2);   /* the other one is only forgotten */
    CHECK(ask(HOLDERS "from_ms IS NOT NULL AND to_ms IS NULL AND from_ms = known_from_ms") == 1);
    CHECK(list() == 0);
    CHECK(!give("t-1", 7, 50, "pupil-02"));
    for (int pupil = 3; pupil < FACTS_PUPILS; pupil++)
        event(1 + pupil % 2, EVENT_TAP, pupil, 7, 55);
    wait_until(7, 59);
    event(1, EVENT_TAP, STRANGER, 7, 58);
    wait_until(8, 12);
    CHECK(ask("SELECT substr(hex(outcomes), 25, 2) = '00' FROM pupil_day WHERE pupil_id = 'pupil-00'") == 1);
    CHECK(ask("SELECT substr(hex(outcomes), 25, 2) = '04' FROM pupil_day WHERE pupil_id = 'pupil-02'") == 1);
    stop();
}

static void whoever_held_it_no_longer_does(void)
{
    begin();
    run_sql("UPDATE pupil SET to_day = 20000 WHERE pupil_id = 'pupil-04'");
    run_sql("INSERT INTO card SELECT token, 'pupil-02', 1900000000000, NULL, 0, NULL FROM card WHERE pupil_id = "
            "'pupil-04'");
    stop();
    start();
    both_ready();
    wait_until(7, 50);
    event(1, EVENT_TAP, 4, 7, 45);
    turn();
    CHECK(give("t-1", 7, 45, "pupil-00"));
    CHECK(ask(HOLDERS "pupil_id = 'pupil-04'") == 1);
    CHECK(ask(HOLDERS
              "pupil_id = 'pupil-04' AND to_ms = (SELECT max(from_ms) FROM card WHERE pupil_id = 'pupil-00')") == 1);
    CHECK(ask(HOLDERS "pupil_id = 'pupil-00' AND to_ms = 1900000000000") == 1); /* it is lent out later */
    stop();
}

static void what_cannot_be_given_out_is_refused(void)
{
    begin();
    run_sql("UPDATE pupil SET to_day = 20000 WHERE pupil_id = 'pupil-04'");
    stop();
    start();
    both_ready();
    wait_until(7, 50);
    event(1, EVENT_TAP, STRANGER, 7, 45);
    event(1, EVENT_TAP, STRANGER + 1, 7, 46);
    event(1, EVENT_TAP, STRANGER, 7, 46);
    turn();
    CHECK(!give("t-1", 7, 44, "pupil-00") && strstr(reply, "no card was held") != NULL);
    CHECK(!give("t-1", 7, 46, "pupil-00") && strstr(reply, "two cards were held") != NULL);
    CHECK(!give("t-1", 7, 45, "pupil-04") && strstr(reply, "not at the school") != NULL);
    CHECK(!give("t-1", 7, 45, "nobody") && strstr(reply, "not at the school") != NULL);
    CHECK(!command(json_pack("{s:s, s:s}", "do", "card_give", "author", "kim")));
    CHECK(ask("SELECT count(*) FROM card") == FACTS_PUPILS);
    stop();
}

/* With one row more the school could not be loaded any more. */
static void no_card_is_given_out_beyond_what_a_school_may_have(void)
{
    char text[320];
    begin();
    snprintf(text, sizeof text,
             "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO card"
             " SELECT i, 'pupil-00', 0, 1, 0, NULL FROM n",
             SCHOOL_CARDS_MAX - FACTS_PUPILS);
    run_sql(text);
    stop();
    start();
    both_ready();
    wait_until(7, 50);
    event(1, EVENT_TAP, STRANGER, 7, 45);
    turn();
    CHECK(!give("t-1", 7, 45, "pupil-00") && strstr(reply, "as many cards as there may be") != NULL);
    CHECK(ask("SELECT count(*) FROM card") == SCHOOL_CARDS_MAX);
    stop();
}

/* What a broken reader reports. */
static void numbers_that_are_no_cards_are_refused(void)
{
    static const struct {
        uint8_t card[CARD_BYTES_MAX];
        size_t bytes;
    } NUMBERS[] = {{{0}, 7}, {{0xFF, 0xFF, 0xFF, 0xFF}, 4}};
    char text[256];
    for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS; i++) {
        begin();
        memcpy(config.token_key, KEY, sizeof config.token_key);
        snprintf(text, sizeof text, "INSERT INTO imported_tap VALUES ('t-1', %lld, %lld, %d, 0)",
                 (long long)token_of_card(KEY, NUMBERS[i].card, NUMBERS[i].bytes),
                 (long long)civil_to_utc_ms(today, (6 * 60 + 59) * 60000), (int)today);
        run_sql(text);
        CHECK(list() == 1 && says(row(0), "why", "unknown"));
        CHECK(!give("t-1", 6, 59, "pupil-00") && strstr(reply, "cannot be given out") != NULL);
        stop();
    }
}

static void more_cards_than_are_told(void)
{
    char text[512];
    begin();
    snprintf(text, sizeof text,
             "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO imported_tap"
             " SELECT 't-1', i + 5000, %lld + i, %d, 0 FROM n",
             STRAYS_MAX - 1, (long long)civil_to_utc_ms(today, 6 * 3600000), (int)today);
    run_sql(text);
    run_sql("DELETE FROM imported_tap WHERE token = 5000");
    CHECK(list() == STRAYS_MAX - 1 && !json_is_true(json_object_get(answer, "more")));
    run_sql("INSERT INTO imported_tap SELECT terminal_id, token + 1000, at_ms, day, 0 FROM imported_tap WHERE token < "
            "5003");
    CHECK(list() == STRAYS_MAX && json_is_true(json_object_get(answer, "more")));
    stop();
}

int main(void)
{
    memory_vfs_register();
    log_open("strays", LOG_WARN);
    TEST(an_unknown_card_is_told_once_with_its_latest_place);
    TEST(whose_it_was_is_told_by_pupil);
    TEST(taps_around_no_lesson_are_told);
    TEST(a_terminal_that_is_not_listed_is_told_by_its_name);
    TEST(a_card_given_out_counts_from_then_on);
    TEST(whoever_held_it_no_longer_does);
    TEST(what_cannot_be_given_out_is_refused);
    TEST(no_card_is_given_out_beyond_what_a_school_may_have);
    TEST(numbers_that_are_no_cards_are_refused);
    TEST(more_cards_than_are_told);
    json_decref(answer);
    return test_done();
}
