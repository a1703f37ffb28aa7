/* Collects bytes until the line falls silent, looks for a request in them, and answers it through the device's
 * functions. */
#include "firmware/core/rtu.h"

#include <assert.h>
#include <string.h>
#include "firmware/core/bigendian.h"
#include "firmware/core/crc16.h"

enum {
    FUNCTION_READ_HOLDING = 3,
    FUNCTION_READ_INPUT = 4,
    FUNCTION_WRITE_ONE = 6,
    FUNCTION_WRITE_MANY = 16,
    FUNCTION_REPORT = 17,
    EXCEPTION_BIT = 0x80,
    BROADCAST = 0,
    CRC_BYTES = 2,
    FRAME_BYTES_MIN = 4,
    PLAIN_BYTES = 6,           /* address, function, two words */
    WRITE_MANY_HEAD_BYTES = 7, /* and the count of data bytes */
    ADDRESS_MAX = 247,
    REPLY_HEAD_BYTES = 3, /* address, function, count of data bytes */
    BITS_PER_BYTE = 11,   /* start, eight, parity or second stop, stop */
};
static_assert(REPLY_HEAD_BYTES + 2 * RTU_READ_MAX + CRC_BYTES <= RTU_FRAME_BYTES_MAX &&
                  REPLY_HEAD_BYTES + RTU_REPORT_MAX + CRC_BYTES <= RTU_FRAME_BYTES_MAX,
              "the longest reply is a frame");
static_assert(WRITE_MANY_HEAD_BYTES + 2 * RTU_WRITE_MAX + CRC_BYTES <= RTU_FRAME_BYTES_MAX &&
                  WRITE_MANY_HEAD_BYTES + 2 * (RTU_WRITE_MAX + 1) + CRC_BYTES > RTU_FRAME_BYTES_MAX,
              "the longest writing is a frame, and one register more is none");

/* The silence that ends a frame: 3.5 characters, but at least 2 ms (the guide: 1.75 ms above 19,200 baud). With a
 * millisecond count it may turn out up to 1 ms shorter; senders leave no gaps inside a frame, so that only makes the
 * reply earlier. */
static uint8_t silence_ms(uint32_t baud)
{
    uint32_t ms = 7 * BITS_PER_BYTE * 1000 / 2 / baud;

    return (uint8_t)(ms < 2 ? 2 : ms);
}

void rtu_init(struct rtu *rtu, uint8_t address, uint32_t baud, const struct rtu_registers *registers)
{
    assert(address >= 1 && address <= ADDRESS_MAX && baud >= 1200);
    *rtu = (struct rtu){.registers = *registers, .address = address, .silence_ms = silence_ms(baud)};
}

static bool silent(const struct rtu *rtu, uint32_t now_ms)
{
    return now_ms - rtu->last_byte_ms >= rtu->silence_ms;
}

void rtu_receive(struct rtu *rtu, const uint8_t *bytes, size_t count, uint32_t now_ms)
{
    if (silent(rtu, now_ms))
        rtu->length = 0;
    rtu->last_byte_ms = now_ms;
    if (count > RTU_FRAME_BYTES_MAX - rtu->length || rtu->length > RTU_FRAME_BYTES_MAX) {
        rtu->length = RTU_FRAME_BYTES_MAX + 1;
        return;
    }
    memcpy(rtu->frame + rtu->length, bytes, count);
    rtu->length += count;
}

static size_t seal(uint8_t *reply, size_t length)
{
    uint16_t crc = crc16_of(reply, length);

    reply[length] = (uint8_t)crc;
    reply[length + 1] = (uint8_t)(crc >> 8);
    return length + CRC_BYTES;
}

static size_t exception(uint8_t *reply, enum rtu_exception why)
{
    reply[1] |= EXCEPTION_BIT;
    reply[2] = (uint8_t)why;
    return seal(reply, 3);
}

static size_t reply_read(struct rtu *rtu, enum rtu_space space, uint32_t now_ms, uint8_t *reply)
{
    uint16_t values[RTU_READ_MAX], first = word_at(rtu->frame + 2), count = word_at(rtu->frame + 4);

    if (count == 0 || count > RTU_READ_MAX)
        return exception(reply, RTU_ILLEGAL_VALUE);
    enum rtu_exception why = rtu->registers.read(rtu->registers.device, space, first, count, values, now_ms);
    if (why != RTU_NO_EXCEPTION)
        return exception(reply, why);
    reply[2] = (uint8_t)(2 * count);
    for (size_t i = 0; i < count; i++)
        put_word(reply + 3 + 2 * i, values[i]);
    return seal(reply, 3 + 2 * (size_t)count);
}

/* The reply to both writing functions repeats address, function and the next two words of the request. */
static size_t reply_write(struct rtu *rtu, uint16_t count, const uint16_t *values, uint32_t now_ms, uint8_t *reply)
{
    enum rtu_exception why =
        rtu->registers.write(rtu->registers.device, word_at(rtu->frame + 2), count, values, now_ms);

    if (why != RTU_NO_EXCEPTION)
        return exception(reply, why);
    memcpy(reply, rtu->frame, PLAIN_BYTES);
    return seal(reply, PLAIN_BYTES);
}

