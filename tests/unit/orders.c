/* Which enrol event gives a card to a pupil: only the one that was asked for, and only a card that nobody
 * has. */
#include "daemon/enrolment.h"

#include <string.h>
#include "common/civil.h"
#include "daemon/commands/orders.h"
#include "tests/ask_memory.h"
#include "tests/memory_vfs.h"
#include "tests/school_facts.h"
#include "tests/test.h"

#define ASKED_MS INT64_C(1788249600000) /* 2026-09-01 08:00 UTC */
#define SHOWN_MS (ASKED_MS + 5000)
#define RATE     1

static const uint8_t KEY[TOKEN_KEY_BYTES] = {1, 2, 3, 4};
static const struct event SHOWN = {.kind = EVENT_ENROL, .token = 4711, .reader = 2, .age_ms = 1000};

static struct store *open_school(void)
{
    char why[STORE_WHY_BYTES];
    sqlite3 *database;
    memory_vfs_format();
    struct store *store = store_open("orders.db", "memory", why);
    assert(store != NULL);
    sqlite3_open_v2("orders.db", &database, SQLITE_OPEN_READWRITE, "memory");
    facts_write(database, KEY, civil_from_utc_ms(ASKED_MS).day, 1);
    sqlite3_close(database);
    store_begin(store);
    return store;
}

static struct enrolment asked(void)
{
    return (struct enrolment){.state = ENROLMENT_WAITING,
                              .terminal = "t-1",
                              .pupil_id = "pupil-03",
                              .reader = 2,
                              .asked_ms = ASKED_MS,
                              .until_ms = ASKED_MS + ORDER_LASTS_MS};
}

static int64_t cards_now(void)
{
    return ask_memory("orders.db", "SELECT count(*) FROM card WHERE pupil_id = 'pupil-03' AND known_to_ms IS NULL");
}

static void the_card_that_was_asked_for(void)
{
    struct store *store = open_school();
    struct enrolment enrolment = asked();
    CHECK(enrolment_take_card(&enrolment, store, "t-1", &SHOWN, RATE, SHOWN_MS));
    CHECK(enrolment.state == ENROLMENT_DONE);
    CHECK(!enrolment_take_card(&enrolment, store, "t-1", &SHOWN, RATE, SHOWN_MS)); /* one order, one card */
    CHECK(store_commit(store) && cards_now() == 2);
    CHECK(ask_memory("orders.db", "SELECT from_ms FROM card WHERE token = 4711 AND to_ms IS NULL") ==
          civil_to_utc_ms(civil_from_utc_ms(ASKED_MS).day, 0));
    store_close(store);
}

static void any_other_event_gives_nothing(void)
{
    struct store *store = open_school();
    struct enrolment enrolment = asked();
    struct event event = SHOWN;
    CHECK(!enrolment_take_card(&enrolment, store, "t-2", &event, RATE, SHOWN_MS));
    event.reader = 1;
    CHECK(!enrolment_take_card(&enrolment, store, "t-1", &event, RATE, SHOWN_MS));
    event.reader = 2;
    event.age_ms = 5001; /* shown before the order */
    CHECK(!enrolment_take_card(&enrolment, store, "t-1", &event, RATE, SHOWN_MS));
    event.age_ms = -1; /* of an earlier boot */
    CHECK(!enrolment_take_card(&enrolment, store, "t-1", &event, RATE, SHOWN_MS));
    event.age_ms = 0;
    CHECK(!enrolment_take_card(&enrolment, store, "t-1", &event, RATE, enrolment.until_ms));
    event.token = facts_token(KEY, 4); /* somebody's */
    CHECK(!enrolment_take_card(&enrolment, store, "t-1", &event, RATE, SHOWN_MS));
    CHECK(enrolment.state == ENROLMENT_WAITING && store_commit(store) && cards_now() == 1);
    store_close(store);
}

static void any_reader_and_the_last_moment_will_do(void)
{
    struct store *store = open_school();
    struct enrolment enrolment = asked();
    struct event event = SHOWN;
    enrolment.reader = 0;
    event.age_ms = 5000;
    CHECK(enrolment_take_card(&enrolment, store, "t-1", &event, RATE, SHOWN_MS));
    enrolment = asked();
    event.token = 4712;
    event.age_ms = 0;
    CHECK(enrolment_take_card(&enrolment, store, "t-1", &event, RATE, enrolment.until_ms - 1));
    store_commit(store);
    store_close(store);
}

static void what_is_replaced_ends_now_and_keeps_its_past(void)
{
    struct store *store = open_school();
    struct enrolment enrolment = asked();
    enrolment.replaces = true;
    CHECK(enrolment_take_card(&enrolment, store, "t-1", &SHOWN, RATE, SHOWN_MS));
    CHECK(store_commit(store) && cards_now() == 2);
    CHECK(ask_memory("orders.db", "SELECT to_ms FROM card WHERE pupil_id = 'pupil-03' AND token <> 4711"
                                  " AND known_to_ms IS NULL") == SHOWN_MS);
    CHECK(ask_memory("orders.db", "SELECT count(*) FROM card WHERE pupil_id = 'pupil-03' AND token <> 4711"
                                  " AND to_ms IS NULL AND known_to_ms IS NOT NULL") == 1);
    store_close(store);
}

int main(void)
{
    memory_vfs_register();
    TEST(the_card_that_was_asked_for);
    TEST(any_other_event_gives_nothing);
    TEST(any_reader_and_the_last_moment_will_do);
    TEST(what_is_replaced_ends_now_and_keeps_its_past);
    return test_done();
}
