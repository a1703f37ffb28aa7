/* A card's token: SipHash-2-4 of its number's bytes under the school's key (docs/wire.md). The only form in which a
 * card leaves the terminal. A pseudonym, not a secret: whoever holds the key can try all four-byte numbers.
 *
 * Pure. The number is canonical when it comes here: bytes in the order in which its hex digits are printed, leading
 * zeros kept, 4 to 10 bytes. The token is SipHash's 64-bit value; on the wire 16 lower-case hex digits. Source:
 * Aumasson and Bernstein, "SipHash: a fast short-input PRF". */
#ifndef FIRMWARE_CORE_TOKEN_H
#define FIRMWARE_CORE_TOKEN_H

#include <stddef.h>
#include <stdint.h>

#define TOKEN_KEY_BYTES 16
#define CARD_BYTES_MIN  4
#define CARD_BYTES_MAX  10

/* NULL, or why this number is nobody's card: static text. The one place that decides it, for a card at a reader as for a
 * row of cards.csv. Source: ISO/IEC 14443-3, "UID contents and cascade levels": a number of 4 bytes that begins with 08 is
 * made anew each time (phones, and cards that hide), 88 is the cascade tag and never begins one, so that whoever reports 4 bytes
 * with it has read a part of a longer number, which other cards share. Zeros or ones alone are what a reader reports that
 * has read nothing. */
const char *token_unfit(const uint8_t *card, size_t card_bytes);

uint64_t token_of_card(const uint8_t key[TOKEN_KEY_BYTES], const uint8_t *card, size_t card_bytes);

#endif
