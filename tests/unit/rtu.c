#include "firmware/core/rtu.h"

#include <stdlib.h>
#include <string.h>
#include "firmware/core/crc16.h"
#include "tests/test.h"

#define WORDS 128

struct device {
    uint16_t words[2][WORDS];
};

static struct device device;

static enum rtu_exception read_words(void *context, enum rtu_space space, uint16_t first, uint16_t count, uint16_t *out,
                                     uint32_t now_ms)
{
    struct device *self = context;

    (void)now_ms;
    if (first + count > WORDS)
        return RTU_ILLEGAL_ADDRESS;
    memcpy(out, self->words[space] + first, count * sizeof *out);
    return RTU_NO_EXCEPTION;
}

static enum rtu_exception write_words(void *context, uint16_t first, uint16_t count, const uint16_t *values,
                                      uint32_t now_ms)
{
    struct device *self = context;

    (void)now_ms;
    if (first + count > WORDS)
        return RTU_ILLEGAL_ADDRESS;
    for (uint16_t i = 0; i < count; i++)
        if (values[i] == 0xdead)
            return RTU_ILLEGAL_VALUE;
    memcpy(self->words[RTU_HOLDING] + first, values, count * sizeof *values);
    return RTU_NO_EXCEPTION;
}

static size_t report_bytes(void *context, uint8_t *out, uint32_t now_ms)
{
    (void)context, (void)now_ms;
    memcpy(out, "\x01\xff\x2a", 3);
    return 3;
}

static struct rtu slave_at(uint8_t address)
{
    struct rtu rtu;
    struct rtu_registers registers = {
        .read = read_words, .write = write_words, .report = report_bytes, .device = &device};

    device = (struct device){0};
    memcpy(device.words[RTU_HOLDING] + 0x6b, (uint16_t[]){0xae41, 0x5652, 0x4340}, 6);
    device.words[RTU_INPUT][8] = 0x000a;
    rtu_init(&rtu, address, 19200, &registers);
    return rtu;
}

static size_t from_hex(const char *hex, uint8_t *out)
{
    size_t count = 0;

    for (char *end; *hex; hex = end) {
        unsigned long value = strtoul(hex, &end, 16);
        if (end == hex)
            break;
        out[count++] = (uint8_t)value;
    }
    return count;
}

static void append_crc(uint8_t *frame, size_t length)
{
    uint16_t crc = crc16_of(frame, length);

    frame[length] = (uint8_t)crc;
    frame[length + 1] = (uint8_t)(crc >> 8);
}

static bool replies(struct rtu *rtu, const uint8_t *request, size_t length, const uint8_t *expected,
                    size_t expected_length)
{
    static uint32_t now_ms = UINT32_MAX - 20; /* the count wraps on the way */
    uint8_t reply[RTU_FRAME_BYTES_MAX];

    now_ms += 10;
    rtu_receive(rtu, request, length, now_ms);
    bool early = rtu_reply(rtu, now_ms + 1, reply) != 0;
    size_t got = rtu_reply(rtu, now_ms + rtu->silence_ms, reply);
    return !early && got == expected_length && memcmp(reply, expected, got) == 0;
}

/* Frames with their checksums as published (simplymodbus.ca and the protocol's own examples), not as computed here. */
static void published_frames(void)
{
    static const struct {
        const char *request, *reply;
    } cases[] = {
        {"11 03 00 6B 00 03 76 87", "11 03 06 AE 41 56 52 43 40 49 AD"},
        {"11 04 00 08 00 01 B2 98", "11 04 02 00 0A F8 F4"},
        {"11 06 00 01 00 03 9A 9B", "11 06 00 01 00 03 9A 9B"},
        {"11 10 00 01 00 02 04 00 0A 01 02 C6 F0", "11 10 00 01 00 02 12 98"},
    };
    struct rtu rtu = slave_at(0x11);

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t request[32], reply[32];
        size_t length = from_hex(cases[i].request, request), expected = from_hex(cases[i].reply, reply);
        CHECK(replies(&rtu, request, length, reply, expected));
    }
    CHECK(device.words[RTU_HOLDING][1] == 0x000a && device.words[RTU_HOLDING][2] == 0x0102);
    CHECK(rtu.crc_errors == 0);
}

