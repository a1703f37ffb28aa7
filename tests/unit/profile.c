#include "firmware/core/profile.h"

#include <string.h>
#include "firmware/core/poller.h"
#include "tests/test.h"

/* A reader with a length register and swapped bytes that beeps by a register and is released by another. */
static const struct profile SWAPPED = {
    .space = PROFILE_HOLDING,
    .first = 3,
    .count = 7,
    .new_at = 0,
    .length_at = 0,
    .known = {true, true, false},
    .places = {{11, 10, 13, 12}, {3, 11, 10, 13, 12, 5, 4}},
    .shown[FEEDBACK_OK] = {1, {{PROFILE_HOLDING, 2, 1, {1}}}},
    .release = {1, {{PROFILE_HOLDING, 3, 1, {0}}}},
};
/* One that shows the number in two registers while the card is there, and knows nothing else. */
static const struct profile PLAIN = {
    .space = PROFILE_INPUT,
    .count = 2,
    .new_at = PROFILE_NOWHERE,
    .length_at = PROFILE_NOWHERE,
    .known = {true, false, false},
    .places = {{0, 1, 2, 3}},
};
/* One byte in each register, of unknown length. */
static const struct profile SPREAD = {
    .space = PROFILE_HOLDING,
    .count = 12,
    .new_at = 0,
    .length_at = PROFILE_NOWHERE,
    .known = {true, true, true},
    .places = {{5, 7, 9, 11}, {5, 7, 9, 11, 13, 15, 17}, {5, 7, 9, 11, 13, 15, 17, 19, 21, 23}},
};

static const uint16_t NOTHING[PROFILE_REGISTERS_MAX];
static const uint16_t FOUR[] = {4, 0, 0, 0, 0, 0xab00, 0x0bcd};            /* 00 ab cd 0b */
static const uint16_t SEVEN[] = {7, 0x0004, 0x0706, 0, 0, 0x0302, 0x0504}; /* 04 02 03 04 05 06 07 */

static bool is(const struct profile *profile, const uint16_t *values, const char *card, size_t bytes)
{
    uint8_t number[CARD_BYTES_MAX];
    return profile_card(profile, values, number) == bytes && memcmp(number, card, bytes) == 0;
}

static void numbers_come_in_the_printed_order(void)
{
    CHECK(is(&SWAPPED, FOUR, "\x00\xab\xcd\x0b", 4));
    CHECK(is(&SWAPPED, SEVEN, "\x04\x02\x03\x04\x05\x06\x07", 7));
    CHECK(is(&PLAIN, (uint16_t[]){0x0001, 0x0203}, "\x00\x01\x02\x03", 4));
}

static void a_length_that_nobody_tells_is_the_shortest(void)
{
    CHECK(is(&SPREAD, (uint16_t[12]){1, 0, 0, 0, 0xab, 0xcd}, "\x00\x00\xab\xcd", 4));
    CHECK(is(&SPREAD, (uint16_t[12]){1, 0, 4, 2, 3, 4, 5, 6, 7}, "\x04\x02\x03\x04\x05\x06\x07", 7));
    CHECK(is(&SPREAD, (uint16_t[12]){1, 0, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10}, "\x00\x02\x03\x04\x05\x06\x07\x08\x09\x0a",
             10));
}

static void what_is_no_card_is_none(void)
{
    uint8_t number[CARD_BYTES_MAX];
    CHECK(profile_card(&PLAIN, NOTHING, number) == 0);
    CHECK(profile_card(&SWAPPED, NOTHING, number) == 0);
    CHECK(profile_card(&SWAPPED, (uint16_t[7]){5, 1, 1, 1, 1, 1, 1}, number) == 0);  /* no such length */
    CHECK(profile_card(&SWAPPED, (uint16_t[7]){10, 1, 1, 1, 1, 1, 1}, number) == 0); /* not in the profile */
    CHECK(profile_card(&SPREAD, (uint16_t[12]){0, 0, 1, 2, 3, 4}, number) == 0);     /* released, the number is stale */
}

static void nothing_is_written_before_the_answer(void)
{
    struct profile_reader reader = {0};
    CHECK(profile_take(&SWAPPED, &reader, FOUR));
    CHECK(profile_due(&SWAPPED, &reader) == NULL);
    profile_answer(&reader, FEEDBACK_OK);
    CHECK(profile_due(&SWAPPED, &reader) == &SWAPPED.shown[FEEDBACK_OK].list[0]);
    profile_wrote(&SWAPPED, &reader, false); /* the sound is lost: not again */
    CHECK(profile_due(&SWAPPED, &reader) == &SWAPPED.release.list[0]);
    profile_wrote(&SWAPPED, &reader, true);
    CHECK(profile_due(&SWAPPED, &reader) == NULL);
    CHECK(profile_take(&SWAPPED, &reader, FOUR)); /* the same card, held to it again */
}

