#include "tests/simulation/world.h"

static void connect_terminal(int who)
{
    sim.net_up[who] = true;
    terminal_will(&sim.rigs[who].terminal, &sim.will[who]);
    rig_step(&sim.rigs[who], (struct terminal_input){.kind = TERMINAL_NET_UP});
    broker_give_retained(who);
}

/* The broker notices, and speaks the will. */
void terminal_disconnect(int who, int64_t for_ms)
{
    if (sim.net_up[who])
        broker_publish(sim.will[who].topic, sim.will[who].bytes, sim.will[who].length, true);
    sim.net_up[who] = false;
    sim.net_back_ms[who] = sim.now_ms + for_ms;
}

static void readers_up(int who)
{
    for (uint8_t reader = 1; reader <= 2; reader++)
        rig_reader(&sim.rigs[who], TERMINAL_READER_UP, reader);
}

/* A new terminal, or one whose card was imaged anew: its journal begins again in a new generation. */
void terminal_power_on(int who, uint64_t generation)
{
    struct rig *rig = &sim.rigs[who];
    rig_open(rig, 8);
    snprintf(rig->settings.terminal, ID_BYTES, "t-%d", who + 1);
    rig->settings.repeat_ms = rig->settings.debounce_ms = 1000;
    rig->flash = nor_open(&rig->nor, 8);
    rig->generation = generation - 1;
    rig->time.utc_ms = sim.now_ms + sim.clock_wrong_ms[who];
    bool started = rig_start(rig, CLOCK_SYNCED);
    assert(started);
    (void)started;
}

void terminal_restart(int who)
{
    struct rig *rig = &sim.rigs[who];
    terminal_disconnect(who, chance(60000));
    do
        nor_power_up(&rig->nor, chance(UINT32_MAX));
    while (!rig_start(rig, mishap(3) || (sim.on_lines && sim.clock_wrong_ms[who]) ? CLOCK_UNSET : CLOCK_SYNCED));
    if (!sim.on_lines)
        readers_up(who);
    sim.counts.crashes++;
}

bool terminal_says_recorded(enum feedback feedback)
{
    return feedback == FEEDBACK_OK || feedback == FEEDBACK_LATE || feedback == FEEDBACK_OTHER_ROOM ||
           feedback == FEEDBACK_UNKNOWN_CARD || feedback == FEEDBACK_RECORDED;
}

/* The moment to lose power at is when a tap is written, and right after the lamp. */
enum feedback terminal_take_tap(int who, int pupil, int64_t at_ms, const struct terminal_input *tap)
{
    struct rig *rig = &sim.rigs[who];
    assert(sim.tap_count < TAPS_MAX);
    struct made_tap *made = &sim.taps[sim.tap_count];
    *made =
        (struct made_tap){.terminal = who,
                          .pupil = pupil,
                          .generation = rig->terminal.journal.generation,
                          .sequence = rig->terminal.journal.next_sequence,
                          .token = facts_token(rig->settings.token_key, pupil),
                          .at_ms = at_ms,
                          .well_timed = rig->terminal.timebase.quality == CLOCK_SYNCED && sim.clock_wrong_ms[who] == 0};
    if (mishap(40))
        rig->nor.steps_left = chance(60);
    enum feedback feedback = rig_step(rig, *tap).feedback;
    bool power_went = rig->nor.dead;
    made->shown = !power_went && terminal_says_recorded(feedback);
    sim.tap_count += made->shown || power_went;
    trace_number(feedback);
    rig->nor.steps_left = NOR_FOREVER;
    if (!power_went && !mishap(60))
        return feedback;
    terminal_restart(who);
    return FEEDBACK_NONE;
}

void terminal_tap(int who, int pupil)
{
    struct terminal_input tap = rig_card(1, facts_card(pupil), 0);
    terminal_take_tap(who, pupil, sim.now_ms, &tap);
}

