/* Any bytes as any message of docs/wire.md. What is understood is told again in our own words, and those mean the same. */
#include <stdlib.h>
#include <string.h>
#include "common/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

static void require(bool condition)
{
    if (!condition)
        abort();
}

/* Decodes into `value`, encodes it, decodes and encodes that: twice the same text. */
#define ROUND_TRIP(NAME, TYPE)                                                     \
    static void NAME(const char *bytes, size_t length)                             \
    {                                                                              \
        static struct TYPE value;                                                  \
        static char once[WIRE_RETAINED_BYTES_MAX], twice[WIRE_RETAINED_BYTES_MAX]; \
        const char *why = NULL;                                                    \
        if (wire_decode_##NAME(bytes, length, &value, &why) != 0) {                \
            require(why != NULL);                                                  \
            return;                                                                \
        }                                                                          \
        int first = wire_encode_##NAME(&value, once, sizeof once);                 \
        require(first > 0 || first == WIRE_TOO_LONG);                              \
        if (first < 0)                                                             \
            return;                                                                \
        require(wire_decode_##NAME(once, (size_t)first, &value, &why) == 0);       \
        require(wire_encode_##NAME(&value, twice, sizeof twice) == first);         \
        require(memcmp(once, twice, (size_t)first) == 0);                          \
    }

ROUND_TRIP(receipt, wire_receipt)
ROUND_TRIP(state, wire_state)
ROUND_TRIP(cards, wire_cards)
ROUND_TRIP(plan, wire_plan)
ROUND_TRIP(config, wire_config)
ROUND_TRIP(command, wire_command)
ROUND_TRIP(daemon_state, wire_daemon_state)

static void events(const char *bytes, size_t length)
{
    static char once[WIRE_RETAINED_BYTES_MAX];
    struct event heard[WIRE_EVENTS_MAX];
    const char *why = NULL;
    int count = wire_decode_events(bytes, length, heard, WIRE_EVENTS_MAX, &why);
    require(count <= WIRE_EVENTS_MAX && (count >= 0 || why != NULL));
    for (int i = 0; i < count; i++)
        require(heard[i].kind < EVENT_KINDS && heard[i].clock < CLOCK_QUALITIES && heard[i].feedback < FEEDBACKS &&
                heard[i].sequence <= heard[i].last_sequence);
    if (count <= 0)
        return;
    int told = wire_encode_events(heard, (size_t)count, once, sizeof once);
    require(told > 0 && wire_decode_events(once, (size_t)told, heard, WIRE_EVENTS_MAX, &why) == count);
}

static void topic(const char *bytes, size_t length)
{
    char text[WIRE_TOPIC_BYTES], again[WIRE_TOPIC_BYTES], terminal[ID_BYTES];
    const char *leaf;
    if (length >= sizeof text)
        return;
    memcpy(text, bytes, length);
    text[length] = '\0';
    if (!wire_topic_split(text, "skolan", terminal, &leaf))
        return;
    require(wire_id_valid(terminal));
    wire_topic(again, "skolan", terminal, leaf);
    require(strcmp(text, again) == 0);
}

/* The first byte says which. */
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    static void (*const READ[])(const char *, size_t) = {events, receipt, state,        cards, plan,
                                                         config, command, daemon_state, topic};
    if (length == 0)
        return 0;
    size_t which = input[0] % (sizeof READ / sizeof READ[0]);
    char *bytes = malloc(length - 1); /* exactly as long, so that a byte too far is noticed */
    if (length > 1)
        memcpy(bytes, input + 1, length - 1);
    READ[which](bytes, length - 1);
    free(bytes);
    return 0;
}
