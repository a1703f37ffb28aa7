/* Any bytes from a card module, with any pauses between them: 0xfe is a pause, whatever follows it is its length. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include "firmware/core/pn532.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

static void require(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    struct pn532 module;
    uint8_t command[PN532_COMMAND_BYTES_MAX];
    uint32_t now_ms = UINT32_MAX - 3000;

    pn532_init(&module, now_ms);
    for (size_t i = 0; i < length; i++) {
        if (input[i] == 0xfe && i + 1 < length)
            now_ms += input[++i] * 10u;
        else if (pn532_receive(&module, input[i], now_ms))
            require(module.card_bytes == 4 || module.card_bytes == 7 || module.card_bytes == 10);
        require(module.length <= PN532_ANSWER_BYTES_MAX);
        require(pn532_command(&module, now_ms, command) <= sizeof command);
    }
    return 0;
}