void terminal_set_clock(int who, int64_t wrong_ms)
{
    sim.rigs[who].time.utc_ms += wrong_ms - sim.clock_wrong_ms[who];
    sim.clock_wrong_ms[who] = wrong_ms;
}

void terminal_synchronise(int who)
{
    terminal_set_clock(who, 0);
    rig_step(&sim.rigs[who], (struct terminal_input){.kind = TERMINAL_CLOCK, .clock = CLOCK_SYNCED});
}

/* On the lines only the time service is late. */
static void run_clock_on_lines(int who)
{
    if (sim.clock_wrong_ms[who] == 0 && sim.rigs[who].terminal.timebase.quality != CLOCK_SYNCED && chance(120) == 0)
        terminal_synchronise(who);
}

/* The engine may have its time from a daemon whose clock was wrong: what counts is what it believes. */
static void run_clock(int who)
{
    struct rig *rig = &sim.rigs[who];
    const struct timebase *timebase = &rig->terminal.timebase;
    if (timebase->quality != CLOCK_SYNCED && chance(120) == 0)
        rig_step(rig, (struct terminal_input){.kind = TERMINAL_CLOCK, .clock = CLOCK_SYNCED});
    if (sim.clock_wrong_ms[who] != 0 && chance(600) == 0) {
        terminal_set_clock(who, 0);
    } else if (mishap(40000)) {
        terminal_set_clock(who, chance(2) ? DAY_MS : -DAY_MS);
        sim.counts.clock_jumps++;
    }
}

static void note_clock(int who)
{
    const struct timebase *timebase = &sim.rigs[who].terminal.timebase;
    if (timebase->quality != CLOCK_UNSET &&
        llabs(timebase_utc_ms(timebase) - sim.now_ms) > LATEST_LETTER_MS + 2 * STEP_MS)
        note_misdated();
}

/* Only when it has nothing to lose: what a thief takes with the card is gone, and no promise covers it. */
static void image_anew(int who)
{
    if (journal_waiting(&sim.rigs[who].terminal.journal) > 0)
        return;
    terminal_disconnect(who, chance(60000));
    terminal_power_on(who, ++sim.generations);
    readers_up(who);
    sim.counts.new_journals++;
}

static void lose_this_or_that(int who)
{
    if (mishap(30000))
        image_anew(who);
    if (mishap(6000))
        rig_reader(&sim.rigs[who], TERMINAL_READER_DOWN, 2);
    else if (mishap(400))
        rig_reader(&sim.rigs[who], TERMINAL_READER_UP, 2);
}

void terminal_run(int who)
{
    static struct terminal_message message;
    struct rig *rig = &sim.rigs[who];
    sim.on_lines ? run_clock_on_lines(who) : run_clock(who);
    note_clock(who);
    if (chance(600) == 0) /* as the port does, so that old events are forgotten */
        rig_step(rig, (struct terminal_input){.kind = TERMINAL_CLOCK, .clock = rig->terminal.timebase.quality});
    if (!sim.net_up[who] && sim.now_ms >= sim.net_back_ms[who])
        connect_terminal(who);
    if (sim.net_up[who] && mishap(2500))
        terminal_disconnect(who, chance(5) == 0 ? 3 * (int64_t)DAY_MS : (int64_t)chance(600000));
    if (mishap(4000))
        terminal_restart(who);
    if (!sim.on_lines)
        lose_this_or_that(who);
    while (sim.net_up[who] && terminal_next(&rig->terminal, &message) == 0) {
        trace(message.bytes, message.length);
        broker_publish(message.topic, message.bytes, message.length, message.retained);
    }
}

void terminal_hear(const struct letter *letter)
{
    if (!sim.net_up[letter->to])
        return;
    rig_step(&sim.rigs[letter->to], (struct terminal_input){.kind = TERMINAL_MESSAGE,
                                                            .topic = letter->topic,
                                                            .bytes = letter->bytes,
                                                            .length = letter->length,
                                                            .retained = letter->retained});
}
