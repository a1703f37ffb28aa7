/* The whole daemon but its edges, in the school of school_facts.h: its clock goes as the test says, its database is in memory
 * and is read with SQL of the test's own, what it sends is kept. */
#ifndef TESTS_DAEMON_RIG_H
#define TESTS_DAEMON_RIG_H

#include <string.h>
#include "common/log.h"
#include "daemon/daemon.h"
#include "tests/ask_memory.h"
#include "tests/memory_vfs.h"
#include "tests/school_facts.h"
#include "tests/test.h"

#define SENT_MAX 256

static const uint8_t KEY[TOKEN_KEY_BYTES] = {1, 2, 3, 4};
static const char RULES[] =
    "rules = ( { id = \"gone\"; severity = 2; when = ( { measure = \"unreported_lessons\"; days = 5; at_least = 1; } );"
    " clear = { measure = \"unreported_lessons\"; days = 5; below = 1; for_days = 1; }; } );";

static struct {
    struct clock clock; /* first: the seam hands it back */
    int64_t now_ms;
} hands;
static struct config config;
static const char *first_rules; /* of the school that begins */
static struct daemon *daemon_;
static int32_t today;
static uint64_t sequences[3];
static struct {
    bool speaks;
    enum terminal_phase phase;
    uint64_t birth;
    uint32_t queued;
    int64_t said_ms, oldest_ms;
} terminals[3]; /* what each said last */

static struct {
    size_t count;
    struct {
        char topic[WIRE_TOPIC_BYTES];
        char bytes[WIRE_MESSAGE_BYTES_MAX + 1];
        bool retained, assured;
    } message[SENT_MAX];
} sent;

static inline int64_t utc_ms(const struct clock *clock)
{
    (void)clock;
    return hands.now_ms;
}

static char own_state[256]; /* sent, and not come back yet */

static inline bool send(void *context, const char *topic, const char *bytes, size_t length, bool retained, bool assured)
{
    (void)context;
    if (strcmp(topic, "narvaro/1/skolan/daemon/state") == 0)
        snprintf(own_state, sizeof own_state, "%.*s", (int)length, bytes);
    if (sent.count == SENT_MAX || length > WIRE_MESSAGE_BYTES_MAX)
        return false;
    snprintf(sent.message[sent.count].topic, WIRE_TOPIC_BYTES, "%s", topic);
    memcpy(sent.message[sent.count].bytes, bytes, length);
    sent.message[sent.count].bytes[length] = '\0';
    sent.message[sent.count].assured = assured;
    sent.message[sent.count++].retained = retained;
    return true;
}

static inline int64_t ask(const char *question)
{
    return ask_memory("day.db", question);
}

static inline const char *last_sent(const char *topic)
{
    const char *bytes = NULL;
    for (size_t i = 0; i < sent.count; i++)
        if (strcmp(sent.message[i].topic, topic) == 0)
            bytes = sent.message[i].bytes;
    return bytes;
}

static inline void run_sql(const char *text)
{
    sqlite3 *database;
    sqlite3_open_v2("day.db", &database, SQLITE_OPEN_READWRITE, "memory");
    facts_run(database, text);
    sqlite3_close(database);
}

/* The broker gives the daemon its own state back. */
static inline void echo(void)
{
    char bytes[sizeof own_state];
    memcpy(bytes, own_state, sizeof bytes);
    own_state[0] = '\0';
    if (bytes[0] != '\0')
        daemon_step(daemon_, &(struct daemon_input){.kind = DAEMON_MESSAGE,
                                                    .topic = "narvaro/1/skolan/daemon/state",
                                                    .bytes = bytes,
                                                    .length = strlen(bytes)});
}

static inline void turn(void)
{
    echo();
    daemon_step(daemon_, &(struct daemon_input){.kind = DAEMON_TURN});
    CHECK(!daemon_failed(daemon_));
}

static inline void set_time(int hour, int minute)
{
    hands.now_ms = civil_to_utc_ms(today, (hour * 60 + minute) * 60000);
}

static inline void start(void)
{
    char why[STORE_WHY_BYTES];
    struct store *store = store_open("day.db", "memory", why);
    assert(store != NULL);
    const char *failure;
    daemon_ = daemon_open(&config, &hands.clock, store, first_rules, send, NULL, &failure);
    assert(daemon_ != NULL);
    daemon_step(daemon_, &(struct daemon_input){.kind = DAEMON_LINK_UP});
    echo();
}

static inline void stop(void)
{
    memset(terminals, 0, sizeof terminals);
    struct store *store = daemon_store(daemon_);
    daemon_close(daemon_);
    store_close(store);
}

