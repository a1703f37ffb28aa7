/* The engine's half that records: taps, readers, the clock. What the journal could not take is remembered as owed (the
 * boot, a clock tie, outages, tampering) and appended as soon as it can; taps go before it only into the half of the
 * journal that is theirs. */
#include "firmware/core/terminal.h"

#include <assert.h>
#include <string.h>
#include "common/fault.h"
#include "firmware/core/terminal_wire.h"

static struct terminal_reader *find_reader(struct terminal *terminal, uint8_t address)
{
    for (size_t i = 0; i < terminal->settings.reader_count; i++)
        if (terminal->readers[i].address == address)
            return &terminal->readers[i];
    return NULL;
}

static struct event stamped(const struct terminal *terminal, enum event_kind kind, uint8_t reader, int64_t age_ms)
{
    struct event event = {.kind = kind, .reader = reader, .boot = terminal->boot.boot, .age_ms = -1};
    timebase_stamp(&terminal->timebase, age_ms, &event);
    return event;
}

static enum journal_result append(struct terminal *terminal, const struct event *event)
{
    uint64_t sequence;
    return journal_append(&terminal->journal, event, &sequence);
}

static bool only_taps_fit(const struct journal *journal)
{
    return journal_free(journal) < journal_room(journal) / 2 && !FAULT(reserve_for_all);
}

/* For whatever is no card that was held to a reader. */
static enum journal_result append_other(struct terminal *terminal, const struct event *event)
{
    return only_taps_fit(&terminal->journal) ? JOURNAL_FULL : append(terminal, event);
}

/* How long ago the outage ended: at the latest now. */
static int64_t in_for_ms(const struct terminal *terminal, const struct terminal_reader *reader)
{
    return reader->serving_mono_ms ? clock_mono_ms(terminal->clock) - reader->serving_mono_ms : 0;
}

/* Appends what is owed about one reader. An outage that ended before it could be appended needs its EVENT_IN only,
 * which says since when. */
static enum journal_result append_owed_by_reader(struct terminal *terminal, struct terminal_reader *reader)
{
    enum journal_result result = JOURNAL_OK;
    if (reader->tamper_owed) {
        struct event tamper = stamped(terminal, EVENT_TAMPER, reader->address, 0);
        result = append_other(terminal, &tamper);
        reader->tamper_owed = result != JOURNAL_OK;
    }
    if (result != JOURNAL_OK || !reader->out || !reader->known)
        return result;
    if (!reader->up && !reader->out_journalled) {
        result = append_other(terminal, &reader->outage);
        reader->out_journalled = result == JOURNAL_OK;
    } else if (reader->up) {
        struct event in = stamped(terminal, EVENT_IN, reader->address, in_for_ms(terminal, reader));
        in.from_ms = reader->outage.at_ms;
        result = append_other(terminal, &in);
        reader->out = result != JOURNAL_OK;
    }
    return result;
}

/* Appends what is owed, the boot first, and stops at the first event that is not JOURNAL_OK: it and the rest stay
 * owed. */
static enum journal_result append_owed(struct terminal *terminal)
{
    enum journal_result result = JOURNAL_OK;
    if (terminal->boot_owed) {
        result = append_other(terminal, &terminal->boot);
        terminal->boot_owed = result != JOURNAL_OK;
    }
    if (result == JOURNAL_OK && terminal->clock_owed) {
        struct event tie = stamped(terminal, EVENT_CLOCK, 0, 0);
        result = append_other(terminal, &tie);
        terminal->clock_owed = result != JOURNAL_OK;
    }
    for (size_t i = 0; i < terminal->settings.reader_count && result == JOURNAL_OK; i++)
        result = append_owed_by_reader(terminal, &terminal->readers[i]);
    return result;
}

static void begin_outage(struct terminal *terminal, struct terminal_reader *reader, int64_t age_ms)
{
    reader->serving_mono_ms = 0;
    if (reader->out)
        return;
    reader->out = true;
    reader->out_journalled = false;
    reader->outage = stamped(terminal, EVENT_OUT, reader->address, age_ms);
}

/* Fills the debounce from the journal: after a restart heads repeat the taps that were recorded but not answered. */
static void restore_debounce(struct terminal *terminal)
{
    const struct journal *journal = &terminal->journal;
    uint64_t from = journal_oldest(journal);
    if (journal->next_sequence - from > DEBOUNCE_CARDS)
        from = journal->next_sequence - DEBOUNCE_CARDS;
    for (uint64_t sequence = from; sequence < journal->next_sequence; sequence++) {
        struct event event;
        if (journal_get(journal, sequence, &event) == JOURNAL_OK && event.kind == EVENT_TAP && event.at_ms)
            debounce_remember(&terminal->debounce, event.token, event.reader, event.at_ms);
    }
}

