/* The world of the simulation: a broker that loses, doubles and delays, two terminal engines whose power goes, and the
 * daemon core with real SQLite on a disk that fails, all in virtual time and driven by one random number generator.
 * tests/unit/simulation.c makes the days, and says what must hold. */
#ifndef TESTS_SIMULATION_H
#define TESTS_SIMULATION_H

#include "daemon/daemon.h"


#include <stdlib.h>
#include "common/log.h"
#include "tests/memory_vfs.h"
#include "tests/school_facts.h"
#include "tests/terminal_rig.h"

#define TERMINALS     2
#define LETTERS_MAX   512
#define RETAINED_MAX  128
#define TAPS_MAX      16384
#define STEP_MS       1000
#define LATEST_LETTER_MS 20000
#define DAY_STEPS     3300 /* from 07:40 to 08:35: lessons, their close, the day's close */
#define QUIET_STEPS   300

static const char RULES[] =
    "rules = ( { id = \"absent\"; severity = 2;"
    " when = ( { measure = \"absence_share\"; days = 10; at_least = 30.00; } );"
    " clear = { measure = \"absence_share\"; days = 10; below = 15.00; for_days = 2; }; },"
    " { id = \"late\"; severity = 1; when = ( { measure = \"late_arrivals\"; days = 10; at_least = 4; } );"
    " clear = { measure = \"late_arrivals\"; days = 10; below = 2; for_days = 2; }; },"
    " { id = \"unreported\"; severity = 3; when = ( { measure = \"unreported_lessons\"; days = 20; at_least = 8; } );"
    " clear = { measure = \"unreported_lessons\"; days = 10; below = 1; for_days = 1; }; } );";

struct letter {
    bool used, retained;
    int to; /* 0 … TERMINALS - 1, or TERMINALS for the daemon */
    int64_t due_ms;
    size_t length;
    char topic[WIRE_TOPIC_BYTES];
    char bytes[WIRE_MESSAGE_BYTES_MAX];
};

struct retained {
    char topic[WIRE_TOPIC_BYTES];
    size_t length;
    char bytes[WIRE_MESSAGE_BYTES_MAX];
};

struct made_tap {
    int terminal;
    uint64_t generation, sequence, token;
    int64_t at_ms;
    bool shown; /* the lamp said it is kept; otherwise the power went while it was written, and it may be there or not */
};

static struct simulation {
    uint64_t random, trace;
    int64_t now_ms; /* UTC, and monotonic for the daemon */
    struct rig rigs[TERMINALS];
    bool net_up[TERMINALS];
    int64_t net_back_ms[TERMINALS];
    struct terminal_message will[TERMINALS];
    struct config config;
    struct rig_clock daemon_clock;
    struct daemon daemon;
    bool daemon_up, faults;
    int64_t daemon_back_ms, link_back_ms;
    sqlite3 *observer;
    struct letter letters[LETTERS_MAX];
    struct retained retained[RETAINED_MAX];
    struct made_tap taps[TAPS_MAX];
    size_t tap_count;
    int crashes, beyond_durable;
    const char *database;
} sim;

static uint32_t chance(uint32_t sides)
{
    sim.random = sim.random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(sim.random >> 33) % sides;
}

static bool fault(uint32_t sides)
{
    return sim.faults && chance(sides) == 0;
}