/* Checksums are added here to both sides; an empty reply is silence. */
static void rules(void)
{
    static const struct {
        const char *what, *request, *reply;
    } cases[] = {
        {"another slave's request", "12 03 00 00 00 01", ""},
        {"another slave's reply", "12 03 02 00 00", ""},
        {"our own reply, echoed", "11 03 02 00 00", ""},
        {"unknown function", "11 2B 0E 01 00", "11 AB 01"},
        {"function of coils", "11 01 00 00 00 01", "11 81 01"},
        {"an exception is no request", "11 83 02", ""},
        {"none read", "11 03 00 00 00 00", "11 83 03"},
        {"126 read", "11 03 00 00 00 7E", "11 83 03"},
        {"beyond the end", "11 03 00 7F 00 02", "11 83 02"},
        {"the very end", "11 03 00 7F 00 01", "11 03 02 00 00"},
        {"address wraps", "11 04 FF FF 00 02", "11 84 02"},
        {"one word too many", "11 03 00 00 00 01 00", ""},
        {"write beyond the end", "11 06 00 80 00 01", "11 86 02"},
        {"device refuses a value", "11 06 00 05 DE AD", "11 86 03"},
        {"none written", "11 10 00 00 00 00 00", ""},
        {"count and bytes differ", "11 10 00 00 00 02 02 00 01", "11 90 03"},
        {"bytes and length differ", "11 10 00 00 00 02 04 00 01", ""},
        {"all or nothing", "11 10 00 09 00 02 04 00 07 DE AD", "11 90 03"},
        {"broadcast read", "00 03 00 00 00 01", ""},
        {"broadcast write", "00 06 00 07 12 34", ""},
        {"no function", "11", ""},
        {"nothing but an address and a function", "11 03", ""},
    };
    struct rtu rtu = slave_at(0x11);

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t request[32], reply[32];
        size_t length = from_hex(cases[i].request, request), expected = from_hex(cases[i].reply, reply);
        append_crc(request, length);
        append_crc(reply, expected);
        bool right = replies(&rtu, request, length + 2, reply, expected ? expected + 2 : 0);
        if (!right)
            printf("# %s\n", cases[i].what);
        CHECK(right);
    }
    CHECK(device.words[RTU_HOLDING][7] == 0x1234);
    CHECK(device.words[RTU_HOLDING][9] == 0);
}

