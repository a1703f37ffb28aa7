/* The contact behind the lid, without its bouncing. It counts as open when it has read open for CONTACT_OPEN_MS without a
 * break, and as closed when it has read closed for CONTACT_CLOSED_MS: a loose one that keeps bouncing is one opening, or
 * none. Pure; time is a free-running millisecond count that may wrap. */
#ifndef FIRMWARE_CORE_CONTACT_H
#define FIRMWARE_CORE_CONTACT_H

#include <stdbool.h>
#include <stdint.h>

#define CONTACT_OPEN_MS   50 /* micro switches bounce for less than 10 ms (general knowledge) */
#define CONTACT_CLOSED_MS 1000

/* Begins as zeros: closed. */
struct contact {
    bool open, reads_open;
    uint32_t changed_ms; /* when it last read otherwise than before */
};

/* Takes what the contact reads now; call it at least every CONTACT_OPEN_MS / 2. Returns whether it counts as open. */
bool contact_open(struct contact *contact, bool reads_open, uint32_t now_ms);

#endif
