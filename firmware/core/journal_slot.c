/* Encodes and checks slots. The layout of each kind stands before its encoder; numbers are little-endian and lie at
 * fixed offsets, so that the format does not depend on compiler or machine. */
#include "firmware/core/journal_slot.h"

#include <assert.h>
#include "common/fault.h"
#include "firmware/core/crc32.h"

enum { BODY_BYTES = 28, SIX_BYTES = 6 };

#define SIX_BYTES_MAX ((INT64_C(1) << 48) - 1) /* as milliseconds: 8,900 years */

static void put(uint8_t *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> 8 * i);
}

static uint64_t get(const uint8_t *bytes, size_t count)
{
    uint64_t value = 0;

    for (size_t i = 0; i < count; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

bool journal_slot_blank(const struct journal_slot *slot)
{
    for (int i = 0; i < JOURNAL_SLOT_BYTES; i++)
        if (slot->bytes[i] != 0xff)
            return false;
    return true;
}

static uint32_t checksum(const struct journal_slot *slot, uint64_t generation, uint64_t place)
{
    uint8_t seed[16];

    put(seed, generation, 8);
    put(seed + 8, place, 8);
    return crc32_add(crc32_add(0, seed, sizeof seed), slot->bytes, BODY_BYTES);
}

void journal_slot_seal(struct journal_slot *slot, uint64_t generation, uint64_t place)
{
    put(slot->bytes + BODY_BYTES, checksum(slot, generation, place), 4);
}

static bool sealed(const struct journal_slot *slot, uint64_t generation, uint64_t place)
{
    return get(slot->bytes + BODY_BYTES, 4) == checksum(slot, generation, place) || FAULT(checksum_ignored);
}

/* Layout: magic (4), generation (8), first (8). */
struct journal_slot journal_slot_header(uint32_t magic, uint64_t generation, uint64_t first)
{
    struct journal_slot slot = {0};

    put(slot.bytes, magic, 4);
    put(slot.bytes + 4, generation, 8);
    put(slot.bytes + 12, first, 8);
    journal_slot_seal(&slot, generation, magic);
    return slot;
}

bool journal_slot_read_header(const struct journal_slot *slot, uint32_t magic, uint64_t *generation, uint64_t *first)
{
    uint64_t found = get(slot->bytes + 4, 8);

    if (get(slot->bytes, 4) != magic || found == 0 || (*generation != 0 && found != *generation))
        return false;
    if (!sealed(slot, found, magic) || get(slot->bytes + 12, 8) > JOURNAL_SEQUENCE_MAX)
        return false;
    *generation = found;
    *first = get(slot->bytes + 12, 8);
    return true;
}

/* Layout: upto (8), forgotten (8), boot (4), UTC (6), two unused. */
struct journal_slot journal_slot_receipt(uint64_t generation, const struct journal_receipt *receipt)
{
    struct journal_slot slot = {0};

    put(slot.bytes, receipt->upto, 8);
    put(slot.bytes + 8, receipt->forgotten, 8);
    put(slot.bytes + 16, receipt->last_boot, 4);
    put(slot.bytes + 20, (uint64_t)receipt->last_utc_ms, SIX_BYTES);
    journal_slot_seal(&slot, generation, JOURNAL_RECEIPT_MAGIC);
    return slot;
}

bool journal_slot_read_receipt(const struct journal_slot *slot, uint64_t generation, struct journal_receipt *out)
{
    *out = (struct journal_receipt){.upto = get(slot->bytes, 8),
                                    .forgotten = get(slot->bytes + 8, 8),
                                    .last_boot = (uint32_t)get(slot->bytes + 16, 4),
                                    .last_utc_ms = (int64_t)get(slot->bytes + 20, SIX_BYTES)};
    return sealed(slot, generation, JOURNAL_RECEIPT_MAGIC) && out->upto <= JOURNAL_SEQUENCE_MAX &&
           out->forgotten <= out->upto;
}

/* One field is shared: only these kinds have a from_ms, and none of them has a token. */
static bool has_beginning(enum event_kind kind)
{
    return kind == EVENT_BOOT || kind == EVENT_IN;
}

/* Layout: kind and clock (1), feedback (1), reader (1), boot (4), mono_ms (6), at_ms (6), token or from_ms (8), one
 * unused. */
struct journal_slot journal_slot_event(uint64_t generation, uint64_t sequence, const struct event *event)
{
    struct journal_slot slot = {0};

    assert(event->kind < EVENT_KINDS && event->kind != EVENT_LOST);
    assert(event->mono_ms >= 0 && event->mono_ms <= SIX_BYTES_MAX);
    assert(event->at_ms >= 0 && event->at_ms <= SIX_BYTES_MAX);
    slot.bytes[0] = (uint8_t)(event->kind << 4 | event->clock);
    slot.bytes[1] = (uint8_t)event->feedback;
    slot.bytes[2] = event->reader;
    put(slot.bytes + 3, event->boot, 4);
    put(slot.bytes + 7, (uint64_t)event->mono_ms, SIX_BYTES);
    put(slot.bytes + 13, (uint64_t)event->at_ms, SIX_BYTES);
    put(slot.bytes + 19, has_beginning(event->kind) ? (uint64_t)event->from_ms : event->token, 8);
    journal_slot_seal(&slot, generation, sequence);
    return slot;
}

bool journal_slot_read_event(const struct journal_slot *slot, uint64_t generation, uint64_t sequence, struct event *out)
{
    const uint8_t *bytes = slot->bytes;
    unsigned kind = bytes[0] >> 4, clock = bytes[0] & 15, feedback = bytes[1];
    uint64_t last = get(bytes + 19, 8);

    if (!sealed(slot, generation, sequence))
        return false;
    /* A valid checksum over values that we do not know: written by a newer program. */
    if (kind >= EVENT_KINDS || kind == EVENT_LOST || clock >= CLOCK_QUALITIES || feedback >= FEEDBACKS)
        return false;
    *out = (struct event){
        .kind = (enum event_kind)kind,
        .clock = (enum clock_quality)clock,
        .feedback = (enum feedback)feedback,
        .reader = bytes[2],
        .boot = (uint32_t)get(bytes + 3, 4),
        .mono_ms = (int64_t)get(bytes + 7, SIX_BYTES),
        .at_ms = (int64_t)get(bytes + 13, SIX_BYTES),
        .age_ms = -1,
    };
    if (has_beginning(out->kind))
        out->from_ms = (int64_t)last;
    else
        out->token = last;
    return true;
}
