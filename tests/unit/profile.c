#include "firmware/core/profile.h"

#include <string.h>
#include "firmware/core/poller.h"
#include "tests/test.h"

#define NOWHERE_ELSE .sequence_at = PROFILE_NOWHERE, .bits_at = PROFILE_NOWHERE

/* A reader with a length register and swapped bytes that beeps by a register and is released by another. */
static const struct profile SWAPPED = {
    .space = PROFILE_HOLDING,
    .first = 3,
    .count = 7,
    .new_at = 0,
    .length_at = 0,
    NOWHERE_ELSE,
    .known = {[PROFILE_CARD_4] = true, [PROFILE_CARD_7] = true},
    .places = {[PROFILE_CARD_4] = {11, 10, 13, 12}, [PROFILE_CARD_7] = {3, 11, 10, 13, 12, 5, 4}},
    .shown[FEEDBACK_OK] = {1, {{PROFILE_HOLDING, 2, 1, {1}}}},
    .release = {1, {{PROFILE_HOLDING, 3, 1, {0}}}},
};
/* One that shows the number in two registers while the card is there, and knows nothing else. */
static const struct profile PLAIN = {
    .space = PROFILE_INPUT,
    .count = 2,
    .new_at = PROFILE_NOWHERE,
    .length_at = PROFILE_NOWHERE,
    NOWHERE_ELSE,
    .known = {[PROFILE_CARD_4] = true},
    .places = {[PROFILE_CARD_4] = {0, 1, 2, 3}},
};
/* One byte in each register, of unknown length. */
static const struct profile SPREAD = {
    .space = PROFILE_HOLDING,
    .count = 12,
    .new_at = 0,
    .length_at = PROFILE_NOWHERE,
    NOWHERE_ELSE,
    .known = {[PROFILE_CARD_4] = true, [PROFILE_CARD_7] = true, [PROFILE_CARD_10] = true},
    .places = {[PROFILE_CARD_4] = {5, 7, 9, 11},
               [PROFILE_CARD_7] = {5, 7, 9, 11, 13, 15, 17},
               [PROFILE_CARD_10] = {5, 7, 9, 11, 13, 15, 17, 19, 21, 23}},
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

static struct profile_reader reader;
static int64_t now_ms;

static void begin(void)
{
    reader = (struct profile_reader){0};
    now_ms = 100000;
}

static bool take(const struct profile *profile, const uint16_t *values)
{
    now_ms += 20;
    return profile_take(profile, &reader, values, now_ms);
}

/* Works off what is due; returns how many writes there were. */
static int write_all(const struct profile *profile, bool done)
{
    int count = 0;
    for (; profile_due(profile, &reader) != NULL; count++)
        profile_wrote(profile, &reader, done, now_ms);
    return count;
}

static void nothing_is_written_before_the_answer(void)
{
    begin();
    CHECK(take(&SWAPPED, FOUR));
    CHECK(profile_due(&SWAPPED, &reader) == NULL);
    profile_answer(&reader, FEEDBACK_OK);
    CHECK(profile_due(&SWAPPED, &reader) == &SWAPPED.shown[FEEDBACK_OK].list[0]);
    profile_wrote(&SWAPPED, &reader, false, now_ms); /* the sound is lost: not again */
    CHECK(profile_due(&SWAPPED, &reader) == &SWAPPED.release.list[0]);
    profile_wrote(&SWAPPED, &reader, true, now_ms);
    CHECK(profile_due(&SWAPPED, &reader) == NULL);
}

static void a_lost_release_is_written_again_and_no_second_tap(void)
{
    begin();
    CHECK(take(&SWAPPED, FOUR));
    profile_answer(&reader, FEEDBACK_LATE); /* which has no sound here */
    CHECK(profile_due(&SWAPPED, &reader) == &SWAPPED.release.list[0]);
    profile_wrote(&SWAPPED, &reader, false, now_ms);
    CHECK(profile_due(&SWAPPED, &reader) == NULL);
    CHECK(!take(&SWAPPED, FOUR));
    CHECK(profile_due(&SWAPPED, &reader) == &SWAPPED.release.list[0]);
    profile_wrote(&SWAPPED, &reader, true, now_ms);
    CHECK(!take(&SWAPPED, NOTHING));
    CHECK(take(&SWAPPED, SEVEN));
}

static void a_card_must_have_gone_before_it_taps_again(void)
{
    static const uint16_t card[] = {0x0102, 0x0304}, other[] = {0x0102, 0x0305};
    begin();
    CHECK(take(&PLAIN, card));
    profile_answer(&reader, FEEDBACK_OK);
    for (int i = 0; i < 5000; i++) {
        CHECK(!take(&PLAIN, card));
        CHECK(profile_due(&PLAIN, &reader) == NULL);
    }
    CHECK(take(&PLAIN, other));
    CHECK(!take(&PLAIN, NOTHING)); /* a moment is not long enough: a reader may just read it anew */
    CHECK(!take(&PLAIN, other));
    now_ms += PROFILE_GONE_MS;
    CHECK(!take(&PLAIN, NOTHING));
    CHECK(take(&PLAIN, other));
}

/* The reader shows it again 150 ms after each release, all day long. */
static void a_card_that_lies_there_taps_once_and_is_released_now_and_then(void)
{
    int taps = 0, releases = 0;
    int64_t shown_from_ms = 0;
    begin();
    for (int i = 0; i < 60 * 50; i++) { /* a minute */
        if (take(&SWAPPED, now_ms >= shown_from_ms ? FOUR : NOTHING)) {
            taps++;
            profile_answer(&reader, FEEDBACK_LATE);
        }
        if (write_all(&SWAPPED, true) > 0) {
            releases++;
            shown_from_ms = now_ms + 150;
        }
    }
    CHECK(taps == 1 && releases > 50 && releases <= 60000 / PROFILE_RELEASE_MS + 1);
}

static void of_two_cards_told_by_turns_each_taps_once(void)
{
    int taps = 0;
    begin();
    for (int i = 0; i < 1000; i++)
        if (take(&SWAPPED, i / 3 % 2 ? FOUR : SEVEN)) {
            taps++;
            profile_answer(&reader, FEEDBACK_OK);
            write_all(&SWAPPED, true);
        }
    CHECK(taps == 2);
}

/* Of a size that is in no profile, or read badly: it must not block the reader. */
static void what_cannot_be_read_is_released(void)
{
    begin();
    CHECK(!take(&SWAPPED, (uint16_t[7]){5, 1, 1, 1, 1, 1, 1}));
    CHECK(profile_due(&SWAPPED, &reader) == &SWAPPED.release.list[0] && write_all(&SWAPPED, true) == 1);
    CHECK(take(&SWAPPED, FOUR));
}

static void a_number_that_must_be_confirmed_is_read_twice(void)
{
    struct profile careful = PLAIN;
    careful.confirmed = true;
    begin();
    CHECK(!take(&careful, (uint16_t[]){0x0102, 0})); /* half of it is written */
    CHECK(!take(&careful, (uint16_t[]){0x0102, 0x0304}));
    CHECK(take(&careful, (uint16_t[]){0x0102, 0x0304}));
    CHECK(reader.card.bytes == 4 && memcmp(reader.card.number, "\x01\x02\x03\x04", 4) == 0);
}

/* A counter, the number right-aligned in 16 registers with its length in bits. */
static void a_counter_tells_a_tap(void)
{
    struct profile counter = {.space = PROFILE_INPUT,
                              .count = 19,
                              .new_at = PROFILE_NOWHERE,
                              .length_at = PROFILE_NOWHERE,
                              .bits_at = 2,
                              .known = {[PROFILE_CARD_3] = true, [PROFILE_CARD_4] = true},
                              .places = {[PROFILE_CARD_3] = {35, 36, 37}, [PROFILE_CARD_4] = {34, 35, 36, 37}}};
    uint16_t values[19] = {7, 0, 24, [17] = 0x00b7, [18] = 0x748a};
    CHECK(profile_problem(&counter) == NULL);
    begin();
    CHECK(!take(&counter, values)); /* of yesterday */
    CHECK(!take(&counter, values));
    values[0] = 8;
    CHECK(take(&counter, values) && reader.card.bytes == 4 && memcmp(reader.card.number, "\x00\xb7\x74\x8a", 4) == 0);
    for (int i = 0; i < 500; i++)
        CHECK(!take(&counter, values));
    values[0] = 9;
    values[2] = 0; /* it has gone */
    CHECK(!take(&counter, values));
    values[0] = 10;
    values[2] = 26;
    values[17] = 0x02b7;
    CHECK(take(&counter, values) && memcmp(reader.card.number, "\x02\xb7\x74\x8a", 4) == 0);
    values[0] = 11;
    values[2] = 0;
    now_ms += 60000;
    CHECK(!take(&counter, values));
    values[0] = 12;
    values[2] = 26;
    CHECK(take(&counter, values)); /* the same card, held to it again */
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
    wrong = SWAPPED;
    wrong.flagged = true;
    wrong.flag_space = PROFILE_HOLDING;
    CHECK(profile_problem(&wrong) != NULL);
    wrong = SWAPPED;
    wrong.sequence_at = 7;
    CHECK(profile_problem(&wrong) != NULL);
    wrong = SWAPPED;
    wrong.bits_at = 1;
    CHECK(strstr(profile_problem(&wrong), "both") != NULL);
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
    for (int64_t ms = 1000; !news.down && ms <= 1200 + STANDING_SILENT_MS; ms += 200) {
        job = poller_next(&poller, ms);
        news = poller_done(&poller, &job, NULL, ms);
    }
    CHECK(news.down);
}

/* The registers are read only when the flag is there, and at once. */
static void a_flag_is_asked_before_the_registers(void)
{
    static const uint8_t addresses[] = {9};
    static const uint16_t set = 1, clear = 0, number[5] = {0x62, 0x00, 0xa3, 0x1b, 0x2c};
    struct profile flagged = {.space = PROFILE_HOLDING,
                              .first = 1000,
                              .count = 5,
                              .flagged = true,
                              .flag_space = PROFILE_COIL,
                              .flag = 1004,
                              .new_at = PROFILE_NOWHERE,
                              .length_at = PROFILE_NOWHERE,
                              NOWHERE_ELSE,
                              .known = {[PROFILE_CARD_5] = true},
                              .places = {[PROFILE_CARD_5] = {1, 3, 5, 7, 9}},
                              .release = {1, {{PROFILE_COIL, 1004, 1, {0}}}}};
    struct poller poller;
    poller_open(&poller, addresses, 1, 20);
    poller_profile(&poller, 9, &flagged);
    for (int i = 0; i < 3; i++) {
        struct poller_job job = poller_next(&poller, 100 * i);
        CHECK(job.kind == POLLER_READ_COIL && job.first == 1004 && job.count == 1);
        CHECK(!poller_done(&poller, &job, &clear, 100 * i).tap);
    }
    struct poller_job job = poller_next(&poller, 400);
    CHECK(!poller_done(&poller, &job, &set, 400).tap);
    job = poller_next(&poller, 400);
    CHECK(job.kind == POLLER_READ_HOLDING && job.first == 1000 && job.count == 5);
    struct poller_news news = poller_done(&poller, &job, number, 410);
    CHECK(news.tap && news.card_bytes == 5 && memcmp(news.card, "\x62\x00\xa3\x1b\x2c", 5) == 0);
    poller_answer(&poller, 9, FEEDBACK_OK);
    job = poller_next(&poller, 410);
    CHECK(job.kind == POLLER_WRITE_COIL && job.first == 1004 && job.values[0] == 0);
    poller_done(&poller, &job, job.values, 420);
    job = poller_next(&poller, 440);
    CHECK(job.kind == POLLER_READ_COIL);
}

int main(void)
{
    TEST(numbers_come_in_the_printed_order);
    TEST(a_length_that_nobody_tells_is_the_shortest);
    TEST(what_is_no_card_is_none);
    TEST(nothing_is_written_before_the_answer);
    TEST(a_lost_release_is_written_again_and_no_second_tap);
    TEST(a_card_must_have_gone_before_it_taps_again);
    TEST(a_card_that_lies_there_taps_once_and_is_released_now_and_then);
    TEST(of_two_cards_told_by_turns_each_taps_once);
    TEST(what_cannot_be_read_is_released);
    TEST(a_number_that_must_be_confirmed_is_read_twice);
    TEST(a_counter_tells_a_tap);
    TEST(a_wrong_profile_is_named);
    TEST(the_poller_serves_it_beside_a_head);
    TEST(a_flag_is_asked_before_the_registers);
    return test_done();
}
