/* Interprets what a profile reads and works off what it writes. profile_problem is called once at start; every other
 * function relies on a profile without problems. */
#include "firmware/core/profile.h"

#include <assert.h>
#include <string.h>

static const uint8_t BYTES[PROFILE_SIZES] = {4, 7, 10};

static bool outside(int place, unsigned count)
{
    return place != PROFILE_NOWHERE && (place < 0 || (unsigned)place >= count);
}

static const char *writes_problem(const struct profile_writes *writes)
{
    for (size_t i = 0; i < writes->count; i++) {
        const struct profile_write *write = &writes->list[i];
        if (write->space == PROFILE_INPUT)
            return "only holding registers and coils can be written";
        if (write->count == 0 || (write->space == PROFILE_COIL && write->count != 1))
            return "a write needs values: 1 to 4, of a coil 1";
    }
    return NULL;
}

static const char *places_problem(const struct profile *profile)
{
    bool any = false;

    for (enum profile_size size = 0; size < PROFILE_SIZES; size++) {
        any |= profile->known[size];
        for (size_t i = 0; profile->known[size] && i < BYTES[size]; i++)
            if (profile->places[size][i] >= 2 * profile->count)
                return "a byte of the card's number lies outside of what is read";
    }
    return any ? NULL : "one of card_4, card_7 and card_10 must say where the number is";
}

const char *profile_problem(const struct profile *profile)
{
    if (profile->count < 1 || profile->count > PROFILE_REGISTERS_MAX || profile->space == PROFILE_COIL)
        return "read must name 1 to 16 input or holding registers";
    if (outside(profile->new_at, profile->count) || outside(profile->length_at, profile->count))
        return "new_at and length_at must be registers of what is read";
    const char *problem = places_problem(profile);
    if (problem == NULL)
        problem = writes_problem(&profile->release);
    for (size_t i = 0; problem == NULL && i < FEEDBACKS; i++)
        problem = writes_problem(&profile->shown[i]);
    return problem;
}

static uint8_t byte_at(const uint16_t *values, uint8_t place)
{
    return (uint8_t)(place % 2 == 0 ? values[place / 2] >> 8 : values[place / 2]);
}

static bool fill(const struct profile *profile, enum profile_size size, const uint16_t *values, uint8_t *card)
{
    uint8_t any = 0;

    memset(card, 0, CARD_BYTES_MAX);
    for (size_t i = 0; i < BYTES[size]; i++) {
        card[i] = byte_at(values, profile->places[size][i]);
        any |= card[i];
    }
    return any != 0;
}

/* For readers that do not report a length: the shortest known size after which there are only zeros. */
static enum profile_size guess(const struct profile *profile, const uint16_t *values)
{
    enum profile_size size = PROFILE_CARD_10;
    uint8_t card[CARD_BYTES_MAX];

    while (size > PROFILE_CARD_4 && !profile->known[size])
        size--;
    fill(profile, size, values, card);
    for (enum profile_size shorter = PROFILE_CARD_4; shorter < size; shorter++) {
        uint8_t after = 0;
        for (size_t i = BYTES[shorter]; i < BYTES[size]; i++)
            after |= card[i];
        if (profile->known[shorter] && after == 0)
            return shorter;
    }
    return size;
}

size_t profile_card(const struct profile *profile, const uint16_t *values, uint8_t card[CARD_BYTES_MAX])
{
    enum profile_size size = PROFILE_CARD_4;

    if (profile->new_at != PROFILE_NOWHERE && values[profile->new_at] == 0)
        return 0;
    if (profile->length_at == PROFILE_NOWHERE)
        size = guess(profile, values);
    else
        while (size < PROFILE_SIZES && values[profile->length_at] != BYTES[size])
            size++;
    if (size == PROFILE_SIZES || !profile->known[size])
        return 0;
    return fill(profile, size, values, card) ? BYTES[size] : 0;
}

bool profile_take(const struct profile *profile, struct profile_reader *reader, const uint16_t *values)
{
    uint8_t card[CARD_BYTES_MAX];
    size_t bytes = profile_card(profile, values, card);

    if (bytes == 0) {
        reader->card_bytes = 0;
        return false;
    }
    if (bytes == reader->card_bytes && memcmp(card, reader->card, bytes) == 0) {
        reader->answered = profile->release.count > 0; /* the release has not arrived */
        reader->next_write = profile->shown[reader->answer].count;
        return false;
    }
    *reader = (struct profile_reader){.card_bytes = bytes};
    memcpy(reader->card, card, sizeof card);
    return true;
}

void profile_answer(struct profile_reader *reader, enum feedback feedback)
{
    reader->answer = feedback;
    reader->answered = true;
    reader->next_write = 0;
}

const struct profile_write *profile_due(const struct profile *profile, const struct profile_reader *reader)
{
    const struct profile_writes *shown = &profile->shown[reader->answer];

    if (!reader->answered)
        return NULL;
    if (reader->next_write < shown->count)
        return &shown->list[reader->next_write];
    size_t next = reader->next_write - shown->count;
    return next < profile->release.count ? &profile->release.list[next] : NULL;
}

/* A sound that could not be written is not repeated: the pupil may have gone. A release is: profile_take finds the
 * card still there and makes it due again. */
void profile_wrote(const struct profile *profile, struct profile_reader *reader, bool done)
{
    assert(reader->answered);
    size_t shown = profile->shown[reader->answer].count;
    bool releasing = reader->next_write >= shown;

    reader->next_write++;
    if (releasing && !done) {
        reader->answered = false;
    } else if (reader->next_write == shown + profile->release.count) {
        reader->answered = false;
        if (releasing)
            reader->card_bytes = 0;
    }
}
