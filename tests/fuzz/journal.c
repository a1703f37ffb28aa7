/* A journal on a medium that power cuts and anything else have been at: whatever is found, mounting ends, and what comes
 * back makes sense. The input is a list of steps on a small flash; forged slots carry a true checksum, or none would be
 * read. */
#include <stdlib.h>
#include <string.h>
#include "firmware/core/journal.h"
#include "firmware/core/journal_slot.h"
#include "tests/nor.h"

#define GENERATION 77
#define SECTORS    5

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

struct input {
    const uint8_t *bytes;
    size_t left;
};

static void require(bool condition)
{
    if (!condition)
        abort();
}

static uint64_t take(struct input *input, size_t count)
{
    uint64_t value = 0;

    for (; count > 0 && input->left > 0; count--, input->left--)
        value = value << 8 | *input->bytes++;
    return value;
}

static void forge(struct nor *nor, uint32_t slot_index, uint64_t place, struct input *input)
{
    struct journal_slot slot;

    for (size_t i = 0; i < JOURNAL_SLOT_BYTES; i++)
        slot.bytes[i] = (uint8_t)take(input, 1);
    journal_slot_seal(&slot, GENERATION, place);
    memcpy(nor->seen + slot_index * JOURNAL_SLOT_BYTES, slot.bytes, JOURNAL_SLOT_BYTES);
    memcpy(nor->durable, nor->seen, sizeof nor->seen);
}

static void check(const struct journal *journal)
{
    uint64_t oldest = journal_oldest(journal), next = journal->next_sequence;
    struct event event;

    require(oldest >= 1 && oldest <= next && journal->acknowledged < next && journal->acknowledged + 1 >= oldest);
    require(next - oldest <= (SECTORS - 2) * JOURNAL_SECTOR_RECORDS);
    require(journal_free(journal) <= (SECTORS - 2) * JOURNAL_SECTOR_RECORDS + JOURNAL_SECTOR_RECORDS);
    for (uint64_t sequence = oldest; sequence < next; sequence++) {
        enum journal_result result = journal_get(journal, sequence, &event);
        require(result == JOURNAL_OK || (result == JOURNAL_LOST && event.kind == EVENT_LOST));
        require(event.sequence == sequence && event.last_sequence >= sequence && event.last_sequence < next);
        require(event.kind < EVENT_KINDS && event.clock < CLOCK_QUALITIES && event.feedback < FEEDBACKS);
    }
    require(journal_get(journal, next, &event) == JOURNAL_NONE);
}

static bool mount(struct journal *journal, const struct flash *flash)
{
    enum journal_result result = journal_mount(journal, flash);

    require(result == JOURNAL_OK || result == JOURNAL_NONE);
    return result == JOURNAL_OK || journal_format(journal, flash, GENERATION) == JOURNAL_OK;
}

static void append(struct journal *journal, uint64_t count)
{
    struct event event = {.kind = EVENT_TAP, .boot = 1, .token = count}, back;
    uint64_t sequence;

    for (enum journal_result result = JOURNAL_OK; count > 0 && result == JOURNAL_OK; count--) {
        result = journal_append(journal, &event, &sequence);
        require(result == JOURNAL_OK || result == JOURNAL_FULL || journal->failed);
        if (result == JOURNAL_OK)
            require(journal_get(journal, sequence, &back) == JOURNAL_OK && back.token == event.token);
    }
}

static void act(struct nor *nor, struct journal *journal, struct input *input)
{
    uint32_t slot;

    switch (take(input, 1) % 8) {
    case 0:
        append(journal, take(input, 1));
        break;
    case 1:
        journal_acknowledge(journal, journal->acknowledged + take(input, 1));
        break;
    case 2: /* the power fails soon */
        nor->steps_left = take(input, 1);
        append(journal, 2);
        nor_power_up(nor, take(input, 2));
        require(mount(journal, &journal->flash));
        break;
    case 3: /* rot */
        slot = (uint32_t)take(input, 2) % (SECTORS * FLASH_SECTOR_BYTES);
        nor->seen[slot] ^= (uint8_t)take(input, 1);
        memcpy(nor->durable, nor->seen, sizeof nor->seen);
        break;
    case 4: /* a slot with a true checksum and any content: an event, a receipt or a header */
        slot = (uint32_t)take(input, 2) % (SECTORS * FLASH_SECTOR_BYTES / JOURNAL_SLOT_BYTES);
        forge(nor, slot,
              slot % 3 == 0   ? JOURNAL_RECEIPT_MAGIC
              : slot % 3 == 1 ? JOURNAL_EVENT_MAGIC
                              : take(input, 2),
              input);
        break;
    case 5:
        journal_forget(journal, INT64_MAX / 2, INT64_MAX);
        break;
    case 6: /* a sector that does not read until it is written anew */
        nor->broken_sector = (uint32_t)take(input, 1) % (SECTORS + 1);
        if (journal_mount_damaged(journal, &journal->flash) != JOURNAL_OK)
            require(journal_format(journal, &journal->flash, GENERATION) == JOURNAL_OK);
        nor->broken_sector = 0;
        break;
    case 7:
        require(mount(journal, &journal->flash));
        check(journal);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct nor nor;
    struct flash flash = nor_open(&nor, SECTORS);
    struct input input = {bytes, length < 300 ? length : 300};
    struct journal journal;

    require(journal_format(&journal, &flash, GENERATION) == JOURNAL_OK);
    while (input.left > 0)
        act(&nor, &journal, &input);
    if (!journal.failed || mount(&journal, &flash)) {
        require(mount(&journal, &flash));
        check(&journal);
    }
    return 0;
}
