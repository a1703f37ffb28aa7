/* SipHash-2-4 with the names of the paper, and its constants: the ASCII text "somepseudorandomlygeneratedbytes". */
#include "common/token.h"

#include <stdbool.h>

struct state {
    uint64_t v0, v1, v2, v3;
};

static uint64_t rotate(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static void round_once(struct state *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

static void absorb(struct state *s, uint64_t word)
{
    s->v3 ^= word;
    round_once(s);
    round_once(s);
    s->v0 ^= word;
}

static uint64_t little_endian(const uint8_t *bytes, size_t count)
{
    uint64_t word = 0;

    for (size_t i = 0; i < count; i++)
        word |= (uint64_t)bytes[i] << 8 * i;
    return word;
}

uint64_t token_of_card(const uint8_t key[TOKEN_KEY_BYTES], const uint8_t *card, size_t card_bytes)
{
    uint64_t k0 = little_endian(key, 8), k1 = little_endian(key + 8, 8);
    struct state s = {k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261,
                      k1 ^ 0x7465646279746573};
    size_t whole = card_bytes / 8 * 8;

    for (size_t i = 0; i < whole; i += 8)
        absorb(&s, little_endian(card + i, 8));
    absorb(&s, (uint64_t)card_bytes << 56 | little_endian(card + whole, card_bytes - whole));
    s.v2 ^= 0xff;
    for (int i = 0; i < 4; i++)
        round_once(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

static bool all(const uint8_t *card, size_t card_bytes, uint8_t value)
{
    for (size_t i = 0; i < card_bytes; i++)
        if (card[i] != value)
            return false;
    return true;
}

const char *token_unfit(const uint8_t *card, size_t card_bytes)
{
    if (all(card, card_bytes, 0x00))
        return "a number of zeros alone is no card's";
    if (all(card, card_bytes, 0xFF))
        return "a number of ones alone is no card's";
    if (card_bytes == 4 && card[0] == 0x08)
        return "4 bytes that begin with 08 are another number each time: a phone, or a card that cannot be used";
    if (card_bytes == 4 && card[0] == 0x88)
        return "4 bytes that begin with 88 are a part of a longer number: read the card anew";
    return NULL;
}
