/* The driver of a PN532 card module on a serial line ("HSU"): commands go out, the cards in its field come in.
 *
 * It wakes the module, configures it, and asks for ISO 14443-A cards for ever; a module that falls silent is woken
 * again, and started anew by its reset line when that does not help. A card is reported once when it comes into the field,
 * and again only after PN532_GONE_MS without it; of two that lie there together each is reported once. Any bytes are safe. Pure: time is a free-running millisecond count that may
 * wrap. Source: NXP UM0701-02, "PN532 User Manual", 6.2.1 (frames), 7.2.10, 7.3.1 and 7.3.5 (the three commands). */
#ifndef FIRMWARE_CORE_PN532_H
#define FIRMWARE_CORE_PN532_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/token.h"

#define PN532_BAUD              115200
#define PN532_COMMAND_BYTES_MAX 32
#define PN532_ANSWER_BYTES_MAX  64 /* longer ones are dropped; a card's answer is at most 40 */
#define PN532_SEARCH_EVERY_MS   20
#define PN532_ANSWER_MS         300  /* without an answer for so long: begin again with PN532_WAKE */
#define PN532_FAULT_MS          1500 /* without any answer for so long: the module does not work */
#define PN532_GONE_MS           250
#define PN532_CARDS             2    /* that are remembered as lying there */
#define PN532_RESET_EVERY_MS    3000 /* while it does not work */
#define PN532_RESET_MS          20 /* RSTPD_N low, and as long until it is spoken to; general knowledge: 1 ms is enough */

enum pn532_step { PN532_WAKE, PN532_RETRIES, PN532_SEARCH };

struct pn532 {
    enum pn532_step step;
    bool asked; /* a command waits for its answer */
    bool faulty;
    uint32_t asked_ms, heard_ms;
    uint8_t answer[PN532_ANSWER_BYTES_MAX]; /* from the length byte on, as far as it has come */
    size_t length;
    uint8_t before;                           /* the byte before the start code's last one */
    bool within;                              /* a frame has begun */
    uint8_t card[CARD_BYTES_MAX], card_bytes; /* that was reported last */
    struct pn532_card {
        uint8_t number[CARD_BYTES_MAX], bytes; /* 0 = none */
        uint32_t seen_ms;
    } lying[PN532_CARDS];
    bool starting; /* by its reset line */
    uint32_t reset_ms;
};

void pn532_init(struct pn532 *module, uint32_t now_ms);
/* True: the card in `card` has come into the field. */
bool pn532_receive(struct pn532 *module, uint8_t byte, uint32_t now_ms);
/* Must be called at least every PN532_SEARCH_EVERY_MS. Returns the length of the command to send now; 0 = none. */
size_t pn532_command(struct pn532 *module, uint32_t now_ms, uint8_t command[PN532_COMMAND_BYTES_MAX]);

/* Whether the module's reset line is to be low now. */
bool pn532_held(const struct pn532 *module, uint32_t now_ms);

#endif
