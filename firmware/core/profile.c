/* Interprets what a profile reads and works off what it writes. profile_problem is called once at start; every other
 * function relies on a profile without problems. */
#include "firmware/core/profile.h"

#include <assert.h>
#include <string.h>
#include "common/fault.h"

static const uint8_t BYTES[PROFILE_SIZES] = {3, 4, 5, 7, 8, 10};

static bool outside(int place, unsigned count)
{
    return place != PROFILE_NOWHERE && (place < 0 || (unsigned)place >= count);
}

static const char *writes_problem(const struct profile_writes *writes)
{
    for (size_t i = 0; i < writes->count; i++) {
        const struct profile_write *write = &writes->list[i];
        if (write->space == PROFILE_INPUT || write->space == PROFILE_DISCRETE)
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
    return any ? NULL : "one of card_3, card_4, card_5, card_7, card_8 and card_10 must say where the number is";
}

const char *profile_problem(const struct profile *profile)
{
    if (profile->count < 1 || profile->count > PROFILE_REGISTERS_MAX ||
        (profile->space != PROFILE_INPUT && profile->space != PROFILE_HOLDING))
        return "read must name 1 to 32 input or holding registers";
    if (profile->flagged && profile->flag_space != PROFILE_COIL && profile->flag_space != PROFILE_DISCRETE)
        return "flag must be a coil or a discrete input";
    if (outside(profile->new_at, profile->count) || outside(profile->sequence_at, profile->count) ||
        outside(profile->length_at, profile->count) || outside(profile->bits_at, profile->count))
        return "new_at, sequence_at, length_at and bits_at must be registers of what is read";
    if (profile->length_at != PROFILE_NOWHERE && profile->bits_at != PROFILE_NOWHERE)
        return "length_at and bits_at cannot both be given";
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
    enum profile_size size = PROFILE_SIZES - 1;
    uint8_t card[CARD_BYTES_MAX];

    while (size > 0 && !profile->known[size])
        size--;
    fill(profile, size, values, card);
    for (enum profile_size shorter = 0; shorter < size; shorter++) {
        uint8_t after = 0;
        for (size_t i = BYTES[shorter]; i < BYTES[size]; i++)
            after |= card[i];
        if (profile->known[shorter] && after == 0)
            return shorter;
    }
    return size;
}

static enum profile_size told_size(const struct profile *profile, const uint16_t *values)
{
    enum profile_size size = 0;
    unsigned bytes;

    if (profile->length_at == PROFILE_NOWHERE && profile->bits_at == PROFILE_NOWHERE)
        return guess(profile, values);
    if (profile->length_at != PROFILE_NOWHERE)
        bytes = values[profile->length_at];
    else
        bytes = (values[profile->bits_at] + 7U) / 8;
    while (size < PROFILE_SIZES && bytes != BYTES[size])
        size++;
    return size;
}

size_t profile_card(const struct profile *profile, const uint16_t *values, uint8_t card[CARD_BYTES_MAX])
{
    if (profile->new_at != PROFILE_NOWHERE && values[profile->new_at] == 0)
        return 0;
    enum profile_size size = told_size(profile, values);
    if (size == PROFILE_SIZES || !profile->known[size] || !fill(profile, size, values, card))
        return 0;
    if (size != PROFILE_CARD_3)
        return BYTES[size];
    memmove(card + 1, card, BYTES[size]);
    card[0] = 0;
    return CARD_BYTES_MIN;
}

bool profile_wants_flag(const struct profile *profile, const struct profile_reader *reader)
{
    return profile->flagged && !reader->flag;
}

void profile_take_flag(struct profile_reader *reader, bool flag)
{
    reader->flag = flag;
}

static bool same(const struct profile_card *a, const struct profile_card *b)
{
    return a->bytes == b->bytes && memcmp(a->number, b->number, a->bytes) == 0;
}

/* Notes that the card lies there now, in the place of the one that has not been seen the longest. True: it did not. */
static bool comes(struct profile_reader *reader, const struct profile_card *card, int64_t mono_ms)
{
    size_t oldest = 0;

    for (size_t i = 0; i < PROFILE_CARDS; i++) {
        if (same(&reader->lying[i].card, card)) {
            bool away = mono_ms - reader->lying[i].seen_mono_ms >= PROFILE_GONE_MS || FAULT(card_taps_while_it_lies);
            reader->lying[i].seen_mono_ms = mono_ms;
            return away;
        }
        if (reader->lying[i].seen_mono_ms < reader->lying[oldest].seen_mono_ms)
            oldest = i;
    }
    reader->lying[oldest].card = *card;
    reader->lying[oldest].seen_mono_ms = mono_ms;
    return true;
}

/* Without a sound. Not at once again: whether a card has gone shows only some time after the release. */
static void release(const struct profile *profile, struct profile_reader *reader, int64_t mono_ms)
{
    if (profile->release.count == 0 || reader->answered ||
        (reader->released && mono_ms - reader->released_mono_ms < PROFILE_RELEASE_MS))
        return;
    reader->answered = true;
    reader->next_write = profile->shown[reader->answer].count;
}

/* Whether the reader says that there is something, be it a card that we cannot read. */
static bool occupied(const struct profile *profile, const uint16_t *values)
{
    if (profile->flagged)
        return true;
    return profile->new_at != PROFILE_NOWHERE && values[profile->new_at] != 0;
}

/* The first one that is heard of says nothing: it may be of yesterday's card. */
static bool counted_on(const struct profile *profile, struct profile_reader *reader, const uint16_t *values)
{
    if (profile->sequence_at == PROFILE_NOWHERE)
        return true;
    uint16_t sequence = values[profile->sequence_at];
    bool another = reader->counts && sequence != reader->sequence;
    reader->counts = true;
    reader->sequence = sequence;
    return another;
}

bool profile_take(const struct profile *profile, struct profile_reader *reader, const uint16_t *values, int64_t mono_ms)
{
    struct profile_card card = {0};

    card.bytes = profile_card(profile, values, card.number);
    if (profile->confirmed && !same(&card, &reader->before)) {
        reader->before = card; /* asked again before it counts: with a flag, the registers at once */
        return false;
    }
    reader->before = card;
    reader->flag = false;
    bool another = counted_on(profile, reader, values);
    if (card.bytes == 0) {
        if (occupied(profile, values))
            release(profile, reader, mono_ms);
        return false;
    }
    if (!another || !comes(reader, &card, mono_ms)) {
        release(profile, reader, mono_ms);
        return false;
    }
    reader->card = card;
    reader->answered = false;
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
void profile_wrote(const struct profile *profile, struct profile_reader *reader, bool done, int64_t mono_ms)
{
    assert(reader->answered);
    size_t shown = profile->shown[reader->answer].count;
    bool releasing = reader->next_write >= shown;

    reader->next_write++;
    if (releasing && !done) {
        reader->answered = false;
        reader->released = false;
    } else if (reader->next_write == shown + profile->release.count) {
        reader->answered = false;
        reader->released = releasing;
        reader->released_mono_ms = mono_ms;
    }
}
