/* From sequences to places on the medium, and single slots in and out. A sector that was written off reads as if the
 * device failed there, which spares every caller a test. */
#include "firmware/core/medium.h"

#include <assert.h>
#include <string.h>
#include "common/fault.h"

static_assert((1 + RECORDS) * JOURNAL_SLOT_BYTES == FLASH_SECTOR_BYTES, "a header and its records fill a sector");

uint64_t medium_ring_sectors(const struct journal *j)
{
    assert(j->flash.sector_count >= JOURNAL_SECTORS_MIN);
    return j->flash.sector_count - RECEIPT_SECTORS;
}

uint32_t medium_sector_of(const struct journal *j, uint64_t lap)
{
    return RECEIPT_SECTORS + (uint32_t)(lap % medium_ring_sectors(j));
}

uint32_t medium_offset(uint32_t sector, uint32_t slot)
{
    return sector * FLASH_SECTOR_BYTES + slot * JOURNAL_SLOT_BYTES;
}

bool medium_written_off(const struct journal *j, uint32_t sector)
{
    return j->written_off[sector / 8] >> sector % 8 & 1;
}

void medium_write_off(struct journal *j, uint32_t sector)
{
    j->damaged += !medium_written_off(j, sector);
    j->written_off[sector / 8] |= (uint8_t)(1 << sector % 8);
}

static uint32_t event_offset(const struct journal *j, uint64_t sequence)
{
    return medium_offset(medium_sector_of(j, (sequence - 1) / RECORDS), 1 + (uint32_t)((sequence - 1) % RECORDS));
}

bool medium_read(const struct journal *j, uint32_t offset, struct journal_slot *slot)
{
    return !medium_written_off(j, offset / FLASH_SECTOR_BYTES) &&
           j->flash.read(j->flash.device, offset, slot->bytes, JOURNAL_SLOT_BYTES);
}

bool medium_program(struct journal *j, uint32_t offset, struct journal_slot slot)
{
    return j->flash.program(j->flash.device, offset, slot.bytes, JOURNAL_SLOT_BYTES);
}

bool medium_sync(struct journal *j)
{
    return j->flash.sync(j->flash.device);
}

/* An erased sector counts as readable again: rewriting is what may cure it, and medium_program_event reads back what
 * it wrote. */
bool medium_erase(struct journal *j, uint32_t sector)
{
    j->written_off[sector / 8] &= (uint8_t) ~(1 << sector % 8);
    return j->flash.erase(j->flash.device, sector);
}

bool medium_program_header(struct journal *j, uint32_t sector, uint32_t magic, uint64_t first)
{
    return medium_program(j, medium_offset(sector, 0), journal_slot_header(magic, j->generation, first));
}

bool medium_read_header(struct journal *j, uint32_t sector, uint32_t magic, uint64_t *first)
{
    struct journal_slot slot;

    return medium_read(j, medium_offset(sector, 0), &slot) &&
           journal_slot_read_header(&slot, magic, &j->generation, first);
}

bool medium_read_event_slot(const struct journal *j, uint64_t sequence, struct journal_slot *slot)
{
    return medium_read(j, event_offset(j, sequence), slot);
}

/* Syncs and reads back: a worn cell, or one that was not blank, is noticed before the pupil sees a confirmation. */
bool medium_program_event(struct journal *j, uint64_t sequence, const struct event *event)
{
    struct journal_slot slot = journal_slot_event(j->generation, sequence, event), written;

    return medium_program(j, event_offset(j, sequence), slot) && (FAULT(lamp_before_sync) || medium_sync(j)) &&
           medium_read_event_slot(j, sequence, &written) && memcmp(written.bytes, slot.bytes, JOURNAL_SLOT_BYTES) == 0;
}

enum journal_result medium_read_event(const struct journal *j, uint64_t sequence, struct event *out)
{
    struct journal_slot slot;

    if (medium_written_off(j, medium_sector_of(j, (sequence - 1) / RECORDS)))
        return JOURNAL_LOST;
    if (!medium_read_event_slot(j, sequence, &slot))
        return JOURNAL_FAULT;
    return journal_slot_read_event(&slot, j->generation, sequence, out) ? JOURNAL_OK : JOURNAL_LOST;
}
