/* A school day as the daemon lives it: lessons close, a day closes, terminals speak or are lost, taps come late. The
 * school is that of school_facts.h; the database is read with SQL of the test's own. */
#include "daemon/daemon.h"

#include <string.h>
#include "common/log.h"
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
static struct daemon daemon_;
static int32_t today;
static uint64_t sequences[2];

static struct {
    size_t count;
    struct {
        char topic[WIRE_TOPIC_BYTES];
        char bytes[WIRE_MESSAGE_BYTES_MAX + 1];
        bool retained;
    } message[SENT_MAX];
} sent;

static int64_t utc_ms(const struct clock *clock)
{
    (void)clock;
    return hands.now_ms;
}

static bool send(void *context, const char *topic, const char *bytes, size_t length, bool retained)
{
    (void)context;
    if (sent.count == SENT_MAX || length > WIRE_MESSAGE_BYTES_MAX)
        return false;
    snprintf(sent.message[sent.count].topic, WIRE_TOPIC_BYTES, "%s", topic);
    memcpy(sent.message[sent.count].bytes, bytes, length);
    sent.message[sent.count].bytes[length] = '\0';
    sent.message[sent.count++].retained = retained;
    return true;
}

static int64_t ask(const char *question)
{
    return ask_memory("day.db", question);
}

static void turn(void)
{
    daemon_step(&daemon_, &(struct daemon_input){.kind = DAEMON_TURN});
    CHECK(!daemon_.failed);
}

static void set_time(int hour, int minute)
{
    hands.now_ms = civil_to_utc_ms(today, (hour * 60 + minute) * 60000);
}

/* Time goes on to then, a turn each second half minute. */
static void wait_until(int hour, int minute)
{
    int64_t then_ms = civil_to_utc_ms(today, (hour * 60 + minute) * 60000);
    for (; hands.now_ms < then_ms; hands.now_ms += 30000)
        turn();
    turn();
}

static void start(void)
{
    char why[STORE_WHY_BYTES];
    struct store *store = store_open("day.db", "memory", why);
    assert(store != NULL);
    const char *failure = daemon_open(&daemon_, &config, &hands.clock, store, RULES, send, NULL);
    assert(failure == NULL);
    (void)failure;
    daemon_step(&daemon_, &(struct daemon_input){.kind = DAEMON_LINK_UP});
}

static void stop(void)
{
    struct store *store = daemon_.store;
    daemon_close(&daemon_);
    store_close(store);
}

static void begin(void)
{
    char why[STORE_WHY_BYTES];
    today = civil_day(2026, 9, 1);
    memset(&sent, 0, sizeof sent);
    memset(sequences, 0, sizeof sequences);
    hands.clock = (struct clock){.utc_ms = utc_ms, .mono_ms = utc_ms, .rate = 1};
    config = (struct config){.school = "skolan", .plan_days = 2, .repeat_s = 60, .rollcall = ROLLCALL_DEFAULTS};
    set_time(7, 0);
    memory_vfs_format();
    store_close(store_open("day.db", "memory", why));
    sqlite3 *database;
    sqlite3_open_v2("day.db", &database, SQLITE_OPEN_READWRITE, "memory");
    facts_write(database, KEY, today, 3);
    sqlite3_close(database);
    start();
}

static void hear(const char *terminal, const char *leaf, const char *bytes, size_t length, bool retained)
{
    char topic[WIRE_TOPIC_BYTES];
    wire_topic(topic, "skolan", terminal, leaf);
    daemon_step(&daemon_, &(struct daemon_input){.kind = DAEMON_MESSAGE,
                                                 .topic = topic,
                                                 .bytes = bytes,
                                                 .length = length,
                                                 .retained = retained});
}

static void state(int terminal, enum terminal_phase phase, uint64_t birth, uint32_t queued, int64_t oldest_ms)
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

static void event(int terminal, enum event_kind kind, int pupil, int hour, int minute)
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

static void both_ready(void)
{
    state(1, PHASE_READY, 1, 0, 0);
    state(2, PHASE_READY, 1, 0, 0);
}

/* Everybody comes to the first lesson but for pupils 0 and 2 (class 1, terminal 1). */
static void first_lesson(void)
{
    wait_until(7, 59);
    for (int pupil = 0; pupil < FACTS_PUPILS; pupil++)
        if (pupil != 0 && pupil != 2)
            event(1 + pupil % 2, EVENT_TAP, pupil, 7, 58);
}

static void second_lesson(void)
{
    wait_until(8, 14);
    for (int pupil = 0; pupil < FACTS_PUPILS; pupil++)
        event(1 + pupil % 2, EVENT_TAP, pupil, 8, 14);
}

#define OPEN_TASKS "SELECT count(*) FROM task WHERE closed_ms IS NULL"
#define ROWS(status)                                                                                         \
    "SELECT count(*) FROM pupil_day WHERE length(outcomes) >= 13 AND substr(hex(outcomes), 25, 2) = '" status "'"
#define UNREPORTED ROWS("04")
#define UNKNOWN    ROWS("05")

