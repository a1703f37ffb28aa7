#include "firmware/core/journal.h"

#include <stdlib.h>
#include <string.h>
#include "firmware/core/journal_slot.h"
#include "tests/journal_truth.h"

static void every_field_comes_back(void)
{
    struct journal journal = fresh(&nor, 4), mounted;
    struct flash port = journal.flash;

    for (int i = 0; i < 200; i++)
        CHECK(append(&journal) == JOURNAL_OK);
    CHECK(acknowledge(&journal, 150) == JOURNAL_OK);
    CHECK(broken_promises(&journal) == 0);
    CHECK(journal_mount(&mounted, &port) == JOURNAL_OK);
    CHECK(broken_promises(&mounted) == 0);
    CHECK(mounted.next_sequence == 201 && mounted.acknowledged == 150 && journal_waiting(&mounted) == 50);
    CHECK(mounted.last_boot == 600 && mounted.last_utc_ms == event_for(200).at_ms);
    CHECK(journal_oldest(&mounted) == 1 && journal_free(&mounted) == journal_free(&journal));
}

static void extreme_fields_come_back(void)
{
    struct journal journal = fresh(&nor, 4);
    struct event out, event = {.kind = EVENT_TAMPER,
                               .clock = CLOCK_SYNCED,
                               .feedback = FEEDBACK_ENROLMENT,
                               .reader = 247,
                               .boot = UINT32_MAX,
                               .mono_ms = (INT64_C(1) << 48) - 1,
                               .at_ms = (INT64_C(1) << 48) - 1,
                               .token = UINT64_MAX};
    uint64_t sequence;

    CHECK(journal_append(&journal, &event, &sequence) == JOURNAL_OK && sequence == 1);
    CHECK(journal_get(&journal, 1, &out) == JOURNAL_OK && same(&out, &event) && out.age_ms == -1);
}

static void what_is_not_there_is_none(void)
{
    struct journal journal = fresh(&nor, 4);
    struct event out;

    CHECK(journal_get(&journal, 0, &out) == JOURNAL_NONE);
    CHECK(journal_get(&journal, 1, &out) == JOURNAL_NONE);
    CHECK(journal_acknowledge(&journal, 1) == JOURNAL_NONE);
    CHECK(append(&journal) == JOURNAL_OK);
    CHECK(journal_acknowledge(&journal, 2) == JOURNAL_NONE);
    CHECK(journal_get(&journal, 2, &out) == JOURNAL_NONE);
    CHECK(journal_acknowledge(&journal, 1) == JOURNAL_OK && journal_acknowledge(&journal, 0) == JOURNAL_OK);
    CHECK(journal.acknowledged == 1);
}

/* Full refuses and keeps; a receipt for one whole sector is the way out, also when the receipts' own sector
 * is full. */
static void full_says_so_and_recovers(void)
{
    struct journal journal = fresh(&nor, 4);

    CHECK(journal_free(&journal) == 2 * JOURNAL_SECTOR_RECORDS);
    while (append(&journal) == JOURNAL_OK)
        ;
    CHECK(journal.next_sequence == 255 && journal_free(&journal) == 0 && append(&journal) == JOURNAL_FULL);
    CHECK(broken_promises(&journal) == 0);
    for (uint64_t upto = 1; upto < 127; upto++)
        CHECK(acknowledge(&journal, upto) == JOURNAL_OK && journal_free(&journal) == 0);
    CHECK(append(&journal) == JOURNAL_FULL);
    CHECK(acknowledge(&journal, 127) == JOURNAL_OK && journal_free(&journal) == 127);
    CHECK(acknowledge(&journal, 128) == JOURNAL_OK);
    CHECK(append(&journal) == JOURNAL_OK && journal_oldest(&journal) == 128);
    CHECK(broken_promises(&journal) == 0);
}

static enum journal_result acknowledge_one(struct journal *journal)
{
    return acknowledge(journal, journal->acknowledged + 1);
}

