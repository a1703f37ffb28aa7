/* How the journal lies on the medium:
 *
 *   sector 0, 1   receipts, written by turns: header and 127 slots, each the highest sequence receipted so far
 *   sector 2 ...  events, a ring of R sectors: header, then 127 slots of one event each
 *
 * Sequence s lies at slot (s - 1) mod 127 of ring sector ((s - 1) / 127) mod R, always. So nothing has to be searched, a
 * header is only a landmark, and a slot that cannot be read back is a known sequence that is lost.
 *
 * Receipts have sectors of their own because in the ring they would need room exactly when there is none.
 *
 * Assumed of the medium: what was synced is not harmed by writing other bytes (flash within its endurance; a disk with
 * powersafe overwrite). Bytes not yet synced may afterwards be there, partly there, or garbage. */
#include "firmware/core/journal.h"

#include <assert.h>
#include <string.h>
#include "common/fault.h"
#include "firmware/core/journal_slot.h"

enum { RECORDS = JOURNAL_SECTOR_RECORDS, RECEIPT_SECTORS = 2 };

static_assert((1 + RECORDS) * JOURNAL_SLOT_BYTES == FLASH_SECTOR_BYTES, "a header and its records fill a sector");

static uint64_t ring_sectors(const struct journal *j)
{
    assert(j->flash.sector_count >= JOURNAL_SECTORS_MIN);
    return j->flash.sector_count - RECEIPT_SECTORS;
}

/* `lap_sector` counts ring sectors since sequence 1 without going round: (s - 1) / 127. */
static uint32_t sector_of(const struct journal *j, uint64_t lap_sector)
{
    return RECEIPT_SECTORS + (uint32_t)(lap_sector % ring_sectors(j));
}

/* Slot 0 is the header. */
static uint32_t offset_of(uint32_t sector, uint32_t slot)
{
    return sector * FLASH_SECTOR_BYTES + slot * JOURNAL_SLOT_BYTES;
}

static uint32_t event_offset(const struct journal *j, uint64_t sequence)
{
    return offset_of(sector_of(j, (sequence - 1) / RECORDS), 1 + (uint32_t)((sequence - 1) % RECORDS));
}

static bool read_slot(const struct journal *j, uint32_t offset, struct journal_slot *slot)
{
    return j->flash.read(j->flash.device, offset, slot->bytes, JOURNAL_SLOT_BYTES);
}

static bool program_slot(struct journal *j, uint32_t offset, struct journal_slot slot)
{
    return j->flash.program(j->flash.device, offset, slot.bytes, JOURNAL_SLOT_BYTES);
}

static bool sync(struct journal *j)
{
    return j->flash.sync(j->flash.device);
}

static bool erase(struct journal *j, uint32_t sector)
{
    return j->flash.erase(j->flash.device, sector);
}

static bool program_header(struct journal *j, uint32_t sector, uint32_t magic, uint64_t first)
{
    return program_slot(j, offset_of(sector, 0), journal_slot_header(magic, j->generation, first));
}

/* Takes the generation from the header when none is known yet. */
static bool read_header(struct journal *j, uint32_t sector, uint32_t magic, uint64_t *first)
{
    struct journal_slot slot;

    return read_slot(j, offset_of(sector, 0), &slot) && journal_slot_read_header(&slot, magic, &j->generation, first);
}

/* JOURNAL_FAULT: the device would not read, which says nothing about the record. */
static enum journal_result read_event(const struct journal *j, uint64_t sequence, struct event *out)
{
    struct journal_slot slot;

    if (!read_slot(j, event_offset(j, sequence), &slot))
        return JOURNAL_FAULT;
    return journal_slot_read_event(&slot, j->generation, sequence, out) ? JOURNAL_OK : JOURNAL_LOST;
}

static enum journal_result fault(struct journal *j)
{
    j->failed = true;
    return JOURNAL_FAULT;
}

