/* What differs from what counts must last; every change of the reading begins the wait anew. */
#include "firmware/core/contact.h"

#include "common/fault.h"

bool contact_open(struct contact *contact, bool reads_open, uint32_t now_ms)
{
    if (reads_open != contact->reads_open || reads_open == contact->open)
        contact->changed_ms = now_ms; /* the count wraps after 49 days: no old change may look like a new one */
    contact->reads_open = reads_open;
    uint32_t lasts_ms = reads_open ? CONTACT_OPEN_MS : CONTACT_CLOSED_MS;
    if (reads_open != contact->open && (now_ms - contact->changed_ms >= lasts_ms || FAULT(contact_bounces)))
        contact->open = reads_open;
    return contact->open;
}