static void a_wrong_checksum_is_counted_and_nothing_else(void)
{
    struct rtu rtu = slave_at(0x11);
    uint8_t request[8] = {0x11, 0x06, 0, 1, 0, 3, 0x9a, 0x9b};

    for (size_t bit = 0; bit < 64; bit++) {
        request[bit / 8] ^= (uint8_t)(1 << bit % 8);
        CHECK(replies(&rtu, request, 8, request, 0));
        request[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    CHECK(rtu.crc_errors == 64 && device.words[RTU_HOLDING][1] == 0);
    CHECK(replies(&rtu, request, 8, request, 8) && device.words[RTU_HOLDING][1] == 3);
}

/* Bytes of one frame in any two pieces without a silence between are the frame; with a silence they are scraps. */
static void a_silence_and_only_a_silence_parts_frames(void)
{
    static const uint8_t request[8] = {0x11, 0x06, 0, 1, 0, 3, 0x9a, 0x9b};
    uint8_t reply[RTU_FRAME_BYTES_MAX];

    for (size_t cut = 1; cut < 8; cut++) {
        struct rtu rtu = slave_at(0x11);
        rtu_receive(&rtu, request, cut, 100);
        CHECK(rtu_reply(&rtu, 101, reply) == 0);
        rtu_receive(&rtu, request + cut, 8 - cut, 101);
        CHECK(rtu_reply(&rtu, 103, reply) == 8);
        rtu_receive(&rtu, request, cut, 200);
        CHECK(rtu_reply(&rtu, 202, reply) == 0);
        rtu_receive(&rtu, request + cut, 8 - cut, 203);
        CHECK(rtu_reply(&rtu, 205, reply) == 0);
        CHECK(rtu_reply(&rtu, 300, reply) == 0);
    }
}

/* Masters that leave no silence behind another slave's reply are understood, and that is no error. */
static void a_request_behind_another_reply_is_found(void)
{
    uint8_t both[] = {0x12, 0x04, 0x02, 0x00, 0x0a, 0, 0, 0x11, 0x06, 0, 1, 0, 3, 0x9a, 0x9b};
    struct rtu rtu = slave_at(0x11);

    append_crc(both, 5);
    CHECK(replies(&rtu, both, sizeof both, both + 7, 8));
    struct rtu other = slave_at(0x13);
    CHECK(replies(&other, both, sizeof both, both, 0) && other.crc_errors == 0);
}

static void what_is_too_long_is_dropped_whole(void)
{
    static const uint8_t request[8] = {0x11, 0x06, 0, 1, 0, 3, 0x9a, 0x9b};
    uint8_t noise[RTU_FRAME_BYTES_MAX - 7], reply[RTU_FRAME_BYTES_MAX];
    struct rtu rtu = slave_at(0x11);

    memset(noise, 0x55, sizeof noise);
    rtu_receive(&rtu, noise, sizeof noise, 10);
    rtu_receive(&rtu, request, 8, 11);
    rtu_receive(&rtu, request, 8, 11);
    CHECK(rtu_reply(&rtu, 20, reply) == 0 && device.words[RTU_HOLDING][1] == 0);
    CHECK(replies(&rtu, request, 8, request, 8));
}

/* A writing of 124 registers is no frame; one that only says so is refused. */
static void more_than_a_frame_holds_is_not_written(void)
{
    uint8_t request[RTU_FRAME_BYTES_MAX + 1] = {0x11, 0x10, 0, 0, 0, RTU_WRITE_MAX + 1, 2 * (RTU_WRITE_MAX + 1)};
    uint8_t reply[RTU_FRAME_BYTES_MAX], refused[5] = {0x11, 0x90, 3};
    struct rtu rtu = slave_at(0x11);

    append_crc(refused, 3);
    append_crc(request, sizeof request - 2);
    rtu_receive(&rtu, request, sizeof request, 10);
    CHECK(rtu_reply(&rtu, 20, reply) == 0 && rtu.crc_errors == 0);
    request[6] = 2 * RTU_WRITE_MAX;
    append_crc(request, sizeof request - 4);
    CHECK(replies(&rtu, request, sizeof request - 2, refused, sizeof refused));
    request[5] = RTU_WRITE_MAX;
    append_crc(request, sizeof request - 4);
    uint8_t written[8] = {0x11, 0x10, 0, 0, 0, RTU_WRITE_MAX};
    append_crc(written, 6);
    CHECK(replies(&rtu, request, sizeof request - 2, written, sizeof written));
}

static void silence_follows_the_baud_rate(void)
{
    static const struct {
        uint32_t baud;
        uint8_t silence_ms;
    } cases[] = {{1200, 32}, {9600, 4}, {19200, 2}, {115200, 2}};
    struct rtu_registers registers = {.read = read_words, .write = write_words, .device = &device};
    struct rtu rtu;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rtu_init(&rtu, 1, cases[i].baud, &registers);
        CHECK(rtu.silence_ms == cases[i].silence_ms);
    }
}

/* Anything that may be on a wire: no reply but to a frame that is whole, and afterwards all still works. */
static void random_bytes_do_no_harm(void)
{
    static const uint8_t request[8] = {0x11, 0x06, 0, 1, 0, 3, 0x9a, 0x9b};
    struct rtu rtu = slave_at(0x11);
    uint8_t bytes[300], reply[RTU_FRAME_BYTES_MAX];
    long answered = 0;

    srandom(1);
    for (uint32_t now_ms = 0; now_ms < 200000; now_ms++) {
        size_t count = (size_t)random() % (random() % 16 ? 12 : sizeof bytes);
        for (size_t i = 0; i < count; i++)
            bytes[i] = (uint8_t)random();
        if (count > 7 && random() % 2) { /* else hardly any gets past the checksum */
            bytes[0] = 0x11;
            bytes[1] = (uint8_t)(random() % 18);
            count = bytes[1] == 17 ? 4 : count;
            append_crc(bytes, count - 2);
        }
        rtu_receive(&rtu, bytes, count, now_ms);
        if (random() % 4 == 0)
            now_ms += 5;
        size_t length = rtu_reply(&rtu, now_ms, reply);
        CHECK(length <= RTU_FRAME_BYTES_MAX && (length == 0 || (length >= 5 && reply[0] == 0x11)));
        answered += length != 0;
    }
    CHECK(answered > 1000);
    rtu_reply(&rtu, 300000, reply);
    CHECK(replies(&rtu, request, 8, request, 8));
}

/* Checksums by another program. */
static void a_report_is_given_by_who_has_one(void)
{
    uint8_t request[16], reply[16], whole[RTU_FRAME_BYTES_MAX];
    struct rtu rtu = slave_at(0x11);
    size_t asked = from_hex("11 11 CD EC", request), answered = from_hex("11 11 03 01 FF 2A 6E F2", reply);

    CHECK(replies(&rtu, request, asked, reply, answered));
    rtu.registers.report = NULL;
    answered = from_hex("11 91 01 8D 95", reply);
    CHECK(replies(&rtu, request, asked, reply, answered));
    rtu = slave_at(0x11);
    asked = from_hex("00 11 C1 BC", request); /* to all: nobody answers */
    rtu_receive(&rtu, request, asked, 50);
    CHECK(rtu_reply(&rtu, 60, whole) == 0);
}

int main(void)
{
    TEST(published_frames);
    TEST(rules);
    TEST(a_report_is_given_by_who_has_one);
    TEST(a_wrong_checksum_is_counted_and_nothing_else);
    TEST(a_silence_and_only_a_silence_parts_frames);
    TEST(a_request_behind_another_reply_is_found);
    TEST(what_is_too_long_is_dropped_whole);
    TEST(more_than_a_frame_holds_is_not_written);
    TEST(silence_follows_the_baud_rate);
    TEST(random_bytes_do_no_harm);
    return test_done();
}
