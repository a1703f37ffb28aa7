/* A bounded queue from one thread to one other, and the bell that wakes the other's poll loop. Slots are the owner's array;
 * this counts them. Full is the sender's to handle: ring_free says so before. No locks: one side moves each index. */
#ifndef FIRMWARE_TERMINAL_RING_H
#define FIRMWARE_TERMINAL_RING_H

#include <stdatomic.h>
#include <stdbool.h>

struct ring {
    unsigned slots;
    atomic_uint put, taken; /* counted for ever; the slot is the count modulo slots (a power of two) */
    int wake_fd;            /* eventfd, readable when something was put */
};

bool ring_open(struct ring *ring, unsigned slots); /* false with errno set */
unsigned ring_free(const struct ring *ring);
/* The sender: fill slot ring_next_put (only when one is free), then ring_put. */
unsigned ring_next_put(const struct ring *ring);
void ring_put(struct ring *ring);
/* The receiver: true and the slot when there is one; ring_take gives it back. */
bool ring_next_take(const struct ring *ring, unsigned *slot);
void ring_take(struct ring *ring);
void ring_reset_wake(struct ring *ring); /* silences the bell; then take everything */
void ring_wake(struct ring *ring);       /* rings it without anything to take */

#endif
