/* The terminal's engine: what happens to a tap, to an event, to a message. Pure: time, storage and randomness come
 * from outside, nothing blocks but the flash port, no heap of its own. The Linux port drives one; the simulation
 * drives many.
 *
 * Only taps may use the second half of the journal's room: an event of another kind waits, in memory and one of each kind
 * for each reader, until there is more room. So whatever flickers, no pupil is refused for it.
 *
 * The promise (docs/wire.md): a tap's event is in the journal and synced before terminal_step returns a feedback
 * that tells the pupil so; an event is published again and again until a receipt of this journal's generation covers
 * it. One thread owns a terminal. A struct terminal is about half a megabyte: never on a stack. */
#ifndef FIRMWARE_CORE_TERMINAL_H
#define FIRMWARE_CORE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/civil.h"
#include "common/clock.h"
#include "common/event.h"
#include "common/wire.h"
#include "firmware/core/timebase.h"
#include "firmware/core/debounce.h"
#include "firmware/core/journal.h"
#include "firmware/core/outbox.h"
#include "firmware/core/plan.h"
#include "firmware/core/registers.h"
#include "firmware/core/trouble.h"
#include "common/token.h"

#define TERMINAL_READERS_MAX    8
#define TERMINAL_STATE_EVERY_MS 60000 /* the state is repeated at least this often; real time */
#define TERMINAL_ENROL_MS       60000 /* a reader stays in enrolment mode this long; real time */
#define TERMINAL_IDENTIFY_MS    10000
#define TERMINAL_KEEP_MS        CIVIL_MS_PER_DAY /* events with receipts are erased after a day; civil time */
#define TERMINAL_FORGET_MS      600000           /* how often that is attempted; real time */
#define TERMINAL_UNREADABLE_MS  60000 /* a sector that cannot be read for so long is written off; real time */

struct terminal_settings {
    char school[ID_BYTES], terminal[ID_BYTES];
    char firmware[ID_BYTES]; /* our version, as an id */
    uint8_t token_key[TOKEN_KEY_BYTES];
    uint8_t readers[TERMINAL_READERS_MAX]; /* Modbus addresses, none twice, none 0 */
    size_t reader_count;
    uint32_t debounce_ms, repeat_ms; /* civil time; a config message overrides them */
    bool late_sounds_like_ok;
    int64_t alive_utc_ms; /* when the port last noted that the terminal ran; 0 = only the journal knows */
};

enum terminal_input_kind {
    TERMINAL_TAP,         /* reader, card, card_bytes, age_ms */
    TERMINAL_READER_UP,   /* reader: it serves; age_ms: for so long */
    TERMINAL_READER_DOWN, /* reader: it has stopped serving, or never did; age_ms: for so long */
    TERMINAL_TAMPER,      /* reader: its case was opened */
    TERMINAL_CLOCK,       /* clock: how far the machine's clock can be trusted now; repeated every few seconds */
    TERMINAL_NET_UP,      /* connected; retained messages come after this */
    TERMINAL_NET_DOWN,
    TERMINAL_MESSAGE, /* topic, bytes, length, retained; borrowed for the call */
};

struct terminal_input {
    enum terminal_input_kind kind;
    uint8_t reader;
    uint8_t card[CARD_BYTES_MAX];
    size_t card_bytes;
    int64_t age_ms;     /* real time since: TERMINAL_TAP: the reader saw the card; -1 = not known, too long */
    struct cause cause; /* TERMINAL_READER_DOWN: why; said again when it changes */
    enum clock_quality clock;
    const char *topic, *bytes;
    size_t length;
    bool retained; /* a retained message: its age is not known */
};

struct terminal_answer {
    enum feedback feedback; /* TERMINAL_TAP: what the reader is to show, now */
    bool keep; /* TERMINAL_MESSAGE: cache the newest of this topic, and pass it in again after the next start */
    /* TERMINAL_MESSAGE: why it was ignored; TERMINAL_TAP: why it is nobody's card. Static text; NULL when it was accepted. */
    const char *problem;
};

/* What to publish, QoS 1. */
struct terminal_message {
    char topic[WIRE_TOPIC_BYTES];
    bool retained;
    size_t length;
    char bytes[WIRE_MESSAGE_BYTES_MAX];
};

/* One reader. What a full journal cannot take is appended when there is room again. */
struct terminal_reader {
    uint8_t address;
    struct cause cause;       /* while it is not up */
    bool known, up;           /* known: reported up or down since the start */
    bool out, out_journalled; /* an outage is open; the journal holds its EVENT_OUT */
    bool tamper_owed;
    struct event outage;     /* stamped when it began */
    int64_t serving_mono_ms; /* since when it has served; 0 = the journal could not take its taps meanwhile */
    enum head_mode mode;
    int64_t mode_until_mono_ms;
};

struct terminal {
    struct terminal_settings settings;
    const struct clock *clock;
    struct journal journal;
    struct timebase timebase;
    struct debounce debounce;
    struct outbox outbox;
    struct terminal_reader readers[TERMINAL_READERS_MAX];
    struct wire_config config;  /* in force; version 0 = our own settings */
    struct event boot;          /* this boot's first event */
    bool boot_owed, clock_owed; /* a full journal could not take them yet */
    uint64_t birth;
    bool restart_wanted; /* a command asked for it: the port ends the program cleanly */
    char last_command[ID_BYTES];
    bool state_due;
    bool unreadable;            /* the journal's device fails to read: events wait, and staff see PHASE_ALERT */
    int64_t unreadable_mono_ms; /* since when */
    int64_t forget_mono_ms;     /* when to try the next erasure */
    enum terminal_phase phase;  /* phase and queued: as last published, at state_mono_ms */
    uint32_t queued;
    int64_t state_mono_ms;
    struct plan plan; /* last: nearly all of the size, and its memory is touched only as far as it is used */
};

/* Starts the engine on a journal that has just been mounted or formatted, which it copies and owns from now on:
 * counts a new boot, appends EVENT_BOOT. `settings` is copied, `clock` must outlive the terminal. */
void terminal_open(struct terminal *terminal, const struct terminal_settings *settings, const struct clock *clock,
                   const struct journal *journal, enum clock_quality quality);
struct terminal_answer terminal_step(struct terminal *terminal, const struct terminal_input *input);

/* Fills `out` and returns 0 when there is something to publish now; otherwise returns after how many milliseconds of
 * real time to ask again (asking earlier does no harm; ask after every step). A message that was returned counts as
 * sent. */
int64_t terminal_next(struct terminal *terminal, struct terminal_message *out);
/* The MQTT will for a connection that is made now, and the last message before a clean end. */
void terminal_will(const struct terminal *terminal, struct terminal_message *out);
void terminal_farewell(const struct terminal *terminal, struct terminal_message *out);
/* What this terminal must subscribe to: fills at most `capacity` topic filters, returns how many. */
#define TERMINAL_FILTERS 6
size_t terminal_filters(const struct terminal *terminal, char out[][WIRE_TOPIC_BYTES], size_t capacity);

/* The mode that the reader is to be in now. */
enum head_mode terminal_reader_mode(const struct terminal *terminal, uint8_t reader);

#endif
