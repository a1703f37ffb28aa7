/* The 32 bytes that everything in the journal is made of: 28 of content, little-endian, and a CRC-32.
 *
 * The checksum is seeded with the generation and with the slot's identity (`place`: the sequence of an event, the
 * magic of a header or a receipt), so that the remains of an earlier lap of the ring never pass for a record. Pure. */
#ifndef FIRMWARE_CORE_JOURNAL_SLOT_H
#define FIRMWARE_CORE_JOURNAL_SLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/event.h"

#define JOURNAL_SLOT_BYTES 32

#define JOURNAL_RECEIPT_MAGIC 0x4352564e /* "NVRC" */
#define JOURNAL_EVENT_MAGIC   0x5645564e /* "NVEV" */

/* A tap a millisecond for 8,900 years: a higher sequence cannot be genuine. */
#define JOURNAL_SEQUENCE_MAX (UINT64_C(1) << 48)

struct journal_slot {
    uint8_t bytes[JOURNAL_SLOT_BYTES];
};

/* `first`: of an event sector, the lowest sequence that it may hold; of a receipt sector, the receipt that it begins
 * with. */
struct journal_slot journal_slot_header(uint32_t magic, uint64_t generation, uint64_t first);
/* When `*generation` is 0 any generation is accepted and stored there. False when the slot is no such header. */
bool journal_slot_read_header(const struct journal_slot *slot, uint32_t magic, uint64_t *generation, uint64_t *first);

/* A receipt, or the note of an erasure, which also keeps what only the erased records held. */
struct journal_receipt {
    uint64_t upto, forgotten; /* receipts, and erasures, cover every sequence up to here; 0 = none */
    uint32_t last_boot;
    int64_t last_utc_ms;
};

struct journal_slot journal_slot_receipt(uint64_t generation, const struct journal_receipt *receipt);
bool journal_slot_read_receipt(const struct journal_slot *slot, uint64_t generation, struct journal_receipt *out);

/* Stores kind, clock, feedback, reader, boot, mono_ms, at_ms (both 0 … 2^48 - 1) and from_ms or token: no kind has
 * both. */
struct journal_slot journal_slot_event(uint64_t generation, uint64_t sequence, const struct event *event);
/* The other fields are left 0, age_ms -1. */
bool journal_slot_read_event(const struct journal_slot *slot, uint64_t generation, uint64_t sequence,
                             struct event *out);

bool journal_slot_blank(const struct journal_slot *slot);
/* Fills in the checksum. */
void journal_slot_seal(struct journal_slot *slot, uint64_t generation, uint64_t place);

#endif