/* The cheap places are cut now and then, the ends of sectors always. */
static bool worth_cutting(uint64_t slot)
{
    return (slot + 2) % JOURNAL_SECTOR_RECORDS < 6 || slot % 16 == 0;
}

/* Eight laps of a small ring that fills up again and again. One receipt then makes room, so that the medium may forget
 * just that one while the room is taken. */
static void a_cut_of_any_append_breaks_no_promise(void)
{
    struct journal journal = fresh(&nor, 4);
    int broken = 0;
    long cuts = 0, full = 0;

    while (journal.next_sequence < 8 * JOURNAL_SECTOR_RECORDS) {
        if (worth_cutting(journal.next_sequence))
            cuts += cut_everywhere(&nor, &journal, append, &broken);
        if (append(&journal) == JOURNAL_OK)
            continue;
        full++;
        CHECK(acknowledge(&journal, journal.next_sequence - 1 - (uint64_t)full * 7) == JOURNAL_OK);
    }
    CHECK(broken == 0 && cuts > 7000 && full > 4);
    printf("# %ld cuts, full %ld times, %d broke a promise\n", cuts, full, broken);
}

/* Nothing is appended, so nothing is synced, while the receipts change sector twice. */
static void a_cut_of_any_receipt_breaks_no_promise(void)
{
    struct journal journal = fresh(&nor, 5);
    int broken = 0;
    long cuts = 0;

    while (append(&journal) == JOURNAL_OK)
        ;
    while (journal_waiting(&journal) > 0) {
        if (worth_cutting(journal.receipt_slot))
            cuts += cut_everywhere(&nor, &journal, acknowledge_one, &broken);
        CHECK(acknowledge_one(&journal) == JOURNAL_OK);
    }
    CHECK(broken == 0 && cuts > 2000);
    printf("# %ld cuts, %d broke a promise\n", cuts, broken);
}

static void many_cuts_of_one_medium_break_no_promise(void)
{
    long cuts = 0, full = 0;
    int broken = 0;

    for (uint64_t seed = 1; seed <= 10; seed++)
        broken += live_through_cuts(false, 2000, seed, &cuts, &full);
    CHECK(broken == 0 && cuts > 12000 && full > 500);
    printf("# %ld cuts, full %ld times, %d promises broken\n", cuts, full, broken);
}

/* The control: were the harness blind, it would not see that this medium forgets what it synced. */
static void a_medium_that_lies_about_sync_is_caught(void)
{
    long cuts = 0, full = 0;

    for (uint64_t seed = 1; seed <= 20; seed++)
        CHECK(live_through_cuts(true, 200, seed, &cuts, &full) > 0);
}

