#include "firmware/core/outbox.h"

#include "tests/test.h"

static struct outbox outbox;

static void listen_now(uint64_t acknowledged)
{
    outbox_open(&outbox, acknowledged);
    outbox_net(&outbox, true);
    outbox_daemon(&outbox, true);
}

static void nothing_goes_out_before_the_daemon_is_known_to_listen(void)
{
    outbox_open(&outbox, 0);
    CHECK(outbox_next(&outbox, 9, 0) == 0);
    outbox_net(&outbox, true);
    CHECK(outbox_next(&outbox, 9, 0) == 0);
    outbox_daemon(&outbox, true);
    CHECK(outbox_next(&outbox, 9, 0) == 1);
    outbox_daemon(&outbox, false);
    CHECK(outbox_next(&outbox, 9, 0) == 0);
    CHECK(outbox_wait_ms(&outbox, 0) == INT64_MAX);
}

static void four_batches_wait_for_receipts_and_no_more(void)
{
    listen_now(10);
    for (uint64_t i = 0; i < OUTBOX_BATCHES; i++) {
        CHECK(outbox_next(&outbox, 500, 0) == 11 + 16 * i);
        outbox_sent(&outbox, 26 + 16 * i, 0);
    }
    CHECK(outbox_next(&outbox, 500, 0) == 0);
    outbox_receipt(&outbox, 25, 1, 100); /* half a batch makes no room */
    CHECK(outbox_next(&outbox, 500, 100) == 0);
    outbox_receipt(&outbox, 26, 1, 200);
    CHECK(outbox_next(&outbox, 500, 200) == 75);
    outbox_sent(&outbox, 90, 200);
    CHECK(outbox_next(&outbox, 500, 200) == 0);
    outbox_receipt(&outbox, 26, 1, 300); /* said twice, it sends nothing twice */
    outbox_receipt(&outbox, 42, 1, 300);
    CHECK(outbox_next(&outbox, 500, 300) == 91);
    outbox_sent(&outbox, 106, 300);
    CHECK(outbox_next(&outbox, 500, 300) == 0);
}

static void silence_sends_again_from_the_last_receipt(void)
{
    listen_now(0);
    outbox_sent(&outbox, 16, 1000);
    outbox_sent(&outbox, 20, 2000);
    CHECK(outbox_wait_ms(&outbox, 1000) == OUTBOX_PATIENCE_MS);
    outbox_receipt(&outbox, 16, 1, 5000);
    CHECK(outbox_next(&outbox, 20, 5000) == 0);
    CHECK(outbox_next(&outbox, 20, 5000 + OUTBOX_PATIENCE_MS - 1) == 0);
    CHECK(outbox_wait_ms(&outbox, 5000 + OUTBOX_PATIENCE_MS) == 0);
    CHECK(outbox_next(&outbox, 20, 5000 + OUTBOX_PATIENCE_MS) == 17);
}

static void a_new_connection_sends_again_at_once(void)
{
    listen_now(3);
    outbox_sent(&outbox, 9, 0);
    CHECK(outbox_next(&outbox, 9, 1) == 0);
    outbox_net(&outbox, false);
    CHECK(outbox_next(&outbox, 9, 2) == 0);
    outbox_net(&outbox, true);
    outbox_daemon(&outbox, true);
    CHECK(outbox_next(&outbox, 9, 3) == 4);
}

static void a_daemon_that_comes_back_gets_all_again(void)
{
    listen_now(0);
    outbox_sent(&outbox, 9, 0);
    outbox_daemon(&outbox, true); /* only repeats itself */
    CHECK(outbox_next(&outbox, 9, 1) == 0);
    outbox_daemon(&outbox, false);
    outbox_daemon(&outbox, true);
    CHECK(outbox_next(&outbox, 9, 1) == 1);
}

static void a_daemon_restored_from_a_backup_gets_what_is_left(void)
{
    listen_now(100);
    outbox_receipt(&outbox, 50, 40, 0); /* knows 50, the journal still holds 40 and on */
    CHECK(outbox_next(&outbox, 100, 0) == 51);
    outbox_receipt(&outbox, 40, 40, 0); /* knows the oldest, and no more */
    CHECK(outbox_next(&outbox, 100, 0) == 41);
    outbox_receipt(&outbox, 20, 40, 0); /* knows 20: what is gone is gone */
    CHECK(outbox_next(&outbox, 100, 0) == 40);
    listen_now(100);
    outbox_rewind(&outbox, 40); /* by command */
    CHECK(outbox_next(&outbox, 100, 0) == 40);
}

static void a_receipt_beyond_what_was_sent_moves_on(void)
{
    listen_now(0);
    outbox_receipt(&outbox, 7, 1, 0); /* of an earlier connection */
    CHECK(outbox_next(&outbox, 9, 0) == 8);
    CHECK(outbox_next(&outbox, 7, 0) == 0);
}

static void waits_only_for_a_receipt_that_can_come(void)
{
    outbox_open(&outbox, 0);
    outbox_daemon(&outbox, true); /* and no connection */
    CHECK(outbox_next(&outbox, 9, 0) == 0 && outbox_wait_ms(&outbox, 0) == INT64_MAX);
    outbox_net(&outbox, true);
    CHECK(outbox_wait_ms(&outbox, 0) == INT64_MAX);
    outbox_daemon(&outbox, true);
    CHECK(outbox_wait_ms(&outbox, 0) == INT64_MAX); /* nothing is in flight */
    outbox_sent(&outbox, 9, 1000);
    CHECK(outbox_wait_ms(&outbox, 1000) == OUTBOX_PATIENCE_MS);
    CHECK(outbox_wait_ms(&outbox, 1000 + OUTBOX_PATIENCE_MS - 1) == 1);
    CHECK(outbox_wait_ms(&outbox, 1000 + 2 * OUTBOX_PATIENCE_MS) == 0);
    outbox_daemon(&outbox, false);
    CHECK(outbox_wait_ms(&outbox, 1000) == INT64_MAX);
}

static void a_rewind_never_goes_forward(void)
{
    listen_now(10);
    outbox_rewind(&outbox, 40);
    CHECK(outbox_next(&outbox, 100, 0) == 11);
}

int main(void)
{
    TEST(waits_only_for_a_receipt_that_can_come);
    TEST(a_rewind_never_goes_forward);
    TEST(nothing_goes_out_before_the_daemon_is_known_to_listen);
    TEST(four_batches_wait_for_receipts_and_no_more);
    TEST(silence_sends_again_from_the_last_receipt);
    TEST(a_new_connection_sends_again_at_once);
    TEST(a_daemon_that_comes_back_gets_all_again);
    TEST(a_daemon_restored_from_a_backup_gets_what_is_left);
    TEST(a_receipt_beyond_what_was_sent_moves_on);
    return test_done();
}
