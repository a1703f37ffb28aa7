/* One loop, whose turn does a little of each: clock, one bus job, one incoming message, all outgoing messages,
 * watchdog. It sleeps only when neither bus nor mailbox has anything to do, on the mailbox's eventfd, so that a
 * message wakes it. */
#include "firmware/terminal/busloop.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include "common/fault.h"
#include "common/log.h"
#include "firmware/core/poller.h"
#include "firmware/terminal/alive.h"
#include "firmware/terminal/bus.h"
#include "firmware/terminal/cache.h"
#include "firmware/terminal/machineclock.h"

static_assert(TERMINAL_READERS_MAX <= POLLER_READERS_MAX, "a bus serves all readers of its terminal");

#define REOPEN_FIRST_MS  500
#define REOPEN_MOST_MS   5000
#define CLOCK_EVERY_MS   10000
#define FAULT_SHOWN_MS   5000 /* how long readers show a failed journal before the restart that may cure it */
#define FAREWELL_WAIT_MS 1000

struct state {
    const struct busloop *loop;
    struct poller poller;
    struct bus *bus; /* NULL while the device is gone */
    int64_t reopen_mono_ms, reopen_wait_ms;
    int64_t clock_mono_ms; /* when to look at the clock again */
    int64_t failed_mono_ms;
    int64_t alive_utc_ms; /* as written last */
    bool bus_served;      /* since the watchdog was fed */
    bool trial_failed;
    bool echo_told;
};

static int64_t now_ms(const struct state *state)
{
    return clock_mono_ms(state->loop->terminal->clock);
}

static struct terminal_answer step(const struct state *state, struct terminal_input input)
{
    return terminal_step(state->loop->terminal, &input);
}

static void handle_letter(const struct state *state, const struct letter *letter)
{
    if (letter->kind != LETTER_MESSAGE) {
        step(state,
             (struct terminal_input){.kind = letter->kind == LETTER_NET_UP ? TERMINAL_NET_UP : TERMINAL_NET_DOWN});
        return;
    }
    struct terminal_answer answer = step(state, (struct terminal_input){.kind = TERMINAL_MESSAGE,
                                                                        .topic = letter->topic,
                                                                        .bytes = letter->bytes,
                                                                        .length = letter->length,
                                                                        .retained = letter->retained});
    if (answer.problem != NULL)
        log_warn("message ignored topic=%s reason=%s", letter->topic, answer.problem);
    const char *folder = state->loop->options->cache_dir;
    if (answer.keep && !cache_keep(folder, letter->topic, letter->bytes, letter->length))
        log_warn("message not cached topic=%s folder=%s reason=%s", letter->topic, folder, strerror(errno));
}

/* One message a turn, so that a burst of plans does not keep a pupil waiting. */
static void receive_mail(const struct state *state)
{
    struct mailbox *mailbox = state->loop->mailbox;
    unsigned slot;
    if (!ring_next_take(&mailbox->in, &slot))
        return;
    handle_letter(state, &mailbox->letters[slot]);
    ring_take(&mailbox->in);
    ring_wake(&mailbox->out); /* the net thread may be waiting for room */
}

/* Fills the free slots with what the engine publishes; returns how long until it may have something again. */
static int64_t queue_outgoing(const struct state *state)
{
    struct mailbox *mailbox = state->loop->mailbox;
    int64_t wait_ms = TERMINAL_STATE_EVERY_MS;
    while (ring_free(&mailbox->out) > 0) {
        wait_ms = terminal_next(state->loop->terminal, &mailbox->messages[ring_next_put(&mailbox->out)]);
        if (wait_ms > 0)
            break;
        ring_put(&mailbox->out);
    }
    return wait_ms;
}

/* The order matters: a reader is up before its tap is recorded. The answer is written by the next job. */
static void apply_news(struct state *state, uint8_t reader, const struct poller_news *news)
{
    if (news->taps_lost)
        log_warn("reader dropped taps because its queue was full reader=%d taps=%d", reader, news->taps_lost);
    if (news->tamper) {
        log_warn("case opened reader=%d", reader);
        step(state, (struct terminal_input){.kind = TERMINAL_TAMPER, .reader = reader});
    }
    if (news->up || news->down) {
        if (news->up)
            log_info("reader up reader=%d", reader);
        step(state, (struct terminal_input){.kind = news->up ? TERMINAL_READER_UP : TERMINAL_READER_DOWN,
                                            .reader = reader,
                                            .age_ms = news->since_ms,
                                            .cause = news->cause});
    }
    if (news->cause_told) {
        char word[CAUSE_WORD_BYTES];
        if (!news->down)
            step(state, (struct terminal_input){.kind = TERMINAL_READER_DOWN, .reader = reader, .cause = news->cause});
        log_warn("reader down reader=%d reason=%s (%s)", reader, cause_word(news->cause, word),
                 cause_hint(news->cause));
    }
    if (news->tap) {
        struct terminal_input tap = {
            .kind = TERMINAL_TAP, .reader = reader, .card_bytes = news->card_bytes, .age_ms = news->age_ms};
        memcpy(tap.card, news->card, news->card_bytes);
        struct terminal_answer answer = step(state, tap);
        if (answer.problem != NULL)
            log_info("card refused reader=%d reason=%s", reader, answer.problem);
        poller_answer(&state->poller, reader, answer.feedback);
    }
}