static void a_lost_release_is_written_again_and_no_second_tap(void)
{
    struct profile_reader reader = {0};
    CHECK(profile_take(&SWAPPED, &reader, FOUR));
    profile_answer(&reader, FEEDBACK_LATE); /* which has no sound here */
    CHECK(profile_due(&SWAPPED, &reader) == &SWAPPED.release.list[0]);
    profile_wrote(&SWAPPED, &reader, false);
    CHECK(profile_due(&SWAPPED, &reader) == NULL);
    CHECK(!profile_take(&SWAPPED, &reader, FOUR));
    CHECK(profile_due(&SWAPPED, &reader) == &SWAPPED.release.list[0]);
    profile_wrote(&SWAPPED, &reader, true);
    CHECK(!profile_take(&SWAPPED, &reader, NOTHING));
    CHECK(profile_take(&SWAPPED, &reader, SEVEN));
}

static void without_a_release_the_card_has_to_go(void)
{
    static const uint16_t card[] = {0x0102, 0x0304}, other[] = {0x0102, 0x0305};
    struct profile_reader reader = {0};
    CHECK(profile_take(&PLAIN, &reader, card));
    profile_answer(&reader, FEEDBACK_OK);
    for (int i = 0; i < 5; i++) {
        CHECK(!profile_take(&PLAIN, &reader, card));
        CHECK(profile_due(&PLAIN, &reader) == NULL);
    }
    CHECK(profile_take(&PLAIN, &reader, other));
    CHECK(!profile_take(&PLAIN, &reader, NOTHING));
    CHECK(profile_take(&PLAIN, &reader, other));
}

static void a_wrong_profile_is_named(void)
{
    struct profile wrong = SWAPPED;
    CHECK(profile_problem(&SWAPPED) == NULL && profile_problem(&PLAIN) == NULL && profile_problem(&SPREAD) == NULL);
    wrong.places[PROFILE_CARD_4][2] = 14;
    CHECK(profile_problem(&wrong) != NULL);
    wrong = SWAPPED;
    wrong.length_at = 7;
    CHECK(profile_problem(&wrong) != NULL);
    wrong = SWAPPED;
    wrong.release.list[0].space = PROFILE_INPUT;
    CHECK(profile_problem(&wrong) != NULL);
    wrong = SWAPPED;
    wrong.known[PROFILE_CARD_4] = wrong.known[PROFILE_CARD_7] = false;
    CHECK(profile_problem(&wrong) != NULL);
}

/* One of each on a bus: the poller serves both. */
static void the_poller_serves_it_beside_a_head(void)
{
    static const uint8_t addresses[] = {9};
    struct poller poller;
    poller_open(&poller, addresses, 1, 20);
    poller_profile(&poller, 9, &SWAPPED);
    struct poller_job job = poller_next(&poller, 0);
    CHECK(job.kind == POLLER_READ_HOLDING && job.reader == 9 && job.first == 3 && job.count == 7);
    struct poller_news news = poller_done(&poller, &job, FOUR, 10);
    CHECK(news.up && news.tap && news.age_ms == -1); /* who knows since when it was there */
    poller_answer(&poller, 9, FEEDBACK_OK);
    job = poller_next(&poller, 10);
    CHECK(job.kind == POLLER_WRITE_HOLDING && job.first == 2 && job.count == 1 && job.values[0] == 1);
    poller_done(&poller, &job, job.values, 20);
    job = poller_next(&poller, 20);
    CHECK(job.kind == POLLER_WRITE_HOLDING && job.first == 3 && job.values[0] == 0);
    poller_done(&poller, &job, job.values, 30);
    job = poller_next(&poller, 30);
    CHECK(job.kind == POLLER_READ_HOLDING);
    news = poller_done(&poller, &job, SEVEN, 40);
    CHECK(!news.up && news.tap && news.card_bytes == 7 && news.age_ms == 0);
    for (int64_t now_ms = 1000; !news.down && now_ms <= 1200 + STANDING_SILENT_MS; now_ms += 200) {
        job = poller_next(&poller, now_ms);
        news = poller_done(&poller, &job, NULL, now_ms);
    }
    CHECK(news.down);
}

int main(void)
{
    TEST(numbers_come_in_the_printed_order);
    TEST(a_length_that_nobody_tells_is_the_shortest);
    TEST(what_is_no_card_is_none);
    TEST(nothing_is_written_before_the_answer);
    TEST(a_lost_release_is_written_again_and_no_second_tap);
    TEST(without_a_release_the_card_has_to_go);
    TEST(a_wrong_profile_is_named);
    TEST(the_poller_serves_it_beside_a_head);
    return test_done();
}
