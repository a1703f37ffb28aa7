/* The engine's half that talks: messages in, state and events out. A message that is wrong, expired or not for us
 * changes nothing and is reported by one sentence. */
#include "firmware/core/terminal_wire.h"

#include <assert.h>
#include <string.h>
#include "common/civil.h"
#include "common/fault.h"

#define READ_RETRY_MS 1000 /* a failure to read may be temporary */

static const char *receive_receipt(struct terminal *terminal, const char *bytes, size_t length)
{
    struct wire_receipt receipt;
    const char *why;
    if (wire_decode_receipt(bytes, length, &receipt, &why) != 0)
        return why;
    if (receipt.generation != terminal->journal.generation && !FAULT(receipt_of_another_generation))
        return "a receipt of another journal";
    if (receipt.upto >= terminal->journal.next_sequence)
        return "a receipt of events that were never recorded";
    if (journal_acknowledge(&terminal->journal, receipt.upto) == JOURNAL_FAULT)
        return "the journal could not note a receipt";
    outbox_receipt(&terminal->outbox, receipt.upto, journal_oldest(&terminal->journal), clock_mono_ms(terminal->clock));
    /* The daemon tells no guardian that a pupil is missing while taps may be on their way: publish at once that none
     * is. */
    terminal->state_due |= terminal->queued > 0 && journal_waiting(&terminal->journal) == 0;
    return NULL;
}

static const char *receive_config(struct terminal *terminal, const char *bytes, size_t length)
{
    const struct terminal_settings *own = &terminal->settings;
    struct wire_config config = {
        .debounce_ms = own->debounce_ms, .repeat_ms = own->repeat_ms, .late_sounds_like_ok = own->late_sounds_like_ok};
    const char *why = NULL;
    if (length && wire_decode_config(bytes, length, &config, &why) != 0)
        return why;
    terminal->config = config;
    terminal->state_due = true;
    return NULL;
}

static void set_mode(struct terminal *terminal, uint8_t address, enum head_mode mode, int64_t duration_ms)
{
    for (size_t i = 0; i < terminal->settings.reader_count; i++)
        if (address == 0 || terminal->readers[i].address == address) {
            terminal->readers[i].mode = mode;
            terminal->readers[i].mode_until_mono_ms = clock_mono_ms(terminal->clock) + duration_ms;
        }
}

static void execute(struct terminal *terminal, const struct wire_command *command)
{
    switch (command->kind) {
    case COMMAND_IDENTIFY:
        set_mode(terminal, command->reader, MODE_IDENTIFY, TERMINAL_IDENTIFY_MS);
        break;
    case COMMAND_REBOOT:
        terminal->restart_wanted = true;
        break;
    case COMMAND_ENROL:
        set_mode(terminal, command->reader, MODE_ENROL, TERMINAL_ENROL_MS);
        break;
    case COMMAND_RESEND:
        outbox_rewind(&terminal->outbox, journal_oldest(&terminal->journal));
        break;
    case COMMAND_KINDS:
        assert(false);
    }
}

static const char *receive_command(struct terminal *terminal, const struct terminal_input *input)
{
    struct wire_command command;
    const char *why;
    if (input->retained)
        return "a retained command";
    if (wire_decode_command(input->bytes, input->length, &command, &why) != 0)
        return why;
    if (terminal->timebase.quality != CLOCK_UNSET && timebase_utc_ms(&terminal->timebase) > command.expires_ms)
        return "a command that has expired";
    if (strcmp(command.id, terminal->last_command) == 0)
        return NULL; /* delivered twice, as MQTT may */
    strcpy(terminal->last_command, command.id);
    execute(terminal, &command);
    return NULL;
}

static const char *receive_daemon_state(struct terminal *terminal, const struct terminal_input *input)
{
    struct wire_daemon_state state;
    const char *why;
    if (wire_decode_daemon_state(input->bytes, input->length, &state, &why) != 0)
        return why;
    outbox_daemon(&terminal->outbox, state.ready);
    if (state.ready && !input->retained)
        terminal->clock_owed |= timebase_fall_back(&terminal->timebase, state.at_ms);
    return NULL;
}

static const char *receive_plan(struct terminal *terminal, const char *date, const char *bytes, size_t length)
{
    int32_t day;
    if (!civil_read_date(date, strlen(date), &day))
        return "the topic's date must be like 2026-09-01";
    return plan_read_day(&terminal->plan, day, bytes, length);
}

