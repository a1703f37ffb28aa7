/* The packed form is little-endian with fixed offsets, 13 bytes a lesson, whatever the machine. */
#include "daemon/core/outcome.h"

#include <assert.h>
#include <string.h>

const char *const STATUS_WORDS[STATUSES] = {
    [STATUS_PRESENT] = "present",       [STATUS_LATE] = "late",
    [STATUS_REPORTED] = "reported",     [STATUS_LEAVE] = "leave",
    [STATUS_UNREPORTED] = "unreported", [STATUS_UNKNOWN] = "unknown",
    [STATUS_CANCELLED] = "cancelled",   [STATUS_EXEMPT] = "exempt",
};

bool status_read(const char *text, size_t length, enum status *out)
{
    for (int i = 0; i < STATUSES; i++) {
        if (strlen(STATUS_WORDS[i]) != length || memcmp(STATUS_WORDS[i], text, length) != 0)
            continue;
        *out = (enum status)i;
        return true;
    }
    return false;
}

static void put(uint8_t *at, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

/* Written out and not a loop: compilers turn it into one load, and a start unpacks a million lessons. */
static uint16_t get16(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

static uint32_t get32(const uint8_t *at)
{
    return get16(at) | (uint32_t)get16(at + 2) << 16;
}

size_t outcome_pack(const struct outcome *outcomes, size_t count, uint8_t out[OUTCOME_DAY_BYTES])
{
    assert(count <= OUTCOME_LESSONS_MAX);
    uint8_t *at = out;
    for (size_t i = 0; i < count; i++, at += OUTCOME_PACKED_BYTES) {
        const struct outcome *outcome = &outcomes[i];
        assert(outcome->status < STATUSES && outcome->minutes <= OUTCOME_MINUTES_MAX &&
               outcome->absent_minutes <= outcome->minutes);
        put(at, outcome->lesson, 4);
        put(at + 4, outcome->start_minute, 2);
        put(at + 6, outcome->minutes, 2);
        put(at + 8, outcome->absent_minutes, 2);
        put(at + 10, outcome->subject, 2);
        at[12] = outcome->status;
    }
    return (size_t)(at - out);
}

/* Checks what packing guarantees, so that a damaged database row is an error and not a wrong figure. */
int outcome_unpack(const uint8_t *bytes, size_t length, struct outcome out[OUTCOME_LESSONS_MAX])
{
    if (length % OUTCOME_PACKED_BYTES != 0 || length > OUTCOME_DAY_BYTES)
        return -1;
    int count = (int)(length / OUTCOME_PACKED_BYTES);
    for (int i = 0; i < count; i++) {
        const uint8_t *at = bytes + (size_t)i * OUTCOME_PACKED_BYTES;
        out[i] = (struct outcome){.lesson = get32(at),
                                  .start_minute = get16(at + 4),
                                  .minutes = get16(at + 6),
                                  .absent_minutes = get16(at + 8),
                                  .subject = get16(at + 10),
                                  .status = at[12]};
        if (out[i].status >= STATUSES || out[i].minutes > OUTCOME_MINUTES_MAX || out[i].absent_minutes > out[i].minutes)
            return -1;
    }
    return count;
}

/* Leave, unknown, cancelled and exempt lessons are outside the counted time. */
static void add_one(struct outcome_minutes *minutes, const struct outcome *outcome)
{
    switch ((enum status)outcome->status) {
    case STATUS_UNREPORTED:
        minutes->unreported += outcome->absent_minutes; /* fall through */
    case STATUS_PRESENT:
    case STATUS_LATE:
    case STATUS_REPORTED:
        minutes->counted += outcome->minutes;
        minutes->absent += outcome->absent_minutes;
        return;
    case STATUS_LEAVE:
        minutes->leave += outcome->minutes;
        minutes->on_leave += outcome->absent_minutes;
        return;
    case STATUS_UNKNOWN:
        minutes->unknown += outcome->minutes;
        return;
    case STATUS_CANCELLED:
    case STATUS_EXEMPT:
    case STATUSES:
        return;
    }
}

void outcome_add(struct outcome_minutes *minutes, const struct outcome *outcomes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_one(minutes, &outcomes[i]);
}

const char *const DAY_WORDS[DAY_KINDS] = {
    [DAY_NONE] = "none",     [DAY_UNKNOWN] = "unknown", [DAY_LEAVE] = "leave",
    [DAY_ABSENT] = "absent", [DAY_PARTIAL] = "partial", [DAY_ATTENDED] = "attended",
};

enum day_kind outcome_day(const struct outcome *outcomes, size_t count)
{
    struct outcome_minutes minutes = {0};
    bool missed = false;
    outcome_add(&minutes, outcomes, count);
    for (size_t i = 0; i < count; i++)
        missed |= outcomes[i].status == STATUS_REPORTED || outcomes[i].status == STATUS_UNREPORTED;
    if (minutes.counted + minutes.leave == 0)
        return minutes.unknown > 0 ? DAY_UNKNOWN : DAY_NONE;
    if (minutes.counted == 0)
        return DAY_LEAVE;
    if (minutes.absent == minutes.counted)
        return DAY_ABSENT;
    return missed ? DAY_PARTIAL : DAY_ATTENDED;
}
