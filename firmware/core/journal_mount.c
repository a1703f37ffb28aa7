/* Rebuilds the journal's state from the medium after a start, whatever a power cut has left there.
 *
 * In this order: the receipts, then the next sequence, then what is derived from both. A doubtful slot or sector
 * always counts as used: a sequence that is skipped is reported as lost, but one that is used twice would be two
 * events under one name. */
#include <assert.h>
#include "common/fault.h"
#include "firmware/core/journal.h"
#include "firmware/core/medium.h"

/* What was found in one receipt sector. */
struct receipts {
    bool mine;                     /* it is one, of this generation */
    uint64_t first;                /* the receipt in its header */
    uint32_t next_slot;            /* where writing goes on */
    struct journal_receipt latest; /* the highest of each field */
};

static void merge_receipt(struct receipts *found, const struct journal_receipt *receipt)
{
    struct journal_receipt *latest = &found->latest;

    if (receipt->upto > latest->upto)
        latest->upto = receipt->upto;
    if (receipt->forgotten > latest->forgotten)
        latest->forgotten = receipt->forgotten;
    if (receipt->last_boot > latest->last_boot)
        latest->last_boot = receipt->last_boot;
    if (receipt->last_utc_ms > latest->last_utc_ms)
        latest->last_utc_ms = receipt->last_utc_ms;
}

static struct receipts scan_receipts(struct journal *j, uint32_t sector)
{
    struct receipts found = {.next_slot = 1};
    struct journal_slot slot;
    struct journal_receipt receipt;

    found.mine = medium_read_header(j, sector, JOURNAL_RECEIPT_MAGIC, &found.first);
    if (!found.mine)
        return found;
    found.latest.upto = found.first;
    for (uint32_t i = 1; i <= RECORDS; i++) {
        if (!medium_read(j, medium_offset(sector, i), &slot) || journal_slot_blank(&slot))
            continue;
        found.next_slot = i + 1;
        if (journal_slot_read_receipt(&slot, j->generation, &receipt))
            merge_receipt(&found, &receipt);
    }
    return found;
}

static bool mount_receipts(struct journal *j, uint64_t *forgotten)
{
    struct receipts zero = scan_receipts(j, 0), one = scan_receipts(j, 1);

    j->receipt_sector = one.mine && (!zero.mine || one.first > zero.first);
    j->receipt_slot = j->receipt_sector == 1 ? one.next_slot : zero.next_slot;
    merge_receipt(&zero, &one.latest);
    j->acknowledged = zero.latest.upto;
    j->last_boot = zero.latest.last_boot;
    j->last_utc_ms = zero.latest.last_utc_ms;
    *forgotten = zero.latest.forgotten;
    return zero.mine || one.mine;
}

/* A journal without its receipts still has its events; they are sent again. The next receipt begins a sector. */
static bool mount_events_alone(struct journal *j)
{
    uint64_t first;

    j->receipt_slot = 1 + RECORDS;
    for (uint32_t sector = RECEIPT_SECTORS; sector < j->flash.sector_count; sector++)
        if (medium_read_header(j, sector, JOURNAL_EVENT_MAGIC, &first))
            return true;
    return false;
}

/* The lowest sequence that lap `lap`'s header allows; 0 = its sector has no header of this lap. */
static uint64_t first_of(struct journal *j, uint64_t lap)
{
    uint64_t first;

    if (!medium_read_header(j, medium_sector_of(j, lap), JOURNAL_EVENT_MAGIC, &first) || first == 0)
        return 0;
    return (first - 1) / RECORDS == lap ? first : 0;
}

/* Whether lap `lap` holds a record of a higher sequence than `sequence`. */
static bool holds_after(const struct journal *j, uint64_t lap, uint64_t sequence)
{
    struct event event;

    for (uint64_t i = 1; i <= RECORDS; i++)
        if (lap * RECORDS + i > sequence && medium_read_event(j, lap * RECORDS + i, &event) == JOURNAL_OK)
            return true;
    return false;
}

/* A sector that was written off must be taken to have been begun, unless the one before it is not full. */
static bool may_have_begun(const struct journal *j, uint64_t lap)
{
    struct journal_slot slot;

    return medium_written_off(j, medium_sector_of(j, lap)) &&
           (lap == 0 || !medium_read_event_slot(j, lap * RECORDS, &slot) || !journal_slot_blank(&slot));
}

/* Whether lap `lap` has been begun, by its header or, if that is unreadable, by any of its records. */
static bool begun(struct journal *j, uint64_t lap)
{
    return may_have_begun(j, lap) || first_of(j, lap) != 0 || holds_after(j, lap, 0);
}

/* The first lap that has not been begun. The highest header is the starting point, or the last receipt without any
 * header; from there on laps are tried in turn, at most one round of the ring. */
static uint64_t first_lap_not_begun(struct journal *j)
{
    uint64_t first, lap = 0;

    for (uint32_t sector = RECEIPT_SECTORS; sector < j->flash.sector_count; sector++) {
        if (!medium_read_header(j, sector, JOURNAL_EVENT_MAGIC, &first) || first == 0)
            continue;
        uint64_t named = (first - 1) / RECORDS;
        if (medium_sector_of(j, named) == sector && named + 1 > lap)
            lap = named + 1;
    }
    if (lap == 0)
        lap = j->acknowledged / RECORDS;
    for (uint64_t round = 0; round < medium_ring_sectors(j) && begun(j, lap); round++)
        lap++;
    return lap;
}

