#include "common/token.h"

#include <sodium.h>
#include <string.h>
#include "tests/test.h"

/* From the paper's appendix A and its reference code: key 00 01 … 0f, input 00 01 … of each length. */
static void published_vectors(void)
{
    static const struct {
        size_t length;
        uint64_t hash;
    } cases[] = {
        {0, 0x726fdb47dd0e0e31}, {1, 0x74f839c593dc67fd}, {2, 0x0d6c8009d9a94f5a}, {3, 0x85676696d7fb7e2d},
        {4, 0xcf2794e0277187b7}, {7, 0xab0200f58b01d137}, {8, 0x93f5f5799a932462}, {15, 0xa129ca6149be45e5},
    };
    uint8_t bytes[16];

    for (uint8_t i = 0; i < sizeof bytes; i++)
        bytes[i] = i;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK(token_of_card(bytes, bytes, cases[i].length) == cases[i].hash);
}

static void agrees_with_libsodium(void)
{
    uint8_t key[TOKEN_KEY_BYTES], card[32], theirs[crypto_shorthash_BYTES];

    CHECK(crypto_shorthash_KEYBYTES == TOKEN_KEY_BYTES);
    for (int round = 0; round < 20000; round++) {
        size_t length = (size_t)round % sizeof card;
        randombytes_buf(key, sizeof key);
        randombytes_buf(card, sizeof card);
        crypto_shorthash(theirs, card, length, key);
        uint64_t ours = token_of_card(key, card, length), expected = 0;
        for (int i = 7; i >= 0; i--)
            expected = expected << 8 | theirs[i];
        CHECK(ours == expected);
    }
}

static void leading_zeros_are_part_of_the_number(void)
{
    static const uint8_t key[TOKEN_KEY_BYTES], four[] = {0, 0, 0x12, 0x34}, seven[] = {0, 0, 0, 0, 0, 0x12, 0x34};

    CHECK(token_of_card(key, four, 4) != token_of_card(key, seven, 7));
    CHECK(token_of_card(key, four, 4) != token_of_card(key, four + 2, 2));
}

/* The bounds are those of ISO/IEC 14443-3; of 7 and 10 bytes, and of others than ISO cards, every number is somebody's. */
static void numbers_that_are_nobodys_card(void)
{
    static const struct {
        const char *card;
        size_t length;
        bool unfit;
    } cases[] = {
        {"\x08\x00\x00\x01", 4, true},
        {"\x08\xff\xff\xff", 4, true},
        {"\x07\xff\xff\xff", 4, false},
        {"\x09\x00\x00\x00", 4, false},
        {"\x00\x08\x00\x00", 4, false},
        {"\x18\x00\x00\x00", 4, false},
        {"\x88\x04\xa1\xb2", 4, true},
        {"\x87\x04\xa1\xb2", 4, false},
        {"\x89\x04\xa1\xb2", 4, false},
        {"\x04\x88\x04\xa1", 4, false},
        {"\x08\x04\xa1\xb2\xc3", 5, false},
        {"\x88\x04\xa1\xb2\xc3", 5, false},
        {"\x08\x04\xa1\xb2\xc3\xd4\xe5", 7, false}, /* 08 is a maker here */
        {"\x00\x00\x00\x00", 4, true},
        {"\x00\x00\x00\x01", 4, false},
        {"\x00\x00\x00\x00\x00\x00\x00", 7, true},
        {"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 10, true},
        {"\xff\xff\xff\xff", 4, true},
        {"\xff\xff\xff\xfe", 4, false},
        {"\xff\xff\xff\xff\xff\xff\xff", 7, true},
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 10, true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK((token_unfit((const uint8_t *)cases[i].card, cases[i].length) != NULL) == cases[i].unfit);
}

int main(void)
{
    TEST(published_vectors);
    TEST(agrees_with_libsodium);
    TEST(leading_zeros_are_part_of_the_number);
    TEST(numbers_that_are_nobodys_card);
    return test_done();
}