enum journal_result journal_format(struct journal *j, const struct flash *flash, uint64_t generation)
{
    assert(generation != 0);
    assert(flash->sector_count >= JOURNAL_SECTORS_MIN && flash->sector_count <= JOURNAL_SECTORS_MAX);
    *j = (struct journal){.flash = *flash, .generation = generation, .next_sequence = 1, .receipt_slot = 1};
    for (uint32_t sector = 0; sector < flash->sector_count; sector++)
        if (!erase(j, sector))
            return fault(j);
    /* No header before everything else is gone for certain: an old sector must never join the new journal. */
    if (!sync(j) || !program_header(j, 0, JOURNAL_RECEIPT_MAGIC, 0) || !sync(j))
        return fault(j);
    return JOURNAL_OK;
}

/* One receipt sector: whether it is one, what it begins with, the highest in it, and where writing goes on. */
struct receipts {
    bool mine;
    uint64_t first, upto;
    uint32_t next_slot;
};

static struct receipts scan_receipts(struct journal *j, uint32_t sector)
{
    struct receipts found = {.next_slot = 1};
    struct journal_slot slot;

    found.mine = read_header(j, sector, JOURNAL_RECEIPT_MAGIC, &found.first);
    if (!found.mine)
        return found;
    found.upto = found.first;
    for (uint32_t i = 1; i <= RECORDS; i++) {
        if (!read_slot(j, offset_of(sector, i), &slot) || journal_slot_blank(&slot))
            continue;
        found.next_slot = i + 1;
        uint64_t upto;
        if (journal_slot_read_receipt(&slot, j->generation, &upto) && upto > found.upto)
            found.upto = upto;
    }
    return found;
}

static bool mount_receipts(struct journal *j)
{
    struct receipts zero = scan_receipts(j, 0), one = scan_receipts(j, 1);

    j->receipt_sector = one.mine && (!zero.mine || one.first > zero.first);
    j->receipt_slot = j->receipt_sector == 1 ? one.next_slot : zero.next_slot;
    j->acknowledged = zero.upto > one.upto ? zero.upto : one.upto;
    return zero.mine || one.mine;
}

/* Without its receipts a journal still has its events, and costs repeats only. The next receipt begins a sector. */
static bool mount_events_alone(struct journal *j)
{
    uint64_t first;

    j->receipt_slot = 1 + RECORDS;
    for (uint32_t sector = RECEIPT_SECTORS; sector < j->flash.sector_count; sector++)
        if (read_header(j, sector, JOURNAL_EVENT_MAGIC, &first))
            return true;
    return false;
}

/* Whether lap sector `lap` has been begun: by its header, or, that being unreadable, by any of its records.
 */
static bool begun(struct journal *j, uint64_t lap)
{
    uint64_t first;
    struct event event;

    if (read_header(j, sector_of(j, lap), JOURNAL_EVENT_MAGIC, &first) && first == lap * RECORDS + 1)
        return true;
    for (uint64_t i = 1; i <= RECORDS; i++)
        if (read_event(j, lap * RECORDS + i, &event) == JOURNAL_OK)
            return true;
    return false;
}

/* The first lap sector that has not been begun. Headers lead there; what they do not show is found by walking
 * on from them, or from the last receipt, for at most one round. */
static uint64_t first_lap_not_begun(struct journal *j)
{
    uint64_t first, lap = 0;

    for (uint32_t sector = RECEIPT_SECTORS; sector < j->flash.sector_count; sector++) {
        if (!read_header(j, sector, JOURNAL_EVENT_MAGIC, &first) || first % RECORDS != 1)
            continue;
        uint64_t named = (first - 1) / RECORDS;
        if (sector_of(j, named) == sector && named + 1 > lap)
            lap = named + 1;
    }
    if (lap == 0)
        lap = j->acknowledged / RECORDS;
    for (uint64_t round = 0; round < ring_sectors(j) && begun(j, lap); round++)
        lap++;
    return lap;
}