static void a_lesson_closes_and_guardians_are_to_be_told(void)
{
    begin();
    both_ready();
    first_lesson();
    wait_until(8, 10);
    CHECK(ask("SELECT count(*) FROM pupil_day") == 0);
    wait_until(8, 11);
    CHECK(ask("SELECT count(*) FROM pupil_day") == FACTS_PUPILS);
    CHECK(ask(UNREPORTED) == 2);
    CHECK(ask(OPEN_TASKS) == 2);
    CHECK(ask("SELECT lessons = '[{\"start\":\"08:00\",\"subject\":\"subject-0\",\"minutes\":10,\"absent_minutes\":10}]'"
              " FROM task WHERE pupil_id = 'pupil-00'") == 1);
    event(1, EVENT_TAP, 0, 7, 59); /* it was made in time and comes late */
    turn();
    CHECK(ask(UNREPORTED) == 1);
    CHECK(ask(OPEN_TASKS) == 1);
    CHECK(ask("SELECT closed_why = 'corrected' FROM task WHERE pupil_id = 'pupil-00'") == 1);
    stop();
}

static void no_task_while_a_terminal_is_lost(void)
{
    begin();
    both_ready();
    first_lesson();
    state(1, PHASE_LOST, 1, 0, 0);
    wait_until(8, 12);
    CHECK(ask(UNREPORTED) == 2);
    CHECK(ask(OPEN_TASKS) == 0);
    state(1, PHASE_READY, 2, 0, 0);
    turn();
    CHECK(ask(OPEN_TASKS) == 2);
    stop();
}

static void no_task_while_taps_may_be_on_their_way(void)
{
    begin();
    both_ready();
    first_lesson();
    wait_until(8, 9);
    state(1, PHASE_READY, 1, 3, 120000);
    wait_until(8, 12);
    CHECK(ask(OPEN_TASKS) == 0);
    state(1, PHASE_READY, 1, 3, 60000); /* what waits now was tapped after the lesson */
    turn();
    CHECK(ask(OPEN_TASKS) == 2);
    stop();
}

static void no_task_before_terminals_were_heard(void)
{
    begin();
    both_ready();
    first_lesson();
    turn();
    stop();
    start();
    wait_until(8, 12);
    CHECK(ask(UNREPORTED) == 2 && ask(OPEN_TASKS) == 0);
    both_ready();
    turn();
    CHECK(ask(OPEN_TASKS) == 2);
    stop();
}

static void an_outage_is_unknown_and_nobody_is_told(void)
{
    begin();
    both_ready();
    first_lesson();
    event(1, EVENT_OUT, 0, 7, 59);
    wait_until(8, 12);
    CHECK(ask(UNKNOWN) == 2 && ask(UNREPORTED) == 0);
    CHECK(ask(OPEN_TASKS) == 0);
    stop();
}

static void a_late_will_of_an_older_birth(void)
{
    begin();
    state(1, PHASE_READY, 5, 0, 0);
    state(1, PHASE_READY, 6, 0, 0);
    state(1, PHASE_LOST, 5, 0, 0);
    turn();
    CHECK(ask("SELECT phase = 'ready' AND birth = 6 FROM terminal_state WHERE terminal_id = 't-1'") == 1);
    state(1, PHASE_LOST, 6, 0, 0);
    turn();
    CHECK(ask("SELECT phase = 'lost' FROM terminal_state WHERE terminal_id = 't-1'") == 1);
    stop();
}

static void a_terminal_reborn_with_a_lower_number(void)
{
    begin();
    state(1, PHASE_READY, 6, 0, 0);
    state(1, PHASE_LOST, 6, 0, 0);
    state(1, PHASE_READY, 2, 0, 0);
    turn();
    CHECK(ask("SELECT phase = 'ready' AND birth = 2 FROM terminal_state WHERE terminal_id = 't-1'") == 1);
    state(1, PHASE_LOST, 1, 0, 0);
    turn();
    CHECK(ask("SELECT phase = 'ready' FROM terminal_state WHERE terminal_id = 't-1'") == 1);
    state(1, PHASE_LOST, 2, 0, 0);
    turn();
    CHECK(ask("SELECT phase = 'lost' FROM terminal_state WHERE terminal_id = 't-1'") == 1);
    stop();
}

static void a_day_closes_and_a_late_tap_withdraws(void)
{
    begin();
    both_ready();
    first_lesson();
    second_lesson();
    wait_until(8, 54);
    CHECK(ask("SELECT count(*) FROM flag") == 0);
    wait_until(8, 56);
    CHECK(ask("SELECT count(*) FROM flag WHERE withdrawn_ms IS NULL AND rule = 'gone'") == 2);
    CHECK(ask("SELECT decided_ms IS NOT NULL FROM school_day") == 1);
    CHECK(ask("SELECT json_extract(evidence, '$[0].numerator') FROM flag WHERE pupil_id = 'pupil-02'") == 1);
    event(1, EVENT_TAP, 0, 7, 59);
    turn();
    CHECK(ask("SELECT count(*) FROM flag") == 2);
    CHECK(ask("SELECT withdrawn_why = 'late events' FROM flag WHERE pupil_id = 'pupil-00'") == 1);
    CHECK(ask("SELECT count(*) FROM flag_change WHERE change = 'withdrawn'") == 1);
    stop();
    start();
    turn();
    CHECK(ask("SELECT count(*) FROM flag") == 2); /* a restart decides nothing anew */
    stop();
}

