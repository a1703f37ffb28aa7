#include "tests/simulation/world.h"

struct simulation sim;

uint32_t chance(uint32_t sides)
{
    sim.random = sim.random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(sim.random >> 33) % sides;
}

bool mishap(uint32_t sides)
{
    return sim.faults && chance(sides) == 0;
}

void trace(const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        sim.trace = (sim.trace ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
}

void trace_number(int64_t number)
{
    trace(&number, sizeof number);
}

void note_misdated(void)
{
    int32_t today = civil_from_utc_ms(sim.now_ms).day - sim.first_day;
    for (int32_t day = today - 1; day <= today + 1; day++)
        if (day >= 0 && day < DAYS_MAX)
            sim.misdated[day] = true;
}

static void open_database(void)
{
    char why[STORE_WHY_BYTES];
    sqlite3 *database;
    struct store *store = store_open(sim.database, "memory", why);
    assert(store != NULL);
    store_close(store);
    sqlite3_open_v2(sim.database, &database, SQLITE_OPEN_READWRITE, "memory");
    facts_write(database, sim.rigs[0].settings.token_key, sim.first_day, sim.days);
    sqlite3_close(database);
}

void term_open(uint64_t seed, int32_t first_day, int days)
{
    assert(days <= DAYS_MAX);
    memset(&sim, 0, sizeof sim);
    sim.seed = seed;
    sim.random = seed * UINT64_C(2862933555777941757) + UINT64_C(3037000493);
    sim.database = "attendance.db";
    sim.first_day = first_day;
    sim.days = days;
    sim.now_ms = civil_to_utc_ms(first_day, 7 * 3600000);
    sim.daemon_clock = (struct rig_clock){.clock = {.utc_ms = rig_utc_ms, .mono_ms = rig_mono_ms, .rate = 1},
                                          .utc_ms = sim.now_ms,
                                          .mono_ms = sim.now_ms};
    sim.config = (struct config){.school = "skolan", .plan_days = 2, .repeat_s = 1, .rollcall = ROLLCALL_DEFAULTS};
    sim.config.rollcall.day_close_min = 5;
    sim.config.rollcall.repeat_s = 1;
    memory_vfs_format();
    memory_disk.random = seed;
    for (int who = 0; who < TERMINALS; who++)
        terminal_power_on(who, ++sim.generations);
    open_database();
    sim.faults = true;
    sim.office_every = 1200;
}

static void hear(const struct letter *letter)
{
    if (letter->to < TERMINALS)
        terminal_hear(letter);
    else
        host_hear(letter);
}

static bool waits_for_daemon(void)
{
    for (int i = 0; i < LETTERS_MAX; i++)
        if (sim.letters[i].used && sim.letters[i].to == TERMINALS && sim.letters[i].due_ms <= sim.now_ms)
            return true;
    return false;
}

void term_step(void)
{
    sim.now_ms += STEP_MS;
    for (int who = 0; who < TERMINALS; who++) {
        if (sim.on_lines)
            lines_run(who);
        else
            rig_wait(&sim.rigs[who], STEP_MS);
        terminal_run(who);
    }
    if (mishap(15000))
        broker_forget();
    bool anything = waits_for_daemon();
    broker_deliver_all(hear);
    host_run(anything);
}

/* How a pupil comes to a lesson: not at all, in time, late; some are worse than others. Minutes from the start. */
static int arrival_min(int pupil)
{
    uint32_t dice = chance(100), absent = pupil % 7 == 0 ? 40 : 5, late = pupil % 5 == 0 ? 30 : 5;
    if (dice < absent)
        return INT32_MAX;
    return dice < absent + late ? 6 + (int)chance(3) : (int)chance(10) - 6;
}

int64_t term_arrival_ms(int pupil, int32_t day, int start_minute)
{
    int minutes = arrival_min(pupil);
    return minutes == INT32_MAX
               ? INT64_MAX
               : civil_to_utc_ms(day, (start_minute + minutes) * 60000) + (int64_t)chance(60) * STEP_MS;
}

static void jump_to(int32_t day, int start_minute)
{
    int64_t then_ms = civil_to_utc_ms(day, start_minute * 60000);
    for (int who = 0; who < TERMINALS; who++)
        rig_wait(&sim.rigs[who], then_ms - sim.now_ms);
    sim.now_ms = then_ms;
}

void term_day(int32_t day, void (*step)(void))
{
    int64_t tap_ms[FACTS_PUPILS][FACTS_LESSONS];
    jump_to(day, 7 * 60 + 40);
    for (int pupil = 0; pupil < FACTS_PUPILS; pupil++)
        for (int lesson = 0; lesson < FACTS_LESSONS; lesson++)
            tap_ms[pupil][lesson] = term_arrival_ms(pupil, day, FACTS_START_MINUTE + lesson * FACTS_APART_MIN);
    for (int i = 0; i < DAY_STEPS; i++) {
        for (int pupil = 0; pupil < FACTS_PUPILS; pupil++)
            for (int lesson = 0; lesson < FACTS_LESSONS; lesson++)
                if (tap_ms[pupil][lesson] == sim.now_ms)
                    terminal_tap(pupil % TERMINALS, pupil);
        office_work(day);
        step();
    }
    invariants_watch();
}

void term_drain(void)
{
    sim.faults = false;
    sim.office_every = 0;
    for (int who = 0; who < TERMINALS; who++) {
        sim.net_back_ms[who] = 0;
        terminal_set_clock(who, 0);
    }
    sim.daemon_back_ms = sim.link_back_ms = 0;
    for (int i = 0; i < QUIET_STEPS; i++)
        term_step();
}
