/* When a receipt goes out: at once when nothing more waits, put together while the daemon is busy; and what is counted with
 * it. */
#include "tests/ingest_rig.h"

#include "common/log.h"

static void commit_busily(void)
{
    ingest_save(&ingest);
    CHECK(store_commit(store));
    ingest_receipts(&ingest, true, note_receipt, NULL);
}

static void while_busy_receipts_are_put_together(void)
{
    begin();
    for (uint64_t sequence = 1; sequence < INGEST_WAITING_MAX; sequence++)
        give(tap_of(sequence));
    commit_busily();
    CHECK(receipts.count == 0 && ingest.receipts_due);
    give(tap_of(INGEST_WAITING_MAX));
    commit_busily();
    CHECK(receipts.count == 1 && receipts.last.upto == INGEST_WAITING_MAX && !ingest.receipts_due);
    give(tap_of(INGEST_WAITING_MAX + 1));
    for (int turn = 1; turn < INGEST_TURNS_MAX; turn++) {
        commit_busily();
        CHECK(receipts.count == 1 && ingest.receipts_due);
    }
    commit_busily();
    CHECK(receipts.count == 2 && receipts.last.upto == INGEST_WAITING_MAX + 1 && !ingest.receipts_due);
    give(tap_of(INGEST_WAITING_MAX + 2));
    commit_busily();
    commit(); /* no more is waiting */
    CHECK(receipts.count == 3 && receipts.last.upto == INGEST_WAITING_MAX + 2 && !ingest.receipts_due);
    end();
}

static void events_are_counted_with_the_receipt(void)
{
    begin();
    give(tap_of(1));
    give(tap_of(2));
    give(tap_of(2));
    commit();
    now_ms += 5000;
    give(tap_of(3));
    commit();
    CHECK(ask("SELECT events_stored FROM status_shown") == 3);
    CHECK(ask("SELECT last_event_ms FROM status_shown") == now_ms);
    end();
}

/* In steps, and more than memory has places for. */
static void every_journal_is_announced(void)
{
    begin();
    for (int number = 1; number <= INGEST_JOURNALS_MAX + 50; number++) {
        give_as(number, tap_of(1));
        commit();
    }
    end();
    open_again();
    int before = receipts.count;
    ingest_announce_all(&ingest);
    ingest_announce(&ingest, note_receipt, NULL);
    CHECK(receipts.count == before + INGEST_ANNOUNCED && ingest.announcing);
    while (ingest.announcing)
        ingest_announce(&ingest, note_receipt, NULL);
    CHECK(receipts.count == before + INGEST_JOURNALS_MAX + 50);
    end();
}

int main(void)
{
    memory_vfs_register();
    log_open("receipts", LOG_WARN);
    TEST(while_busy_receipts_are_put_together);
    TEST(events_are_counted_with_the_receipt);
    TEST(every_journal_is_announced);
    return test_done();
}
