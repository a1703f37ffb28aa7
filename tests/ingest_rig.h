/* A store in memory with the school of school_facts.h, and the taking in of events over it, for tests. Receipts are noted. */
#ifndef TESTS_INGEST_RIG_H
#define TESTS_INGEST_RIG_H

#include "daemon/ingest.h"

#include <string.h>
#include "common/civil.h"
#include "daemon/store/store.h"
#include "tests/ask_memory.h"
#include "tests/memory_vfs.h"
#include "tests/school_facts.h"
#include "tests/test.h"

#define GENERATION 7

static const uint8_t KEY[TOKEN_KEY_BYTES] = {1, 2, 3, 4};

static struct store *store;
static struct ingest ingest;
static struct complaints complaints;
static int64_t now_ms;
static struct {
    int count;
    struct wire_receipt last;
    size_t refused;
    char terminal[ID_BYTES];
} receipts;

static inline void note_receipt(void *context, const char *terminal, const struct wire_receipt *receipt)
{
    (void)context;
    receipts.count++;
    receipts.last = *receipt;
    receipts.refused += receipt->refused_count;
    snprintf(receipts.terminal, sizeof receipts.terminal, "%s", terminal);
}

static inline int64_t ask(const char *question)
{
    return ask_memory("ingest.db", question);
}

static inline void open_again(void)
{
    char why[STORE_WHY_BYTES];
    store = store_open("ingest.db", "memory", why);
    assert(store != NULL);
    ingest_init(&ingest, store, &complaints, 1, civil_from_utc_ms(now_ms).day);
    memset(&receipts, 0, sizeof receipts);
}

/* 2026-09-01 10:00 local time; the school of school_facts.h. */
static inline void begin(void)
{
    int32_t today = civil_day(2026, 9, 1);
    now_ms = civil_to_utc_ms(today, 10 * 3600000);
    memory_vfs_format();
    open_again();
    store_close(store);
    sqlite3 *database;
    sqlite3_open_v2("ingest.db", &database, SQLITE_OPEN_READWRITE, "memory");
    facts_write(database, KEY, today, 1);
    sqlite3_close(database);
    open_again();
}

static inline void end(void)
{
    store_close(store);
}

static inline struct event tap_of(uint64_t sequence)
{
    return (struct event){.generation = GENERATION,
                          .sequence = sequence,
                          .last_sequence = sequence,
                          .oldest = 1,
                          .kind = EVENT_TAP,
                          .clock = CLOCK_SYNCED,
                          .boot = 1,
                          .mono_ms = (int64_t)sequence * 1000,
                          .at_ms = now_ms - 60000 + (int64_t)sequence,
                          .age_ms = -1,
                          .reader = 1,
                          .token = facts_token(KEY, 1)};
}

static inline void give_from(const char *terminal, struct event event)
{
    store_begin(store);
    ingest_events(&ingest, terminal, &event, 1, now_ms);
}

static inline void announce_all(void)
{
    ingest_announce_all(&ingest);
    while (ingest.announcing)
        ingest_announce(&ingest, note_receipt, NULL);
}

static inline void give(struct event event)
{
    give_from("t-1", event);
}

static inline void give_as(int number, struct event event)
{
    char terminal[ID_BYTES];
    snprintf(terminal, sizeof terminal, "r-%d", number);
    give_from(terminal, event);
}

static inline void commit(void)
{
    ingest_save(&ingest);
    CHECK(store_commit(store));
    ingest_receipts(&ingest, false, note_receipt, NULL);
}

#endif