/* A school with lessons on `days` dates in a row. */
static inline void begin_school_on(int32_t first_day, const char *rules, int days)
{
    char why[STORE_WHY_BYTES];
    first_rules = rules;
    today = first_day;
    memset(&sent, 0, sizeof sent);
    memset(sequences, 0, sizeof sequences);
    hands.clock = (struct clock){.utc_ms = utc_ms, .mono_ms = utc_ms, .rate = 1};
    config = (struct config){.school = "skolan", .plan_days = 2, .repeat_s = 60, .rollcall = ROLLCALL_DEFAULTS};
    set_time(7, 0);
    memory_vfs_format();
    store_close(store_open("day.db", "memory", why));
    sqlite3 *database;
    sqlite3_open_v2("day.db", &database, SQLITE_OPEN_READWRITE, "memory");
    facts_write(database, KEY, today, days);
    sqlite3_close(database);
    start();
}

static inline void begin_school(const char *rules, int days)
{
    begin_school_on(civil_day(2026, 9, 1), rules, days);
}

static inline void begin(void)
{
    begin_school(RULES, 3);
}

static inline void hear(const char *terminal, const char *leaf, const char *bytes, size_t length, bool retained)
{
    char topic[WIRE_TOPIC_BYTES];
    wire_topic(topic, "skolan", terminal, leaf);
    daemon_step(daemon_,
                &(struct daemon_input){
                    .kind = DAEMON_MESSAGE, .topic = topic, .bytes = bytes, .length = length, .retained = retained});
}

static inline void say(int terminal, enum terminal_phase phase, uint64_t birth, uint32_t queued, int64_t oldest_ms)
{
    char bytes[1024], name[ID_BYTES];
    struct wire_state said = {.phase = phase,
                              .birth = birth,
                              .firmware = "test",
                              .at_ms = hands.now_ms,
                              .clock = CLOCK_SYNCED,
                              .queued = queued,
                              .oldest_unsent_ms = oldest_ms};
    int length = wire_encode_state(&said, bytes, sizeof bytes);
    assert(length > 0);
    snprintf(name, sizeof name, "t-%d", terminal);
    hear(name, "state", bytes, (size_t)length, false);
}

static inline void state(int terminal, enum terminal_phase phase, uint64_t birth, uint32_t queued, int64_t oldest_ms)
{
    terminals[terminal - 1].speaks = phase != PHASE_LOST;
    terminals[terminal - 1].phase = phase;
    terminals[terminal - 1].birth = birth;
    terminals[terminal - 1].queued = queued;
    terminals[terminal - 1].oldest_ms = oldest_ms;
    terminals[terminal - 1].said_ms = hands.now_ms;
    say(terminal, phase, birth, queued, oldest_ms);
}

static inline void speak_again(void)
{
    for (int i = 0; i < 3; i++)
        if (terminals[i].speaks)
            say(i + 1, terminals[i].phase, terminals[i].birth, terminals[i].queued,
                terminals[i].queued > 0 ? terminals[i].oldest_ms + hands.now_ms - terminals[i].said_ms : 0);
}

/* Time goes on to then, a turn each second half minute; who spoke and was not lost says the same again. */
static inline void wait_until(int hour, int minute)
{
    int64_t then_ms = civil_to_utc_ms(today, (hour * 60 + minute) * 60000);
    for (; hands.now_ms < then_ms; hands.now_ms += 30000) {
        speak_again();
        turn();
    }
    speak_again();
    turn();
}

static inline void event(int terminal, enum event_kind kind, int pupil, int hour, int minute)
{
    char bytes[1024], name[ID_BYTES];
    uint64_t sequence = ++sequences[terminal - 1];
    struct event told = {.generation = 7,
                         .sequence = sequence,
                         .last_sequence = sequence,
                         .oldest = 1,
                         .kind = kind,
                         .clock = CLOCK_SYNCED,
                         .boot = 1,
                         .at_ms = civil_to_utc_ms(today, (hour * 60 + minute) * 60000),
                         .age_ms = -1,
                         .reader = 1,
                         .token = kind == EVENT_TAP ? facts_token(KEY, pupil) : 0};
    int length = wire_encode_events(&told, 1, bytes, sizeof bytes);
    assert(length > 0);
    snprintf(name, sizeof name, "t-%d", terminal);
    hear(name, "event", bytes, (size_t)length, false);
}

static inline void both_ready(void)
{
    state(1, PHASE_READY, 1, 0, 0);
    state(2, PHASE_READY, 1, 0, 0);
}

/* Everybody comes to the first lesson but for pupils 0 and 2 (class 1, terminal 1). */
static inline void first_lesson(void)
{
    wait_until(7, 59);
    for (int pupil = 0; pupil < FACTS_PUPILS; pupil++)
        if (pupil != 0 && pupil != 2)
            event(1 + pupil % 2, EVENT_TAP, pupil, 7, 58);
}

static inline void second_lesson(void)
{
    wait_until(8, 14);
    for (int pupil = 0; pupil < FACTS_PUPILS; pupil++)
        event(1 + pupil % 2, EVENT_TAP, pupil, 8, 14);
}

#define OPEN_TASKS "SELECT count(*) FROM task WHERE closed_ms IS NULL"
#define ROWS(status) \
    "SELECT count(*) FROM pupil_day WHERE length(outcomes) >= 13 AND substr(hex(outcomes), 25, 2) = '" status "'"
#define UNREPORTED ROWS("04")
#define UNKNOWN    ROWS("05")

#endif
