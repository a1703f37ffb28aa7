/* What accuses nobody: a broker that is away over a week-end, lessons from before the terminals hung there, a terminal that
 * lies. Whoever showed a card at a lesson must never be said to have missed it, not even for a moment. */
#include "tests/simulation/world.h"

#define WEEK_END_DAYS 9 /* from Monday to the Tuesday after */
#define FRIDAY        4
#define MONDAY_AFTER  7
#define GOES_MINUTE   (8 * 60 + 5)
#define COMES_MINUTE  (8 * 60 + 20)
#define OLD_DAYS      10
#define OLD_NUMBER    5000
#define LIAR          0
#define LIES          666 /* the generation of its invented journal */
#define LATE_DAYS     20
#define LOOK_EACH     30 /* steps */
#define UNREPORTED    "(substr(hex(outcomes), 25, 2) = '04' OR substr(hex(outcomes), 51, 2) = '04')"

static int64_t away_from_ms, away_to_ms;
static int accused;

/* Nobody gets through, whoever tries. */
static void keep_away(void)
{
    int64_t back_ms = sim.now_ms + 2 * STEP_MS;
    if (sim.now_ms < away_from_ms || sim.now_ms >= away_to_ms)
        return;
    for (int who = 0; who < TERMINALS; who++) {
        if (sim.net_up[who])
            terminal_disconnect(who, 2 * STEP_MS);
        sim.net_back_ms[who] = sim.net_back_ms[who] > back_ms ? sim.net_back_ms[who] : back_ms;
    }
    if (sim.daemon_up && daemon_link_up(sim.daemon))
        broker_forget();
    sim.link_back_ms = sim.link_back_ms > back_ms ? sim.link_back_ms : back_ms;
}

static void step(void)
{
    keep_away();
    term_step();
    if (sim.now_ms / STEP_MS % LOOK_EACH == 0 && sim.daemon_up)
        accused += invariants_accused();
}

static void open_days(uint64_t seed, int32_t monday, int days)
{
    term_open(seed, monday, days);
    sim.office_every = 0; /* what it corrects says nothing about evidence */
    away_from_ms = away_to_ms = 0;
    accused = 0;
}

static bool tell(const char *what, bool is_right)
{
    if (!is_right || accused > 0)
        printf("# seed %llu, %s: %d accused who came%s\n", (unsigned long long)sim.seed, what, accused,
               is_right ? "" : ", and more");
    host_stop();
    return is_right && accused == 0;
}

static int64_t at_ms(int32_t day, int minute)
{
    return civil_to_utc_ms(day, minute * 60000);
}

static int64_t tasks_between(int64_t from_ms, int64_t to_ms)
{
    char question[128];
    snprintf(question, sizeof question, "SELECT count(*) FROM task WHERE created_ms BETWEEN %lld AND %lld",
             (long long)from_ms, (long long)to_ms);
    return host_ask(question);
}

bool evidence_weekend(uint64_t seed, int32_t monday)
{
    open_days(seed, monday, WEEK_END_DAYS);
    away_from_ms = at_ms(monday + FRIDAY, GOES_MINUTE);
    away_to_ms = at_ms(monday + MONDAY_AFTER, COMES_MINUTE);
    for (int day = 0; day < WEEK_END_DAYS; day++)
        term_day(monday + day, step);
    term_drain();
    accused += invariants_accused();
    int64_t misses = host_ask("SELECT count(*) FROM pupil_day WHERE " UNREPORTED);
    bool none_told = tasks_between(away_from_ms + STEP_MS, away_to_ms - STEP_MS) == 0;
    struct findings findings = invariants_check();
    findings_tell(&findings);
    return tell("a week-end without a broker", findings_count(&findings) == 0 && none_told && misses > 0);
}

