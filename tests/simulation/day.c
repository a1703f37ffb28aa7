/* One whole day, seven o'clock to seven o'clock: two rooms with lessons from eight to four, their readers on emulated
 * lines, and a calendar of misfortunes beside the random ones of every run. */
#include "tests/simulation/world.h"

#define HEADS           3
#define BAUD            19200
#define MISSING         2 /* readers of the second terminal that are in its settings and nowhere else */
#define MORE_LESSONS    22
#define MORE_LESSON_MIN (8 * 60 + 40)
#define LESSON_APART    20
#define STRANGER_ONE_IN 300 /* seconds, from seven to five */
#define TWICE_ONE_IN    12
#define MISFORTUNES     10

enum misfortune_kind { BROKER_DOWN, UNPLUGGED, NO_CLOCK };

struct misfortune {
    enum misfortune_kind kind;
    int who;
    int from_s, to_s; /* since seven */
    bool begun, over;
};

static const int LESSONS = FACTS_LESSONS + MORE_LESSONS;

static int lesson_minute(int lesson)
{
    return lesson < FACTS_LESSONS ? FACTS_START_MINUTE + lesson * FACTS_APART_MIN
                                  : MORE_LESSON_MIN + (lesson - FACTS_LESSONS) * LESSON_APART;
}

static void write_lessons(void)
{
    sqlite3 *database;
    int number = 1000;
    sqlite3_open_v2(sim.database, &database, SQLITE_OPEN_READWRITE, "memory");
    facts_run(database, "BEGIN");
    for (int lesson = FACTS_LESSONS; lesson < LESSONS; lesson++)
        for (int group = 1; group <= 2; group++)
            facts_lesson(database, ++number, sim.first_day, group, lesson_minute(lesson));
    facts_run(database, "COMMIT");
    sqlite3_close(database);
}

static void install(int who, size_t missing)
{
    struct rig *rig = &sim.rigs[who];
    rig->settings.reader_count = HEADS + missing;
    for (size_t i = 0; i < rig->settings.reader_count; i++)
        rig->settings.readers[i] = (uint8_t)(i + 1);
    rig->flash = nor_open(&rig->nor, NOR_SECTORS_MAX);
    bool started = rig_start(rig, CLOCK_SYNCED);
    assert(started);
    (void)started;
    lines_open(who, HEADS, BAUD);
}

static struct misfortune between(enum misfortune_kind kind, int who, int earliest_min, int latest_min, int least_min,
                                 int most_min)
{
    int from_s = 60 * (earliest_min + (int)chance((uint32_t)(latest_min - earliest_min)));
    return (struct misfortune){.kind = kind,
                               .who = who,
                               .from_s = from_s,
                               .to_s = from_s + 60 * (least_min + (int)chance((uint32_t)(most_min - least_min)))};
}

/* Minutes after seven. The terminal without a clock starts while the broker is down, so that nobody tells it the time. */
static void plan_misfortunes(struct misfortune plan[MISFORTUNES])
{
    plan[0] = (struct misfortune){.kind = BROKER_DOWN, .from_s = 50 * 60, .to_s = 100 * 60};
    plan[1] = (struct misfortune){.kind = NO_CLOCK, .who = 1, .from_s = 55 * 60, .to_s = 240 * 60};
    plan[2] = between(BROKER_DOWN, 0, 110, 180, 10, 60);
    plan[3] = between(BROKER_DOWN, 0, 250, 330, 10, 90);
    plan[4] = between(BROKER_DOWN, 0, 430, 520, 10, 120);
    plan[5] = between(BROKER_DOWN, 0, 700, 1200, 60, 200);
    plan[6] = between(UNPLUGGED, 0, 70, 200, 2, 40);
    plan[7] = between(UNPLUGGED, 0, 300, 500, 2, 40);
    plan[8] = between(UNPLUGGED, 1, 110, 500, 2, 40);
    plan[9] = between(UNPLUGGED, 1, 800, 1300, 2, 40);
}

static void begin(struct misfortune *what)
{
    switch (what->kind) {
    case BROKER_DOWN:
        broker_forget();
        break;
    case UNPLUGGED:
        sim.lines[what->who].plugged = false;
        break;
    case NO_CLOCK:
        terminal_set_clock(what->who, -sim.now_ms); /* the year 1970 */
        terminal_restart(what->who);
        break;
    }
    what->begun = true;
    sim.misfortunes[what->kind]++;
}

static void end(struct misfortune *what)
{
    if (what->kind == UNPLUGGED)
        sim.lines[what->who].plugged = true;
    else if (what->kind == NO_CLOCK)
        terminal_synchronise(what->who);
    what->over = true;
}

static void suffer(struct misfortune plan[MISFORTUNES], int second)
{
    for (int i = 0; i < MISFORTUNES; i++) {
        struct misfortune *what = &plan[i];
        if (!what->begun && second >= what->from_s)
            begin(what);
        if (what->begun && !what->over && second >= what->to_s)
            end(what);
        if (what->kind != BROKER_DOWN || !what->begun || what->over)
            continue;
        int64_t back_ms = sim.now_ms + STEP_MS; /* nobody gets through meanwhile, whoever tries */
        for (int who = 0; who < TERMINALS; who++)
            sim.net_back_ms[who] = sim.net_back_ms[who] > back_ms ? sim.net_back_ms[who] : back_ms;
        sim.link_back_ms = sim.link_back_ms > back_ms ? sim.link_back_ms : back_ms;
    }
}

static void hold_cards(const int64_t tap_ms[FACTS_PUPILS][FACTS_LESSONS + MORE_LESSONS], int second)
{
    for (int pupil = 0; pupil < FACTS_PUPILS; pupil++)
        for (int lesson = 0; lesson < LESSONS; lesson++) {
            if (tap_ms[pupil][lesson] != sim.now_ms)
                continue;
            lines_hold(pupil % TERMINALS, pupil);
            if (chance(TWICE_ONE_IN) == 0)
                lines_hold(pupil % TERMINALS, pupil);
        }
    if (second < 10 * 3600 && chance(STRANGER_ONE_IN) == 0)
        lines_hold((int)chance(TERMINALS), FACTS_PUPILS + second);
}

void day_live(uint64_t seed, int32_t day)
{
    int64_t tap_ms[FACTS_PUPILS][FACTS_LESSONS + MORE_LESSONS];
    struct misfortune plan[MISFORTUNES] = {0};
    term_open(seed, day, 1);
    sim.on_lines = true;
    for (int who = 0; who < TERMINALS; who++)
        install(who, who == 1 ? MISSING : 0);
    write_lessons();
    plan_misfortunes(plan);
    for (int pupil = 0; pupil < FACTS_PUPILS; pupil++)
        for (int lesson = 0; lesson < LESSONS; lesson++)
            tap_ms[pupil][lesson] = term_arrival_ms(pupil, day, lesson_minute(lesson));
    for (int second = 0; second < DAY_MS / STEP_MS; second++) {
        suffer(plan, second);
        hold_cards(tap_ms, second);
        term_step();
    }
    invariants_watch();
}
