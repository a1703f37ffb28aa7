/* A terminal on a desk: engine, flash that can lose power, and a clock that the test moves. */
#ifndef TESTS_TERMINAL_RIG_H
#define TESTS_TERMINAL_RIG_H

#include <stdio.h>
#include <string.h>
#include "common/civil.h"
#include "firmware/core/terminal.h"
#include "tests/nor.h"

struct rig_clock {
    struct clock clock; /* first: the seam hands it back */
    int64_t utc_ms, mono_ms;
};

struct rig {
    struct rig_clock time;
    struct nor nor;
    struct flash flash;
    struct terminal_settings settings;
    struct terminal terminal;
    uint64_t generation;
};

static inline int64_t rig_utc_ms(const struct clock *clock)
{
    return ((const struct rig_clock *)(const void *)clock)->utc_ms;
}

static inline int64_t rig_mono_ms(const struct clock *clock)
{
    return ((const struct rig_clock *)(const void *)clock)->mono_ms;
}

static inline void rig_wait(struct rig *rig, int64_t ms)
{
    rig->time.mono_ms += ms;
    rig->time.utc_ms += ms * rig->time.clock.rate;
}

/* Power on: mounts what is on the flash, or formats it, and starts the engine. False: power failed again meanwhile. */
static inline bool rig_start(struct rig *rig, enum clock_quality quality)
{
    struct journal journal;
    enum journal_result result = journal_mount(&journal, &rig->flash);
    if (result == JOURNAL_NONE)
        result = journal_format(&journal, &rig->flash, ++rig->generation);
    if (result != JOURNAL_OK)
        return false;
    terminal_open(&rig->terminal, &rig->settings, &rig->time.clock, &journal, quality);
    return true;
}

/* 2026-09-01 08:00:00 UTC, synchronised, readers 1 and 2 not yet heard of. */
static inline void rig_open(struct rig *rig, uint32_t sectors)
{
    rig->flash = nor_open(&rig->nor, sectors);
    rig->generation = 1000;
    rig->time = (struct rig_clock){.clock = {.utc_ms = rig_utc_ms, .mono_ms = rig_mono_ms, .rate = 1},
                                   .utc_ms = civil_to_utc_ms(civil_day(2026, 9, 1), 10 * 3600 * 1000),
                                   .mono_ms = 5000};
    rig->settings = (struct terminal_settings){.school = "skolan",
                                               .terminal = "t-1",
                                               .firmware = "test",
                                               .token_key = {1, 2, 3, 4},
                                               .readers = {1, 2},
                                               .reader_count = 2,
                                               .debounce_ms = 3000,
                                               .repeat_ms = 60000};
    bool formatted = rig_start(rig, CLOCK_SYNCED);
    assert(formatted);
    (void)formatted;
}

static inline struct terminal_answer rig_step(struct rig *rig, struct terminal_input input)
{
    return terminal_step(&rig->terminal, &input);
}

static inline void rig_reader(struct rig *rig, enum terminal_input_kind kind, uint8_t reader)
{
    rig_step(rig, (struct terminal_input){.kind = kind, .reader = reader});
}

/* Card number `card` as four bytes. */
static inline struct terminal_input rig_card(uint8_t reader, uint32_t card, int64_t age_ms)
{
    struct terminal_input tap = {.kind = TERMINAL_TAP, .reader = reader, .card_bytes = 4, .age_ms = age_ms};
    for (int i = 0; i < 4; i++)
        tap.card[i] = (uint8_t)(card >> (24 - 8 * i));
    return tap;
}

static inline enum feedback rig_tap(struct rig *rig, uint8_t reader, uint32_t card, int64_t age_ms)
{
    return rig_step(rig, rig_card(reader, card, age_ms)).feedback;
}

static inline uint64_t rig_token(const struct rig *rig, uint32_t card)
{
    uint8_t bytes[4] = {(uint8_t)(card >> 24), (uint8_t)(card >> 16), (uint8_t)(card >> 8), (uint8_t)card};
    return token_of_card(rig->settings.token_key, bytes, sizeof bytes);
}

static inline struct terminal_answer rig_hear(struct rig *rig, const char *terminal, const char *leaf,
                                              const char *bytes, bool retained)
{
    char topic[WIRE_TOPIC_BYTES];
    wire_topic(topic, "skolan", terminal, leaf);
    return rig_step(
        rig,
        (struct terminal_input){
            .kind = TERMINAL_MESSAGE, .topic = topic, .bytes = bytes, .length = strlen(bytes), .retained = retained});
}

static inline void rig_hear_daemon(struct rig *rig, bool ready)
{
    struct wire_daemon_state state = {.ready = ready, .at_ms = rig->time.utc_ms};
    char bytes[200];
    int length = wire_encode_daemon_state(&state, bytes, sizeof bytes - 1);
    bytes[length] = '\0';
    rig_hear(rig, "daemon", "state", bytes, true);
}

static inline struct terminal_answer rig_hear_receipt(struct rig *rig, uint64_t generation, uint64_t upto)
{
    struct wire_receipt receipt = {.generation = generation, .upto = upto};
    char bytes[200];
    int length = wire_encode_receipt(&receipt, bytes, sizeof bytes - 1);
    bytes[length] = '\0';
    return rig_hear(rig, "t-1", "receipt", bytes, false);
}

static inline void rig_connect(struct rig *rig)
{
    rig_step(rig, (struct terminal_input){.kind = TERMINAL_NET_UP});
    rig_hear_daemon(rig, true);
}

/* The events of the next message, or 0 when it is none (a state is taken and passed over). */
static inline int rig_events(struct rig *rig, struct event events[WIRE_EVENTS_MAX])
{
    static struct terminal_message message;
    const char *why;
    while (terminal_next(&rig->terminal, &message) == 0)
        if (strstr(message.topic, "/event"))
            return wire_decode_events(message.bytes, message.length, events, WIRE_EVENTS_MAX, &why);
    return 0;
}

/* The state that is to be published now; false when there is none. */
static inline bool rig_state(struct rig *rig, struct wire_state *out)
{
    static struct terminal_message message;
    const char *why;
    return terminal_next(&rig->terminal, &message) == 0 && strstr(message.topic, "/state") &&
           wire_decode_state(message.bytes, message.length, out, &why) == 0;
}

#endif
