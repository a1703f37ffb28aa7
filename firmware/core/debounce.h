/* Which taps are the same tap again: the same card at the same reader within debounce_ms, or anywhere on this terminal
 * within repeat_ms. Two different cards within any time are two taps. Times are civil, of the tap itself.
 *
 * Remembers the latest DEBOUNCE_CARDS taps. A card that so many others have displaced counts as new, which costs one
 * more event and nothing else. */
#ifndef FIRMWARE_CORE_DEBOUNCE_H
#define FIRMWARE_CORE_DEBOUNCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEBOUNCE_CARDS 64

struct debounce_tap {
    uint64_t token; /* 0 = empty */
    int64_t at_ms;
    uint8_t reader;
};

struct debounce {
    struct debounce_tap taps[DEBOUNCE_CARDS];
    size_t next; /* the one to overwrite: the oldest */
};

/* Changes nothing. Times are compared by distance, not by order, so that a clock that was set back does not suppress
 * taps. */
bool debounce_again(const struct debounce *debounce, uint64_t token, uint8_t reader, int64_t at_ms,
                    uint32_t debounce_ms, uint32_t repeat_ms);
/* Remembers a tap that was recorded. */
void debounce_remember(struct debounce *debounce, uint64_t token, uint8_t reader, int64_t at_ms);

#endif
