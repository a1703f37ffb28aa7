/* The daemon's work, taken apart, on a database of tests/schoolyear.mjs:
 *
 *     bench-daemon start DATABASE            what a start does before it is ready: is the database sound, and the
 *                                            detector's state from a school year of decided days
 *     bench-daemon roll DATABASE DAY UTC_MS  the roll of a date as it stands at that time
 *     bench-daemon taps SETTINGS MESSAGES    taps of 50 terminals, one a message, 256 messages a commit, without MQTT: for
 *                                            counting the instructions in daemon_step
 *
 * Prints one line of JSON; milliseconds are of the wall, those of a start of the processor. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include "daemon/config.h"
#include "daemon/daemon.h"
#include "daemon/store/store_school.h"
#include "daemon/store/store_versions.h"
#include "daemon/terminals.h"

#define RULES_BYTES 65536
#define ROUNDS      20
#define TERMINALS   50
#define A_COMMIT    256
#define CARDS       1000
#define FIRST_TOKEN 1000000

static void demand(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "bench-daemon: %s\n", what);
    exit(1);
}

static double clock_ms(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double now_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}

/* Of the processor: what else runs on the machine disturbs it less. */
static double busy_ms(void)
{
    return clock_ms(CLOCK_PROCESS_CPUTIME_ID);
}

static struct store *open_store(const char *path)
{
    char why[STORE_WHY_BYTES];
    struct store *store = store_open(path, NULL, why);
    demand(store != NULL, why);
    return store;
}

static long peak_kb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* As daemon/flagging.c, which holds no more pupils than a school has. */
struct filling {
    struct detect *detect;
    struct names pupils, classes;
    uint32_t latest_pupil, latest_class;
    long days;
};

static uint32_t number_of(struct names *names, uint32_t *latest, const char *name)
{
    if (*latest >= names->count || strcmp(names_text(names, *latest).bytes, name) != 0)
        *latest = names_add(names, text_of(name));
    return *latest;
}

static bool set_day(struct filling *filling, const struct pupil_day *day)
{
    uint32_t pupil = number_of(&filling->pupils, &filling->latest_pupil, day->pupil_id);
    uint32_t class = number_of(&filling->classes, &filling->latest_class, day->class_name);
    filling->days++;
    return pupil != NAMES_NONE && class != NAMES_NONE &&
           detect_set_day(filling->detect, pupil, class, day->day, day->outcomes, day->count);
}

static const char *rules_text(void)
{
    static char text[RULES_BYTES];
    FILE *file = fopen("config/rules.cfg", "r");
    demand(file != NULL && fread(text, 1, sizeof text - 1, file) > 0, "no rules");
    fclose(file);
    return text;
}

static void add_rules(struct detect *detect)
{
    static struct problems problems;
    static struct rules rules;
    demand(rules_read_text("rules.cfg", rules_text(), &rules, &problems) &&
               detect_add_rules(detect, &rules, 1, INT32_MIN),
           "the rules are not taken");
}

/* SQLite alone, with every value of the rows that a start reads, in milliseconds. */
static double read_rows(const char *path, int32_t since)
{
    sqlite3 *connection;
    sqlite3_stmt *rows = NULL;
    double began = busy_ms();
    demand(sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
               sqlite3_prepare_v2(connection,
                                  "SELECT pupil_id, day, class, outcomes FROM pupil_day WHERE day >= ?1"
                                  " ORDER BY pupil_id, day",
                                  -1, &rows, NULL) == SQLITE_OK,
           "the database cannot be read");
    sqlite3_bind_int(rows, 1, since);
    while (sqlite3_step(rows) == SQLITE_ROW)
        demand(sqlite3_column_text(rows, 0) != NULL && sqlite3_column_int(rows, 1) >= since &&
                   sqlite3_column_text(rows, 2) != NULL && sqlite3_column_blob(rows, 3) != NULL,
               "a row without a value");
    sqlite3_finalize(rows);
    sqlite3_close(connection);
    return busy_ms() - began;
}

static void start(const char *path)
{
    enum { PUPILS = 100000 };
    struct filling filling = {.detect = detect_open()};
    demand(filling.detect != NULL && names_open(&filling.pupils, PUPILS, PUPILS * 16) &&
               names_open(&filling.classes, PUPILS, PUPILS * 16),
           "no memory");
    double began = busy_ms();
    struct store *store = open_store(path);
    double sound = busy_ms();
    int32_t through = 0;
    demand(store_decided_through(store, &through), "no date is decided");
    struct decided_days days;
    struct pupil_day day;
    store_decided_since(store, through - 366, &days);
    while (store_next_decided(&days, &day))
        demand(set_day(&filling, &day), "no memory");
    demand(days.unreadable == 0, "a day cannot be read");
    add_rules(filling.detect);
    for (uint32_t pupil; detect_next_changed(filling.detect, &pupil);)
        ;
    double ready = busy_ms();
    long kb = peak_kb();
    store_close(store);
    printf("{\"pupils\":%u,\"pupil_days\":%ld,\"check_ms\":%.1f,\"rebuild_ms\":%.1f,\"read_ms\":%.1f,\"rss_kb\":%ld}\n",
           filling.pupils.count, filling.days, sound - began, ready - sound, read_rows(path, through - 366), kb);
}