static void closings_missed_while_away(void)
{
    begin();
    both_ready();
    first_lesson(); /* to the second nobody comes: that may be the terminals */
    turn();
    stop();
    today++;
    set_time(6, 0);
    start();
    turn();
    CHECK(ask("SELECT count(*) FROM school_day WHERE decided_ms IS NOT NULL") == 1);
    CHECK(ask("SELECT count(*) FROM flag") == 2);
    CHECK(ask(OPEN_TASKS) == 0); /* yesterday's guardians are not told today */
    stop();
}

static void a_clock_that_jumps_over_a_date_leaves_none_undecided(void)
{
    begin();
    turn();
    today++;
    set_time(7, 10);
    turn();
    wait_until(9, 30);
    CHECK(ask("SELECT count(*) FROM school_day WHERE decided_ms IS NOT NULL") == 2);
    today++;
    set_time(7, 0);
    turn();
    today--; /* it was a day ahead */
    set_time(9, 40);
    turn();
    today++;
    wait_until(9, 30);
    CHECK(ask("SELECT count(*) FROM school_day WHERE decided_ms IS NOT NULL") == 3);
    stop();
}

static const char *last_sent(const char *topic)
{
    const char *bytes = NULL;
    for (size_t i = 0; i < sent.count; i++)
        if (strcmp(sent.message[i].topic, topic) == 0)
            bytes = sent.message[i].bytes;
    return bytes;
}

static void what_is_retained_at_the_broker(void)
{
    static struct wire_plan plan;
    static struct wire_cards cards;
    const char *why;
    begin();
    for (int i = 0; i < 5; i++)
        turn();
    const char *bytes = last_sent("narvaro/1/skolan/t-1/plan/2026-09-01");
    CHECK(bytes != NULL && wire_decode_plan(bytes, strlen(bytes), &plan, &why) >= 0);
    CHECK(plan.period_count == FACTS_LESSONS && plan.periods[0].token_count == FACTS_PUPILS / 2);
    CHECK(plan.periods[0].start_ms == civil_to_utc_ms(today, 8 * 3600000));
    CHECK(plan.periods[0].late_ms == plan.periods[0].start_ms + 6 * 60000); /* above five whole minutes */
    bytes = last_sent("narvaro/1/skolan/cards");
    CHECK(bytes != NULL && wire_decode_cards(bytes, strlen(bytes), &cards, &why) >= 0);
    CHECK(cards.version == 1 && cards.count == FACTS_PUPILS);
    CHECK(last_sent("narvaro/1/skolan/t-2/config") != NULL);
    CHECK(last_sent("narvaro/1/skolan/daemon/state") != NULL);
    CHECK(last_sent("narvaro/1/skolan/t-1/plan/2026-09-03") == NULL);
    today++;
    set_time(0, 1);
    for (int i = 0; i < 5; i++)
        turn();
    CHECK(last_sent("narvaro/1/skolan/t-1/plan/2026-09-03") != NULL);
    bytes = last_sent("narvaro/1/skolan/t-1/plan/2026-09-01");
    CHECK(bytes != NULL && bytes[0] == '\0'); /* taken away */
    bytes = last_sent("narvaro/1/skolan/cards");
    CHECK(wire_decode_cards(bytes, strlen(bytes), &cards, &why) >= 0 && cards.version == 1);
    stop();
}

static void what_is_not_understood_is_counted(void)
{
    begin();
    hear("t-1", "event", "{broken", 7, false);
    hear("t-1", "event", "", 0, false);
    hear("t-1", "state", "[]", 2, false);
    hear("daemon", "state", "{}", 2, false);
    hear("t-1", "nonsense", "{}", 2, false);
    turn();
    CHECK(daemon_.malformed == 3);
    CHECK(ask("SELECT count(*) FROM event") == 0);
    stop();
}

int main(void)
{
    memory_vfs_register();
    log_open("daemon_day", LOG_WARN);
    TEST(a_lesson_closes_and_guardians_are_to_be_told);
    TEST(no_task_while_a_terminal_is_lost);
    TEST(no_task_while_taps_may_be_on_their_way);
    TEST(no_task_before_terminals_were_heard);
    TEST(an_outage_is_unknown_and_nobody_is_told);
    TEST(a_late_will_of_an_older_birth);
    TEST(a_terminal_reborn_with_a_lower_number);
    TEST(a_day_closes_and_a_late_tap_withdraws);
    TEST(closings_missed_while_away);
    TEST(a_clock_that_jumps_over_a_date_leaves_none_undecided);
    TEST(what_is_retained_at_the_broker);
    TEST(what_is_not_understood_is_counted);
    return test_done();
}
