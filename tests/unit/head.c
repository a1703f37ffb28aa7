#include "firmware/core/head.h"

#include <stdlib.h>
#include <string.h>
#include "firmware/core/crc16.h"
#include "tests/test.h"

#define ADDRESS 7
#define NONCE   0xfffe /* sequences 0xfffe, 0xffff, 1: 0 is never one */

static struct head head;
static uint32_t now_ms;

static void begin(void)
{
    now_ms = UINT32_MAX - 1000; /* the count wraps during each test */
    head_init(&head, ADDRESS, 19200, 0x0102, NONCE, now_ms);
}

static size_t request(const uint8_t *bytes, size_t length, uint8_t reply[RTU_FRAME_BYTES_MAX])
{
    uint8_t frame[64];
    uint16_t crc = crc16_of(bytes, length);

    memcpy(frame, bytes, length);
    frame[length] = (uint8_t)crc;
    frame[length + 1] = (uint8_t)(crc >> 8);
    now_ms += 4;
    rtu_receive(&head.rtu, frame, length + 2, now_ms);
    now_ms += 2;
    return rtu_reply(&head.rtu, now_ms, reply);
}

static bool read_input(uint16_t values[INPUT_REGISTERS])
{
    static const uint8_t all[] = {ADDRESS, 4, 0, 0, 0, INPUT_REGISTERS};
    uint8_t reply[RTU_FRAME_BYTES_MAX];

    if (request(all, sizeof all, reply) != 5 + 2 * INPUT_REGISTERS)
        return false;
    for (size_t i = 0; i < INPUT_REGISTERS; i++)
        values[i] = (uint16_t)(reply[3 + 2 * i] << 8 | reply[4 + 2 * i]);
    return true;
}

static uint16_t input(enum input_register which)
{
    uint16_t values[INPUT_REGISTERS];

    return read_input(values) ? values[which] : 0xdead;
}

/* 0 when it was done, else the exception. */
static uint8_t write_one(enum holding_register which, uint16_t value)
{
    const uint8_t bytes[] = {ADDRESS, 6, 0, (uint8_t)which, (uint8_t)(value >> 8), (uint8_t)value};
    uint8_t reply[RTU_FRAME_BYTES_MAX];

    return request(bytes, sizeof bytes, reply) == 8 ? 0 : reply[2];
}

static uint8_t answer(uint16_t pattern, uint16_t sequence)
{
    const uint8_t bytes[] = {ADDRESS,
                             16,
                             0,
                             HOLDING_PATTERN,
                             0,
                             2,
                             4,
                             (uint8_t)(pattern >> 8),
                             (uint8_t)pattern,
                             (uint8_t)(sequence >> 8),
                             (uint8_t)sequence};
    uint8_t reply[RTU_FRAME_BYTES_MAX];

    return request(bytes, sizeof bytes, reply) == 8 ? 0 : reply[2];
}

static bool tap(uint32_t number)
{
    const uint8_t card[4] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number};

    return head_tap(&head, card, sizeof card, now_ms);
}

static enum pattern shown(void)
{
    head_step(&head, now_ms);
    return head_pattern(&head, now_ms);
}

static void it_says_who_it_is(void)
{
    uint16_t values[INPUT_REGISTERS];

    begin();
    CHECK(read_input(values) && values[INPUT_MAGIC] == REGISTERS_MAGIC && values[INPUT_MAP_VERSION] == 2);
    CHECK(values[INPUT_FIRMWARE_VERSION] == 0x0102 && values[INPUT_BOOT_NONCE] == NONCE);
    CHECK(values[INPUT_CARD_SEQUENCE] == 0 && values[INPUT_PENDING] == 0 && values[INPUT_STATUS] == 0);
}

