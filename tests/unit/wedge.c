/* Readers that type, through a FIFO that carries what a keyboard's device would. */
#include "firmware/terminal/wedge.h"

#include <fcntl.h>
#include <linux/input.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tests/test.h"

static char folder[] = "/tmp/narvaro-wedge-XXXXXX";
static char path[64];
static int keyboard;
static struct wedge wedge;
static uint8_t card[CARD_BYTES_MAX];
static size_t bytes;

/* A press and a release of each, as the kernel tells them; `newline` is Enter. */
static void type(const char *text)
{
    static const char KEYS[] = "\0\0"
                               "1234567890";
    static const struct {
        char letter;
        uint16_t code;
    } OTHERS[] = {{'A', 30}, {'B', 48}, {'C', 46}, {'D', 32}, {'E', 18}, {'F', 33}, {',', 51}, {'\n', 28}, {'Z', 44}};
    for (; *text != '\0'; text++) {
        const char *digit = memchr(KEYS + 2, *text, sizeof KEYS - 3);
        uint16_t code = digit != NULL ? (uint16_t)(digit - KEYS) : 0;
        for (size_t i = 0; i < sizeof OTHERS / sizeof OTHERS[0]; i++)
            code = OTHERS[i].letter == *text ? OTHERS[i].code : code;
        const struct input_event events[] = {{.type = EV_KEY, .code = code, .value = 1},
                                             {.type = EV_SYN},
                                             {.type = EV_KEY, .code = code, .value = 0},
                                             {.type = EV_SYN}};
        CHECK(write(keyboard, events, sizeof events) == sizeof events);
    }
}

static bool is(const char *expected, size_t count)
{
    return bytes == count && memcmp(card, expected, count) == 0;
}

static void plug(enum wedge_form form)
{
    wedge_close(&wedge);
    wedge = (struct wedge){.device = path, .form = form, .fd = -1};
    CHECK(wedge_read(&wedge, 1000, card, &bytes) && bytes == 0);
}

static void numbers_come_in_canonical_bytes(void)
{
    static const struct {
        enum wedge_form form;
        const char *line, *card;
        size_t bytes;
    } LINES[] = {
        {WEDGE_HEX, "04A1B2C3D4E5F6", "\x04\xa1\xb2\xc3\xd4\xe5\xf6", 7},
        {WEDGE_HEX, "00BC614E", "\x00\xbc\x61\x4e", 4},
        {WEDGE_HEX, "6200A31B2C", "\x62\x00\xa3\x1b\x2c", 5},
        {WEDGE_HEX, "B7748A", "\x00\xb7\x74\x8a", 4},
        {WEDGE_HEX, "0102030405060708090A", "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a", 10},
        {WEDGE_HEX, "0102030405060708090A0B", "", 0},
        {WEDGE_HEX, "ABC", "", 0},
        {WEDGE_HEX, "1234", "", 0},
        {WEDGE_HEX, "12,45678", "", 0},
        {WEDGE_DECIMAL, "0012345678", "\x00\xbc\x61\x4e", 4},
        {WEDGE_DECIMAL, "12345678", "\x00\xbc\x61\x4e", 4},
        {WEDGE_DECIMAL, "4294967295", "\xff\xff\xff\xff", 4},
        {WEDGE_DECIMAL, "4294967296", "", 0},
        {WEDGE_DECIMAL, "99999999999", "", 0},
        {WEDGE_DECIMAL, "00BC614E", "", 0},
        {WEDGE_DECIMAL, "", "", 0},
        {WEDGE_FACILITY, "123,45678", "\x00\x7b\xb2\x6e", 4},
        {WEDGE_FACILITY, "001,00002", "\x00\x01\x00\x02", 4},
        {WEDGE_FACILITY, "256,1", "", 0},
        {WEDGE_FACILITY, "1,65536", "", 0},
        {WEDGE_FACILITY, "12345678", "", 0},
        {WEDGE_FACILITY, "1,2,3", "", 0},
        {WEDGE_FACILITY, ",", "", 0},
    };
    for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++) {
        bytes = wedge_number(LINES[i].form, LINES[i].line, card);
        CHECK(is(LINES[i].card, LINES[i].bytes));
    }
}

static void what_is_typed_is_a_card_at_enter(void)
{
    plug(WEDGE_DECIMAL);
    type("00123");
    CHECK(wedge_read(&wedge, 2000, card, &bytes) && bytes == 0);
    type("45678\n0000000007\n");
    CHECK(wedge_read(&wedge, 2020, card, &bytes) && is("\x00\xbc\x61\x4e", 4));
    CHECK(wedge_read(&wedge, 2040, card, &bytes) && is("\x00\x00\x00\x07", 4)); /* two in a row are two */
    CHECK(wedge_read(&wedge, 2060, card, &bytes) && bytes == 0);
}

static void half_a_line_is_given_up_and_too_long_a_one_dropped(void)
{
    plug(WEDGE_HEX);
    type("0011");
    CHECK(wedge_read(&wedge, 2000, card, &bytes) && bytes == 0);
    type("00BC614E\n");
    CHECK(wedge_read(&wedge, 2000 + WEDGE_PAUSE_MS, card, &bytes) && is("\x00\xbc\x61\x4e", 4));
    for (int i = 0; i < 2 * WEDGE_CHARS_MAX; i++)
        type("1");
    CHECK(wedge_read(&wedge, 4000, card, &bytes) && bytes == 0);
    type("\n00BC614F\n");
    CHECK(wedge_read(&wedge, 4020, card, &bytes) && is("\x00\xbc\x61\x4f", 4));
    type("Z00BC6150\n\n"); /* a key that is no digit */
    CHECK(wedge_read(&wedge, 4040, card, &bytes) && is("\x00\xbc\x61\x50", 4));
}

static void a_device_that_goes_is_told_and_found_again(void)
{
    plug(WEDGE_HEX);
    type("0011");
    CHECK(wedge_read(&wedge, 2000, card, &bytes));
    close(keyboard);
    CHECK(!wedge_read(&wedge, 2020, card, &bytes));
    keyboard = open(path, O_RDWR | O_CLOEXEC);
    CHECK(wedge_read(&wedge, 2040, card, &bytes));
    type("00BC614E\n");
    CHECK(wedge_read(&wedge, 2060, card, &bytes) && is("\x00\xbc\x61\x4e", 4));
    struct wedge none = {.device = "/nowhere/keyboard", .fd = -1}, wrong = {.device = "/dev/null", .fd = -1};
    CHECK(!wedge_read(&none, 0, card, &bytes) && !wedge_read(&wrong, 0, card, &bytes)); /* cannot be held */
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/keys", folder);
    if (mkfifo(path, 0600) != 0 || (keyboard = open(path, O_RDWR | O_CLOEXEC)) < 0)
        return 1;
    wedge.fd = -1;
    TEST(numbers_come_in_canonical_bytes);
    TEST(what_is_typed_is_a_card_at_enter);
    TEST(half_a_line_is_given_up_and_too_long_a_one_dropped);
    TEST(a_device_that_goes_is_told_and_found_again);
    wedge_close(&wedge);
    close(keyboard);
    unlink(path);
    rmdir(folder);
    return test_done();
}
