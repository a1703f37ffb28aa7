#include "firmware/core/poller.h"

#include <string.h>
#include "tests/test.h"

static struct poller poller;
static int64_t now_ms;

/* A head's registers. */
static struct head {
    uint16_t registers[INPUT_REGISTERS];
} head;

static void reset(size_t readers)
{
    static const uint8_t ADDRESSES[] = {1, 2, 3};
    now_ms = 1000;
    poller_open(&poller, ADDRESSES, readers, 20);
    memset(&head, 0, sizeof head);
    head.registers[INPUT_MAGIC] = REGISTERS_MAGIC;
    head.registers[INPUT_MAP_VERSION] = REGISTERS_VERSION;
    head.registers[INPUT_BOOT_NONCE] = 700;
}

static void hold_card(uint16_t sequence, const char *card, uint16_t bytes)
{
    head.registers[INPUT_CARD_SEQUENCE] = sequence;
    head.registers[INPUT_CARD_BYTES] = bytes;
    head.registers[INPUT_AGE_MS] = 35;
    for (int i = 0; i < 5; i++)
        head.registers[INPUT_CARD + i] = (uint16_t)((uint8_t)card[2 * i] << 8 | (uint8_t)card[2 * i + 1]);
}

/* As a head reports what its registers hold. */
static void report(struct poller_job *job)
{
    const uint16_t *from = head.registers;
    const uint16_t words[] = {from[INPUT_BOOT_NONCE], from[INPUT_CARD_SEQUENCE], from[INPUT_AGE_MS]};
    uint8_t bytes[REPORT_BYTES_MAX + 2] = {(uint8_t)from[INPUT_STATUS], 0xff};
    for (int i = 0; i < 3; i++) {
        bytes[2 + 2 * i] = (uint8_t)(words[i] >> 8);
        bytes[3 + 2 * i] = (uint8_t)words[i];
    }
    for (int i = 0; i < 10; i++)
        bytes[REPORT_CARD + i] = (uint8_t)(i % 2 ? from[INPUT_CARD + i / 2] : from[INPUT_CARD + i / 2] >> 8);
    job->report_bytes = from[INPUT_CARD_SEQUENCE] ? REPORT_CARD + (size_t)from[INPUT_CARD_BYTES] : REPORT_CARD_SEQUENCE;
    memcpy(job->report, bytes, sizeof job->report);
}

static struct poller_news answer(struct poller_job *job)
{
    CHECK(job->kind == POLLER_READ_INPUT || job->kind == POLLER_REPORT);
    report(job);
    return poller_done(&poller, job, head.registers, now_ms);
}

static struct poller_news turn(void)
{
    struct poller_job job = poller_next(&poller, now_ms);
    return answer(&job);
}

/* Reader 1 alone, up. */
static void set_up(void)
{
    reset(1);
    struct poller_job job = poller_next(&poller, now_ms);
    CHECK(job.reader == 1 && job.first == INPUT_MAGIC && job.count == INPUT_REGISTERS);
    CHECK(answer(&job).up);
    now_ms += 20;
}

static void a_tap_is_answered_before_anything_else(void)
{
    set_up();
    hold_card(701, "\x00\x00\xab\xcd\0\0\0\0\0", 4);
    struct poller_news news = turn();
    CHECK(news.tap && news.card_bytes == 4 && memcmp(news.card, "\x00\x00\xab\xcd", 4) == 0 && news.age_ms == 35);
    poller_answer(&poller, 1, FEEDBACK_OK);
    struct poller_job job = poller_next(&poller, now_ms);
    CHECK(job.kind == POLLER_WRITE_HOLDING && job.reader == 1 && job.first == HOLDING_PATTERN && job.count == 2);
    CHECK(job.values[0] == PATTERN_OK && job.values[1] == 701);
    CHECK(!poller_done(&poller, &job, job.values, now_ms).tap);
    CHECK(poller_next(&poller, now_ms).kind == POLLER_WAIT);
}

static void a_reader_that_is_up_is_asked_for_its_report(void)
{
    set_up();
    for (int i = 0; i < 10; i++, now_ms += 20) {
        struct poller_job job = poller_next(&poller, now_ms);
        CHECK(job.kind == POLLER_REPORT && job.reader == 1);
        struct poller_news news = answer(&job);
        CHECK(!news.tap && !news.up && !news.down);
        CHECK(poller_next(&poller, now_ms).wait_ms == 20);
    }
    hold_card(9, "abcd\0\0\0\0\0", 4);
    CHECK(turn().tap);
}

