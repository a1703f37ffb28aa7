/* Three commands in turn: wake (configure), retries, then search for ever; an answer moves on to the next, silence
 * goes back to the first. Frames are found byte by byte, so that the module may answer in pieces. */
#include "firmware/core/pn532.h"

#include <assert.h>
#include <string.h>

enum {
    TO_MODULE = 0xd4,
    FROM_MODULE = 0xd5,
    SAM_CONFIGURATION = 0x14,
    RF_CONFIGURATION = 0x32,
    IN_LIST_PASSIVE_TARGET = 0x4a,
    WAKE_BYTES = 16,
    AROUND_BYTES = 8,     /* of a frame: before the command, and its checksum and zero */
    LENGTH_AND_CHECK = 2, /* the length byte and its checksum, which come before the data */
    TARGETS_AT = 2,       /* in the data of an answer to IN_LIST_PASSIVE_TARGET: how many cards */
    CARD_BYTES_AT = 7,    /* target number, two bytes SENS_RES, SEL_RES, then this and the number itself */
    CARD_AT = 8
};

struct command {
    uint8_t bytes[5], count;
};
static_assert(WAKE_BYTES + AROUND_BYTES + sizeof((struct command){0}.bytes) <= PN532_COMMAND_BYTES_MAX,
              "the longest command fits, after waking too");

static const struct command COMMANDS[] = {
    [PN532_WAKE] = {{SAM_CONFIGURATION, 1, 0x14, 1}, 4},      /* normal mode */
    [PN532_RETRIES] = {{RF_CONFIGURATION, 5, 0xff, 1, 1}, 5}, /* look twice for a card, then say that there is none */
    [PN532_SEARCH] = {{IN_LIST_PASSIVE_TARGET, 1, 0}, 3},     /* one card, 106 kbit/s type A */
};

void pn532_init(struct pn532 *module, uint32_t now_ms)
{
    *module = (struct pn532){.heard_ms = now_ms, .asked_ms = now_ms - PN532_SEARCH_EVERY_MS};
}

static uint8_t sum(const uint8_t *bytes, size_t count)
{
    uint8_t total = 0;

    for (size_t i = 0; i < count; i++)
        total = (uint8_t)(total + bytes[i]);
    return total;
}

/* A sleeping module needs some time after the first edge: sending these bytes takes that long. */
static size_t wake(uint8_t *out)
{
    memset(out, 0, WAKE_BYTES);
    out[0] = out[1] = 0x55;
    return WAKE_BYTES;
}

static size_t frame(const struct command *command, uint8_t *out)
{
    uint8_t length = (uint8_t)(command->count + 1);
    uint8_t head[] = {0, 0, 0xff, length, (uint8_t)-length, TO_MODULE};
    size_t at = sizeof head;

    memcpy(out, head, sizeof head);
    memcpy(out + at, command->bytes, command->count);
    at += command->count;
    out[at] = (uint8_t)-sum(out + sizeof head - 1, length);
    out[at + 1] = 0;
    return at + 2;
}

/* Begins again, by the reset line. A module without that wire does not notice. */
static void restart(struct pn532 *module, uint32_t now_ms)
{
    module->starting = true;
    module->reset_ms = now_ms;
    module->step = PN532_WAKE;
    module->asked = false;
    module->within = false;
}

bool pn532_held(const struct pn532 *module, uint32_t now_ms)
{
    return module->starting && now_ms - module->reset_ms < PN532_RESET_MS;
}

/* The millisecond count wraps after 49 days: whatever is over is set to a fixed age, or it would one day look new
 * again. */
static void expire(struct pn532 *module, uint32_t now_ms)
{
    if (now_ms - module->heard_ms >= PN532_FAULT_MS) {
        if (!module->faulty || now_ms - module->reset_ms >= PN532_RESET_EVERY_MS)
            restart(module, now_ms);
        module->faulty = true;
        module->heard_ms = now_ms - PN532_FAULT_MS;
    }
    if (module->starting && now_ms - module->reset_ms >= 2 * PN532_RESET_MS)
        module->starting = false;
    for (size_t i = 0; i < PN532_CARDS; i++)
        if (now_ms - module->lying[i].seen_ms >= PN532_GONE_MS)
            module->lying[i].bytes = 0;
}