/* The sequence after the last used slot of a lap. A torn slot is used: its sequence will be reported as lost. In a
 * sector that was written off every slot is. */
static uint64_t next_in_lap(struct journal *j, uint64_t lap)
{
    uint64_t first = lap * RECORDS + 1, named = first_of(j, lap), next = named ? named : first;
    struct journal_slot slot;
    struct event event;

    if (medium_written_off(j, medium_sector_of(j, lap)))
        return first + RECORDS;
    for (uint64_t sequence = first; sequence < first + RECORDS; sequence++)
        if (medium_read_event_slot(j, sequence, &slot) && !journal_slot_blank(&slot) &&
            !(FAULT(torn_slot_used_again) && !journal_slot_read_event(&slot, j->generation, sequence, &event)))
            next = sequence + 1 > next ? sequence + 1 : next;
    return next;
}

/* The power went while journal_forget erased the last records that there were. What is left of them means nothing,
 * and nothing has been appended since: the note's `forgotten` gives the next sequence. */
static bool erased_everything(struct journal *j, uint64_t forgotten)
{
    uint64_t lap = forgotten / RECORDS;

    return forgotten > 0 && forgotten == j->acknowledged && !medium_written_off(j, medium_sector_of(j, lap)) &&
           first_of(j, lap) != forgotten + 1 && !holds_after(j, lap, forgotten);
}

static void find_next_sequence(struct journal *j, uint64_t forgotten)
{
    uint64_t end_lap = first_lap_not_begun(j);

    if (erased_everything(j, forgotten)) {
        j->next_sequence = forgotten + 1;
        return;
    }
    j->next_sequence = end_lap == 0 ? 1 : next_in_lap(j, end_lap - 1);
    /* Receipts for events that are not on the medium: their sequences are not used again, and the next event begins
     * a sector. */
    if (j->next_sequence <= j->acknowledged)
        j->next_sequence = (j->acknowledged / RECORDS + 1) * RECORDS + 1;
    j->sector_begun = (j->next_sequence - 1) % RECORDS != 0;
}

/* Records at the beginning that have receipts and cannot be read are treated as erased: nobody needs them. */
static void find_forgotten(struct journal *j)
{
    struct event event;

    while (journal_oldest(j) <= j->acknowledged && medium_read_event(j, journal_oldest(j), &event) != JOURNAL_OK)
        j->forgotten = journal_oldest(j);
}

static void find_latest(struct journal *j)
{
    struct event event;

    for (uint64_t sequence = journal_oldest(j); sequence < j->next_sequence; sequence++) {
        if (medium_read_event(j, sequence, &event) != JOURNAL_OK)
            continue;
        if (event.at_ms > j->last_utc_ms)
            j->last_utc_ms = event.at_ms;
        if (event.boot > j->last_boot)
            j->last_boot = event.boot;
    }
}

/* What was read may be in the page cache and not on the medium: the program was killed between write and sync, or a
 * sync failed, after which the kernel takes the page for clean. Writing the header once more makes the page, which
 * is the whole sector, dirty again, so that the sync is a real one. The header, because it is the one slot whose
 * loss can be repaired should this write be torn. */
static bool make_durable(struct journal *j)
{
    struct journal_slot slot;
    uint32_t sector = medium_sector_of(j, j->next_sequence > 1 ? (j->next_sequence - 2) / RECORDS : 0);

    if (j->next_sequence > 1 && !medium_written_off(j, sector)) {
        uint32_t header = medium_offset(sector, 0);
        if (!medium_read(j, header, &slot) || !medium_program(j, header, slot))
            return false;
    }
    return medium_sync(j);
}

static enum journal_result mount(struct journal *j)
{
    uint64_t forgotten;

    if (!mount_receipts(j, &forgotten) && !mount_events_alone(j))
        return JOURNAL_NONE;
    find_next_sequence(j, forgotten);
    /* Receipts are not synced and may be missing, but what has been overwritten had one. */
    if (j->acknowledged < journal_oldest(j) - 1)
        j->acknowledged = journal_oldest(j) - 1;
    find_forgotten(j);
    find_latest(j);
    if (make_durable(j))
        return JOURNAL_OK;
    j->failed = true;
    return JOURNAL_FAULT;
}

static bool readable(const struct journal *j, uint32_t sector)
{
    struct journal_slot slot;

    for (uint32_t i = 0; i <= RECORDS; i++)
        if (!medium_read(j, medium_offset(sector, i), &slot))
            return false;
    return true;
}

static void begin(struct journal *j, const struct flash *flash)
{
    assert(flash->sector_count >= JOURNAL_SECTORS_MIN && flash->sector_count <= JOURNAL_SECTORS_MAX);
    *j = (struct journal){.flash = *flash};
    for (uint32_t sector = 0; sector < flash->sector_count; sector++)
        if (!readable(j, sector))
            medium_write_off(j, sector);
}

/* A journal that cannot be read at the moment must not be taken for one that holds less. */
enum journal_result journal_mount(struct journal *j, const struct flash *flash)
{
    begin(j, flash);
    j->failed = j->damaged > 0;
    return j->failed ? JOURNAL_FAULT : mount(j);
}

enum journal_result journal_mount_damaged(struct journal *j, const struct flash *flash)
{
    begin(j, flash);
    enum journal_result result = mount(j);
    j->failed = result == JOURNAL_FAULT || (result == JOURNAL_NONE && j->damaged > 0);
    return j->failed ? JOURNAL_FAULT : result;
}
