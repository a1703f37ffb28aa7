/* What the journal no longer needs is erased, and no power cut on the way costs anything; and what cannot be read costs its
 * sector alone. */
#include "firmware/core/journal.h"

#include "tests/journal_truth.h"

#define NOW_UTC_MS INT64_C(1790000000000) /* later than all events */

static long found_on_medium(const struct nor *medium, uint64_t first, uint64_t last)
{
    long found = 0;
    for (uint64_t sequence = first; sequence <= last; sequence++) {
        struct event event = event_for(sequence);
        uint8_t bytes[8];
        for (int i = 0; i < 8; i++)
            bytes[i] = (uint8_t)(event.token >> 8 * i);
        if (event.token != 0)
            found += memmem(medium->durable, sizeof medium->durable, bytes, sizeof bytes) != NULL;
    }
    return found;
}

static struct journal with_events(uint32_t sectors, uint64_t count, uint64_t receipts)
{
    struct journal journal = fresh(&nor, sectors);
    for (uint64_t i = 0; i < count; i++)
        CHECK(append(&journal) == JOURNAL_OK);
    CHECK(acknowledge(&journal, receipts) == JOURNAL_OK);
    return journal;
}

static void what_has_a_receipt_and_is_a_day_old_is_gone_from_the_medium(void)
{
    struct journal journal = with_events(6, 300, 300), mounted;
    struct event out;

    CHECK(found_on_medium(&nor, 1, 300) > 200);
    for (int sectors = 0; sectors < 3; sectors++)
        CHECK(forget_all(&journal) == JOURNAL_OK && broken_promises(&journal) == 0);
    CHECK(forget_all(&journal) == JOURNAL_NONE);
    CHECK(found_on_medium(&nor, 1, 300) == 0);
    CHECK(journal_oldest(&journal) == 301 && journal.next_sequence == 301 && journal_waiting(&journal) == 0);
    CHECK(journal_get(&journal, 300, &out) == JOURNAL_NONE);
    CHECK(journal_mount(&mounted, &journal.flash) == JOURNAL_OK && broken_promises(&mounted) == 0);
    CHECK(mounted.next_sequence == 301 && mounted.acknowledged == 300 && journal_oldest(&mounted) == 301);
    CHECK(mounted.last_boot == 900 && mounted.last_utc_ms == event_for(300).at_ms);
    CHECK(append(&mounted) == JOURNAL_OK && sequence_kept(&mounted, 301));
}

static void what_waits_or_is_young_stays(void)
{
    struct journal journal = with_events(6, 300, 299);

    CHECK(journal_forget(&journal, event_for(127).at_ms - 1, NOW_UTC_MS) == JOURNAL_NONE); /* one is too young */
    CHECK(journal_oldest(&journal) == 1);
    CHECK(journal_forget(&journal, event_for(127).at_ms, NOW_UTC_MS) == JOURNAL_OK && journal_oldest(&journal) == 128);
    CHECK(journal_forget(&journal, event_for(127).at_ms, NOW_UTC_MS) == JOURNAL_NONE);
    CHECK(forget_all(&journal) == JOURNAL_OK && journal_oldest(&journal) == 255);
    CHECK(forget_all(&journal) == JOURNAL_NONE); /* 300 has no receipt */
    CHECK(broken_promises(&journal) == 0 && sequence_kept(&journal, 300));
}

/* Times from a clock that ran ahead must not keep anything for years. */
static void a_time_still_to_come_keeps_nothing(void)
{
    struct journal journal = with_events(6, 10, 10);

    CHECK(journal_forget(&journal, event_for(1).at_ms - 2000, event_for(1).at_ms - 1000) == JOURNAL_OK);
    CHECK(journal_oldest(&journal) == 11);
}

