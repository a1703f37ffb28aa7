/* Each terminal's readers as heads on a line: the product's poller asks, the product's heads answer, in virtual
 * microseconds. A frame takes as long as its characters and the silences around it, a tap as long as a memory card takes to
 * sync it; now and then a frame is lost. */
#include "tests/simulation/world.h"

#define CHARACTER_BITS INT64_C(11)
#define SILENCES_US    4000 /* ours before the request, the head's before its reply */
#define SYNC_US        7000
#define TIMEOUT_US     60000
#define POLL_MS        20
#define REOPEN_MS      5000 /* a device that is gone is looked for this often */
#define LOST_ONE_IN    2000 /* requests, and as many replies */

static int64_t now_ms(const struct line *line)
{
    return line->now_us / 1000;
}

static void pass(int who, int64_t us)
{
    struct line *line = &sim.lines[who];
    int64_t before_ms = now_ms(line);
    line->now_us += us;
    rig_wait(&sim.rigs[who], now_ms(line) - before_ms);
}

/* The terminal has started anew: it knows of no reader and opens the device. */
static void meet(int who)
{
    const struct terminal *terminal = &sim.rigs[who].terminal;
    struct line *line = &sim.lines[who];
    poller_open(&line->poller, terminal->settings.readers, terminal->settings.reader_count, POLL_MS);
    line->boot = terminal->boot.boot;
    line->open = line->plugged;
}

void lines_open(int who, size_t head_count, uint32_t baud)
{
    struct line *line = &sim.lines[who];
    *line = (struct line){.baud = baud, .now_us = sim.now_ms * 1000, .head_count = head_count, .plugged = true};
    for (size_t i = 0; i < head_count; i++)
        head_init(&line->heads[i], (uint8_t)(i + 1), baud, 1, (uint16_t)(1 + chance(UINT16_MAX)), (uint32_t)sim.now_ms);
    meet(who);
}

void lines_hold(int who, int pupil)
{
    struct line *line = &sim.lines[who];
    size_t which = chance((uint32_t)line->head_count);
    struct head *head = &line->heads[which];
    uint32_t number = facts_card(pupil);
    uint8_t card[4] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number};
    struct held *held = &line->held[which][head->tap_count % HEAD_TAPS_MAX];
    bool kept = head_tap(head, card, sizeof card, (uint32_t)now_ms(line));
    if (kept)
        *held = (struct held){.pupil = pupil, .at_ms = now_ms(line)};
    sim.lamps.taps++;
    sim.lamps.dropped += !kept;
}

/* The lamp's word is worth what a tap in the journal stands behind it. */
static bool founded(int who, const struct held *held)
{
    for (size_t i = sim.tap_count; i-- > 0;)
        if (sim.taps[i].terminal == who && sim.taps[i].pupil == held->pupil && sim.taps[i].at_ms == held->at_ms &&
            sim.taps[i].shown)
            return true;
    return false;
}

static void show_lamp(int who, size_t which, enum feedback feedback)
{
    struct line *line = &sim.lines[who];
    struct held held = line->held[which][0];
    int64_t waited_ms = now_ms(line) - held.at_ms;
    memmove(line->held[which], line->held[which] + 1, sizeof line->held[which] - sizeof held);
    sim.lamps.unfounded += terminal_says_recorded(feedback) && !founded(who, &held);
    if (waited_ms > HEAD_SHOW_WITHIN_MS) {
        sim.lamps.too_late++;
        return;
    }
    assert(sim.lamps.shown < TAPS_MAX);
    sim.lamps.waited_ms[sim.lamps.shown++] = (int32_t)waited_ms;
    sim.lamps.of[feedback]++;
}

/* What the head does with a request that has reached it. */
static bool ask_head(int who, size_t which, struct poller_job *job)
{
    struct line *line = &sim.lines[who];
    struct head *head = &line->heads[which];
    uint32_t ms = (uint32_t)now_ms(line);
    uint8_t waiting = head->tap_count;
    enum rtu_exception refused = RTU_NO_EXCEPTION;
    if (job->kind == POLLER_REPORT)
        job->report_bytes = head->rtu.registers.report(head, job->report, ms);
    else if (job->kind == POLLER_READ_INPUT)
        refused = head->rtu.registers.read(head, RTU_INPUT, job->first, job->count, job->values, ms);
    else
        refused = head->rtu.registers.write(head, job->first, job->count, job->values, ms);
    assert(refused == RTU_NO_EXCEPTION);
    if (head->tap_count < waiting)
        show_lamp(who, which, (enum feedback)job->values[0]);
    return refused == RTU_NO_EXCEPTION;
}