static void trace(const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        sim.trace = (sim.trace ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
}

static void trace_number(int64_t number)
{
    trace(&number, sizeof number);
}

/* The broker: keeps retained messages, hands on to who listens; each copy may be lost, doubled, late. */

static bool listens(int who, const char *topic)
{
    char terminal[ID_BYTES];
    const char *leaf;
    if (!wire_topic_split(topic, "skolan", terminal, &leaf))
        return who < TERMINALS && strcmp(topic, "narvaro/1/skolan/cards") == 0;
    bool of_terminal = strcmp(leaf, "event") == 0 || strcmp(leaf, "state") == 0;
    if (strcmp(terminal, "daemon") == 0)
        return who < TERMINALS;
    if (who == TERMINALS)
        return of_terminal;
    return !of_terminal && strcmp(terminal, sim.rigs[who].settings.terminal) == 0;
}

static void post_copy(int to, const char *topic, const char *bytes, size_t length, bool retained)
{
    for (int i = 0; i < LETTERS_MAX; i++) {
        struct letter *letter = &sim.letters[i];
        if (letter->used)
            continue;
        letter->used = true;
        letter->to = to;
        letter->retained = retained;
        letter->due_ms = sim.now_ms + (sim.faults ? (int64_t)chance(chance(4) == 0 ? LATEST_LETTER_MS : 800) : 1);
        letter->length = length;
        snprintf(letter->topic, sizeof letter->topic, "%s", topic);
        memcpy(letter->bytes, bytes, length);
        return;
    }
}

static void post_to(int to, const char *topic, const char *bytes, size_t length, bool retained)
{
    if (fault(8))
        return;
    post_copy(to, topic, bytes, length, retained);
    if (fault(8))
        post_copy(to, topic, bytes, length, retained);
}

static void keep(const char *topic, const char *bytes, size_t length)
{
    struct retained *place = NULL;
    for (int i = 0; i < RETAINED_MAX && place == NULL; i++)
        if (strcmp(sim.retained[i].topic, topic) == 0)
            place = &sim.retained[i];
    for (int i = 0; i < RETAINED_MAX && place == NULL; i++)
        if (sim.retained[i].length == 0)
            place = &sim.retained[i];
    assert(place != NULL);
    snprintf(place->topic, sizeof place->topic, "%s", topic);
    memcpy(place->bytes, bytes, length);
    place->length = length;
}

static void publish(const char *topic, const char *bytes, size_t length, bool retained)
{
    assert(length <= WIRE_MESSAGE_BYTES_MAX);
    if (retained)
        keep(topic, bytes, length);
    for (int who = 0; who <= TERMINALS; who++)
        if (listens(who, topic))
            post_to(who, topic, bytes, length, false);
}

static void give_retained(int who)
{
    for (int i = 0; i < RETAINED_MAX; i++)
        if (sim.retained[i].length > 0 && listens(who, sim.retained[i].topic))
            post_copy(who, sim.retained[i].topic, sim.retained[i].bytes, sim.retained[i].length, true);
}

/* The terminals. */

static void connect_terminal(int who)
{
    sim.net_up[who] = true;
    terminal_will(&sim.rigs[who].terminal, &sim.will[who]);
    rig_step(&sim.rigs[who], (struct terminal_input){.kind = TERMINAL_NET_UP});
    give_retained(who);
}

/* The broker notices, and speaks the will. */
static void disconnect_terminal(int who, int64_t for_ms)
{
    if (sim.net_up[who])
        publish(sim.will[who].topic, sim.will[who].bytes, sim.will[who].length, true);
    sim.net_up[who] = false;
    sim.net_back_ms[who] = sim.now_ms + for_ms;
}

static void restart_terminal(int who)
{
    struct rig *rig = &sim.rigs[who];
    disconnect_terminal(who, chance(60000));
    do
        nor_power_up(&rig->nor, chance(UINT32_MAX));
    while (!rig_start(rig, fault(3) ? CLOCK_UNSET : CLOCK_SYNCED));
    for (uint8_t reader = 1; reader <= 2; reader++)
        rig_reader(rig, TERMINAL_READER_UP, reader);
    sim.crashes++;
}

static bool says_recorded(enum feedback feedback)
{
    return feedback == FEEDBACK_OK || feedback == FEEDBACK_LATE || feedback == FEEDBACK_OTHER_ROOM ||
           feedback == FEEDBACK_UNKNOWN_CARD || feedback == FEEDBACK_RECORDED;
}

static void tap(int who, int pupil)
{
    struct rig *rig = &sim.rigs[who];
    assert(sim.tap_count < TAPS_MAX);
    struct made_tap *made = &sim.taps[sim.tap_count];
    *made = (struct made_tap){.terminal = who,
                              .generation = rig->terminal.journal.generation,
                              .sequence = rig->terminal.journal.next_sequence,
                              .token = facts_token(rig->settings.token_key, pupil),
                              .at_ms = sim.now_ms};
    if (fault(40))
        rig->nor.steps_left = chance(60);
    enum feedback feedback = rig_tap(rig, 1, 1000 + (uint32_t)pupil, 0);
    bool power_went = rig->nor.dead;
    made->shown = !power_went && says_recorded(feedback);
    sim.tap_count += made->shown || power_went;
    trace_number(feedback);
    rig->nor.steps_left = NOR_FOREVER;
    if (power_went || fault(60))
        restart_terminal(who);
}

static void settle_clock(int who)
{
    struct rig *rig = &sim.rigs[who];
    if (rig->terminal.dating.quality == CLOCK_UNSET && chance(120) == 0)
        rig_step(rig, (struct terminal_input){.kind = TERMINAL_CLOCK, .clock = CLOCK_SYNCED});
}

static void run_terminal(int who)
{
    static struct terminal_message message;
    struct rig *rig = &sim.rigs[who];
    settle_clock(who);
    if (!sim.net_up[who] && sim.now_ms >= sim.net_back_ms[who])
        connect_terminal(who);
    if (sim.net_up[who] && fault(2500))
        disconnect_terminal(who, chance(5) == 0 ? 3 * 86400000 : (int64_t)chance(600000));
    if (fault(4000))
        restart_terminal(who);
    if (fault(6000))
        rig_reader(rig, TERMINAL_READER_DOWN, 2);
    else if (fault(400))
        rig_reader(rig, TERMINAL_READER_UP, 2);
    while (sim.net_up[who] && terminal_next(&rig->terminal, &message) == 0) {
        trace(message.bytes, message.length);
        publish(message.topic, message.bytes, message.length, message.retained);
    }
}

/* The daemon. */

static int64_t observe(const char *text)
{
    sqlite3_stmt *statement;
    int64_t answer = -1;
    if (sqlite3_prepare_v2(sim.observer, text, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        answer = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return answer;
}

/* Counted in the database itself, through another connection, which sees only what is committed. */
static void check_receipt(const char *topic, const char *bytes, size_t length)
{
    struct wire_receipt receipt;
    const char *why, *leaf;
    char terminal[ID_BYTES], text[512];
    if (!wire_topic_split(topic, "skolan", terminal, &leaf) || strcmp(leaf, "receipt") != 0)
        return;
    if (wire_decode_receipt(bytes, length, &receipt, &why) < 0) {
        sim.beyond_durable++;
        return;
    }
    snprintf(text, sizeof text,
             "SELECT sum(last_sequence - sequence + 1) FROM event WHERE terminal_id = '%s' AND generation = %lld"
             " AND sequence <= %lld", terminal,
             (long long)receipt.generation, (long long)receipt.upto);
    if (observe(text) != (int64_t)receipt.upto)
        sim.beyond_durable++;
}

static bool send_from_daemon(void *context, const char *topic, const char *bytes, size_t length, bool retained)
{
    (void)context;
    check_receipt(topic, bytes, length);
    trace(bytes, length);
    publish(topic, bytes, length, retained);
    return true;
}

static void open_observer(void)
{
    int result = sqlite3_open_v2(sim.database, &sim.observer, SQLITE_OPEN_READONLY, "memory");
    assert(result == SQLITE_OK);
    (void)result;
}

static void start_daemon(void)
{
    char why[STORE_WHY_BYTES] = "";
    struct store *store = store_open(sim.database, "memory", why);
    if (store == NULL)
        printf("# %s\n", why);
    assert(store != NULL);
    const char *failure =
        daemon_open(&sim.daemon, &sim.config, &sim.daemon_clock.clock, store, RULES, send_from_daemon, NULL);
    if (failure != NULL)
        printf("# %s\n", failure);
    assert(failure == NULL);
    sim.daemon_up = true;
    open_observer();
}

static void stop_daemon(void)
{
    struct store *store = sim.daemon.store;
    sqlite3_close(sim.observer);
    daemon_close(&sim.daemon);
    store_close(store);
    sim.daemon_up = false;
}

/* The power goes: nothing reaches the disk any more, and what was not synced is lost. */
static void crash_daemon(void)
{
    char topic[WIRE_TOPIC_BYTES], bytes[256];
    size_t length = daemon_state(&sim.daemon, false, topic, bytes, sizeof bytes);
    memory_disk.failure = SQLITE_IOERR;
    memory_disk.operations_left = 0;
    stop_daemon();
    memory_vfs_cut();
    publish(topic, bytes, length, true);
    sim.daemon_back_ms = sim.now_ms + chance(chance(6) == 0 ? 3600000 : 20000);
    sim.crashes++;
}

static void link_daemon(void)
{
    if (!sim.daemon.link_up && sim.now_ms >= sim.link_back_ms) {
        daemon_step(&sim.daemon, &(struct daemon_input){.kind = DAEMON_LINK_UP});
        give_retained(TERMINALS);
    } else if (sim.daemon.link_up && fault(5000)) {
        daemon_step(&sim.daemon, &(struct daemon_input){.kind = DAEMON_LINK_DOWN});
        sim.link_back_ms = sim.now_ms + chance(120000);
    }
}

static void run_daemon(bool anything)
{
    if (!sim.daemon_up && sim.now_ms >= sim.daemon_back_ms)
        start_daemon();
    if (!sim.daemon_up)
        return;
    link_daemon();
    if (anything && fault(60)) { /* the disk fails somewhere in the commit */
        memory_disk.failure = chance(2) ? SQLITE_FULL : SQLITE_IOERR_WRITE;
        memory_disk.operations_left = chance(6);
    }
    daemon_step(&sim.daemon, &(struct daemon_input){.kind = DAEMON_TURN, .idle = !anything});
    memory_disk.operations_left = MEMORY_FOREVER;
    if (sim.daemon.failed || fault(8000) || (anything && fault(200)))
        crash_daemon();
}

static void deliver_to_daemon(const struct letter *letter)
{
    struct daemon_input input = {.kind = DAEMON_MESSAGE,
                                 .topic = letter->topic,
                                 .bytes = letter->bytes,
                                 .length = letter->length,
                                 .retained = letter->retained};
    daemon_step(&sim.daemon, &input);
    if (fault(300)) /* between ingest and commit */
        crash_daemon();
}

/* In the order of their places, which has nothing to do with the order in which they were sent. */
static bool deliver(void)
{
    bool to_daemon = false;
    for (int i = 0; i < LETTERS_MAX; i++) {
        struct letter *letter = &sim.letters[i];
        if (!letter->used || letter->due_ms > sim.now_ms)
            continue;
        letter->used = false;
        trace(letter->topic, strlen(letter->topic));
        if (letter->to == TERMINALS && sim.daemon_up && sim.daemon.link_up) {
            deliver_to_daemon(letter);
            to_daemon = true;
        } else if (letter->to < TERMINALS && sim.net_up[letter->to]) {
            rig_step(&sim.rigs[letter->to], (struct terminal_input){.kind = TERMINAL_MESSAGE,
                                                                    .topic = letter->topic,
                                                                    .bytes = letter->bytes,
                                                                    .length = letter->length,
                                                                    .retained = letter->retained});
        }
    }
    return to_daemon;
}

static void step(void)
{
    sim.now_ms += STEP_MS;
    sim.daemon_clock.utc_ms = sim.daemon_clock.mono_ms = sim.now_ms;
    for (int who = 0; who < TERMINALS; who++) {
        rig_wait(&sim.rigs[who], STEP_MS);
        run_terminal(who);
    }
    run_daemon(deliver());
}

#endif