/* At every fill of a sector, one and several sectors long, everything receipted. */
static void a_cut_of_any_forgetting_breaks_no_promise(void)
{
    int broken = 0;
    long cuts = 0;

    for (uint64_t count = 1; count <= 400; count += count % 127 > 124 || count % 127 < 3 ? 1 : 17) {
        struct journal journal = with_events(6, count, count);
        for (int sectors = 0; sectors < 4 && journal_oldest(&journal) < journal.next_sequence; sectors++) {
            cuts += cut_everywhere(&nor, &journal, forget_all, &broken);
            CHECK(forget_all(&journal) == JOURNAL_OK);
        }
        cuts += cut_everywhere(&nor, &journal, append, &broken); /* into a sector begun anew */
        CHECK(append(&journal) == JOURNAL_OK);
        cuts += cut_everywhere(&nor, &journal, append, &broken);
    }
    CHECK(broken == 0 && cuts > 5000);
    printf("# %ld cuts, %d broke a promise\n", cuts, broken);
}

/* A note that rotted away must not make old sequences new again. */
static void a_rotten_note_costs_no_sequence(void)
{
    struct journal journal = with_events(5, 60, 60), mounted;
    CHECK(forget_all(&journal) == JOURNAL_OK);
    nor.seen[32 * 2 + 5] ^= 4; /* the receipt sector's second slot */
    CHECK(journal_mount(&mounted, &journal.flash) == JOURNAL_OK && mounted.next_sequence == 61);
}

static void a_sector_that_does_not_read_costs_its_events_alone(void)
{
    struct event out;
    for (uint32_t sector = 0; sector < 6; sector++) {
        struct journal journal = with_events(6, 300, 100), mounted;
        nor.broken_sector = sector + 1;
        CHECK(journal_mount(&mounted, &journal.flash) == JOURNAL_FAULT);
        CHECK(journal_mount_damaged(&mounted, &journal.flash) == JOURNAL_OK && mounted.damaged == 1);
        CHECK(mounted.next_sequence > 300 && mounted.generation == GENERATION);
        uint64_t lap_first = sector < 2 ? 0 : (uint64_t)(sector - 2) * 127 + 1;
        for (uint64_t sequence = journal_oldest(&mounted); sequence <= 300; sequence++) {
            bool there = lap_first == 0 || sequence < lap_first || sequence >= lap_first + 127;
            CHECK(journal_get(&mounted, sequence, &out) == (there ? JOURNAL_OK : JOURNAL_LOST));
            CHECK(!there || sequence_kept(&mounted, sequence));
        }
        uint64_t next = mounted.next_sequence;
        for (uint64_t given_up = 301; given_up < next; given_up++)
            CHECK(journal_get(&mounted, given_up, &out) == JOURNAL_LOST);
        CHECK(append(&mounted) == JOURNAL_OK && sequence_kept(&mounted, next));
    }
}

/* Where nothing of a journal can be read any more, nobody may say that there is none. */
static void a_device_that_does_not_read_at_all_is_no_empty_one(void)
{
    struct journal journal = with_events(4, 5, 0), mounted;
    nor.reads_fail = true;
    CHECK(journal_mount_damaged(&mounted, &journal.flash) == JOURNAL_FAULT && mounted.failed);
}

static void a_sector_written_off_while_running_is_lost_and_heals_when_erased(void)
{
    struct journal journal = with_events(4, 140, 0);
    struct event out;

    journal_write_off(&journal, 7);
    CHECK(journal_get(&journal, 7, &out) == JOURNAL_LOST && out.last_sequence == 127 && journal.damaged == 1);
    CHECK(sequence_kept(&journal, 128));
    CHECK(acknowledge(&journal, 127) == JOURNAL_OK && forget_all(&journal) == JOURNAL_OK);
    while (journal.next_sequence < 260)
        CHECK(append(&journal) == JOURNAL_OK);
    CHECK(sequence_kept(&journal, 259));
}

int main(void)
{
    TEST(what_has_a_receipt_and_is_a_day_old_is_gone_from_the_medium);
    TEST(what_waits_or_is_young_stays);
    TEST(a_time_still_to_come_keeps_nothing);
    TEST(a_cut_of_any_forgetting_breaks_no_promise);
    TEST(a_rotten_note_costs_no_sequence);
    TEST(a_sector_that_does_not_read_costs_its_events_alone);
    TEST(a_device_that_does_not_read_at_all_is_no_empty_one);
    TEST(a_sector_written_off_while_running_is_lost_and_heals_when_erased);
    return test_done();
}
