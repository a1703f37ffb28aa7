/* Any bytes on the wire of a reader head, in any pieces and with any pauses. The input is a list of steps: what to do, how
 * many bytes or milliseconds, the bytes. Half the frames get a true checksum, or none would come far. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "firmware/core/crc16.h"
#include "firmware/core/head.h"

#define ADDRESS 7

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void hear(struct head *head, const uint8_t *bytes, size_t count, bool true_checksum, uint32_t now_ms)
{
    uint8_t frame[64 + 2];

    memcpy(frame, bytes, count);
    if (true_checksum) {
        uint16_t crc = crc16_of(frame, count);
        frame[count++] = (uint8_t)crc;
        frame[count++] = (uint8_t)(crc >> 8);
    }
    rtu_receive(&head->rtu, frame, count, now_ms);
}

static void check(struct head *head, uint32_t now_ms)
{
    uint8_t reply[RTU_FRAME_BYTES_MAX];
    size_t length = rtu_reply(&head->rtu, now_ms, reply);

    require(length == 0 || (length >= 5 && length <= sizeof reply && reply[0] == ADDRESS));
    require(length == 0 || crc16_of(reply, length) == 0); /* a frame with its own checksum sums to nothing */
    head_step(head, now_ms);
    require(head->tap_count <= HEAD_TAPS_MAX && head->first_tap < HEAD_TAPS_MAX);
    require(head_pattern(head, now_ms) < PATTERNS);
    head_output(head, now_ms);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    static const uint8_t card[CARD_BYTES_MAX] = {1, 2, 3};
    struct head head;
    uint32_t now_ms = UINT32_MAX - 3000;

    head_init(&head, ADDRESS, 19200, 1, 0xfff0, now_ms);
    for (size_t at = 0; at + 2 <= length;) {
        uint8_t what = input[at], size = input[at + 1] % 64;
        at += 2;
        size_t count = length - at < size ? length - at : size;
        switch (what % 4) {
        case 0:
        case 1:
            hear(&head, input + at, count, what % 4, now_ms);
            at += count;
            break;
        case 2:
            now_ms += (uint32_t)size * (what & 128 ? 1000 : 1);
            break;
        case 3:
            head_tap(&head, card, CARD_BYTES_MIN + size % (CARD_BYTES_MAX - CARD_BYTES_MIN + 1), now_ms);
            break;
        }
        check(&head, now_ms);
    }
    return 0;
}
