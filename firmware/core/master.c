/* Each kind of job has its function code; the length of an answer follows from the request and the answer's own first
 * bytes. Whatever does not fit is passed over, byte by byte. */
#include "firmware/core/master.h"

#include <assert.h>
#include <string.h>
#include "common/fault.h"
#include "firmware/core/bigendian.h"
#include "firmware/core/crc16.h"

enum {
    EXCEPTION_BIT = 0x80,
    CRC_BYTES = 2,
    FRAME_BYTES_MIN = 4,
    EXCEPTION_BYTES = 5,
    PLAIN_BYTES = 8,     /* address, function, two words, checksum: the answer to a writing */
    READ_HEAD_BYTES = 3, /* address, function, count of the bytes that follow */
    COIL_ON = 0xff00
};

/* By POLLER_ kind. */
static const uint8_t FUNCTIONS[] = {
    [POLLER_WAIT] = 0,       [POLLER_READ_KEYS] = 0,     [POLLER_REPORT] = 17,
    [POLLER_READ_COIL] = 1,  [POLLER_READ_DISCRETE] = 2, [POLLER_READ_HOLDING] = 3,
    [POLLER_READ_INPUT] = 4, [POLLER_WRITE_COIL] = 5,    [POLLER_WRITE_HOLDING] = 16,
};

size_t master_request(const struct poller_job *job, uint8_t out[MASTER_REQUEST_BYTES_MAX])
{
    uint8_t *at = out;
    assert(FUNCTIONS[job->kind] != 0 && job->count <= POLLER_VALUES_MAX);
    *at++ = job->reader;
    *at++ = FUNCTIONS[job->kind];
    if (job->kind == POLLER_REPORT)
        return 2;
    at = put_word(at, job->first);
    if (job->kind == POLLER_WRITE_COIL)
        return (size_t)(put_word(at, job->values[0] ? COIL_ON : 0) - out);
    at = put_word(at, job->count);
    if (job->kind != POLLER_WRITE_HOLDING)
        return (size_t)(at - out);
    *at++ = (uint8_t)(2 * job->count);
    for (uint16_t i = 0; i < job->count; i++)
        at = put_word(at, job->values[i]);
    return (size_t)(at - out);
}

void master_listen(struct master_hearing *hearing, const uint8_t *request, size_t bytes)
{
    uint16_t crc = crc16_of(request, bytes);
    assert(bytes >= 2 && bytes <= MASTER_REQUEST_BYTES_MAX);
    memcpy(hearing->request, request, bytes);
    hearing->request[bytes] = (uint8_t)crc;
    hearing->request[bytes + 1] = (uint8_t)(crc >> 8);
    hearing->request_bytes = bytes + CRC_BYTES;
    hearing->heard_bytes = 0;
}

static bool intact(const uint8_t *frame, size_t length)
{
    return crc16_of(frame, length - CRC_BYTES) == (frame[length - 2] | frame[length - 1] << 8);
}

static bool is_writing(const uint8_t *request)
{
    return request[1] == FUNCTIONS[POLLER_WRITE_COIL] || request[1] == FUNCTIONS[POLLER_WRITE_HOLDING];
}

static size_t data_bytes(const uint8_t *request)
{
    bool bits = request[1] <= FUNCTIONS[POLLER_READ_DISCRETE];
    return bits ? (word_at(request + 4) + 7U) / 8 : 2U * word_at(request + 4);
}

/* The length of the frame at `at`, if it begins as an answer to the request; 0 if it does not. */
static size_t answer_bytes(const uint8_t *request, const uint8_t *at, size_t left)
{
    if (left < READ_HEAD_BYTES || at[0] != request[0])
        return 0;
    if (at[1] == (request[1] | EXCEPTION_BIT))
        return EXCEPTION_BYTES;
    if (at[1] != request[1])
        return 0;
    if (is_writing(request))
        return left >= PLAIN_BYTES && memcmp(at + 2, request + 2, 4) == 0 ? PLAIN_BYTES : 0;
    if (request[1] != FUNCTIONS[POLLER_REPORT] && at[2] != data_bytes(request))
        return 0;
    return (size_t)READ_HEAD_BYTES + at[2] + CRC_BYTES;
}

