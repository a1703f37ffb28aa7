#include "firmware/core/pn532.h"

#include <string.h>
#include "tests/test.h"

static struct pn532 module;
static uint32_t now_ms;
static uint8_t command[PN532_COMMAND_BYTES_MAX];

static const uint8_t ACKNOWLEDGED[] = {0, 0, 0xff, 0, 0xff, 0};
/* The frames of the user manual, byte by byte. */
static const uint8_t SAM_DONE[] = {0, 0, 0xff, 2, 0xfe, 0xd5, 0x15, 0x16, 0};
static const uint8_t RF_DONE[] = {0, 0, 0xff, 2, 0xfe, 0xd5, 0x33, 0xf8, 0};
static const uint8_t NO_CARD[] = {0, 0, 0xff, 3, 0xfd, 0xd5, 0x4b, 0, 0xe0, 0};

static bool hear(const uint8_t *bytes, size_t count)
{
    bool card = false;
    for (size_t i = 0; i < count; i++)
        card |= pn532_receive(&module, bytes[i], now_ms);
    return card;
}

static size_t ask(void)
{
    for (unsigned i = 0; i < 2 * PN532_ANSWER_MS; i++, now_ms++) {
        size_t length = pn532_command(&module, now_ms, command);
        if (length > 0)
            return length;
    }
    return 0;
}

/* What the module says of a card; `spoilt` is added to the checksum. */
static bool show(const char *card, uint8_t bytes, uint8_t spoilt)
{
    uint8_t answer[64] = {0,    0,    0xff, (uint8_t)(8 + bytes), (uint8_t) - (8 + bytes), 0xd5, 0x4b, 1, 1, 0x00,
                          0x04, 0x08, bytes};
    uint8_t total = 0;
    memcpy(answer + 13, card, bytes);
    for (size_t i = 5; i < 13u + bytes; i++)
        total = (uint8_t)(total + answer[i]);
    answer[13 + bytes] = (uint8_t)(spoilt - total);
    ask();
    hear(ACKNOWLEDGED, sizeof ACKNOWLEDGED);
    return hear(answer, 15u + bytes);
}

static void set_up(void)
{
    now_ms = UINT32_MAX - 1000;
    pn532_init(&module, now_ms);
    ask();
    hear(SAM_DONE, sizeof SAM_DONE);
    ask();
    hear(RF_DONE, sizeof RF_DONE);
    CHECK(module.step == PN532_SEARCH);
}

static void it_is_woken_set_up_and_asked(void)
{
    static const uint8_t sam[] = {0, 0, 0xff, 5, 0xfb, 0xd4, 0x14, 1, 0x14, 1, 0x02, 0};
    static const uint8_t retries[] = {0, 0, 0xff, 6, 0xfa, 0xd4, 0x32, 5, 0xff, 1, 1, 0xf4, 0};
    static const uint8_t search[] = {0, 0, 0xff, 4, 0xfc, 0xd4, 0x4a, 1, 0, 0xe1, 0};
    now_ms = 0;
    pn532_init(&module, now_ms);
    CHECK(ask() == 16 + sizeof sam && command[0] == 0x55 && memcmp(command + 16, sam, sizeof sam) == 0);
    CHECK(now_ms == 0);
    CHECK(pn532_command(&module, now_ms, command) == 0); /* it waits for the answer */
    hear(ACKNOWLEDGED, sizeof ACKNOWLEDGED);
    hear(SAM_DONE, sizeof SAM_DONE);
    CHECK(ask() == sizeof retries && memcmp(command, retries, sizeof retries) == 0);
    hear(RF_DONE, sizeof RF_DONE);
    CHECK(ask() == sizeof search && memcmp(command, search, sizeof search) == 0);
    hear(NO_CARD, sizeof NO_CARD);
    uint32_t before_ms = now_ms;
    CHECK(ask() == sizeof search && now_ms - before_ms == PN532_SEARCH_EVERY_MS);
}

static void cards_of_every_length_keep_their_zeros(void)
{
    set_up();
    CHECK(show("\x00\x00\xab\xcd", 4, 0) && module.card_bytes == 4 && memcmp(module.card, "\x00\x00\xab\xcd", 4) == 0);
    CHECK(show("\x00\x04\x05\x06\x07\x08\x00", 7, 0) && module.card_bytes == 7 &&
          memcmp(module.card, "\x00\x04\x05\x06\x07\x08\x00", 7) == 0);
    CHECK(show("\x00\x02\x03\x04\x05\x06\x07\x08\x09\x00", 10, 0) && module.card_bytes == 10);
    CHECK(!show("\x01\x02\x03\x04\x05", 5, 0)); /* ISO 14443-A has no such length */
}