/* A reader counts as out since the terminal was last known to be alive, until it answers. With a new journal there
 * was no time before. */
static void open_readers(struct terminal *terminal, int64_t alive_ms)
{
    for (size_t i = 0; i < terminal->settings.reader_count; i++) {
        struct terminal_reader *reader = &terminal->readers[i];
        reader->address = terminal->settings.readers[i];
        reader->out = alive_ms != 0;
        reader->outage = stamped(terminal, EVENT_OUT, reader->address, 0);
        reader->outage.at_ms = alive_ms;
        if (reader->outage.clock == CLOCK_UNSET)
            reader->outage.clock = CLOCK_RTC;
    }
}

void terminal_open(struct terminal *terminal, const struct terminal_settings *settings, const struct clock *clock,
                   const struct journal *journal, enum clock_quality quality)
{
    assert(settings->reader_count <= TERMINAL_READERS_MAX);
    memset(terminal, 0, offsetof(struct terminal, plan));
    plan_open(&terminal->plan);
    terminal->settings = *settings;
    terminal->clock = clock;
    terminal->journal = *journal;
    terminal->config = (struct wire_config){.debounce_ms = settings->debounce_ms,
                                            .repeat_ms = settings->repeat_ms,
                                            .late_sounds_like_ok = settings->late_sounds_like_ok};
    int64_t alive_ms = journal->last_utc_ms;
    if (alive_ms && settings->alive_utc_ms > alive_ms)
        alive_ms = settings->alive_utc_ms;
    timebase_open(&terminal->timebase, clock, alive_ms, quality);
    outbox_open(&terminal->outbox, journal->acknowledged);
    terminal->boot.boot = journal->last_boot + 1;
    terminal->boot = stamped(terminal, EVENT_BOOT, 0, 0);
    terminal->boot.from_ms = alive_ms;
    terminal->boot_owed = true;
    /* Rises over restarts without a clock, by the boot number, and over a new journal, by the time. */
    int64_t now_ms = timebase_utc_ms(&terminal->timebase);
    terminal->birth = (uint64_t)(now_ms > terminal->timebase.floor_utc_ms ? now_ms : terminal->timebase.floor_utc_ms) +
                      terminal->boot.boot;
    restore_debounce(terminal);
    open_readers(terminal, alive_ms);
    append_owed(terminal);
}

enum head_mode terminal_reader_mode(const struct terminal *terminal, uint8_t address)
{
    for (size_t i = 0; i < terminal->settings.reader_count; i++) {
        const struct terminal_reader *reader = &terminal->readers[i];
        if (reader->address == address && clock_mono_ms(terminal->clock) < reader->mode_until_mono_ms)
            return reader->mode;
    }
    return MODE_NORMAL;
}

/* Only a card that belongs to nobody is enrolled: the tap of a known pupil is recorded as usual. */
static bool enrols(const struct terminal *terminal, const struct terminal_reader *reader, uint64_t token)
{
    return terminal_reader_mode(terminal, reader->address) == MODE_ENROL && !plan_card_known(&terminal->plan, token);
}

static enum feedback choose_feedback(const struct terminal *terminal, const struct event *tap)
{
    enum feedback feedback = plan_judge(&terminal->plan, tap->token, tap->at_ms);
    return feedback == FEEDBACK_LATE && terminal->config.late_sounds_like_ok ? FEEDBACK_OK : feedback;
}

/* Returns the event's feedback only when the event is synced, and otherwise one that shows the pupil that it is not. */
static enum feedback record(struct terminal *terminal, struct terminal_reader *reader, const struct event *event,
                            int64_t age_ms)
{
    append_owed(terminal);
    enum journal_result result = append(terminal, event);
    if (result == JOURNAL_OK)
        return event->feedback;
    begin_outage(terminal, reader, age_ms);
    return result == JOURNAL_FULL ? FEEDBACK_FULL : FEEDBACK_FAULT;
}

/* A head that had no master kept this tap for longer than it can count, and the pupil saw no confirmation. It is
 * recorded without a time (no EVENT_CLOCK ever refers to boot 0, so it cannot be dated later either) and is no part
 * of the debounce. */
static enum feedback record_undated(struct terminal *terminal, struct terminal_reader *reader, uint64_t token)
{
    struct event event = {.kind = EVENT_TAP,
                          .reader = reader->address,
                          .token = token,
                          .feedback = plan_judge(&terminal->plan, token, 0),
                          .age_ms = -1};
    return record(terminal, reader, &event, 0);
}

