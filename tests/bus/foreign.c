#include "tests/bus/foreign.h"

#include <string.h>
#include "firmware/core/crc16.h"

#define FIELD_MS       400 /* a card is held to a reader for so long after the reader has been asked */
#define INVEO_FIRST    1000
#define INVEO_NUMBER   2
#define INVEO_ACCEPT   1014
#define INVEO_NEW_COIL 1016
#define READ_COIL      1
#define WRITE_COIL     5
#define COIL_FRAME     8
#define MB10_FLAG_COIL 1004
#define QDE_NUMBER     1 /* registers: the number in order, two bytes each, and behind 32 of them its length */
#define QDE_LENGTH     17
#define SWAPPED_BUZZER 2
#define SWAPPED_LENGTH 3

const char *const FOREIGN_NAMES[FOREIGN_MODELS] = {"", "inveo", "vrd", "swapped", "mb10", "qde", "qm"};

/* Where its registers begin and how many there are. */
static const struct {
    enum rtu_space space;
    uint16_t first, count;
} SPANS[FOREIGN_MODELS] = {
    [FOREIGN_INVEO] = {RTU_HOLDING, INVEO_FIRST, 12},
    [FOREIGN_VRD] = {RTU_HOLDING, 0, 12},
    [FOREIGN_SWAPPED] = {RTU_HOLDING, 0, 16},
    [FOREIGN_MB10] = {RTU_HOLDING, INVEO_FIRST, 14},
    [FOREIGN_QDE] = {RTU_INPUT, 0, 20},
    [FOREIGN_QM] = {RTU_INPUT, 0, 10},
};

static uint16_t *at(struct foreign *foreign, uint16_t address, uint16_t count)
{
    uint16_t first = SPANS[foreign->model].first;

    return address < first || address - first + count > SPANS[foreign->model].count
               ? NULL
               : &foreign->registers[address - first];
}

static enum rtu_exception read_registers(void *device, enum rtu_space space, uint16_t first, uint16_t count,
                                         uint16_t *out, uint32_t now_ms)
{
    struct foreign *foreign = device;
    const uint16_t *from = at(device, first, count);

    if (space != SPANS[foreign->model].space)
        return RTU_ILLEGAL_FUNCTION;
    if (from == NULL)
        return RTU_ILLEGAL_ADDRESS;
    if (foreign->unread)
        foreign->read_ms = now_ms;
    foreign->unread = false;
    memcpy(out, from, count * sizeof *out);
    return RTU_NO_EXCEPTION;
}

static enum rtu_exception write_registers(void *device, uint16_t first, uint16_t count, const uint16_t *values,
                                          uint32_t now_ms)
{
    struct foreign *foreign = device;
    uint16_t *to = at(foreign, first, count);

    (void)now_ms;
    if (SPANS[foreign->model].space == RTU_INPUT)
        return RTU_ILLEGAL_FUNCTION;
    if (to == NULL)
        return RTU_ILLEGAL_ADDRESS;
    memcpy(to, values, count * sizeof *values);
    if (foreign->model == FOREIGN_SWAPPED && first == SWAPPED_BUZZER)
        foreign->fact = FOREIGN_BEEP;
    else if (foreign->model != FOREIGN_SWAPPED && values[0] == 0)
        foreign->fact = FOREIGN_RELEASED;
    return RTU_NO_EXCEPTION;
}

void foreign_init(struct foreign *foreign, enum foreign_model model, struct rtu *rtu, uint8_t address, uint32_t baud)
{
    struct rtu_registers registers = {.read = read_registers, .write = write_registers, .device = foreign};

    *foreign = (struct foreign){.model = model};
    rtu_init(rtu, address, baud, &registers);
}

static uint16_t pair(uint8_t high, uint8_t low)
{
    return (uint16_t)(high << 8 | low);
}

static void show_inveo(struct foreign *foreign, const uint8_t *card, size_t bytes)
{
    memset(foreign->registers, 0, sizeof foreign->registers);
    foreign->registers[0] = 1;
    for (size_t i = 0; i < bytes; i++)
        foreign->registers[INVEO_NUMBER + i] = card[i];
}

static void show_swapped(struct foreign *foreign, const uint8_t *card, size_t bytes)
{
    uint16_t *registers = foreign->registers;

    registers[SWAPPED_LENGTH] = (uint16_t)bytes;
    if (bytes == 4) {
        registers[8] = pair(card[1], card[0]);
        registers[9] = pair(card[3], card[2]);
    } else {
        registers[4] = card[0];
        registers[8] = pair(card[2], card[1]);
        registers[9] = pair(card[4], card[3]);
        registers[5] = pair(card[6], card[5]);
    }
}

