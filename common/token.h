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

/* NULL, or why no card may be given out by this number: there are readers that report it for a phone or a card with a random
 * number (ISO/IEC 14443-3: 4 bytes that begin with 08), for a part of a longer number (88, the cascade tag), or for nothing
 * at all. */
const char *token_unfit(const uint8_t *card, size_t card_bytes);

uint64_t token_of_card(const uint8_t key[TOKEN_KEY_BYTES], const uint8_t *card, size_t card_bytes);

#endif
