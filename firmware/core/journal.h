/* The terminal's journal: events that still wait for a receipt, on storage that may lose power at any byte.
 *
 * An event for which journal_append returned JOURNAL_OK is on the medium and stays until journal_acknowledge covers
 * it; each sequence stands for one event for ever. A record that cannot be read back is reported as lost, never
 * skipped silently. What has no receipt is never overwritten: the journal is then JOURNAL_FULL. Acknowledged records
 * stay readable until their sector is needed again or journal_forget erases them. Pure but for the flash port; no
 * heap. */
#ifndef FIRMWARE_CORE_JOURNAL_H
#define FIRMWARE_CORE_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>
#include "common/event.h"
#include "firmware/core/flash.h"

#define JOURNAL_SECTORS_MIN    4 /* two keep the receipts, the others the events */
#define JOURNAL_SECTORS_MAX    1024
#define JOURNAL_SECTOR_RECORDS 127

enum journal_result {
    JOURNAL_OK,
    JOURNAL_FULL,  /* every record waits for a receipt: nothing was written */
    JOURNAL_FAULT, /* the device failed: a write may or may not be there after a restart, a read may succeed later */
    JOURNAL_LOST,  /* journal_get: this sequence cannot be read back */
    JOURNAL_NONE,  /* journal_get: no such sequence here; journal_mount: no journal on this device */
};

struct journal {
    struct flash flash;
    uint64_t generation;
    uint64_t next_sequence;                /* the one that the next append gets */
    uint64_t acknowledged;                 /* every sequence up to this has a receipt */
    int64_t last_utc_ms;                   /* the latest UTC that any record holds: the clock's floor. 0 = none */
    uint32_t last_boot;                    /* the highest boot number that any record holds */
    uint32_t receipt_sector, receipt_slot; /* where the next receipt goes */
    uint64_t forgotten; /* every sequence up to this had a receipt and is erased, or was never on this medium */
    bool sector_begun;  /* the next sequence's sector has its header */
    uint32_t damaged;   /* sectors that could not be read and were written off since the mount */
    uint8_t written_off[JOURNAL_SECTORS_MAX / 8];
    bool failed; /* a write or sync failed: only a restart can find out what is on the medium */
};

/* Erases everything and begins generation `generation` (random, never 0). */
enum journal_result journal_format(struct journal *journal, const struct flash *flash, uint64_t generation);
/* Finds the journal on the device. JOURNAL_NONE when there is none: format it. What was found is synced before it
 * returns, so that no sequence can be read now and belong to another event after the next power cut. */
enum journal_result journal_mount(struct journal *journal, const struct flash *flash);
/* The same, for a device that persistently fails to read in places: the sectors that cannot be read are written off
 * and counted in `damaged`. Their events without a receipt become JOURNAL_LOST; if the latest may have been there,
 * the sequences up to the end of the sector are skipped, so that none is used twice. */
enum journal_result journal_mount_damaged(struct journal *journal, const struct flash *flash);
/* Writes and syncs. The journal assigns the event's generation, sequence, last_sequence and oldest; the sequence is
 * returned. age_ms is not stored: it is worked out at sending. */
enum journal_result journal_append(struct journal *journal, const struct event *event, uint64_t *sequence);
/* Reads one back, complete (generation, sequence, last_sequence, oldest). JOURNAL_LOST fills an EVENT_LOST that covers
 * this sequence and the lost ones right after it; it is final, a device that does not read is JOURNAL_FAULT. */
enum journal_result journal_get(const struct journal *journal, uint64_t sequence, struct event *out);
/* Records a receipt; an older one than the latest changes nothing, one beyond the last sequence is refused with
 * JOURNAL_NONE. Not synced: a receipt that is lost costs a repetition and nothing else. */
enum journal_result journal_acknowledge(struct journal *journal, uint64_t upto);
/* Erases the oldest sector's records when all of them have receipts and none is dated between `limit_utc_ms` and now.
 * JOURNAL_OK: done, there may be more; JOURNAL_NONE: nothing to erase. Boot number and latest time stay known. */
enum journal_result journal_forget(struct journal *journal, int64_t limit_utc_ms, int64_t now_utc_ms);
/* Gives up the sector of this sequence, which cannot be read: its records are JOURNAL_LOST from now on. */
void journal_write_off(struct journal *journal, uint64_t sequence);
uint64_t journal_oldest(const struct journal *journal);  /* the lowest sequence still held, receipted or not */
uint32_t journal_waiting(const struct journal *journal); /* records without a receipt */
uint32_t journal_free(const struct journal *journal);    /* records that can still be appended */
uint32_t journal_room(const struct journal *journal);    /* the same when every record has its receipt, at the least */

#endif