static void rot_is_reported_as_lost_and_harms_nothing_else(void)
{
    struct journal journal = fresh(&nor, 4), mounted;
    struct flash port = journal.flash;
    struct event out;

    for (int i = 0; i < 140; i++)
        append(&journal);
    for (uint32_t slot = 1; slot <= 140; slot += 3) {
        uint32_t sector = 2 + (slot - 1) / 127, offset = sector * FLASH_SECTOR_BYTES + 32 * (1 + (slot - 1) % 127);
        for (uint32_t bit = 0; bit < 256; bit += 37) {
            nor.seen[offset + bit / 8] ^= (uint8_t)(1 << bit % 8);
            CHECK(journal_mount(&mounted, &port) == JOURNAL_OK && mounted.next_sequence == 141);
            CHECK(journal_get(&mounted, slot, &out) == JOURNAL_LOST && out.last_sequence == slot);
            for (uint64_t other = 1; other <= 140; other++)
                CHECK(other == slot || sequence_kept(&mounted, other));
            nor.seen[offset + bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
    }
}

static void a_lost_range_is_told_at_once(void)
{
    struct journal journal = fresh(&nor, 4);
    struct event out;

    for (int i = 0; i < 140; i++)
        append(&journal);
    memset(nor.seen + 2 * FLASH_SECTOR_BYTES + 32 * 100, 0x55, 32 * 28); /* slots 100–127: sequences 100–127 */
    CHECK(journal_get(&journal, 100, &out) == JOURNAL_LOST && out.sequence == 100 && out.last_sequence == 127);
    CHECK(journal_get(&journal, 110, &out) == JOURNAL_LOST && out.sequence == 110 && out.last_sequence == 127);
    CHECK(sequence_kept(&journal, 99) && sequence_kept(&journal, 128));
}

static void rotten_headers_cost_nothing(void)
{
    for (uint32_t sector = 0; sector < 4; sector++) {
        struct journal journal = fresh(&nor, 4), mounted;
        struct flash port = journal.flash;
        for (int i = 0; i < 140; i++)
            append(&journal);
        for (uint64_t upto = 1; upto <= 130; upto++) /* both receipt sectors are in use */
            acknowledge(&journal, upto);
        nor.seen[sector * FLASH_SECTOR_BYTES + 5] ^= 4;
        CHECK(journal_mount(&mounted, &port) == JOURNAL_OK);
        CHECK(broken_promises(&mounted) == 0 && mounted.next_sequence == 141);
    }
}

/* Without the latest receipts, what has been written over must have had one. */
static void rotten_receipts_cost_repeats_only(void)
{
    struct journal journal = fresh(&nor, 4), mounted;
    struct flash port = journal.flash;

    for (uint64_t sequence = 1; sequence <= 382; sequence++) {
        append(&journal);
        if (sequence > 10)
            acknowledge(&journal, sequence - 10);
    }
    memset(nor.seen, 0, FLASH_SECTOR_BYTES); /* the newer ones; of the others their sector's header is left */
    memset(nor.seen + FLASH_SECTOR_BYTES + 32, 0, FLASH_SECTOR_BYTES - 32);
    CHECK(journal_mount(&mounted, &port) == JOURNAL_OK && broken_promises(&mounted) == 0);
    CHECK(mounted.acknowledged < 372 && mounted.acknowledged == journal_oldest(&mounted) - 1);
}

/* A young journal has one receipt sector only: its header must not stand for all events. */
static void a_young_journal_without_receipts_keeps_its_events(void)
{
    for (uint32_t events = 1; events <= 500; events++) {
        struct journal journal = fresh(&nor, 6), mounted;
        struct flash port = journal.flash;
        for (uint32_t i = 0; i < events; i++)
            append(&journal);
        acknowledge(&journal, events / 2);
        nor.seen[5] ^= 4;
        CHECK(journal_mount(&mounted, &port) == JOURNAL_OK && mounted.generation == journal.generation);
        CHECK(broken_promises(&mounted) == 0 && mounted.next_sequence == events + 1);
        CHECK(acknowledge(&mounted, events) == JOURNAL_OK && append(&mounted) == JOURNAL_OK);
        CHECK(journal_mount(&mounted, &port) == JOURNAL_OK && mounted.acknowledged == events);
        CHECK(broken_promises(&mounted) == 0 && mounted.next_sequence == events + 2);
    }
}

/* Receipts for events that the medium has lost altogether: their sequences are not used again. */
static void a_wiped_sector_never_gives_a_sequence_twice(void)
{
    struct journal journal = fresh(&nor, 4), mounted;
    struct flash port = journal.flash;
    struct event out;

    for (int i = 0; i < 140; i++)
        append(&journal);
    acknowledge(&journal, 135);
    memset(nor.seen + 3 * FLASH_SECTOR_BYTES, 0xff, FLASH_SECTOR_BYTES);
    CHECK(journal_mount(&mounted, &port) == JOURNAL_OK);
    CHECK(mounted.next_sequence > 135 && mounted.acknowledged == 135);
    CHECK(journal_get(&mounted, 136, &out) == JOURNAL_LOST && out.last_sequence == mounted.next_sequence - 1);
    CHECK(append(&mounted) == JOURNAL_OK && sequence_kept(&mounted, mounted.next_sequence - 1));
}

static void a_cell_that_does_not_take_is_a_fault_and_its_sequence_is_lost(void)
{
    struct journal journal = fresh(&nor, 4), mounted;
    struct flash port = journal.flash;
    struct event out;

    append(&journal);
    nor.seen[2 * FLASH_SECTOR_BYTES + 2 * 32 + 20] = 0; /* where sequence 2 has its token */
    CHECK(append(&journal) == JOURNAL_FAULT && append(&journal) == JOURNAL_FAULT);
    CHECK(journal_mount(&mounted, &port) == JOURNAL_OK && mounted.next_sequence == 3);
    CHECK(journal_get(&mounted, 2, &out) == JOURNAL_LOST && append(&mounted) == JOURNAL_OK);
}

static void a_device_that_cannot_be_read_has_lost_nothing(void)
{
    struct journal journal = fresh(&nor, 4), mounted;
    struct flash port = journal.flash;
    struct event out;

    append(&journal);
    nor.reads_fail = true;
    CHECK(journal_mount(&mounted, &port) == JOURNAL_FAULT);
    CHECK(journal_get(&journal, 1, &out) == JOURNAL_FAULT);
    nor.reads_fail = false;
    CHECK(journal_get(&journal, 1, &out) == JOURNAL_OK);
}

/* A true checksum over what this program does not know, or cannot count on from. */
static void what_a_newer_program_wrote_is_none_of_ours(void)
{
    static const struct {
        size_t at;
        uint8_t byte;
    } STRANGE[] = {{0, EVENT_KINDS << 4}, {0, EVENT_LOST << 4}, {0, EVENT_TAP << 4 | CLOCK_QUALITIES}, {1, FEEDBACKS}};
    struct event event = {.kind = EVENT_TAP}, out;
    struct journal_slot known = journal_slot_event(1, 1, &event);
    CHECK(journal_slot_read_event(&known, 1, 1, &out));
    for (size_t i = 0; i < sizeof STRANGE / sizeof *STRANGE; i++) {
        struct journal_slot slot = known;
        slot.bytes[STRANGE[i].at] = STRANGE[i].byte;
        journal_slot_seal(&slot, 1, 1);
        CHECK(!journal_slot_read_event(&slot, 1, 1, &out));
    }
    for (uint64_t beyond = 0; beyond < 2; beyond++) {
        uint64_t generation = 1, sequence;
        struct journal_slot header = journal_slot_header(JOURNAL_EVENT_MAGIC, 1, JOURNAL_SEQUENCE_MAX + beyond);
        CHECK(journal_slot_read_header(&header, JOURNAL_EVENT_MAGIC, &generation, &sequence) == (beyond == 0));
    }
}

int main(void)
{
    TEST(what_a_newer_program_wrote_is_none_of_ours);
    TEST(every_field_comes_back);
    TEST(extreme_fields_come_back);
    TEST(what_is_not_there_is_none);
    TEST(full_says_so_and_recovers);
    TEST(a_cut_of_any_append_breaks_no_promise);
    TEST(a_cut_of_any_receipt_breaks_no_promise);
    TEST(many_cuts_of_one_medium_break_no_promise);
    TEST(a_medium_that_lies_about_sync_is_caught);
    TEST(rot_is_reported_as_lost_and_harms_nothing_else);
    TEST(a_lost_range_is_told_at_once);
    TEST(rotten_headers_cost_nothing);
    TEST(rotten_receipts_cost_repeats_only);
    TEST(a_young_journal_without_receipts_keeps_its_events);
    TEST(a_wiped_sector_never_gives_a_sequence_twice);
    TEST(a_cell_that_does_not_take_is_a_fault_and_its_sequence_is_lost);
    TEST(a_device_that_cannot_be_read_has_lost_nothing);
    return test_done();
}