static size_t reply_write_many(struct rtu *rtu, uint32_t now_ms, uint8_t *reply)
{
    uint16_t values[RTU_WRITE_MAX], count = word_at(rtu->frame + 4);

    if (count == 0 || count > RTU_WRITE_MAX || rtu->frame[6] != 2 * count)
        return exception(reply, RTU_ILLEGAL_VALUE);
    for (size_t i = 0; i < count; i++)
        values[i] = word_at(rtu->frame + WRITE_MANY_HEAD_BYTES + 2 * i);
    return reply_write(rtu, count, values, now_ms, reply);
}

static size_t reply_report(struct rtu *rtu, uint32_t now_ms, uint8_t *reply)
{
    if (rtu->registers.report == NULL)
        return exception(reply, RTU_ILLEGAL_FUNCTION);
    size_t bytes = rtu->registers.report(rtu->registers.device, reply + 3, now_ms);
    assert(bytes <= RTU_REPORT_MAX);
    reply[2] = (uint8_t)bytes;
    return seal(reply, 3 + bytes);
}

/* Here and below `length` includes the checksum. */
static bool intact(const uint8_t *frame, size_t length)
{
    return crc16_of(frame, length - CRC_BYTES) == (frame[length - 2] | frame[length - 1] << 8);
}

/* Whether the length is a request's. Replies of other slaves, which are on the line too, mostly have another. */
static bool known_request(const uint8_t *frame, size_t length)
{
    switch (frame[1]) {
    case FUNCTION_READ_HOLDING:
    case FUNCTION_READ_INPUT:
    case FUNCTION_WRITE_ONE:
        return length == PLAIN_BYTES + CRC_BYTES;
    case FUNCTION_WRITE_MANY:
        return length > WRITE_MANY_HEAD_BYTES + CRC_BYTES &&
               length == WRITE_MANY_HEAD_BYTES + CRC_BYTES + (size_t)frame[6];
    case FUNCTION_REPORT:
        return length == FRAME_BYTES_MIN;
    default:
        return false;
    }
}

/* Where the request begins in the received bytes; `length` if nowhere. Usually at 0. But a master that sends as soon
 * as it has a reply (libmodbus does) leaves no silence after another slave's reply: then the request is the end of
 * what was received. */
static size_t find_request(const uint8_t *frame, size_t length)
{
    if (length >= FRAME_BYTES_MIN && intact(frame, length))
        return 0;
    for (size_t start = 1; start + FRAME_BYTES_MIN <= length; start++)
        if (known_request(frame + start, length - start) && intact(frame + start, length - start))
            return start;
    return length;
}

/* Returns the length of the reply; 0 for what is not answered. An unknown function is answered with an exception,
 * unless it is itself another slave's exception. */
static size_t carry_out(struct rtu *rtu, size_t length, uint32_t now_ms, uint8_t *reply)
{
    uint8_t function = rtu->frame[1];
    bool request = known_request(rtu->frame, length), broadcast = rtu->frame[0] == BROADCAST;
    uint16_t value;

    reply[0] = rtu->address;
    reply[1] = function;
    switch (function) {
    case FUNCTION_READ_HOLDING:
        return request && !broadcast ? reply_read(rtu, RTU_HOLDING, now_ms, reply) : 0;
    case FUNCTION_READ_INPUT:
        return request && !broadcast ? reply_read(rtu, RTU_INPUT, now_ms, reply) : 0;
    case FUNCTION_WRITE_ONE:
        value = word_at(rtu->frame + 4);
        return request ? reply_write(rtu, 1, &value, now_ms, reply) : 0;
    case FUNCTION_WRITE_MANY:
        return request ? reply_write_many(rtu, now_ms, reply) : 0;
    case FUNCTION_REPORT:
        return request && !broadcast ? reply_report(rtu, now_ms, reply) : 0;
    default:
        return function & EXCEPTION_BIT ? 0 : exception(reply, RTU_ILLEGAL_FUNCTION);
    }
}

size_t rtu_reply(struct rtu *rtu, uint32_t now_ms, uint8_t reply[RTU_FRAME_BYTES_MAX])
{
    size_t length = rtu->length;

    if (length == 0 || !silent(rtu, now_ms))
        return 0;
    rtu->length = 0;
    if (length > RTU_FRAME_BYTES_MAX)
        return 0;
    size_t start = find_request(rtu->frame, length);
    if (start == length) {
        if (rtu->crc_errors < UINT16_MAX)
            rtu->crc_errors++;
        return 0;
    }
    length -= start;
    memmove(rtu->frame, rtu->frame + start, length);
    if (rtu->frame[0] == BROADCAST) {
        carry_out(rtu, length, now_ms, reply);
        return 0;
    }
    return rtu->frame[0] == rtu->address ? carry_out(rtu, length, now_ms, reply) : 0;
}