/* The sequence behind the last slot in use. A torn slot is in use: its sequence is lost, and honestly so. */
static uint64_t find_next_sequence(struct journal *j, uint64_t end_lap)
{
    uint64_t first = end_lap == 0 ? 1 : (end_lap - 1) * RECORDS + 1, next = first;
    struct journal_slot slot;
    struct event event;

    if (end_lap != 0)
        for (uint64_t i = 0; i < RECORDS; i++)
            if (read_slot(j, event_offset(j, first + i), &slot) && !journal_slot_blank(&slot) &&
                !(FAULT(torn_slot_used_again) && !journal_slot_read_event(&slot, j->generation, first + i, &event)))
                next = first + i + 1;
    if (next > j->acknowledged)
        return next;
    /* Receipts for events that are nowhere: never give their sequences again, and go on in a fresh sector. */
    return (j->acknowledged / RECORDS + 1) * RECORDS + 1;
}

static void find_latest(struct journal *j)
{
    struct event event;

    for (uint64_t sequence = journal_oldest(j); sequence < j->next_sequence; sequence++) {
        if (read_event(j, sequence, &event) != JOURNAL_OK)
            continue;
        if (event.at_ms > j->last_utc_ms)
            j->last_utc_ms = event.at_ms;
        if (event.boot > j->last_boot)
            j->last_boot = event.boot;
    }
}

/* What was read may sit in a cache and not on the medium (a kill between write and sync, or a failed sync
 * after which the kernel calls the page clean). Writing the header once more makes its page, which is the
 * sector, dirty again and the sync a real one; of all slots it is the one that can be spared should this
 * write be torn. */
static bool settle(struct journal *j)
{
    struct journal_slot slot;

    if (j->next_sequence > 1) {
        uint32_t header = offset_of(sector_of(j, (j->next_sequence - 2) / RECORDS), 0);
        if (!read_slot(j, header, &slot) || !program_slot(j, header, slot))
            return false;
    }
    return sync(j);
}

/* A journal that cannot be read for now must not be taken for one that holds less. */
static bool readable(const struct journal *j)
{
    struct journal_slot slot;

    for (uint32_t offset = 0; offset < offset_of(j->flash.sector_count, 0); offset += JOURNAL_SLOT_BYTES)
        if (!read_slot(j, offset, &slot))
            return false;
    return true;
}

enum journal_result journal_mount(struct journal *j, const struct flash *flash)
{
    assert(flash->sector_count >= JOURNAL_SECTORS_MIN && flash->sector_count <= JOURNAL_SECTORS_MAX);
    *j = (struct journal){.flash = *flash};
    if (!readable(j))
        return fault(j);
    if (!mount_receipts(j) && !mount_events_alone(j))
        return JOURNAL_NONE;
    j->next_sequence = find_next_sequence(j, first_lap_not_begun(j));
    /* The receipts may have been forgotten; what has been written over had one. */
    if (j->acknowledged < journal_oldest(j) - 1)
        j->acknowledged = journal_oldest(j) - 1;
    find_latest(j);
    return settle(j) ? JOURNAL_OK : fault(j);
}

/* The sector's events of a lap ago have receipts; those receipts, and then the erasure, must be on the medium
 * before anything new is: a half-erased old sector must not look like one with losses, nor half a new one
 * like an old. */
static bool begin_sector(struct journal *j)
{
    uint32_t sector = sector_of(j, (j->next_sequence - 1) / RECORDS);

    return sync(j) && erase(j, sector) && sync(j) && program_header(j, sector, JOURNAL_EVENT_MAGIC, j->next_sequence);
}

