/* The journal while it is in use. Two rules carry its promise: nothing new is written before what it depends on is
 * synced, and after a failed write or sync nothing is written any more (`failed`), because what is on the medium is
 * unknown. */
#include "firmware/core/journal.h"

#include <assert.h>
#include "firmware/core/medium.h"

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
        if (!medium_erase(j, sector))
            return fault(j);
    /* The first header is written only when all erasures are synced: an old sector must never join the new journal. */
    if (!medium_sync(j) || !medium_program_header(j, 0, JOURNAL_RECEIPT_MAGIC, 0) || !medium_sync(j))
        return fault(j);
    return JOURNAL_OK;
}

/* Erases the next sequence's sector and writes its header. What the sector held, from a lap ago or from this one,
 * has receipts. They are synced first and the erasure next, before anything new is written: otherwise a half-erased
 * old sector could look like a new one with losses, or half a new one like an old one. */
static bool begin_sector(struct journal *j)
{
    uint32_t sector = medium_sector_of(j, (j->next_sequence - 1) / RECORDS);

    j->sector_begun = medium_sync(j) && medium_erase(j, sector) && medium_sync(j) &&
                      medium_program_header(j, sector, JOURNAL_EVENT_MAGIC, j->next_sequence);
    return j->sector_begun;
}

enum journal_result journal_append(struct journal *j, const struct event *event, uint64_t *sequence)
{
    if (j->failed)
        return JOURNAL_FAULT;
    if (journal_free(j) == 0)
        return JOURNAL_FULL;
    if (!j->sector_begun && !begin_sector(j))
        return fault(j);
    if (!medium_program_event(j, j->next_sequence, event))
        return fault(j);
    *sequence = j->next_sequence++;
    j->sector_begun = (j->next_sequence - 1) % RECORDS != 0;
    if (event->at_ms > j->last_utc_ms)
        j->last_utc_ms = event->at_ms;
    if (event->boot > j->last_boot)
        j->last_boot = event->boot;
    return JOURNAL_OK;
}

enum journal_result journal_get(const struct journal *j, uint64_t sequence, struct event *out)
{
    struct event next;

    if (sequence < journal_oldest(j) || sequence >= j->next_sequence)
        return JOURNAL_NONE;
    enum journal_result result = medium_read_event(j, sequence, out);
    if (result == JOURNAL_FAULT)
        return result;
    if (result == JOURNAL_LOST)
        *out = (struct event){.kind = EVENT_LOST, .age_ms = -1};
    out->generation = j->generation;
    out->sequence = out->last_sequence = sequence;
    out->oldest = journal_oldest(j);
    if (result == JOURNAL_LOST)
        while (out->last_sequence + 1 < j->next_sequence &&
               medium_read_event(j, out->last_sequence + 1, &next) == JOURNAL_LOST)
            out->last_sequence++;
    return result;
}

/* The receipt sectors are used by turns. The header of the new one holds the new receipt itself: were the receipt in
 * a slot of its own, a power cut could leave the header alone, and the latest receipt would be known only to the old
 * sector, which is erased at the next change. */
static bool change_receipt_sector(struct journal *j, uint64_t upto)
{
    uint32_t other = 1 - j->receipt_sector;

    if (!medium_sync(j) || !medium_erase(j, other) || !medium_program_header(j, other, JOURNAL_RECEIPT_MAGIC, upto))
        return false;
    j->receipt_sector = other;
    j->receipt_slot = 1;
    return true;
}

static bool append_receipt(struct journal *j, struct journal_receipt receipt)
{
    if (j->receipt_slot > RECORDS && !change_receipt_sector(j, receipt.upto))
        return false;
    return medium_program(j, medium_offset(j->receipt_sector, j->receipt_slot++),
                          journal_slot_receipt(j->generation, &receipt));
}

enum journal_result journal_acknowledge(struct journal *j, uint64_t upto)
{
    if (j->failed)
        return JOURNAL_FAULT;
    if (upto >= j->next_sequence)
        return JOURNAL_NONE;
    if (upto <= j->acknowledged)
        return JOURNAL_OK;
    if (!append_receipt(j, (struct journal_receipt){.upto = upto}))
        return fault(j);
    j->acknowledged = upto;
    return JOURNAL_OK;
}

/* The last sequence in the oldest sector. */
static uint64_t last_of_oldest_sector(const struct journal *j)
{
    uint64_t last = (journal_oldest(j) - 1) / RECORDS * RECORDS + RECORDS;

    return last < j->next_sequence ? last : j->next_sequence - 1;
}

/* Whether no record up to `last` is dated between the limit and now. A record without a time, or with one in the
 * future, is taken to be as old as its neighbours. */
static bool all_older(const struct journal *j, uint64_t last, int64_t limit_utc_ms, int64_t now_utc_ms)
{
    struct event event;

    for (uint64_t sequence = journal_oldest(j); sequence <= last; sequence++)
        if (medium_read_event(j, sequence, &event) == JOURNAL_OK && event.at_ms > limit_utc_ms &&
            event.at_ms <= now_utc_ms)
            return false;
    return true;
}

/* Before the erasure a note is synced: that everything up to `last` may be gone, and what only those records held
 * (boot number, latest time). If the erased sector is also the next sequence's, it gets a new header at once: the
 * next sequence would otherwise be known from the note alone. */
static bool erase_oldest_sector(struct journal *j, uint64_t last)
{
    struct journal_receipt note = {
        .upto = j->acknowledged, .forgotten = last, .last_boot = j->last_boot, .last_utc_ms = j->last_utc_ms};

    if (!append_receipt(j, note) || !medium_sync(j) || !medium_erase(j, medium_sector_of(j, (last - 1) / RECORDS)) ||
        !medium_sync(j))
        return false;
    return last + 1 < j->next_sequence || (begin_sector(j) && medium_sync(j));
}

enum journal_result journal_forget(struct journal *j, int64_t limit_utc_ms, int64_t now_utc_ms)
{
    uint64_t last = last_of_oldest_sector(j);

    if (j->failed)
        return JOURNAL_FAULT;
    if (journal_oldest(j) == j->next_sequence || last > j->acknowledged ||
        !all_older(j, last, limit_utc_ms, now_utc_ms))
        return JOURNAL_NONE;
    if (!erase_oldest_sector(j, last))
        return fault(j);
    j->forgotten = last;
    return JOURNAL_OK;
}

void journal_write_off(struct journal *j, uint64_t sequence)
{
    medium_write_off(j, medium_sector_of(j, (sequence - 1) / RECORDS));
}

/* The ring holds the sector of the latest event and the ones before it, except for what has been erased early. */
uint64_t journal_oldest(const struct journal *j)
{
    uint64_t begun_sectors = (j->next_sequence - 1 + RECORDS - 1) / RECORDS, ring = medium_ring_sectors(j);
    uint64_t in_ring = begun_sectors <= ring ? 1 : (begun_sectors - ring) * RECORDS + 1;

    return in_ring > j->forgotten ? in_ring : j->forgotten + 1;
}

uint32_t journal_waiting(const struct journal *j)
{
    return (uint32_t)(j->next_sequence - 1 - j->acknowledged);
}

/* A sector can be reused when all its events have receipts. */
uint32_t journal_free(const struct journal *j)
{
    uint64_t last_writable = (j->acknowledged / RECORDS + medium_ring_sectors(j)) * RECORDS;

    return (uint32_t)(last_writable - (j->next_sequence - 1));
}

/* The sector of the latest receipt is not free before its last record has one, too. */
uint32_t journal_room(const struct journal *j)
{
    return (uint32_t)(medium_ring_sectors(j) - 1) * RECORDS;
}