static void show_in_order(uint16_t *registers, const uint8_t *card, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += 2)
        registers[i / 2] = pair(card[i], i + 1 < bytes ? card[i + 1] : 0);
}

/* Whether it can take this card now. */
static bool readable(const struct foreign *foreign, size_t bytes)
{
    switch (foreign->model) {
    case FOREIGN_INVEO:
        return foreign->registers[0] == 0;
    case FOREIGN_MB10:
        return bytes == 5 && !foreign->flag;
    case FOREIGN_VRD:
        return bytes == 4;
    case FOREIGN_SWAPPED:
        return bytes != 10;
    default:
        return true;
    }
}

static void show(struct foreign *foreign, const uint8_t *card, size_t bytes)
{
    uint16_t *registers = foreign->registers;

    switch (foreign->model) {
    case FOREIGN_INVEO:
        show_inveo(foreign, card, bytes);
        break;
    case FOREIGN_SWAPPED:
        show_swapped(foreign, card, bytes);
        break;
    case FOREIGN_VRD:
        show_in_order(registers + 2, card, bytes);
        break;
    case FOREIGN_MB10:
        for (size_t i = 0; i < bytes; i++)
            registers[i] = card[i];
        foreign->flag = true;
        break;
    case FOREIGN_QDE:
        show_in_order(registers + QDE_NUMBER, card, bytes);
        registers[QDE_LENGTH] = (uint16_t)bytes;
        break;
    default:
        memset(registers, 0, sizeof foreign->registers);
        show_in_order(registers, card, bytes);
    }
}

bool foreign_tap(struct foreign *foreign, const uint8_t *card, size_t bytes, uint32_t now_ms)
{
    if (!readable(foreign, bytes))
        return false;
    show(foreign, card, bytes);
    memcpy(foreign->card, card, bytes);
    foreign->card_bytes = (uint8_t)bytes;
    foreign->tapped_ms = now_ms;
    foreign->unread = true;
    return true;
}

static size_t seal(uint8_t *reply, size_t length)
{
    uint16_t crc = crc16_of(reply, length);

    reply[length] = (uint8_t)crc;
    reply[length + 1] = (uint8_t)(crc >> 8);
    return length + 2;
}

/* Functions 1 and 5, which the product's slave engine does not know. The reply to 5 repeats it. */
static size_t obey_coil(struct foreign *foreign, struct rtu *rtu, uint32_t now_ms, uint8_t *reply)
{
    const uint8_t *frame = rtu->frame;

    if (rtu->length != COIL_FRAME || now_ms - rtu->last_byte_ms < rtu->silence_ms || frame[0] != rtu->address ||
        (frame[1] != WRITE_COIL && frame[1] != READ_COIL) || crc16_of(frame, COIL_FRAME) != 0)
        return 0;
    uint16_t coil = pair(frame[2], frame[3]);
    rtu->length = 0;
    if (frame[1] == READ_COIL) {
        uint8_t answer[] = {frame[0], READ_COIL, 1, coil == MB10_FLAG_COIL && foreign->flag};
        memcpy(reply, answer, sizeof answer);
        return seal(reply, sizeof answer);
    }
    bool on = frame[4] == 0xff;
    uint16_t flag = foreign->model == FOREIGN_MB10 ? MB10_FLAG_COIL : INVEO_NEW_COIL;
    if (coil == flag && !on) {
        if (foreign->model == FOREIGN_INVEO)
            foreign->registers[0] = 0;
        foreign->flag = false;
        foreign->fact = FOREIGN_RELEASED;
    } else if (on && (coil == INVEO_ACCEPT || coil == INVEO_ACCEPT + 1)) {
        foreign->fact = coil == INVEO_ACCEPT ? FOREIGN_ACCEPT : FOREIGN_REJECT;
    }
    memcpy(reply, frame, COIL_FRAME);
    return COIL_FRAME;
}

size_t foreign_step(struct foreign *foreign, struct rtu *rtu, uint32_t now_ms, uint8_t reply[RTU_FRAME_BYTES_MAX])
{
    foreign->fact = FOREIGN_NOTHING;
    bool coils = foreign->model == FOREIGN_INVEO || foreign->model == FOREIGN_MB10;
    if (!coils && !foreign->unread && now_ms - foreign->read_ms > FIELD_MS) /* the card has gone */
        memset(foreign->registers, 0, sizeof foreign->registers);
    size_t length = coils ? obey_coil(foreign, rtu, now_ms, reply) : 0;
    return length > 0 ? length : rtu_reply(rtu, now_ms, reply);
}
