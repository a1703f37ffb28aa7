/* Where the journal's records lie on its medium, and how one is read and written: for journal.c and journal_mount.c
 * only.
 *
 *   sector 0, 1   receipts, the two used in turn: header and 127 slots, each the highest sequence with a receipt so far
 *   sector 2 ...  events, a ring of R sectors: header, then 127 slots of one event each
 *
 * A lap is one sector's worth of sequences: lap l holds 127 l + 1 to 127 l + 127 and lies in ring sector l mod R. So
 * sequence s is always at slot (s - 1) mod 127 of ring sector ((s - 1) / 127) mod R: nothing has to be searched, a
 * header only confirms which lap a sector holds, and a slot that cannot be read back is the loss of a known
 * sequence. An event sector's header names the lowest sequence that was still to come when it was written: the
 * sector's first, or a later one when it was written after an early erasure.
 *
 * Receipts have sectors of their own because in the ring they would need room exactly when there is none.
 *
 * Assumed of the medium: what was synced is not harmed by writing other bytes (flash within its endurance; a disk
 * with powersafe overwrite). Bytes that were not yet synced may be there after a power cut, be partly there, or be
 * garbage. */
#ifndef FIRMWARE_CORE_MEDIUM_H
#define FIRMWARE_CORE_MEDIUM_H

#include "firmware/core/journal.h"
#include "firmware/core/journal_slot.h"

enum { RECORDS = JOURNAL_SECTOR_RECORDS, RECEIPT_SECTORS = 2 };

uint64_t medium_ring_sectors(const struct journal *journal);
uint32_t medium_sector_of(const struct journal *journal, uint64_t lap);
/* Slot 0 is the header. */
uint32_t medium_offset(uint32_t sector, uint32_t slot);

/* Whether the sector was written off: nothing in it is read any more until it is erased. */
bool medium_written_off(const struct journal *journal, uint32_t sector);
void medium_write_off(struct journal *journal, uint32_t sector);

/* Each is false when the device failed, or the sector has been written off. */
bool medium_read(const struct journal *journal, uint32_t offset, struct journal_slot *slot);
bool medium_program(struct journal *journal, uint32_t offset, struct journal_slot slot);
bool medium_sync(struct journal *journal);
bool medium_erase(struct journal *journal, uint32_t sector);

bool medium_program_header(struct journal *journal, uint32_t sector, uint32_t magic, uint64_t first);
/* While the journal's generation is 0 (not known yet), any is accepted and kept. */
bool medium_read_header(struct journal *journal, uint32_t sector, uint32_t magic, uint64_t *first);
bool medium_read_event_slot(const struct journal *journal, uint64_t sequence, struct journal_slot *slot);
bool medium_program_event(struct journal *journal, uint64_t sequence, const struct event *event);
/* JOURNAL_FAULT: the device failed to read, which says nothing about the record. JOURNAL_LOST: there is no valid
 * record. */
enum journal_result medium_read_event(const struct journal *journal, uint64_t sequence, struct event *out);

#endif