/* Closes the device, reports every reader down, and sets the time of the next attempt: twice as long each time. */
static void lose_bus(struct state *state)
{
    if (state->bus != NULL)
        bus_close(state->bus);
    state->bus = NULL;
    state->reopen_mono_ms = now_ms(state) + state->reopen_wait_ms;
    state->reopen_wait_ms = state->reopen_wait_ms * 2 < REOPEN_MOST_MS ? state->reopen_wait_ms * 2 : REOPEN_MOST_MS;
    struct poller_news down = {.down = true, .cause_told = true, .cause = {.trouble = TROUBLE_LINE}};
    for (size_t i = 0; i < state->poller.reader_count; i++)
        if (poller_lose(&state->poller, i, now_ms(state)))
            apply_news(state, state->poller.readers[i].address, &down);
}

static void open_bus(struct state *state)
{
    const struct options *options = state->loop->options;
    struct bus_peer peers[TERMINAL_READERS_MAX];
    struct bus_settings settings = {.device = options->bus.device,
                                    .baud = options->bus.baud,
                                    .parity = options->bus.parity[0],
                                    .response_timeout_ms = options->bus.response_timeout_ms,
                                    .byte_timeout_ms = options->bus.byte_timeout_ms,
                                    .peers = peers,
                                    .peer_count = options_peers(options, peers)};
    state->bus = bus_open(&settings);
    state->bus_served = true;
    if (state->bus != NULL) {
        log_info("bus open device=%s baud=%d parity=%c", settings.device, settings.baud, settings.parity);
        return;
    }
    log_warn("bus cannot be opened device=%s reason=%s", settings.device, strerror(errno));
    lose_bus(state);
}

static void do_job(struct state *state, struct poller_job *job)
{
    enum bus_result result = bus_do(state->bus, job);
    state->bus_served = true;
    if (result == BUS_GONE) {
        log_warn("bus gone device=%s", state->loop->options->bus.device);
        lose_bus(state);
        return;
    }
    state->reopen_wait_ms = REOPEN_FIRST_MS;
    if (bus_echoes(state->bus) && !state->echo_told) {
        state->echo_told = true;
        log_info("the adapter hears itself, which is passed over device=%s", state->loop->options->bus.device);
    }
    struct poller_news news = poller_done(&state->poller, job, result == BUS_OK ? job->values : NULL, now_ms(state));
    apply_news(state, job->reader, &news);
}

/* Carries out what the bus needs now; returns how long the bus can wait. */
static int64_t serve_bus(struct state *state)
{
    const struct terminal *terminal = state->loop->terminal;
    if (state->bus == NULL) {
        if (now_ms(state) < state->reopen_mono_ms)
            return state->reopen_mono_ms - now_ms(state);
        open_bus(state);
        return 0;
    }
    for (size_t i = 0; i < terminal->settings.reader_count; i++)
        poller_mode(&state->poller, terminal->readers[i].address,
                    terminal_reader_mode(terminal, terminal->readers[i].address));
    struct poller_job job = poller_next(&state->poller, now_ms(state));
    if (job.kind == POLLER_WAIT)
        return job.wait_ms;
    do_job(state, &job);
    return 0;
}

static void check_clock(struct state *state)
{
    if (now_ms(state) < state->clock_mono_ms)
        return;
    state->clock_mono_ms = now_ms(state) + CLOCK_EVERY_MS;
    enum clock_quality quality = machineclock_quality(state->loop->demo_clock);
    step(state, (struct terminal_input){.kind = TERMINAL_CLOCK, .clock = quality});
}

static void write_alive(struct state *state)
{
    const struct timebase *timebase = &state->loop->terminal->timebase;
    int64_t utc_ms = timebase_utc_ms(timebase), since_ms = utc_ms - state->alive_utc_ms;
    if (timebase->quality == CLOCK_UNSET || (since_ms >= 0 && since_ms < ALIVE_EVERY_MS))
        return;
    alive_write(state->loop->options->cache_dir, utc_ms);
    state->alive_utc_ms = utc_ms;
}

/* After a failed sync only a restart can find out what is on the medium. Until then every tap is answered with the
 * fault. */
static bool given_up(struct state *state)
{
    if (!state->loop->terminal->journal.failed)
        return false;
    if (!state->failed_mono_ms) {
        state->failed_mono_ms = now_ms(state);
        log_warn("journal cannot be written: taps are refused visibly path=%s", state->loop->options->journal_path);
    }
    return now_ms(state) - state->failed_mono_ms >= FAULT_SHOWN_MS;
}

