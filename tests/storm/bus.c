/* The terminal's bus with busy pupils, for load and storms: reader heads in the terminal's own process instead of libmodbus
 * and a serial line. Linked with the real narvaro-terminal, so that engine, journal file and connection are the real ones
 * while one terminal carries more taps than a line at 19,200 baud could.
 *
 * The device's path is a file that tells what happened, one line each, whole even when we are killed in between:
 *     MS tapped CARD           a head keeps this tap; CLOCK_BOOTTIME in ms
 *     MS lamp PATTERN CARD     the terminal has answered it
 * STORM_TAPS_PER_S is the rate of the whole terminal; while DEVICE.quiet exists nobody taps. */
#include "firmware/terminal/bus.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>
#include "common/clock.h"
#include "common/wire.h"
#include "firmware/core/head.h"

#define READERS    9 /* addresses 1 … 8 */
#define BAUD       115200
#define CARD_BYTES 7
#define LINE_BYTES 96

struct bus {
    struct head heads[READERS];
    bool used[READERS];
    char quiet[4096];
    int told;
    unsigned next_reader;
    int64_t tap_every_us, tap_mono_us; /* when the next tap is due */
};

static int64_t now_ms(void)
{
    struct clock machine = clock_system();
    return clock_mono_ms(&machine);
}

static void tell(const struct bus *bus, const char *what, const uint8_t *card)
{
    char line[LINE_BYTES];
    int length = snprintf(line, sizeof line, "%lld %s ", (long long)now_ms(), what);
    for (size_t i = 0; i < CARD_BYTES; i++)
        length += snprintf(line + length, sizeof line - (size_t)length, "%02X", card[i]);
    line[length++] = '\n';
    if (write(bus->told, line, (size_t)length) != length)
        abort();
}

struct bus *bus_open(const struct bus_settings *settings)
{
    const char *rate = getenv("STORM_TAPS_PER_S");
    struct bus *bus = calloc(1, sizeof *bus);
    assert(bus != NULL && rate != NULL && atoi(rate) > 0);
    bus->told = open(settings->device, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (bus->told < 0) {
        free(bus);
        return NULL;
    }
    snprintf(bus->quiet, sizeof bus->quiet, "%s.quiet", settings->device);
    bus->tap_every_us = 1000000 / atoi(rate);
    bus->tap_mono_us = now_ms() * 1000;
    for (uint8_t reader = 1; reader < READERS; reader++) {
        uint16_t nonce;
        if (getrandom(&nonce, sizeof nonce, 0) != sizeof nonce)
            abort();
        head_init(&bus->heads[reader], reader, BAUD, 1, nonce | 1, (uint32_t)now_ms());
    }
    return bus;
}

void bus_close(struct bus *bus)
{
    close(bus->told);
    free(bus);
}

/* Each tap is another card's, so that a row in the database belongs to one tap alone. */
static void tap_when_due(struct bus *bus)
{
    int64_t mono_us = now_ms() * 1000;
    while (bus->tap_mono_us <= mono_us) {
        uint8_t card[CARD_BYTES];
        bus->tap_mono_us += bus->tap_every_us;
        do
            bus->next_reader = bus->next_reader % (READERS - 1) + 1;
        while (!bus->used[bus->next_reader]);
        if (access(bus->quiet, F_OK) == 0)
            continue;
        if (getrandom(card, sizeof card, 0) != sizeof card)
            abort();
        tell(bus, "tapped", card);
        head_tap(&bus->heads[bus->next_reader], card, sizeof card, (uint32_t)(mono_us / 1000));
    }
}

static bool report(struct bus *bus, struct poller_job *job)
{
    struct head *head = &bus->heads[job->reader];
    uint32_t ms = (uint32_t)now_ms();
    tap_when_due(bus);
    head_step(head, ms);
    job->report_bytes = head->rtu.registers.report(head, job->report, ms);
    return true;
}

static bool read_input(struct bus *bus, struct poller_job *job)
{
    struct head *head = &bus->heads[job->reader];
    bus->used[job->reader] = true;
    tap_when_due(bus);
    uint32_t ms = (uint32_t)now_ms();
    head_step(head, ms);
    return head->rtu.registers.read(head, RTU_INPUT, job->first, job->count, job->values, ms) == RTU_NO_EXCEPTION;
}

static bool write_holding(struct bus *bus, const struct poller_job *job)
{
    struct head *head = &bus->heads[job->reader];
    const struct head_tap *waiting = head_waiting(head);
    bool answers = waiting != NULL && job->first == HOLDING_PATTERN && job->count >= 2 &&
                   job->values[HOLDING_ACKNOWLEDGED] == waiting->sequence;
    if (answers) {
        char what[LINE_BYTES / 2];
        snprintf(what, sizeof what, "lamp %s", WIRE_FEEDBACKS[job->values[HOLDING_PATTERN]]);
        tell(bus, what, waiting->card);
    }
    return head->rtu.registers.write(head, job->first, job->count, job->values, (uint32_t)now_ms()) == RTU_NO_EXCEPTION;
}

/* Of the jobs there are those for heads of our own. */
enum bus_result bus_do(struct bus *bus, struct poller_job *job)
{
    assert(job->reader < READERS);
    bool done = job->kind == POLLER_REPORT          ? report(bus, job)
                : job->kind == POLLER_READ_INPUT    ? read_input(bus, job)
                : job->kind == POLLER_WRITE_HOLDING ? write_holding(bus, job)
                                                    : false;
    return done ? BUS_OK : BUS_FAILED;
}

size_t bus_listen(struct bus *bus, int ms, uint8_t *bytes, size_t capacity)
{
    (void)bus, (void)ms, (void)bytes, (void)capacity;
    return 0;
}

bool bus_echoes(const struct bus *bus)
{
    (void)bus;
    return false;
}