static void a_card_that_stays_is_told_once(void)
{
    set_up();
    CHECK(show("abcd", 4, 0));
    for (int i = 0; i < 50; i++)
        CHECK(!show("abcd", 4, 0));
    CHECK(show("efgh", 4, 0));   /* another one, at once */
    for (int i = 0; i < 50; i++) /* in one wallet, told by turns */
        CHECK(!show(i % 2 ? "efgh" : "abcd", 4, 0));
    CHECK(memcmp(module.card, "efgh", 4) == 0); /* as reported last */
    for (uint32_t until_ms = now_ms + PN532_GONE_MS; (int32_t)(until_ms - now_ms) > 0;) {
        ask();
        hear(NO_CARD, sizeof NO_CARD);
    }
    CHECK(show("abcd", 4, 0));
}

static void a_spoilt_answer_is_no_card_and_is_asked_for_again(void)
{
    set_up();
    CHECK(!show("abcd", 4, 1));
    CHECK(!module.faulty);
    CHECK(ask() > 16 && module.step == PN532_WAKE);
}

static void silence_is_a_fault_until_it_answers(void)
{
    set_up();
    for (uint32_t i = 0; i < PN532_FAULT_MS; i++)
        pn532_command(&module, now_ms++, command);
    CHECK(!module.faulty);
    for (uint32_t i = 0; i < PN532_ANSWER_MS; i++)
        pn532_command(&module, now_ms++, command);
    CHECK(module.faulty);
    hear(SAM_DONE, sizeof SAM_DONE);
    CHECK(!module.faulty && module.step == PN532_RETRIES);
}

/* The reset line goes low for a moment, again and again, and the module is spoken to in between. */
static void a_module_that_hangs_is_reset(void)
{
    uint32_t lows = 0, held_ms = 0, asked = 0;
    set_up();
    for (uint32_t ms = 0; ms < PN532_FAULT_MS; ms++) {
        pn532_command(&module, now_ms, command);
        CHECK(!pn532_held(&module, now_ms++));
    }
    for (uint32_t ms = 0; ms < 4 * PN532_RESET_EVERY_MS; ms++) {
        bool before = lows > 0 && pn532_held(&module, now_ms - 1);
        size_t sent = pn532_command(&module, now_ms, command);
        bool held = pn532_held(&module, now_ms++);
        CHECK(!held || sent == 0);
        lows += held && !before;
        held_ms += held;
        asked += sent > 0;
    }
    CHECK(module.faulty && lows == 4 && held_ms == lows * PN532_RESET_MS && asked > 20);
    while (pn532_command(&module, now_ms, command) == 0)
        now_ms++;
    hear(ACKNOWLEDGED, sizeof ACKNOWLEDGED);
    hear(SAM_DONE, sizeof SAM_DONE);
    for (uint32_t ms = 0; ms < PN532_FAULT_MS; ms++) {
        if (pn532_command(&module, now_ms, command) > 0)
            hear(module.step == PN532_RETRIES ? RF_DONE : NO_CARD,
                 module.step == PN532_RETRIES ? sizeof RF_DONE : sizeof NO_CARD);
        CHECK(!module.faulty && !pn532_held(&module, now_ms++));
    }
    CHECK(show("abcd", 4, 0));
}

static void an_answer_to_nothing_is_dropped(void)
{
    set_up();
    uint8_t late[] = {0, 0, 0xff, 12, 0xf4, 0xd5, 0x4b, 1, 1, 0, 4, 8, 4, 1, 2, 3, 4, 0xc4, 0};
    CHECK(!hear(late, sizeof late)); /* true checksum, but nobody asked */
    ask();
    CHECK(hear(late, sizeof late));
}

/* What follows it is heard again from its first byte on. */
static void too_long_an_answer_is_dropped(void)
{
    set_up();
    ask();
    CHECK(
        !hear((const uint8_t[]){0, 0, 0xff, PN532_ANSWER_BYTES_MAX - 2, (uint8_t) - (PN532_ANSWER_BYTES_MAX - 2)}, 5));
    CHECK(!module.within);
    CHECK(
        !hear((const uint8_t[]){0, 0, 0xff, PN532_ANSWER_BYTES_MAX - 3, (uint8_t) - (PN532_ANSWER_BYTES_MAX - 3)}, 5));
    CHECK(module.within);
}

int main(void)
{
    TEST(it_is_woken_set_up_and_asked);
    TEST(cards_of_every_length_keep_their_zeros);
    TEST(a_card_that_stays_is_told_once);
    TEST(a_spoilt_answer_is_no_card_and_is_asked_for_again);
    TEST(silence_is_a_fault_until_it_answers);
    TEST(a_module_that_hangs_is_reset);
    TEST(an_answer_to_nothing_is_dropped);
    TEST(too_long_an_answer_is_dropped);
    return test_done();
}