/* Synced and read back: a worn cell, or one that was not blank, is found out before anything is promised. */
static bool write_slot(struct journal *j, uint32_t offset, struct journal_slot slot)
{
    struct journal_slot written;

    return program_slot(j, offset, slot) && (FAULT(lamp_before_sync) || sync(j)) && read_slot(j, offset, &written) &&
           memcmp(written.bytes, slot.bytes, JOURNAL_SLOT_BYTES) == 0;
}

enum journal_result journal_append(struct journal *j, const struct event *event, uint64_t *sequence)
{
    if (j->failed)
        return JOURNAL_FAULT;
    if (journal_free(j) == 0)
        return JOURNAL_FULL;
    if ((j->next_sequence - 1) % RECORDS == 0 && !begin_sector(j))
        return fault(j);
    if (!write_slot(j, event_offset(j, j->next_sequence),
                    journal_slot_event(j->generation, j->next_sequence, event)))
        return fault(j);
    *sequence = j->next_sequence++;
    if (event->at_ms > j->last_utc_ms)
        j->last_utc_ms = event->at_ms;
    if (event->boot > j->last_boot)
        j->last_boot = event->boot;
    return JOURNAL_OK;
}

enum journal_result journal_get(const struct journal *j, uint64_t sequence, struct event *out)
{
    struct event behind;

    if (sequence < journal_oldest(j) || sequence >= j->next_sequence)
        return JOURNAL_NONE;
    enum journal_result result = read_event(j, sequence, out);
    if (result == JOURNAL_FAULT)
        return result;
    if (result == JOURNAL_LOST)
        *out = (struct event){.kind = EVENT_LOST, .age_ms = -1};
    out->generation = j->generation;
    out->sequence = out->last_sequence = sequence;
    out->oldest = journal_oldest(j);
    if (result == JOURNAL_LOST)
        while (out->last_sequence + 1 < j->next_sequence &&
               read_event(j, out->last_sequence + 1, &behind) == JOURNAL_LOST)
            out->last_sequence++;
    return result;
}

/* The new sector begins with the new receipt, in its header: were that a slot of its own, the header alone
 * could survive a cut, and the other sector, erased next time, would be the only one that knows the latest
 * receipt. */
static bool change_receipt_sector(struct journal *j, uint64_t upto)
{
    uint32_t other = 1 - j->receipt_sector;

    if (!sync(j) || !erase(j, other) || !program_header(j, other, JOURNAL_RECEIPT_MAGIC, upto))
        return false;
    j->receipt_sector = other;
    j->receipt_slot = 1;
    return true;
}

static bool add_receipt(struct journal *j, uint64_t upto)
{
    return program_slot(j, offset_of(j->receipt_sector, j->receipt_slot++), journal_slot_receipt(j->generation, upto));
}

enum journal_result journal_acknowledge(struct journal *j, uint64_t upto)
{
    if (j->failed)
        return JOURNAL_FAULT;
    if (upto >= j->next_sequence)
        return JOURNAL_NONE;
    if (upto <= j->acknowledged)
        return JOURNAL_OK;
    if (!(j->receipt_slot > RECORDS ? change_receipt_sector(j, upto) : add_receipt(j, upto)))
        return fault(j);
    j->acknowledged = upto;
    return JOURNAL_OK;
}

/* The ring holds the sector of the latest event and the others behind it. */
uint64_t journal_oldest(const struct journal *j)
{
    uint64_t begun_sectors = (j->next_sequence - 1 + RECORDS - 1) / RECORDS;

    return begun_sectors <= ring_sectors(j) ? 1 : (begun_sectors - ring_sectors(j)) * RECORDS + 1;
}

uint32_t journal_waiting(const struct journal *j)
{
    return (uint32_t)(j->next_sequence - 1 - j->acknowledged);
}

/* A sector can be had again when all its events have receipts. */
uint32_t journal_free(const struct journal *j)
{
    uint64_t last_writable = (j->acknowledged / RECORDS + ring_sectors(j)) * RECORDS;

    return (uint32_t)(last_writable - (j->next_sequence - 1));
}