static void a_tap_blinks_at_once_and_is_shown_what_the_master_says(void)
{
    static const uint8_t ten[10] = {0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
    uint16_t values[INPUT_REGISTERS];

    begin();
    read_input(values);
    CHECK(shown() == PATTERN_NONE && head_tap(&head, ten, 10, now_ms) && shown() == PATTERN_SEEN);
    CHECK(read_input(values) && values[INPUT_CARD_SEQUENCE] == NONCE && values[INPUT_CARD_BYTES] == 10);
    CHECK(values[INPUT_CARD] == 0x0000 && values[INPUT_CARD + 1] == 0x0102 && values[INPUT_CARD + 4] == 0x0708);
    CHECK(values[INPUT_AGE_MS] == 6 && values[INPUT_PENDING] == 1);
    CHECK(answer(PATTERN_LATE, NONCE) == 0 && shown() == PATTERN_LATE);
    CHECK(read_input(values) && values[INPUT_CARD_SEQUENCE] == 0 && values[INPUT_CARD_BYTES] == 0 &&
          values[INPUT_CARD + 4] == 0 && values[INPUT_AGE_MS] == 0);
    now_ms += pattern_ms(PATTERN_LATE);
    CHECK(shown() == PATTERN_NONE);
}

static void its_report_is_as_long_as_what_there_is_to_tell(void)
{
    static const uint8_t ask[] = {ADDRESS, 17}, seven[7] = {0, 0xa1, 2, 3, 4, 5, 6};
    uint8_t reply[RTU_FRAME_BYTES_MAX];

    begin();
    CHECK(request(ask, sizeof ask, reply) == 3 + 4 + 2 && reply[2] == 4);
    CHECK(reply[3] == 0 && reply[4] == 0xff && reply[5] == NONCE >> 8 && reply[6] == (NONCE & 0xff));
    head.tamper = true;
    CHECK(head_tap(&head, seven, sizeof seven, now_ms) && tap(99));
    CHECK(request(ask, sizeof ask, reply) == 3 + 15 + 2 && reply[2] == 15 && reply[3] == STATUS_TAMPER);
    CHECK(reply[7] == NONCE >> 8 && reply[8] == (NONCE & 0xff) && reply[9] == 0 && reply[10] == 6); /* sequence, age */
    CHECK(memcmp(reply + 11, seven, sizeof seven) == 0);
    CHECK(answer(PATTERN_OK, NONCE) == 0);
    CHECK(request(ask, sizeof ask, reply) == 3 + 12 + 2 && reply[14] == 99);
    now_ms += 100000;
    head_step(&head, now_ms);
    CHECK(request(ask, sizeof ask, reply) == 3 + 12 + 2 && reply[9] == 0xff && reply[10] == 0xff);
}

static void the_next_tap_shows_no_digit_of_the_one_before(void)
{
    static const uint8_t ten[10] = {9, 9, 9, 9, 9, 9, 9, 9, 9, 9};
    uint16_t values[INPUT_REGISTERS];

    begin();
    for (int i = 0; i < HEAD_TAPS_MAX; i++)
        head_tap(&head, ten, 10, now_ms);
    for (int i = 0; i < HEAD_TAPS_MAX; i++)
        answer(PATTERN_OK, input(INPUT_CARD_SEQUENCE));
    tap(0x00000001);
    CHECK(read_input(values) && values[INPUT_CARD_BYTES] == 4 && values[INPUT_CARD] == 0 &&
          values[INPUT_CARD + 1] == 1 && values[INPUT_CARD + 2] == 0 && values[INPUT_CARD + 4] == 0);
}

static void taps_are_given_in_order_and_sequence_zero_never(void)
{
    static const uint16_t sequences[] = {0xfffe, 0xffff, 1, 2};

    begin();
    for (uint32_t i = 0; i < 4; i++)
        tap(i);
    for (uint32_t i = 0; i < 4; i++) {
        uint16_t values[INPUT_REGISTERS];
        CHECK(read_input(values) && values[INPUT_CARD_SEQUENCE] == sequences[i] && values[INPUT_CARD + 1] == i);
        CHECK(answer(PATTERN_OK, values[INPUT_CARD_SEQUENCE]) == 0);
    }
    CHECK(input(INPUT_PENDING) == 0);
}

/* The reply to an answer may be lost; the master repeats it, and must not answer the next pupil by that. */
static void an_answer_to_another_tap_changes_nothing(void)
{
    begin();
    tap(1);
    tap(2);
    CHECK(answer(PATTERN_OK, 0xfffe) == 0 && input(INPUT_PENDING) == 1);
    now_ms += pattern_ms(PATTERN_OK);
    CHECK(answer(PATTERN_OK, 0xfffe) == 0 && input(INPUT_PENDING) == 1 && shown() != PATTERN_OK);
    CHECK(answer(PATTERN_OK, 0x1234) == 0 && input(INPUT_PENDING) == 1 && shown() != PATTERN_OK);
    CHECK(answer(PATTERN_AGAIN, 0xffff) == 0 && input(INPUT_PENDING) == 0 && shown() == PATTERN_AGAIN);
}

static void the_ninth_tap_is_refused_and_told(void)
{
    begin();
    input(INPUT_MAGIC);
    for (uint32_t i = 0; i < HEAD_TAPS_MAX; i++)
        CHECK(tap(i) && shown() == PATTERN_SEEN);
    CHECK(!tap(99) && shown() == PATTERN_RETRY);
    CHECK(input(INPUT_LOST_TAPS) == 1 && input(INPUT_STATUS) == STATUS_OVERFLOW);
    for (uint32_t i = 0; i < HEAD_TAPS_MAX; i++)
        CHECK(answer(PATTERN_OK, input(INPUT_CARD_SEQUENCE)) == 0);
    CHECK(input(INPUT_STATUS) == 0 && input(INPUT_LOST_TAPS) == 1);
}

static void without_an_answer_it_asks_to_tap_again_once(void)
{
    begin();
    input(INPUT_MAGIC);
    tap(1);
    now_ms += HEAD_RETRY_MS;
    CHECK(head_step(&head, now_ms) == NULL);
    now_ms++;
    const struct head_tap *overdue = head_step(&head, now_ms);
    CHECK(overdue != NULL && overdue->sequence == NONCE && shown() == PATTERN_RETRY);
    CHECK(head_step(&head, now_ms) == NULL);
    CHECK(answer(PATTERN_OK, NONCE) == 0 && shown() == PATTERN_OK);
}

/* Whoever stands there after five seconds is not who tapped. */
static void a_late_answer_takes_the_tap_and_shows_nothing(void)
{
    begin();
    input(INPUT_MAGIC);
    tap(1);
    for (int i = 0; i < 10; i++) {
        now_ms += 495;
        head_step(&head, now_ms);
        input(INPUT_MAGIC);
    }
    now_ms += 10;
    CHECK(answer(PATTERN_OK, NONCE) == 0 && shown() != PATTERN_OK && input(INPUT_PENDING) == 0);
}

static void without_a_master_it_is_out_of_service(void)
{
    begin();
    CHECK(shown() == PATTERN_OUT_OF_SERVICE);
    CHECK(write_one(HOLDING_MODE, MODE_ENROL) == 0 && shown() == PATTERN_ENROL_WAIT);
    now_ms += HEAD_SILENCE_MS;
    CHECK(shown() == PATTERN_ENROL_WAIT);
    now_ms++;
    CHECK(shown() == PATTERN_OUT_OF_SERVICE && tap(1) && shown() == PATTERN_OUT_OF_SERVICE);
    CHECK(input(INPUT_PENDING) == 1 && shown() != PATTERN_OUT_OF_SERVICE);
    now_ms += 1000;
    CHECK(shown() == PATTERN_RETRY);
}

/* 50 days alone: the count of milliseconds has wrapped, and nothing old looks new. */
static void a_long_silence_stays_a_long_silence(void)
{
    begin();
    input(INPUT_MAGIC);
    tap(1);
    for (uint64_t day_ms = 0; day_ms < UINT64_C(50) * 86400000; day_ms += 50000) {
        now_ms += 50000;
        if (shown() != PATTERN_OUT_OF_SERVICE) {
            CHECK(false && "in service without a master");
            break;
        }
    }
    CHECK(input(INPUT_AGE_MS) == HEAD_AGE_MS_MAX);
}

static void modes_are_shown_until_changed(void)
{
    begin();
    CHECK(write_one(HOLDING_MODE, MODE_IDENTIFY) == 0 && shown() == PATTERN_IDENTIFY);
    tap(1);
    CHECK(shown() == PATTERN_SEEN);
    now_ms += pattern_ms(PATTERN_SEEN);
    CHECK(shown() == PATTERN_IDENTIFY);
    CHECK(answer(PATTERN_ENROLMENT, NONCE) == 0 && shown() == PATTERN_ENROLMENT);
    now_ms += pattern_ms(PATTERN_ENROLMENT);
    CHECK(write_one(HOLDING_MODE, MODE_NORMAL) == 0 && shown() == PATTERN_NONE);
}

static void only_what_it_knows_can_be_commanded(void)
{
    static const uint8_t five_wide[] = {ADDRESS, 3, 0, 0, 0, HOLDING_REGISTERS + 1};
    uint8_t reply[RTU_FRAME_BYTES_MAX];

    begin();
    tap(1);
    CHECK(answer(PATTERN_COMMANDS, NONCE) == RTU_ILLEGAL_VALUE && input(INPUT_PENDING) == 1);
    CHECK(answer(PATTERN_UNFIT_CARD, NONCE) == 0 && input(INPUT_PENDING) == 0 && shown() == PATTERN_UNFIT_CARD);
    tap(2);
    CHECK(write_one(HOLDING_MODE, HEAD_MODES) == RTU_ILLEGAL_VALUE);
    CHECK(write_one(HOLDING_REGISTERS, 0) == RTU_ILLEGAL_ADDRESS);
    CHECK(request(five_wide, sizeof five_wide, reply) == 5 && reply[2] == RTU_ILLEGAL_ADDRESS);
    CHECK(write_one(HOLDING_PATTERN, PATTERN_FAULT) == 0 && shown() == PATTERN_FAULT && input(INPUT_PENDING) == 1);
}

static void the_case_and_the_module_are_watched(void)
{
    begin();
    head.tamper = true;
    CHECK(input(INPUT_STATUS) == STATUS_TAMPER);
    head.rfid_fault = true;
    CHECK(input(INPUT_STATUS) == (STATUS_TAMPER | STATUS_RFID_FAULT));
}

/* No two patterns may be the same to one who sees no colour, and lamp and sound run side by side. */
static void patterns_differ_without_colour(void)
{
    for (int a = PATTERN_OK; a < PATTERNS; a++) {
        const struct pattern_rhythm *one = &PATTERN_RHYTHMS[a];
        CHECK(strlen(one->lamp) == strlen(one->sound) && strspn(one->lamp, "#.") == strlen(one->lamp));
        CHECK((one->green || one->red) && strchr(one->lamp, '#') != NULL);
        for (int b = a + 1; b < PATTERNS; b++)
            CHECK(strcmp(one->lamp, PATTERN_RHYTHMS[b].lamp) != 0 || strcmp(one->sound, PATTERN_RHYTHMS[b].sound) != 0);
    }
}

static void lamp_and_buzzer_follow_the_rhythm(void)
{
    begin();
    input(INPUT_MAGIC);
    write_one(HOLDING_PATTERN, PATTERN_LATE); /* lamp ####..########, sound ##..##........ */
    CHECK(head_output(&head, now_ms).green && head_output(&head, now_ms).buzzer && !head_output(&head, now_ms).red);
    now_ms += 2 * PATTERN_STEP_MS;
    CHECK(head_output(&head, now_ms).green && !head_output(&head, now_ms).buzzer);
    now_ms += 2 * PATTERN_STEP_MS;
    CHECK(!head_output(&head, now_ms).green && head_output(&head, now_ms).buzzer);
    now_ms += 10 * PATTERN_STEP_MS;
    CHECK(!head_output(&head, now_ms).green && !head_output(&head, now_ms).buzzer);
}

int main(void)
{
    TEST(it_says_who_it_is);
    TEST(a_tap_blinks_at_once_and_is_shown_what_the_master_says);
    TEST(its_report_is_as_long_as_what_there_is_to_tell);
    TEST(the_next_tap_shows_no_digit_of_the_one_before);
    TEST(taps_are_given_in_order_and_sequence_zero_never);
    TEST(an_answer_to_another_tap_changes_nothing);
    TEST(the_ninth_tap_is_refused_and_told);
    TEST(without_an_answer_it_asks_to_tap_again_once);
    TEST(a_late_answer_takes_the_tap_and_shows_nothing);
    TEST(without_a_master_it_is_out_of_service);
    TEST(a_long_silence_stays_a_long_silence);
    TEST(modes_are_shown_until_changed);
    TEST(only_what_it_knows_can_be_commanded);
    TEST(the_case_and_the_module_are_watched);
    TEST(patterns_differ_without_colour);
    TEST(lamp_and_buzzer_follow_the_rhythm);
    return test_done();
}