/* Only what is still true after a restart, cards, config and plans, is to be kept by the port. */
void terminal_wire_receive(struct terminal *terminal, const struct terminal_input *input,
                           struct terminal_answer *answer)
{
    const char *school = terminal->settings.school, *leaf;
    char whose[ID_BYTES], cards[WIRE_TOPIC_BYTES];
    wire_topic(cards, school, NULL, "cards");
    bool lasting = false;
    answer->problem = "not a topic of ours";
    if (strcmp(input->topic, cards) == 0) {
        answer->problem = plan_read_cards(&terminal->plan, input->bytes, input->length);
        lasting = true;
    } else if (!wire_topic_split(input->topic, school, whose, &leaf)) {
        return;
    } else if (strcmp(whose, "daemon") == 0 && strcmp(leaf, "state") == 0) {
        answer->problem = receive_daemon_state(terminal, input);
    } else if (strcmp(whose, terminal->settings.terminal) != 0) {
        return;
    } else if (strcmp(leaf, "receipt") == 0) {
        answer->problem = receive_receipt(terminal, input->bytes, input->length);
    } else if (strcmp(leaf, "config") == 0) {
        answer->problem = receive_config(terminal, input->bytes, input->length);
        lasting = true;
    } else if (strcmp(leaf, "command") == 0) {
        answer->problem = receive_command(terminal, input);
    } else if (strncmp(leaf, "plan/", 5) == 0) {
        answer->problem = receive_plan(terminal, leaf + 5, input->bytes, input->length);
        lasting = true;
    }
    answer->keep = lasting && answer->problem == NULL;
}

static enum terminal_phase phase_now(const struct terminal *terminal)
{
    enum terminal_phase phase = PHASE_READY;
    for (size_t i = 0; i < terminal->settings.reader_count; i++) {
        if (terminal->readers[i].known && !terminal->readers[i].up)
            return PHASE_ALERT;
        if (!terminal->readers[i].known)
            phase = PHASE_INIT;
    }
    const struct journal *journal = &terminal->journal;
    bool troubled = journal->failed || terminal->unreadable || journal->damaged > 0 || journal_free(journal) == 0;
    return troubled ? PHASE_ALERT : phase;
}

/* How long the oldest event without a receipt has waited; 0 when there is none or it cannot be known. */
static int64_t oldest_waits_ms(const struct terminal *terminal)
{
    const struct journal *journal = &terminal->journal;
    struct event event;
    if (!journal_waiting(journal) || journal_get(journal, journal->acknowledged + 1, &event) != JOURNAL_OK)
        return 0;
    int64_t waits_ms = 0;
    if (event.boot == terminal->boot.boot)
        waits_ms = timebase_mono_ms(&terminal->timebase) - event.mono_ms;
    else if (event.at_ms && terminal->timebase.quality != CLOCK_UNSET)
        waits_ms = timebase_utc_ms(&terminal->timebase) - event.at_ms;
    return waits_ms > 0 ? waits_ms : 0;
}

static_assert((sizeof "247 , " - 1 + CAUSE_WORD_BYTES) * TERMINAL_READERS_MAX < WIRE_TROUBLE_BYTES, "all readers fit");

/* "2 checksum, 5 exception-2" */
static void write_trouble(const struct terminal *terminal, char out[WIRE_TROUBLE_BYTES])
{
    size_t length = 0;
    for (size_t i = 0; i < terminal->settings.reader_count; i++) {
        const struct terminal_reader *reader = &terminal->readers[i];
        char word[CAUSE_WORD_BYTES], number[4];
        if (!reader->known || reader->up || reader->cause.trouble == TROUBLE_NONE)
            continue;
        const char *parts[] = {length > 0 ? ", " : "", trouble_digits(reader->address, number), " ",
                               cause_word(reader->cause, word)};
        for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
            strcpy(out + length, parts[k]);
            length += strlen(parts[k]);
        }
    }
    out[length] = '\0';
}

static void write_state(const struct terminal *terminal, enum terminal_phase phase, struct terminal_message *out)
{
    struct wire_state state = {.phase = phase,
                               .birth = terminal->birth,
                               .clock = terminal->timebase.quality,
                               .queued = journal_waiting(&terminal->journal),
                               .oldest_unsent_ms = oldest_waits_ms(terminal),
                               .free_records = journal_free(&terminal->journal),
                               .config_version = terminal->config.version,
                               .readers_configured = (uint32_t)terminal->settings.reader_count};
    strcpy(state.firmware, terminal->settings.firmware);
    if (state.clock != CLOCK_UNSET)
        state.at_ms = timebase_utc_ms(&terminal->timebase);
    for (size_t i = 0; i < terminal->settings.reader_count; i++)
        state.readers_up += terminal->readers[i].up;
    write_trouble(terminal, state.trouble);
    wire_topic(out->topic, terminal->settings.school, terminal->settings.terminal, "state");
    out->retained = true;
    int length = wire_encode_state(&state, out->bytes, sizeof out->bytes);
    assert(length > 0);
    out->length = (size_t)length;
}

void terminal_will(const struct terminal *terminal, struct terminal_message *out)
{
    write_state(terminal, PHASE_LOST, out);
}

