/* A reader head: queues taps until the master has answered them, and drives lamp and buzzer.
 *
 * It never confirms anything by itself: a card gets a neutral blink at once, a confirmation only from the master,
 * "please tap again" when none came in time, and "out of service" while there is no master. Registers: registers.h.
 * Pure: no I/O, no heap; time is a free-running millisecond count that may wrap. The port passes in cards, bytes and
 * time, and shows head_output. */
#ifndef FIRMWARE_CORE_HEAD_H
#define FIRMWARE_CORE_HEAD_H

#include "firmware/core/pattern.h"
#include "firmware/core/rtu.h"
#include "common/token.h"

#define HEAD_TAPS_MAX       8
#define HEAD_RETRY_MS       500  /* without an answer for so long: PATTERN_RETRY */
#define HEAD_SILENCE_MS     2000 /* without a request from the master for so long: PATTERN_OUT_OF_SERVICE */
#define HEAD_SHOW_WITHIN_MS 5000 /* an answer to an older tap is not shown: another pupil stands there by now */
#define HEAD_AGE_MS_MAX     65535

struct head_tap {
    uint8_t card[CARD_BYTES_MAX];
    uint8_t card_bytes;
    bool overdue; /* "please tap again" has been shown */
    uint16_t sequence;
    uint32_t tapped_ms;
};

struct head {
    struct rtu rtu;
    uint16_t firmware_version, boot_nonce;
    struct head_tap taps[HEAD_TAPS_MAX]; /* a ring */
    uint8_t first_tap, tap_count;
    uint16_t next_sequence;
    uint16_t lost_taps;
    bool overflow, tamper, rfid_fault;
    bool in_service;
    uint32_t served_ms; /* the master's latest request */
    uint16_t holding[HOLDING_REGISTERS];
    enum pattern shown;
    uint32_t shown_ms;
};

/* `boot_nonce`: not 0, another one at every start. */
void head_init(struct head *head, uint8_t address, uint32_t baud, uint16_t firmware_version, uint16_t boot_nonce,
               uint32_t now_ms);
/* A card of 4 to 10 bytes was held to the head. False: dropped, because HEAD_TAPS_MAX wait. */
bool head_tap(struct head *head, const uint8_t *card, size_t card_bytes, uint32_t now_ms);
/* Must be called at least every HEAD_RETRY_MS / 10. Returns a tap that has become overdue, each one once, or NULL;
 * valid until the next call of any function here. */
const struct head_tap *head_step(struct head *head, uint32_t now_ms);
/* The oldest tap without an answer, or NULL; valid as long as above. */
const struct head_tap *head_waiting(const struct head *head);
/* What is shown now. */
enum pattern head_pattern(const struct head *head, uint32_t now_ms);
struct pattern_output head_output(const struct head *head, uint32_t now_ms);

#endif