size_t pn532_command(struct pn532 *module, uint32_t now_ms, uint8_t command[PN532_COMMAND_BYTES_MAX])
{
    uint32_t pause_ms = module->asked ? PN532_ANSWER_MS : PN532_SEARCH_EVERY_MS;
    size_t length = 0;

    expire(module, now_ms);
    if (module->starting || now_ms - module->asked_ms < pause_ms)
        return 0;
    if (module->asked)
        module->step = PN532_WAKE;
    module->asked = true;
    module->asked_ms = now_ms;
    if (module->step == PN532_WAKE)
        length = wake(command);
    return length + frame(&COMMANDS[module->step], command + length);
}

/* Notes that the card lies there. True: it did not. */
static bool comes(struct pn532 *module, const uint8_t *card, uint8_t bytes, uint32_t now_ms)
{
    struct pn532_card *place = &module->lying[0];

    for (size_t i = 0; i < PN532_CARDS; i++) {
        struct pn532_card *lying = &module->lying[i];
        if (lying->bytes == bytes && memcmp(lying->number, card, bytes) == 0) {
            lying->seen_ms = now_ms;
            return false;
        }
        if (place->bytes > 0 && (lying->bytes == 0 || now_ms - lying->seen_ms > now_ms - place->seen_ms))
            place = lying;
    }
    place->bytes = bytes;
    place->seen_ms = now_ms;
    memcpy(place->number, card, bytes);
    return true;
}

/* `data` begins with FROM_MODULE. True: a card has come into the field. */
static bool read_card(struct pn532 *module, const uint8_t *data, size_t length, uint32_t now_ms)
{
    if (length <= CARD_AT || data[TARGETS_AT] != 1)
        return false;
    uint8_t bytes = data[CARD_BYTES_AT];
    if ((bytes != 4 && bytes != 7 && bytes != 10) || length < CARD_AT + (size_t)bytes)
        return false;
    if (!comes(module, data + CARD_AT, bytes, now_ms))
        return false;
    module->card_bytes = bytes;
    memcpy(module->card, data + CARD_AT, bytes);
    return true;
}

/* Only the answer to the command under way counts; anything else is a late one. */
static bool read_answer(struct pn532 *module, const uint8_t *data, size_t length, uint32_t now_ms)
{
    if (length < 2 || data[0] != FROM_MODULE || data[1] != COMMANDS[module->step].bytes[0] + 1 || !module->asked)
        return false;
    module->asked = false;
    module->faulty = false;
    module->heard_ms = now_ms;
    if (module->step == PN532_SEARCH)
        return read_card(module, data, length, now_ms);
    module->step = module->step == PN532_WAKE ? PN532_RETRIES : PN532_SEARCH;
    module->asked_ms = now_ms - PN532_SEARCH_EVERY_MS;
    return false;
}

/* Whether what has been received so far can still become an answer. An acknowledgement frame (length 0) cannot. */
static bool may_complete(const struct pn532 *module)
{
    size_t length = module->answer[0];

    if (length == 0 || length + LENGTH_AND_CHECK + 1 > PN532_ANSWER_BYTES_MAX)
        return false;
    return module->length < LENGTH_AND_CHECK || sum(module->answer, LENGTH_AND_CHECK) == 0;
}

/* Outside a frame only the start code 00 ff is looked for; inside, bytes are collected until the frame is complete
 * or cannot become valid any more. */
bool pn532_receive(struct pn532 *module, uint8_t byte, uint32_t now_ms)
{
    if (!module->within) {
        module->within = module->before == 0 && byte == 0xff;
        module->before = byte;
        module->length = 0;
        return false;
    }
    module->answer[module->length++] = byte;
    size_t length = module->answer[0];
    bool whole = module->length == length + LENGTH_AND_CHECK + 1;
    if (may_complete(module) && !whole)
        return false;
    module->within = false;
    module->before = byte;
    return whole && may_complete(module) && sum(module->answer + LENGTH_AND_CHECK, length + 1) == 0 &&
           read_answer(module, module->answer + LENGTH_AND_CHECK, length, now_ms);
}