/* Token, enrolment or debounce or plan, journal; the debounce and the plan remember a tap only after it was
 * recorded. */
static enum feedback tap(struct terminal *terminal, const struct terminal_input *input)
{
    struct terminal_reader *reader = find_reader(terminal, input->reader);
    assert(reader != NULL && input->card_bytes >= CARD_BYTES_MIN && input->card_bytes <= CARD_BYTES_MAX);
    uint64_t token = token_of_card(terminal->settings.token_key, input->card, input->card_bytes);
    if (input->age_ms < 0)
        return record_undated(terminal, reader, token);
    struct event event = stamped(terminal, EVENT_TAP, reader->address, input->age_ms);
    event.token = token;
    int64_t tapped_ms = timebase_utc_ms(&terminal->timebase) - input->age_ms * terminal->clock->rate;
    if (enrols(terminal, reader, event.token)) {
        event.kind = EVENT_ENROL;
        event.feedback = FEEDBACK_ENROLMENT;
    } else if (debounce_again(&terminal->debounce, event.token, reader->address, tapped_ms,
                              terminal->config.debounce_ms, terminal->config.repeat_ms)) {
        return FEEDBACK_AGAIN;
    } else {
        event.feedback = choose_feedback(terminal, &event);
    }
    enum feedback shown = record(terminal, reader, &event, input->age_ms);
    if (shown != event.feedback)
        return shown;
    debounce_remember(&terminal->debounce, event.token, reader->address, tapped_ms);
    if (event.kind == EVENT_ENROL)
        reader->mode = MODE_NORMAL;
    else
        plan_arrive(&terminal->plan, event.token, event.at_ms);
    return shown;
}

static void note_reader(struct terminal *terminal, const struct terminal_input *input)
{
    struct terminal_reader *reader = find_reader(terminal, input->reader);
    assert(reader != NULL);
    if (input->kind == TERMINAL_TAMPER) {
        reader->tamper_owed = true;
        return;
    }
    terminal->state_due |=
        reader->cause.trouble != input->cause.trouble || reader->cause.exception != input->cause.exception;
    reader->cause = input->cause;
    reader->known = true;
    reader->up = input->kind == TERMINAL_READER_UP;
    if (!reader->up)
        begin_outage(terminal, reader, input->age_ms);
    else
        reader->serving_mono_ms = clock_mono_ms(terminal->clock) - input->age_ms;
}

/* Tokens are pseudonyms of pupils, and the terminal hangs in a classroom: what the daemon has is not kept here for
 * long. */
static void erase_old_events(struct terminal *terminal)
{
    int64_t now_ms = clock_mono_ms(terminal->clock), utc_ms = timebase_utc_ms(&terminal->timebase);
    if (terminal->timebase.quality == CLOCK_UNSET || now_ms < terminal->forget_mono_ms)
        return;
    /* One sector a step: an erasure takes as long as recording a tap, which may be waiting. */
    if (journal_forget(&terminal->journal, utc_ms - TERMINAL_KEEP_MS, utc_ms) != JOURNAL_OK)
        terminal->forget_mono_ms = now_ms + TERMINAL_FORGET_MS;
}

static void update_clock(struct terminal *terminal, enum clock_quality quality)
{
    if (timebase_update(&terminal->timebase, quality)) {
        terminal->clock_owed = true;
        terminal->debounce = (struct debounce){0}; /* its times are the old clock's and would suppress new taps */
    }
    erase_old_events(terminal);
}

struct terminal_answer terminal_step(struct terminal *terminal, const struct terminal_input *input)
{
    struct terminal_answer answer = {.feedback = FEEDBACK_NONE};
    switch (input->kind) {
    case TERMINAL_TAP:
        answer.problem = FAULT(unfit_card_recorded) ? NULL : token_unfit(input->card, input->card_bytes);
        answer.feedback = answer.problem != NULL ? FEEDBACK_UNFIT_CARD : tap(terminal, input);
        break;
    case TERMINAL_READER_UP:
    case TERMINAL_READER_DOWN:
    case TERMINAL_TAMPER:
        note_reader(terminal, input);
        break;
    case TERMINAL_CLOCK:
        update_clock(terminal, input->clock);
        break;
    case TERMINAL_NET_UP:
    case TERMINAL_NET_DOWN:
        outbox_net(&terminal->outbox, input->kind == TERMINAL_NET_UP);
        terminal->state_due = true;
        break;
    case TERMINAL_MESSAGE:
        terminal_wire_receive(terminal, input, &answer);
        break;
    }
    append_owed(terminal);
    return answer;
}