bool master_fits(const uint8_t *request, const uint8_t *answer, size_t bytes)
{
    return bytes + CRC_BYTES == answer_bytes(request, answer, bytes + CRC_BYTES);
}

/* Behind our own request in what was heard; 0 when it was not heard. */
static size_t behind_echo(const struct master_hearing *hearing)
{
    for (size_t at = 0; at + hearing->request_bytes <= hearing->heard_bytes; at++)
        if (memcmp(hearing->heard + at, hearing->request, hearing->request_bytes) == 0)
            return at + hearing->request_bytes;
    return 0;
}

/* The answer to the writing of a coil repeats its request, so what is heard once is an echo only if the adapter is known
 * to make one. Every other answer differs from its request. */
static size_t search_from(struct master_hearing *hearing)
{
    size_t behind = behind_echo(hearing);
    if (hearing->request[1] == FUNCTIONS[POLLER_WRITE_COIL])
        return hearing->echoes && !FAULT(echo_believed) ? behind : 0;
    hearing->echoes = behind > 0 || (hearing->echoes && hearing->heard_bytes < hearing->request_bytes);
    return behind;
}

const uint8_t *master_answer(struct master_hearing *hearing)
{
    for (size_t at = search_from(hearing); at + FRAME_BYTES_MIN <= hearing->heard_bytes; at++) {
        if (FAULT(stray_byte_deafens) && at > 0)
            break;
        size_t left = hearing->heard_bytes - at, bytes = answer_bytes(hearing->request, hearing->heard + at, left);
        if (bytes > 0 && bytes <= left && intact(hearing->heard + at, bytes))
            return hearing->heard + at;
    }
    return NULL;
}

bool master_heard_enough(const struct master_hearing *hearing)
{
    const uint8_t *request = hearing->request;
    size_t bytes = is_writing(request)                      ? PLAIN_BYTES
                   : request[1] == FUNCTIONS[POLLER_REPORT] ? EXCEPTION_BYTES
                                                            : READ_HEAD_BYTES + data_bytes(request) + CRC_BYTES;
    return hearing->heard_bytes >= bytes + (hearing->echoes ? hearing->request_bytes : 0);
}

/* An intact frame that ends what was heard: what is in front of it may be noise. */
static const uint8_t *any_frame(const struct master_hearing *hearing, size_t from)
{
    for (size_t at = from; at + FRAME_BYTES_MIN <= hearing->heard_bytes; at++)
        if (intact(hearing->heard + at, hearing->heard_bytes - at))
            return hearing->heard + at;
    return NULL;
}

struct cause master_cause(const struct master_hearing *hearing)
{
    size_t behind = behind_echo(hearing);
    if (hearing->heard_bytes == 0)
        return (struct cause){.trouble = TROUBLE_SILENCE};
    if (behind == hearing->heard_bytes)
        return (struct cause){.trouble = TROUBLE_ECHO};
    const uint8_t *frame = any_frame(hearing, behind);
    if (frame == NULL)
        return (struct cause){.trouble = TROUBLE_CHECKSUM};
    return (struct cause){.trouble = frame[0] != hearing->request[0] ? TROUBLE_OTHER_ID : TROUBLE_STRANGE};
}

static void take_bits(struct poller_job *job, const uint8_t *data)
{
    for (uint16_t i = 0; i < job->count; i++)
        job->values[i] = data[i / 8] >> i % 8 & 1;
}

struct cause master_take(struct poller_job *job, const uint8_t *answer)
{
    if (answer[1] & EXCEPTION_BIT)
        return (struct cause){.trouble = TROUBLE_EXCEPTION, .exception = answer[2]};
    const uint8_t *data = answer + READ_HEAD_BYTES;
    if (job->kind == POLLER_REPORT) {
        job->report_bytes = answer[2];
        memcpy(job->report, data, answer[2] < sizeof job->report ? answer[2] : sizeof job->report);
    } else if (job->kind == POLLER_READ_COIL || job->kind == POLLER_READ_DISCRETE) {
        take_bits(job, data);
    } else if (job->kind == POLLER_READ_HOLDING || job->kind == POLLER_READ_INPUT) {
        for (uint16_t i = 0; i < job->count; i++)
            job->values[i] = word_at(data + 2 * i);
    }
    return (struct cause){.trouble = TROUBLE_NONE};
}