bool evidence_old_timetable(uint64_t seed, int32_t monday)
{
    sqlite3 *database;
    char question[160];
    int number = OLD_NUMBER;
    open_days(seed, monday, 2);
    sqlite3_open_v2(sim.database, &database, SQLITE_OPEN_READWRITE, "memory");
    for (int32_t day = monday - 1 - OLD_DAYS; day < monday - 1; day++) /* by a clock a day off it may be Sunday */
        for (int lesson = 0; lesson < FACTS_LESSONS; lesson++)
            for (int group = 1; group <= 2; group++)
                facts_lesson(database, ++number, day, group, FACTS_START_MINUTE + lesson * FACTS_APART_MIN);
    sqlite3_close(database);
    for (int day = 0; day < 2; day++)
        term_day(monday + day, step);
    term_drain();
    snprintf(question, sizeof question, "SELECT count(*) FROM pupil_day WHERE day < %d AND " UNREPORTED, (int)monday);
    int64_t misses = host_ask(question);
    snprintf(question, sizeof question, "SELECT count(*) FROM pupil_day WHERE day < %d", (int)monday);
    int64_t rows = host_ask(question);
    snprintf(question, sizeof question, "SELECT count(*) FROM flag WHERE raised_day < %d", (int)monday);
    return tell("a timetable of before", misses == 0 && rows == OLD_DAYS * FACTS_PUPILS && host_ask(question) == 0);
}

static void lie(struct event event, int64_t sequence)
{
    char topic[WIRE_TOPIC_BYTES], bytes[WIRE_MESSAGE_BYTES_MAX];
    event.generation = LIES;
    event.sequence = event.last_sequence = (uint64_t)sequence;
    event.oldest = 1;
    event.clock = CLOCK_SYNCED;
    event.boot = 1;
    event.age_ms = -1;
    int length = wire_encode_events(&event, 1, bytes, sizeof bytes);
    assert(length > 0);
    wire_topic(topic, "skolan", sim.rigs[LIAR].settings.terminal, "event");
    int64_t before = host_ask("SELECT count(*) FROM event");
    do { /* the broker loses lies as all else */
        broker_publish(topic, bytes, (size_t)length, false);
        for (int i = 0; i < 2 * LATEST_LETTER_MS / STEP_MS; i++)
            step();
    } while (host_ask("SELECT count(*) FROM event") == before);
}

/* It was heard all the days: that it had been without power, or a reader, does not stand. Its own class comes to its room,
 * pupil 1 is of the other. */
bool evidence_liar(uint64_t seed, int32_t monday)
{
    enum { DAYS = 4 };
    open_days(seed, monday, DAYS);
    sim.faults = false;
    for (int who = 0; who < TERMINALS; who++)
        for (uint8_t reader = 1; reader <= 2; reader++)
            rig_reader(&sim.rigs[who], TERMINAL_READER_UP, reader);
    for (int day = 0; day < DAYS; day++)
        term_day(monday + day, step);
    term_drain();
    uint64_t outcomes = invariants_outcomes(monday + DAYS);
    int64_t taps = host_ask("SELECT count(*) FROM event WHERE kind = 'tap'");
    const uint8_t *key = sim.rigs[LIAR].settings.token_key;
    lie((struct event){.kind = EVENT_BOOT, .at_ms = at_ms(monday + 1, 9 * 60), .from_ms = at_ms(monday, 0)}, 1);
    lie((struct event){.kind = EVENT_OUT, .reader = 1, .at_ms = at_ms(monday + 2, 7 * 60)}, 2);
    lie((struct event){.kind = EVENT_IN, .reader = 1, .at_ms = at_ms(monday + 2, 12 * 60)}, 3);
    lie(
        (struct event){
            .kind = EVENT_TAP, .reader = 1, .at_ms = at_ms(monday + 1, 8 * 60), .token = facts_token(key, 1)},
        4);
    lie((struct event){.kind = EVENT_TAP,
                       .reader = 1,
                       .at_ms = at_ms(monday + DAYS - 1 - LATE_DAYS, 8 * 60),
                       .token = facts_token(key, 0)},
        5);
    bool stored = host_ask("SELECT count(*) FROM event WHERE kind = 'tap'") == taps + 2;
    bool wait = host_ask("SELECT count(*) FROM held_tap WHERE decision IS NULL") == 2;
    return tell("a terminal that lies", stored && wait && invariants_outcomes(monday + DAYS) == outcomes);
}