static bool any_reader_up(const struct terminal *terminal)
{
    for (size_t i = 0; i < terminal->settings.reader_count; i++)
        if (terminal->readers[i].up)
            return true;
    return false;
}

static void judge_trial(struct state *state)
{
    const struct terminal *terminal = state->loop->terminal;
    bool well = any_reader_up(terminal) && !terminal->journal.failed;
    switch (trial_judge(state->loop->trial, well, now_ms(state))) {
    case TRIAL_NONE:
    case TRIAL_GOES_ON:
        return;
    case TRIAL_PASSED:
        log_info("trial passed, this program stays version=%s", NARVARO_VERSION);
        return;
    case TRIAL_GIVEN_UP:
        log_warn("trial failed: no reader answered, or the confirmation could not be written version=%s",
                 NARVARO_VERSION);
        state->trial_failed = true;
    }
}

static void feed_watchdog(struct state *state)
{
    bool well = state->bus_served && !state->loop->terminal->journal.failed;
    if (!well && !FAULT(watchdog_fed_in_vain))
        return;
    if (watchdog_feed(state->loop->watchdog, now_ms(state)))
        state->bus_served = false;
}

static void wait_for_mail(struct ring *ring, int64_t wait_ms)
{
    struct pollfd wake = {.fd = ring->wake_fd, .events = POLLIN};
    if (wait_ms > 0 && poll(&wake, 1, (int)wait_ms) > 0)
        ring_reset_wake(ring);
}

static void queue_farewell(const struct state *state)
{
    struct mailbox *mailbox = state->loop->mailbox;
    for (int64_t until_ms = now_ms(state) + FAREWELL_WAIT_MS;
         ring_free(&mailbox->out) == 0 && now_ms(state) < until_ms;)
        poll(NULL, 0, 1);
    if (ring_free(&mailbox->out) > 0) {
        terminal_farewell(state->loop->terminal, &mailbox->messages[ring_next_put(&mailbox->out)]);
        ring_put(&mailbox->out);
    }
    atomic_store(&mailbox->bus_finished, true);
    ring_wake(&mailbox->out);
}

/* Before it ends, the time is written once more (alive_utc_ms = 0 makes it due) and the farewell queued for the net
 * thread. */
int busloop_run(const struct busloop *loop)
{
    struct state state = {.loop = loop, .reopen_wait_ms = REOPEN_FIRST_MS};
    const struct terminal_settings *settings = &loop->terminal->settings;
    poller_open(&state.poller, settings->readers, settings->reader_count, loop->options->bus.poll_ms);
    for (size_t i = 0; i < settings->reader_count; i++)
        if (loop->options->profiles[i].count > 0)
            poller_profile(&state.poller, settings->readers[i], &loop->options->profiles[i]);
        else if (loop->options->peers[i].keyboard[0])
            poller_keyboard(&state.poller, settings->readers[i]);
    open_bus(&state);
    while (!atomic_load(&loop->mailbox->stopping) && !loop->terminal->restart_wanted && !given_up(&state) &&
           !state.trial_failed) {
        check_clock(&state);
        write_alive(&state);
        int64_t bus_ms = serve_bus(&state);
        receive_mail(&state);
        int64_t mail_ms = queue_outgoing(&state);
        feed_watchdog(&state);
        judge_trial(&state);
        unsigned slot;
        if (!ring_next_take(&loop->mailbox->in, &slot))
            wait_for_mail(&loop->mailbox->in, bus_ms < mail_ms ? bus_ms : mail_ms);
    }
    state.alive_utc_ms = 0;
    write_alive(&state);
    queue_farewell(&state);
    if (state.bus != NULL)
        bus_close(state.bus);
    return loop->terminal->journal.failed || state.trial_failed ? 1 : 0;
}

/* What the engine does not accept, such as a plan of the past, is removed, so that the folder does not grow. */
static void recall(void *context, const char *topic, const char *bytes, size_t length)
{
    const struct busloop *loop = context;
    struct terminal_input kept = {
        .kind = TERMINAL_MESSAGE, .topic = topic, .bytes = bytes, .length = length, .retained = true};
    struct terminal_answer answer = terminal_step(loop->terminal, &kept);
    if (answer.problem == NULL)
        return;
    log_info("cached message dropped topic=%s reason=%s", topic, answer.problem);
    cache_keep(loop->options->cache_dir, topic, NULL, 0);
}

void busloop_recall(struct busloop *loop)
{
    struct letter *room = &loop->mailbox->letters[0]; /* as a buffer: the net thread has not been started */
    if (!cache_recall(loop->options->cache_dir, room->bytes, sizeof room->bytes, recall, loop))
        log_warn("cache cannot be read folder=%s reason=%s", loop->options->cache_dir, strerror(errno));
}
