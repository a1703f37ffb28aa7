/* The 32 bytes that everything in the journal is made of: 28 of content, little-endian, and a CRC-32.
 *
 * The checksum begins with the generation and with what only this slot can be (`place`: the sequence of an event, the
 * magic of a header or a receipt), so that what an earlier lap of the ring has left never passes for a record. Pure. */
#ifndef FIRMWARE_CORE_JOURNAL_SLOT_H
#define FIRMWARE_CORE_JOURNAL_SLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/event.h"

#define JOURNAL_SLOT_BYTES 32

#define JOURNAL_RECEIPT_MAGIC 0x4352564e /* "NVRC" */
#define JOURNAL_EVENT_MAGIC   0x5645564e /* "NVEV" */

/* A tap a millisecond for 8,900 years: whatever claims more is not ours. */
#define JOURNAL_SEQUENCE_MAX (UINT64_C(1) << 48)

struct journal_slot {
    uint8_t bytes[JOURNAL_SLOT_BYTES];
};

/* `first`: the sequence of the sector's first slot, or the receipt that it begins with. */
struct journal_slot journal_slot_header(uint32_t magic, uint64_t generation, uint64_t first);
/* Accepts any generation when `*generation` is 0, and tells it. False when it is no such header. */
bool journal_slot_read_header(const struct journal_slot *slot, uint32_t magic, uint64_t *generation, uint64_t *first);

/* With what was forgotten, what only the forgotten ones knew. */
struct journal_receipt {
    uint64_t upto, forgotten; /* 0 = nothing */
    uint32_t last_boot;
    int64_t last_utc_ms;
};

struct journal_slot journal_slot_receipt(uint64_t generation, const struct journal_receipt *receipt);
bool journal_slot_read_receipt(const struct journal_slot *slot, uint64_t generation, struct journal_receipt *out);

/* Kept are kind, clock, feedback, reader, boot, mono_ms, at_ms (both 0 … 2^48 - 1) and from_ms or token: no kind has
 * both. */
struct journal_slot journal_slot_event(uint64_t generation, uint64_t sequence, const struct event *event);
/* The other fields are left 0, age_ms -1. */
bool journal_slot_read_event(const struct journal_slot *slot, uint64_t generation, uint64_t sequence,
                             struct event *out);

bool journal_slot_blank(const struct journal_slot *slot);
/* Fills in the checksum. */
void journal_slot_seal(struct journal_slot *slot, uint64_t generation, uint64_t place);

#endif