static void roll(const char *path, int32_t day, int64_t utc_ms)
{
    static struct roll roll;
    static struct terminals terminals;
    static struct dayset touched;
    const struct groupsignal_settings signals = {
        .factor_percent = 200, .least_percent = 15, .weeks = 8, .days_least = 10};
    struct store *store = open_store(path);
    terminals_init(&terminals, store, 1);
    dayset_init(&touched, day);
    store_begin(store);
    const char *why = roll_open(&roll, store, &terminals, &ROLLCALL_DEFAULTS, &signals, &touched, utc_ms);
    demand(why == NULL, why == NULL ? "" : why);
    demand(store_commit(store), "no commit");
    dayset_init(&touched, day);
    dayset_add(&touched, day);
    store_begin(store);
    double began = now_ms();
    demand(roll_take(&roll, &touched, "bench", utc_ms), "the roll was not taken");
    double taken = now_ms();
    demand(store_commit(store), "no commit");
    double committed = now_ms();
    for (int i = 0; i < ROUNDS; i++)
        demand(rollcall_day(roll.rollcall, roll.school, roll.facts, &ROLLCALL_DEFAULTS, utc_ms), "too many rows");
    double computed = now_ms();
    printf("{\"pupils\":%u,\"lessons_closed\":%zu,\"rows\":%zu,\"compute_ms\":%.2f,\"store_ms\":%.2f,\"commit_ms\":%."
           "2f}\n",
           (unsigned)roll.school->pupil_ids.count, (size_t)roll.rollcall->lessons_closed, roll.rollcall->row_count,
           (computed - committed) / ROUNDS, taken - began, committed - taken);
    roll_close(&roll);
    store_close(store);
}

struct message {
    char topic[WIRE_TOPIC_BYTES], bytes[512];
    int length;
};

static bool ignore(void *context, const char *topic, const char *bytes, size_t length, bool retained, bool assured)
{
    (void)context, (void)topic, (void)bytes, (void)length, (void)retained, (void)assured;
    return true;
}

static void write_message(struct message *message, const char *school, uint32_t i, int64_t generations, int64_t at_ms)
{
    char terminal[ID_BYTES];
    uint64_t sequence = i / TERMINALS + 1;
    struct event event = {.generation = (uint64_t)generations * TERMINALS + i % TERMINALS,
                          .sequence = sequence,
                          .last_sequence = sequence,
                          .oldest = 1,
                          .kind = EVENT_TAP,
                          .boot = 1,
                          .mono_ms = (int64_t)sequence,
                          .at_ms = at_ms,
                          .clock = CLOCK_SYNCED,
                          .token = FIRST_TOKEN + i * UINT64_C(7919) % CARDS,
                          .reader = 1,
                          .feedback = FEEDBACK_OK};
    snprintf(terminal, sizeof terminal, "t-%u", i % TERMINALS);
    wire_topic(message->topic, school, terminal, "event");
    message->length = wire_encode_events(&event, 1, message->bytes, sizeof message->bytes);
    demand(message->length > 0, "no message");
}

static void take_all(struct daemon *daemon, const struct clock *clock, const char *school, uint32_t count)
{
    int64_t generations = clock_utc_ms(clock);
    for (uint32_t i = 0; i < count; i++) {
        struct message message; /* made now: under callgrind the first would be old before the last */
        write_message(&message, school, i, generations, clock_utc_ms(clock));
        daemon_step(daemon, &(struct daemon_input){.kind = DAEMON_MESSAGE,
                                                   .topic = message.topic,
                                                   .bytes = message.bytes,
                                                   .length = (size_t)message.length});
        if ((i + 1) % A_COMMIT == 0 || i + 1 == count)
            daemon_step(daemon, &(struct daemon_input){.kind = DAEMON_TURN});
    }
}

static void taps(const char *settings, uint32_t count)
{
    static struct config config;
    static struct problems problems;
    const char *why;
    struct store_status before, after;
    struct clock clock = clock_system();
    config_read(settings, &config, &problems);
    demand(problems.count == 0, "the settings are wrong");
    struct store *store = open_store(config.database);
    struct daemon *daemon = daemon_open(&config, &clock, store, rules_text(), ignore, NULL, &why);
    demand(daemon != NULL, daemon == NULL ? why : "");
    int32_t today = civil_from_utc_ms(clock_utc_ms(&clock)).day;
    store_status(store, today, &before);
    daemon_step(daemon, &(struct daemon_input){.kind = DAEMON_LINK_UP});
    while (daemon_wake_ms(daemon) == 0)
        daemon_step(daemon, &(struct daemon_input){.kind = DAEMON_TURN, .idle = true});
    take_all(daemon, &clock, config.school, count);
    store_status(store, today, &after);
    demand(after.events_stored - before.events_stored == count, "not every tap was stored");
    printf("{\"taps\":%u}\n", count);
    daemon_close(daemon);
    store_close(store);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "start") == 0)
        start(argv[2]);
    else if (argc == 5 && strcmp(argv[1], "roll") == 0)
        roll(argv[2], atoi(argv[3]), atoll(argv[4]));
    else if (argc == 4 && strcmp(argv[1], "taps") == 0)
        taps(argv[2], (uint32_t)atoi(argv[3]));
    else
        demand(false, "start DATABASE, roll DATABASE DAY UTC_MS, or taps SETTINGS MESSAGES");
    return 0;
}
