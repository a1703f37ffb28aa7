/* A bounded queue from one thread to one other, with an eventfd that wakes the other's poll loop. The slots are the
 * owner's array; this counts them. The sender looks at ring_free before it puts. No locks: each index is moved by
 * one side only. */
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
/* The receiver: true and the slot when there is one; ring_take frees it. */
bool ring_next_take(const struct ring *ring, unsigned *slot);
void ring_take(struct ring *ring);
void ring_reset_wake(struct ring *ring); /* before taking everything: what is put after this wakes again */
void ring_wake(struct ring *ring);       /* without anything to take */

#endif
