/* The JSON that terminals and the daemon exchange over MQTT, and their topics (docs/wire.md).
 *
 * Pure: bytes in, values out; the sender is in the topic, not in the payload. Encoders write at most `capacity`
 * bytes and return the length, or WIRE_TOO_LONG. Decoders accept any bytes; for what is not a valid message they
 * return WIRE_MALFORMED with one sentence in `why` (static text), and their output is then unspecified. Unknown
 * fields are ignored, so that a newer terminal can talk to an older daemon; an unknown event kind is malformed. */
#ifndef COMMON_WIRE_H
#define COMMON_WIRE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/event.h"

#define WIRE_MESSAGE_BYTES_MAX  8192
#define WIRE_RETAINED_BYTES_MAX 131072
#define WIRE_EVENTS_MAX         32   /* in one message */
#define WIRE_REFUSALS_MAX       32   /* in one receipt; those that do not fit follow in the next one */
#define WIRE_TOKENS_MAX         6144 /* cards of a school; 1.5 for each pupil */
#define WIRE_PERIODS_MAX        24   /* lessons in one room and day */
#define WIRE_PLAN_TOKENS_MAX    6144 /* pupils at these lessons, together: a hall may take half a school at one */
#define WIRE_TOPIC_BYTES        192

#define WIRE_TOKEN_BYTES  19  /* of a token in a list: 16 digits, two quotes, a comma */
#define WIRE_PERIOD_BYTES 160 /* of a lesson without its tokens; also enough for the message around all lessons */
static_assert(WIRE_TOKENS_MAX * WIRE_TOKEN_BYTES + WIRE_PERIOD_BYTES <= WIRE_RETAINED_BYTES_MAX,
              "the fullest list of cards fits a message");
static_assert(WIRE_PLAN_TOKENS_MAX * WIRE_TOKEN_BYTES + (WIRE_PERIODS_MAX + 1) * WIRE_PERIOD_BYTES <=
                  WIRE_RETAINED_BYTES_MAX,
              "the fullest plan fits a message");

#define WIRE_MALFORMED (-1)
#define WIRE_TOO_LONG  (-2)

enum refusal { REFUSAL_NONE, REFUSAL_UNKNOWN_CARD, REFUSAL_REVOKED_CARD, REFUSAL_BAD_TIME, REFUSALS };

struct wire_refusal {
    uint64_t sequence;
    enum refusal why;
};

/* Every event up to `upto` of `generation` is committed or refused (refused = stored, not counted). */
struct wire_receipt {
    uint64_t generation, upto;
    size_t refused_count;
    struct wire_refusal refused[WIRE_REFUSALS_MAX];
};

enum terminal_phase {
    PHASE_INIT,
    PHASE_READY,
    PHASE_ALERT,
    PHASE_DISCONNECTED, /* ended on purpose: the terminal's own last message */
    PHASE_LOST,         /* the connection broke: the broker published the MQTT will */
    TERMINAL_PHASES
};

#define WIRE_TROUBLE_BYTES 192 /* of eight readers, each with its word */

struct wire_state {
    enum terminal_phase phase;
    uint64_t
        birth; /* of this run of the terminal; rises with every start, so that a will of an older run is recognised */
    char firmware[ID_BYTES];
    int64_t at_ms;
    enum clock_quality clock;
    uint32_t queued;          /* events without a receipt */
    int64_t oldest_unsent_ms; /* age of the oldest of them; 0 when none */
    int64_t free_records;     /* room left in the journal */
    uint32_t config_version;  /* applied */
    uint32_t readers_up, readers_configured;
    char trouble
        [WIRE_TROUBLE_BYTES]; /* why readers are down: "2 checksum, 5 exception-2"; an older terminal says nothing */
};

struct wire_cards {
    uint32_t version;
    size_t count;
    uint64_t tokens[WIRE_TOKENS_MAX]; /* ascending */
};

struct wire_period {
    int64_t start_ms, late_ms, end_ms; /* UTC; late from late_ms on */
    size_t first_token, token_count;   /* in the plan's tokens; ascending */
};

/* One room's lessons of one local date, by start. */
struct wire_plan {
    uint32_t version;
    int32_t day; /* civil.h */
    size_t period_count, token_count;
    struct wire_period periods[WIRE_PERIODS_MAX];
    uint64_t tokens[WIRE_PLAN_TOKENS_MAX]; /* one lesson's after the other's */
};

/* Settings that the daemon sends to a terminal. */
struct wire_config {
    uint32_t version;
    uint32_t debounce_ms; /* same card, same reader within this: the same tap */
    uint32_t repeat_ms;   /* same card, any reader within this: FEEDBACK_AGAIN, not recorded */
    bool late_sounds_like_ok;
};

enum command_kind { COMMAND_IDENTIFY, COMMAND_REBOOT, COMMAND_ENROL, COMMAND_RESEND, COMMAND_KINDS };

struct wire_command {
    char id[ID_BYTES];
    int64_t expires_ms; /* UTC */
    enum command_kind kind;
    uint8_t reader; /* COMMAND_ENROL, COMMAND_IDENTIFY; 0 = all */
};

struct wire_daemon_state {
    bool ready; /* false = lost */
    int64_t at_ms;
};

int wire_encode_events(const struct event *events, size_t count, char *out, size_t capacity);
int wire_decode_events(const char *bytes, size_t length, struct event *out, size_t capacity, const char **why);
int wire_encode_receipt(const struct wire_receipt *receipt, char *out, size_t capacity);
int wire_decode_receipt(const char *bytes, size_t length, struct wire_receipt *out, const char **why);
int wire_encode_state(const struct wire_state *state, char *out, size_t capacity);
int wire_decode_state(const char *bytes, size_t length, struct wire_state *out, const char **why);
int wire_encode_cards(const struct wire_cards *cards, char *out, size_t capacity);
int wire_decode_cards(const char *bytes, size_t length, struct wire_cards *out, const char **why);
int wire_encode_plan(const struct wire_plan *plan, char *out, size_t capacity);
int wire_decode_plan(const char *bytes, size_t length, struct wire_plan *out, const char **why);
int wire_encode_config(const struct wire_config *config, char *out, size_t capacity);
int wire_decode_config(const char *bytes, size_t length, struct wire_config *out, const char **why);
int wire_encode_command(const struct wire_command *command, char *out, size_t capacity);
int wire_decode_command(const char *bytes, size_t length, struct wire_command *out, const char **why);
int wire_encode_daemon_state(const struct wire_daemon_state *state, char *out, size_t capacity);
int wire_decode_daemon_state(const char *bytes, size_t length, struct wire_daemon_state *out, const char **why);

/* The words on the wire and in the database; index with the enum. */
extern const char *const WIRE_EVENT_KINDS[EVENT_KINDS];
extern const char *const WIRE_CLOCKS[CLOCK_QUALITIES];
extern const char *const WIRE_FEEDBACKS[FEEDBACKS];
extern const char *const WIRE_REFUSALS[REFUSALS];
extern const char *const WIRE_PHASES[TERMINAL_PHASES];

/* narvaro/1/<school>/<terminal>/<leaf>; `terminal` NULL for the school's own topics ("cards"). */
void wire_topic(char out[WIRE_TOPIC_BYTES], const char *school, const char *terminal, const char *leaf);
/* Splits such a topic of a terminal; false when it is not one. `leaf` points into `topic`. */
bool wire_topic_split(const char *topic, const char *school, char terminal[ID_BYTES], const char **leaf);
/* [a-z0-9-]{1,32} */
bool wire_id_valid(const char *id);

#endif