static int64_t characters_us(const struct line *line, int64_t count)
{
    return count * CHARACTER_BITS * 1000000 / line->baud;
}

static int64_t request_bytes(const struct poller_job *job)
{
    return job->kind == POLLER_REPORT ? 4 : job->kind == POLLER_READ_INPUT ? 8 : 9 + 2 * job->count;
}

static int64_t reply_bytes(const struct poller_job *job)
{
    return job->kind == POLLER_REPORT       ? 5 + (int64_t)job->report_bytes
           : job->kind == POLLER_READ_INPUT ? 5 + 2 * job->count
                                            : 8;
}

/* Takes its time; false: no reply. */
static bool carry_out(int who, struct poller_job *job)
{
    const struct line *line = &sim.lines[who];
    int64_t request_us = SILENCES_US + characters_us(line, request_bytes(job));
    if (job->reader > line->head_count || mishap(LOST_ONE_IN)) {
        pass(who, request_us + TIMEOUT_US);
        return false;
    }
    pass(who, request_us);
    bool answered = ask_head(who, job->reader - 1U, job) && !mishap(LOST_ONE_IN);
    pass(who, answered ? characters_us(line, reply_bytes(job)) : TIMEOUT_US);
    return answered;
}

static void take_news(int who, uint8_t reader, const struct poller_news *news)
{
    struct line *line = &sim.lines[who];
    if (news->up || news->down)
        rig_step(&sim.rigs[who], (struct terminal_input){.kind = news->up ? TERMINAL_READER_UP : TERMINAL_READER_DOWN,
                                                         .reader = reader,
                                                         .age_ms = news->since_ms});
    if (!news->tap)
        return;
    pass(who, SYNC_US);
    const struct held *held = &line->held[reader - 1][0];
    struct terminal_input tap = {
        .kind = TERMINAL_TAP, .reader = reader, .card_bytes = news->card_bytes, .age_ms = news->age_ms};
    memcpy(tap.card, news->card, news->card_bytes);
    enum feedback feedback = terminal_take_tap(who, held->pupil, held->at_ms, &tap);
    if (feedback != FEEDBACK_NONE)
        poller_answer(&line->poller, reader, feedback);
}

static void lose(int who)
{
    struct line *line = &sim.lines[who];
    line->open = false;
    for (size_t i = 0; i < line->poller.reader_count; i++)
        if (poller_lose(&line->poller, i, sim.rigs[who].time.mono_ms))
            rig_reader(&sim.rigs[who], TERMINAL_READER_DOWN, line->poller.readers[i].address);
}

static void turn(int who)
{
    struct line *line = &sim.lines[who];
    const struct rig *rig = &sim.rigs[who];
    if (line->open && !line->plugged)
        lose(who);
    if (!line->open) {
        pass(who, REOPEN_MS * 1000);
        line->open = line->plugged;
        return;
    }
    struct poller_job job = poller_next(&line->poller, rig->time.mono_ms);
    if (job.kind == POLLER_WAIT) {
        pass(who, job.wait_ms * 1000);
        return;
    }
    bool answered = carry_out(who, &job);
    struct poller_news news = poller_done(&line->poller, &job, answered ? job.values : NULL, rig->time.mono_ms);
    take_news(who, job.reader, &news);
}

/* Heads notice a silent master by themselves. */
void lines_run(int who)
{
    struct line *line = &sim.lines[who];
    while (now_ms(line) < sim.now_ms) {
        if (line->boot != sim.rigs[who].terminal.boot.boot)
            meet(who);
        turn(who);
    }
    for (size_t i = 0; i < line->head_count; i++)
        while (head_step(&line->heads[i], (uint32_t)now_ms(line)) != NULL)
            sim.lamps.tap_again++;
}
