#include "tests/bus/bus.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include "common/wire.h"

#define FIRMWARE_VERSION 0x0002
#define IDLE_STEP_US     (HEAD_RETRY_MS / 10 * 1000)
#define CARD_HEX_BYTES   (2 * CARD_BYTES_MAX + 1)

static const char *const FACTS[FOREIGN_FACTS] = {"", "accept", "reject", "beep", "released"};
static const char *const MODES[HEAD_MODES] = {"normal", "enrol", "identify"};

int64_t bus_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void bus_tell(int64_t now_us, const char *format, ...)
{
    va_list arguments;

    printf("%lld ", (long long)(now_us / 1000));
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

static uint32_t ms(int64_t now_us)
{
    return (uint32_t)(now_us / 1000);
}

static const char *hex(const struct head_tap *tap, char out[CARD_HEX_BYTES])
{
    for (size_t i = 0; i < tap->card_bytes; i++)
        snprintf(out + 2 * i, 3, "%02x", tap->card[i]);
    return out;
}

static void tell_tap(int64_t now_us, const char *what, const struct bus *bus, const struct reader *reader,
                     const struct head_tap *tap)
{
    char card[CARD_HEX_BYTES];

    bus_tell(now_us, "%s %s %d %s", what, bus->name, reader->head.rtu.address, hex(tap, card));
}

void bus_power_up(const struct bus *bus, struct reader *reader, uint8_t address, int64_t now_us)
{
    uint16_t nonce = 0, before = reader->head.boot_nonce;

    if (reader->foreign.model != FOREIGN_NONE) {
        foreign_init(&reader->foreign, reader->foreign.model, &reader->head.rtu, address, bus->line.baud);
        return;
    }
    while (nonce == 0 || nonce == before)
        if (getrandom(&nonce, sizeof nonce, 0) != sizeof nonce)
            nonce = (uint16_t)now_us;
    head_init(&reader->head, address, bus->line.baud, FIRMWARE_VERSION, nonce, ms(now_us));
}

struct reader *bus_reader(struct bus *bus, unsigned address)
{
    for (size_t i = 0; i < bus->reader_count; i++)
        if (bus->readers[i].head.rtu.address == address)
            return &bus->readers[i];
    return NULL;
}

void bus_tap(const struct bus *bus, struct reader *reader, const uint8_t *card, size_t card_bytes, int64_t now_us)
{
    struct head_tap tap = {.card_bytes = (uint8_t)card_bytes};

    memcpy(tap.card, card, card_bytes);
    bool kept = reader->foreign.model == FOREIGN_NONE ? head_tap(&reader->head, card, card_bytes, ms(now_us))
                                                      : foreign_tap(&reader->foreign, card, card_bytes, ms(now_us));
    tell_tap(now_us, kept ? "tapped" : "dropped", bus, reader, &tap);
}

void bus_restart(const struct bus *bus, struct reader *reader, int64_t now_us)
{
    const struct head *head = &reader->head;

    for (uint8_t i = 0; i < head->tap_count; i++)
        tell_tap(now_us, "lost", bus, reader, &head->taps[(head->first_tap + i) % HEAD_TAPS_MAX]);
    bus_power_up(bus, reader, head->rtu.address, now_us);
}

static void tell_changes(const struct bus *bus, struct reader *reader, int64_t now_us)
{
    const struct head *head = &reader->head;

    if (head->in_service != reader->told_in_service) {
        reader->told_in_service = head->in_service;
        bus_tell(now_us, "%s %s %d", head->in_service ? "back" : "out", bus->name, head->rtu.address);
    }
    if (head->holding[HOLDING_MODE] != reader->told_mode) {
        reader->told_mode = head->holding[HOLDING_MODE];
        bus_tell(now_us, "mode %s %d %s", bus->name, head->rtu.address, MODES[reader->told_mode]);
    }
}

/* The tap that waited longest has been answered. */
static void tell_answer(const struct bus *bus, const struct reader *reader, const struct head_tap *tap, int64_t now_us)
{
    const struct head *head = &reader->head;
    uint32_t latency_ms = ms(now_us) - tap->tapped_ms;
    char card[CARD_HEX_BYTES];

    bus_tell(now_us, "%s %s %d %s %s %u", latency_ms <= HEAD_SHOW_WITHIN_MS ? "lamp" : "silent", bus->name,
             head->rtu.address, WIRE_FEEDBACKS[head->holding[HOLDING_PATTERN]], hex(tap, card), latency_ms);
}

static void answer_master(struct bus *bus, struct reader *reader, int64_t now_us)
{
    struct head *head = &reader->head;
    uint8_t reply[RTU_FRAME_BYTES_MAX], count = head->tap_count;
    struct head_tap waiting = count > 0 ? *head_waiting(head) : (struct head_tap){0};
    size_t length = rtu_reply(&head->rtu, ms(now_us), reply);

    if (head->tap_count < count)
        tell_answer(bus, reader, &waiting, now_us);
    if (length > 0)
        line_send(&bus->line, reply, length, now_us);
}

/* When the frame that the head hears will have ended. */
static int64_t frame_end_us(const struct rtu *rtu, int64_t now_us)
{
    if (rtu->length == 0)
        return LINE_NEVER;
    uint32_t passed_ms = ms(now_us) - rtu->last_byte_ms;
    int64_t left_ms = passed_ms < rtu->silence_ms ? rtu->silence_ms - passed_ms : 0;
    return (now_us / 1000 + left_ms) * 1000;
}

static int64_t step_foreign(struct bus *bus, struct reader *reader, int64_t now_us)
{
    struct foreign *foreign = &reader->foreign;
    struct head_tap tap = {.card_bytes = foreign->card_bytes};
    uint8_t reply[RTU_FRAME_BYTES_MAX];
    char card[CARD_HEX_BYTES] = "";
    size_t length = foreign_step(foreign, &reader->head.rtu, ms(now_us), reply);

    memcpy(tap.card, foreign->card, sizeof tap.card);
    if (foreign->fact == FOREIGN_RELEASED)
        tell_tap(now_us, FACTS[foreign->fact], bus, reader, &tap);
    else if (foreign->fact != FOREIGN_NOTHING)
        bus_tell(now_us, "lamp %s %d %s %s %u", bus->name, reader->head.rtu.address, FACTS[foreign->fact],
                 hex(&tap, card), ms(now_us) - foreign->tapped_ms);
    if (length > 0)
        line_send(&bus->line, reply, length, now_us);
    return frame_end_us(&reader->head.rtu, now_us);
}

/* A wire carries a frame to everybody on it; the sender does not listen to itself. */
static void hear(struct bus *bus, const struct line_burst *burst, int64_t now_us)
{
    uint8_t sender = burst == &bus->line.sent ? burst->bytes[0] : 0;

    if (burst != &bus->guest.heard)
        line_write(&bus->guest, burst->bytes, burst->length);
    else
        line_write(&bus->line, burst->bytes, burst->length);

    for (size_t i = 0; i < bus->reader_count; i++) {
        struct reader *reader = &bus->readers[i];
        if (!reader->muted && (sender == 0 || reader->head.rtu.address != sender))
            rtu_receive(&reader->head.rtu, burst->bytes, burst->length, ms(now_us));
    }
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t step_reader(struct bus *bus, struct reader *reader, int64_t now_us)
{
    const struct head_tap *overdue;

    if (reader->foreign.model != FOREIGN_NONE)
        return step_foreign(bus, reader, now_us);
    answer_master(bus, reader, now_us);
    while ((overdue = head_step(&reader->head, ms(now_us))) != NULL)
        tell_tap(now_us, "again", bus, reader, overdue);
    tell_changes(bus, reader, now_us);
    return frame_end_us(&reader->head.rtu, now_us);
}

int64_t bus_step(struct bus *bus, bool readable, bool guest_readable, int64_t now_us)
{
    struct line *line = &bus->line, *guest = &bus->guest;
    int64_t next_us = now_us + IDLE_STEP_US;

    if (readable)
        line_listen(line, now_us);
    if (guest_readable)
        line_listen(guest, now_us);
    if (line_heard(line, now_us))
        hear(bus, &line->heard, now_us);
    if (line_heard(guest, now_us))
        hear(bus, &guest->heard, now_us);
    if (line_sent(line, now_us))
        hear(bus, &line->sent, now_us);
    for (size_t i = 0; i < bus->reader_count; i++)
        next_us = earlier(next_us, step_reader(bus, &bus->readers[i], now_us));
    return earlier(earlier(next_us, guest->heard.at_us), earlier(line->heard.at_us, line->sent.at_us));
}
