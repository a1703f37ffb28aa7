/* Any profile that profile_problem lets pass, with any readings and any luck on the wire. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "firmware/core/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

struct source {
    const uint8_t *bytes;
    size_t left;
};

static uint8_t next(struct source *source)
{
    if (source->left == 0)
        return 0;
    source->left--;
    return *source->bytes++;
}

static struct profile_writes writes(struct source *source)
{
    struct profile_writes made = {.count = next(source) % (PROFILE_WRITES_MAX + 1)};
    for (size_t i = 0; i < made.count; i++)
        made.list[i] = (struct profile_write){.space = next(source) % PROFILE_SPACES,
                                              .count = next(source) % (PROFILE_VALUES_MAX + 1)};
    return made;
}

static struct profile profile(struct source *source)
{
    struct profile made = {.space = next(source) % PROFILE_SPACES, .count = next(source) % (PROFILE_REGISTERS_MAX + 2)};
    made.new_at = next(source) % 18 - 1;
    made.length_at = next(source) % 18 - 1;
    made.bits_at = next(source) % 18 - 1;
    made.sequence_at = next(source) % 18 - 1;
    made.flagged = next(source) & 1;
    made.flag_space = next(source) % PROFILE_SPACES;
    made.confirmed = next(source) & 1;
    for (enum profile_size size = 0; size < PROFILE_SIZES; size++) {
        made.known[size] = next(source) & 1;
        for (size_t i = 0; made.known[size] && i < CARD_BYTES_MAX; i++)
            made.places[size][i] = next(source) % (2 * PROFILE_REGISTERS_MAX);
    }
    made.shown[FEEDBACK_OK] = writes(source);
    made.release = writes(source);
    return made;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    struct source source = {input, length};
    struct profile made = profile(&source);
    struct profile_reader reader = {0};
    int64_t mono_ms = 0;

    if (profile_problem(&made) != NULL)
        return 0;
    while (source.left > 0) {
        uint16_t values[PROFILE_REGISTERS_MAX];
        for (size_t i = 0; i < made.count; i++)
            values[i] = next(&source);
        mono_ms += next(&source);
        if (profile_take(&made, &reader, values, mono_ms)) {
            if (reader.card.bytes < CARD_BYTES_MIN || reader.card.bytes > CARD_BYTES_MAX)
                abort();
            if (profile_due(&made, &reader) != NULL)
                abort(); /* before the answer nothing may be written */
            profile_answer(&reader, FEEDBACK_OK);
        }
        for (int turns = 0; profile_due(&made, &reader) != NULL; turns++) {
            if (turns > 2 * PROFILE_WRITES_MAX)
                abort();
            profile_wrote(&made, &reader, next(&source) & 1, mono_ms);
        }
    }
    return 0;
}
