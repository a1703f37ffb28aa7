/* Two counters that only rise, one moved by each side. Atomics order the slot's content: it is written before `put`
 * rises, and read before `taken` does. */
#include "firmware/terminal/ring.h"

#include <assert.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

bool ring_open(struct ring *ring, unsigned slots)
{
    assert(slots && (slots & (slots - 1)) == 0);
    ring->slots = slots;
    atomic_init(&ring->put, 0);
    atomic_init(&ring->taken, 0);
    ring->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return ring->wake_fd >= 0;
}

unsigned ring_free(const struct ring *ring)
{
    return ring->slots - (atomic_load(&ring->put) - atomic_load(&ring->taken));
}

unsigned ring_next_put(const struct ring *ring)
{
    assert(ring_free(ring) > 0);
    return atomic_load(&ring->put) % ring->slots;
}

void ring_wake(struct ring *ring)
{
    uint64_t one = 1;
    ssize_t written = write(ring->wake_fd, &one, sizeof one);
    (void)written; /* fails only when the counter is at its maximum, and then the other side wakes anyway */
}

void ring_put(struct ring *ring)
{
    atomic_fetch_add(&ring->put, 1);
    ring_wake(ring);
}

bool ring_next_take(const struct ring *ring, unsigned *slot)
{
    unsigned taken = atomic_load(&ring->taken);
    *slot = taken % ring->slots;
    return taken != atomic_load(&ring->put);
}

void ring_take(struct ring *ring)
{
    atomic_fetch_add(&ring->taken, 1);
}

void ring_reset_wake(struct ring *ring)
{
    uint64_t count;
    ssize_t got = read(ring->wake_fd, &count, sizeof count);
    (void)got; /* fails only when there was no wake to reset */
}