void terminal_farewell(const struct terminal *terminal, struct terminal_message *out)
{
    write_state(terminal, PHASE_DISCONNECTED, out);
}

/* Reads back at most `most` events from `first` on, with their ages as of now. */
static size_t read_back(const struct terminal *terminal, uint64_t first, struct event *events, size_t most)
{
    const struct journal *journal = &terminal->journal;
    size_t count = 0;
    for (uint64_t sequence = first; sequence < journal->next_sequence && count < most; count++) {
        struct event *event = &events[count];
        enum journal_result result = journal_get(journal, sequence, event);
        if (result != JOURNAL_OK && result != JOURNAL_LOST)
            break;
        event->age_ms = -1;
        if (result == JOURNAL_OK && event->boot == terminal->boot.boot)
            event->age_ms = timebase_mono_ms(&terminal->timebase) - event->mono_ms;
        sequence = event->last_sequence + 1;
    }
    return count;
}

/* Fills `out` with the next batch, halved until it fits a message. Returns its last sequence; 0 = nothing could be
 * read. */
static uint64_t write_batch(const struct terminal *terminal, uint64_t first, struct terminal_message *out)
{
    struct event events[OUTBOX_BATCH_EVENTS];
    uint64_t oldest = journal_oldest(&terminal->journal);
    size_t count = read_back(terminal, first > oldest ? first : oldest, events, OUTBOX_BATCH_EVENTS);
    if (count == 0)
        return 0;
    wire_topic(out->topic, terminal->settings.school, terminal->settings.terminal, "event");
    out->retained = false;
    int length = wire_encode_events(events, count, out->bytes, sizeof out->bytes);
    for (; length < 0 && count > 1; length = wire_encode_events(events, count, out->bytes, sizeof out->bytes))
        count /= 2;
    assert(length > 0);
    out->length = (size_t)length;
    return events[count - 1].last_sequence;
}

/* A failure to read may be temporary, so the sector is tried for TERMINAL_UNREADABLE_MS; then it is written off, for
 * the events after it must not wait for ever. */
static void note_unreadable(struct terminal *terminal, uint64_t sequence, int64_t now_ms)
{
    if (!terminal->unreadable)
        terminal->unreadable_mono_ms = now_ms;
    terminal->unreadable = true;
    if (now_ms - terminal->unreadable_mono_ms < TERMINAL_UNREADABLE_MS)
        return;
    journal_write_off(&terminal->journal, sequence);
    terminal->unreadable = false;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* A state when one is due, else the next batch of events, else how long to wait. Only a journal that cannot be read
 * is tried again by time alone. */
int64_t terminal_next(struct terminal *terminal, struct terminal_message *out)
{
    int64_t now_ms = clock_mono_ms(terminal->clock);
    if (!terminal->outbox.net_up)
        return TERMINAL_STATE_EVERY_MS;
    enum terminal_phase phase = phase_now(terminal);
    int64_t state_in_ms = TERMINAL_STATE_EVERY_MS - (now_ms - terminal->state_mono_ms);
    if (terminal->state_due || phase != terminal->phase || state_in_ms <= 0) {
        write_state(terminal, phase, out);
        terminal->state_due = false;
        terminal->phase = phase;
        terminal->queued = journal_waiting(&terminal->journal);
        terminal->state_mono_ms = now_ms;
        return 0;
    }
    uint64_t first = outbox_next(&terminal->outbox, terminal->journal.next_sequence - 1, now_ms);
    uint64_t last = first ? write_batch(terminal, first, out) : 0;
    if (first && !last)
        note_unreadable(terminal, first, now_ms);
    else
        terminal->unreadable = false;
    if (last) {
        outbox_sent(&terminal->outbox, last, now_ms);
        if (FAULT(forgotten_when_sent) && journal_acknowledge(&terminal->journal, last) == JOURNAL_OK)
            outbox_receipt(&terminal->outbox, last, journal_oldest(&terminal->journal), now_ms);
        return 0;
    }
    int64_t wait_ms = smaller(state_in_ms, outbox_wait_ms(&terminal->outbox, now_ms));
    return first ? smaller(wait_ms, READ_RETRY_MS) : wait_ms;
}

size_t terminal_filters(const struct terminal *terminal, char out[][WIRE_TOPIC_BYTES], size_t capacity)
{
    static const char *const OWN[] = {"receipt", "config", "command", "plan/+"};
    const char *school = terminal->settings.school;
    assert(capacity >= TERMINAL_FILTERS);
    wire_topic(out[0], school, NULL, "cards");
    wire_topic(out[1], school, "daemon", "state");
    for (size_t i = 0; i < sizeof OWN / sizeof OWN[0]; i++)
        wire_topic(out[2 + i], school, terminal->settings.terminal, OWN[i]);
    return TERMINAL_FILTERS;
}
