/* The store under a disk that fails: whatever operation fails, what was committed is there after the restart, what was
 * not is not half there, and the store says so. */
#include "daemon/store/store.h"

#include <string.h>
#include "daemon/store/store_events.h"
#include "tests/ask_memory.h"
#include "tests/memory_vfs.h"
#include "tests/test.h"

#define COMMITS    12
#define EVENTS_PER 4

static int64_t ask(const char *question)
{
    return ask_memory("store.db", question);
}

static void insert(struct store *store, uint64_t sequence)
{
    struct event event = {.generation = 1, .sequence = sequence, .last_sequence = sequence, .kind = EVENT_TAP};
    struct settlement settlement = {.settled_ms = 1000, .settled_day = 0};
    store_event_insert(store, "t-1", &event, 1000, &settlement);
}

/* Returns how many commits were said to be done before the disk failed. */
static int write_until_it_fails(struct store *store)
{
    for (int i = 0; i < COMMITS; i++) {
        store_begin(store);
        for (int j = 0; j < EVENTS_PER; j++)
            insert(store, (uint64_t)i * EVENTS_PER + (uint64_t)j + 1);
        store_receipt_put(store, "t-1", 1, ((uint64_t)i + 1) * EVENTS_PER, 1, 1000);
        if (!store_commit(store))
            return i;
        store_checkpoint(store, true);
    }
    return COMMITS;
}

static bool kept_what_was_committed(int commits)
{
    int64_t events = ask("SELECT count(*) FROM event"), upto = ask("SELECT coalesce(max(upto), 0) FROM receipt");
    bool sound = ask("SELECT integrity_check = 'ok' FROM pragma_integrity_check") == 1;
    /* The commit that failed may have reached the disk all the same: then it is whole. */
    return sound && events == upto && (events == commits * EVENTS_PER || events == (commits + 1) * EVENTS_PER);
}

static int failures_survived(int failure)
{
    char why[STORE_WHY_BYTES];
    int points = 0;
    for (int64_t at = 0;; at++, points++) {
        memory_vfs_format();
        struct store *store = store_open("store.db", "memory", why);
        assert(store != NULL);
        memory_disk.failure = failure;
        memory_disk.operations_left = at;
        int commits = write_until_it_fails(store);
        bool said = commits == COMMITS || (store_failed(store) && store_error(store)[0] != '\0');
        CHECK(said);
        store_close(store);
        bool all_done = memory_disk.operations_left > 0;
        memory_vfs_cut();
        bool kept = kept_what_was_committed(commits);
        if (!kept)
            printf("# operation %lld, %d commits\n", (long long)at, commits);
        CHECK(kept);
        if (all_done)
            return points;
    }
}

static void an_io_error_at_every_operation(void)
{
    CHECK(failures_survived(SQLITE_IOERR_WRITE) > COMMITS);
}

static void a_full_disk_at_every_operation(void)
{
    CHECK(failures_survived(SQLITE_FULL) > COMMITS);
}

static void a_commit_on_a_full_disk_is_none(void)
{
    char why[STORE_WHY_BYTES];
    memory_vfs_format();
    struct store *store = store_open("store.db", "memory", why);
    store_begin(store);
    insert(store, 1);
    memory_disk.failure = SQLITE_FULL;
    memory_disk.operations_left = 0;
    CHECK(!store_commit(store) && store_failed(store));
    memory_disk.operations_left = MEMORY_FOREVER;
    store_close(store);
    CHECK(ask("SELECT count(*) FROM event") == 0);
}

static void a_failed_statement_spoils_the_transaction(void)
{
    char why[STORE_WHY_BYTES];
    memory_vfs_format();
    struct store *store = store_open("store.db", "memory", why);
    store_begin(store);
    insert(store, 1);
    insert(store, 1); /* the same key */
    CHECK(store_failed(store));
    CHECK(store_receipt(store, "t-1", 1) == 0); /* readers find nothing, and do not crash */
    CHECK(!store_commit(store));
    CHECK(strstr(store_error(store), "UNIQUE") != NULL);
    store_close(store);
    CHECK(ask("SELECT count(*) FROM event") == 0);
}

static void settings_that_the_promise_rests_on(void)
{
    char why[STORE_WHY_BYTES];
    memory_vfs_format();
    int64_t before = memory_disk.operations;
    struct store *store = store_open("store.db", "memory", why);
    store_begin(store);
    insert(store, 1);
    CHECK(store_in_transaction(store));
    CHECK(store_commit(store) && !store_in_transaction(store));
    CHECK(store_commit(store)); /* none open */
    CHECK(memory_disk.operations > before);
    memory_disk.operations_left = 0; /* closed without a chance to write: the commit must be durable already */
    memory_disk.failure = SQLITE_IOERR_WRITE;
    store_close(store);
    memory_vfs_cut();
    CHECK(ask("SELECT count(*) FROM event") == 1);
    CHECK(ask("SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'") == 1);
}

static void what_cannot_be_opened_is_said(void)
{
    char why[STORE_WHY_BYTES];
    memory_vfs_format();
    CHECK(store_open("/no/such/folder/x.db", NULL, why) == NULL && why[0] != '\0');
    struct store *store = store_open("store.db", "memory", why);
    store_close(store);
    ask("PRAGMA user_version = 99");
    CHECK(store_open("store.db", "memory", why) == NULL && strstr(why, "99") != NULL);
}

static void a_damaged_database_is_refused(void)
{
    char why[STORE_WHY_BYTES];
    memory_vfs_format();
    struct store *store = store_open("store.db", "memory", why);
    write_until_it_fails(store);
    store_close(store);
    struct memory_file *file = memory_find("store.db", false);
    assert(file != NULL && file->seen.length > 4096 * 3);
    for (size_t page = 2; page < file->seen.length / 4096; page++)
        memset(file->seen.bytes + page * 4096, 0x5a, 64);
    CHECK(store_open("store.db", "memory", why) == NULL && why[0] != '\0');
}

int main(void)
{
    memory_vfs_register();
    TEST(settings_that_the_promise_rests_on);
    TEST(a_commit_on_a_full_disk_is_none);
    TEST(a_failed_statement_spoils_the_transaction);
    TEST(an_io_error_at_every_operation);
    TEST(a_full_disk_at_every_operation);
    TEST(what_cannot_be_opened_is_said);
    TEST(a_damaged_database_is_refused);
    return test_done();
}