static void a_report_of_another_length_is_a_failure(void)
{
    static const size_t LENGTHS[] = {0, 3, 5, 8, 11, 19, 250};
    for (size_t i = 0; i < sizeof LENGTHS / sizeof LENGTHS[0]; i++) {
        set_up();
        hold_card(9, "abcd\0\0\0\0\0", 4);
        for (int failure = 1; failure <= POLLER_FAILURES_MAX; failure++, now_ms += 20) {
            struct poller_job job = poller_next(&poller, now_ms);
            report(&job);
            job.report_bytes = LENGTHS[i];
            CHECK(job.kind == POLLER_REPORT);
            CHECK(!poller_done(&poller, &job, head.registers, now_ms).tap);
        }
        now_ms += POLLER_PROBE_GAP_MS;
        CHECK(poller_next(&poller, now_ms).kind == POLLER_READ_INPUT); /* it has to prove what it is */
    }
}

static void ten_bytes_of_a_card_come_in_order(void)
{
    set_up();
    hold_card(1, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a", 10);
    struct poller_news news = turn();
    CHECK(news.tap && news.card_bytes == 10 && memcmp(news.card, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a", 10) == 0);
    hold_card(2, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a", 11); /* no card has so many */
    now_ms += 20;
    CHECK(!turn().tap);
    hold_card(3, "abcd\0\0\0\0\0", 4);
    head.registers[INPUT_AGE_MS] = UINT16_MAX;
    now_ms += 20;
    CHECK(turn().age_ms == -1); /* that or longer */
}

static void an_answer_that_got_lost_is_given_again_and_is_no_news(void)
{
    set_up();
    hold_card(701, "abcd\0\0\0\0\0", 4);
    CHECK(turn().tap);
    poller_answer(&poller, 1, FEEDBACK_LATE);
    struct poller_job job = poller_next(&poller, now_ms);
    poller_done(&poller, &job, NULL, now_ms);
    now_ms += 20;
    CHECK(!turn().tap);
    job = poller_next(&poller, now_ms);
    CHECK(job.kind == POLLER_WRITE_HOLDING && job.values[0] == PATTERN_LATE && job.values[1] == 701);
}

/* A head of version 0.1 refuses a pattern that it does not know, and with it the acknowledgement. */
static void an_old_head_is_told_no_pattern_that_it_does_not_know(void)
{
    for (uint16_t version = 1; version <= 3; version++)
        for (enum feedback shown = FEEDBACK_OK; shown < FEEDBACKS; shown++) {
            reset(1);
            head.registers[INPUT_FIRMWARE_VERSION] = version;
            CHECK(turn().up);
            now_ms += 20;
            hold_card(701, "abcd\0\0\0\0\0", 4);
            CHECK(turn().tap);
            poller_answer(&poller, 1, shown);
            struct poller_job job = poller_next(&poller, now_ms);
            bool knows = version >= 2 || shown != FEEDBACK_UNFIT_CARD;
            CHECK(job.kind == POLLER_WRITE_HOLDING && job.values[1] == 701);
            CHECK(job.values[0] == (knows ? (uint16_t)shown : PATTERN_UNKNOWN_CARD));
        }
}

static void a_head_that_started_anew_gives_new_taps(void)
{
    set_up();
    hold_card(701, "abcd\0\0\0\0\0", 4);
    CHECK(turn().tap);
    head.registers[INPUT_BOOT_NONCE] = 900;
    now_ms += 20;
    CHECK(turn().tap);
}

/* Fails until it is told as down; returns how often. */
static int fail_until_down(void)
{
    for (int failures = 1; failures < 1000; failures++) {
        struct poller_job job = poller_next(&poller, now_ms);
        while (job.kind == POLLER_WAIT) {
            now_ms += job.wait_ms;
            job = poller_next(&poller, now_ms);
        }
        if (poller_done(&poller, &job, NULL, now_ms).down)
            return failures;
    }
    return 0;
}

static void three_failures_are_probed_and_a_silence_is_down(void)
{
    set_up();
    int64_t silent_ms = now_ms;
    for (int i = 1; i <= POLLER_FAILURES_MAX; i++, now_ms += 20) {
        struct poller_job job = poller_next(&poller, now_ms);
        CHECK(job.kind == POLLER_REPORT);
        CHECK(!poller_done(&poller, &job, NULL, now_ms).down);
    }
    CHECK(poller_next(&poller, now_ms + POLLER_PROBE_GAP_MS).kind == POLLER_READ_INPUT);
    CHECK(fail_until_down() > 10); /* it is looked for often while it may come back */
    CHECK(now_ms - silent_ms >= STANDING_SILENT_MS && now_ms - silent_ms < STANDING_SILENT_MS + 200);
    struct poller_job job = poller_next(&poller, now_ms);
    CHECK(job.kind == POLLER_WAIT && job.wait_ms > POLLER_PROBE_MS - 50);
    now_ms += job.wait_ms;
    job = poller_next(&poller, now_ms);
    CHECK(job.kind == POLLER_READ_INPUT && job.count == INPUT_REGISTERS);
    CHECK(!poller_done(&poller, &job, NULL, now_ms).down); /* told once */
    now_ms += POLLER_PROBE_MS;
    int64_t back_ms = now_ms;
    struct poller_news news = turn();
    for (; !news.up && now_ms - back_ms < 2 * STANDING_STEADY_MS; now_ms += 20)
        news = turn();
    CHECK(news.up && news.since_ms >= STANDING_STEADY_MS && news.since_ms < STANDING_STEADY_MS + 100);
}

/* What it hears meanwhile it takes. */
static void a_tap_of_a_reader_that_is_still_told_as_down_is_taken(void)
{
    set_up();
    CHECK(fail_until_down() > 0);
    now_ms += POLLER_PROBE_MS;
    CHECK(!turn().up);
    hold_card(9, "abcd\0\0\0\0\0", 4);
    CHECK(turn().tap);
    poller_answer(&poller, 1, FEEDBACK_OK);
    CHECK(poller_next(&poller, now_ms).kind == POLLER_WRITE_HOLDING);
}

/* Readers 2 and 3 are absent; each failed probe takes 60 ms, each poll 20. Reader 1 must not wait long. */
static void absent_readers_cost_the_others_little(void)
{
    int64_t polled_ms = 0, longest_ms = 0, polls = 0;
    reset(3);
    for (int64_t end_ms = now_ms + 20000; now_ms < end_ms;) {
        struct poller_job job = poller_next(&poller, now_ms);
        if (job.kind == POLLER_WAIT) {
            now_ms += job.wait_ms;
            continue;
        }
        now_ms += job.reader == 1 ? 20 : 60;
        report(&job);
        poller_done(&poller, &job, job.reader == 1 ? head.registers : NULL, now_ms);
        if (job.reader != 1)
            continue;
        if (polls++ && now_ms - polled_ms > longest_ms)
            longest_ms = now_ms - polled_ms;
        polled_ms = now_ms;
    }
    CHECK(longest_ms <= 100);
    CHECK(polls > 400);
}

static void a_stranger_is_told_once_and_never_up(void)
{
    int told = 0;
    reset(1);
    head.registers[INPUT_MAGIC] = 1;
    for (int i = 0; i < 10; i++, now_ms += 2 * POLLER_PROBE_MS) {
        struct poller_news news = turn();
        told += news.cause_told;
        CHECK(!news.cause_told || (news.down && news.cause.trouble == TROUBLE_NO_HEAD));
        CHECK(!news.up);
    }
    CHECK(told == 1);
}

static void a_head_whose_card_module_fails_is_down(void)
{
    set_up();
    head.registers[INPUT_STATUS] = STATUS_RFID_FAULT | STATUS_TAMPER;
    struct poller_news news = turn();
    CHECK(!news.down && news.tamper);
    now_ms += STANDING_SILENT_MS - 1;
    CHECK(!turn().down);
    now_ms += POLLER_PROBE_MS;
    news = turn();
    CHECK(news.down && news.since_ms == STANDING_SILENT_MS + POLLER_PROBE_MS - 1);
    now_ms += POLLER_PROBE_MS;
    head.registers[INPUT_STATUS] = STATUS_TAMPER;
    news = turn();
    CHECK(!news.up && !news.tamper);
    now_ms += STANDING_STEADY_MS;
    CHECK(turn().up);
}

static void a_mode_is_written_once_and_again_after_an_absence(void)
{
    set_up();
    poller_mode(&poller, 1, MODE_ENROL);
    struct poller_job job = poller_next(&poller, now_ms);
    CHECK(job.kind == POLLER_WRITE_HOLDING && job.first == HOLDING_MODE && job.values[0] == MODE_ENROL);
    poller_done(&poller, &job, job.values, now_ms);
    CHECK(poller_next(&poller, now_ms).kind != POLLER_WRITE_HOLDING);
    CHECK(poller_lose(&poller, 0, now_ms) && !poller_lose(&poller, 0, now_ms));
    CHECK(!turn().up);
    CHECK(poller_next(&poller, now_ms).first == HOLDING_MODE);
}

int main(void)
{
    TEST(a_tap_is_answered_before_anything_else);
    TEST(a_reader_that_is_up_is_asked_for_its_report);
    TEST(a_report_of_another_length_is_a_failure);
    TEST(ten_bytes_of_a_card_come_in_order);
    TEST(an_answer_that_got_lost_is_given_again_and_is_no_news);
    TEST(an_old_head_is_told_no_pattern_that_it_does_not_know);
    TEST(a_head_that_started_anew_gives_new_taps);
    TEST(three_failures_are_probed_and_a_silence_is_down);
    TEST(a_tap_of_a_reader_that_is_still_told_as_down_is_taken);
    TEST(absent_readers_cost_the_others_little);
    TEST(a_stranger_is_told_once_and_never_up);
    TEST(a_head_whose_card_module_fails_is_down);
    TEST(a_mode_is_written_once_and_again_after_an_absence);
    return test_done();
}
