/* Every request waits for the silence that must precede it, and every result starts the wait for the next. */
#include "firmware/terminal/bus.h"

#include <errno.h>
#include <modbus/modbus.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "firmware/core/master.h"

struct peer {
    struct bus_peer is;
    modbus_t *modbus; /* NULL: a keyboard */
    bool connected;
    struct wedge wedge;
};

struct bus {
    modbus_t *modbus;      /* NULL: no line */
    int64_t silence_us;    /* between two frames */
    int64_t quiet_mono_us; /* when the silence has lasted long enough; the terminal may do other work meanwhile */
    int64_t response_us, byte_us;
    struct master_hearing hearing;
    struct peer peers[POLLER_READERS_MAX];
    size_t peer_count;
};

/* Modbus requires 3.5 characters of 11 bits, and 1.75 ms above 19,200 baud; libmodbus does not wait by itself. */
static int64_t silence_us(int baud)
{
    return baud > 19200 ? 1750 : 38500000 / baud;
}

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* The library's own error recovery is not used: with a device that fails with EIO, MODBUS_ERROR_RECOVERY_LINK never
 * returns. */
static modbus_t *connect_line(const struct bus_settings *settings)
{
    modbus_t *modbus = modbus_new_rtu(settings->device, settings->baud, settings->parity, 8, 1);
    if (modbus == NULL)
        return NULL;
    if (modbus_connect(modbus) != 0) {
        int why = errno;
        modbus_free(modbus);
        errno = why;
        return NULL;
    }
    return modbus;
}

static void close_peers(struct bus *bus)
{
    for (size_t i = 0; i < bus->peer_count; i++) {
        wedge_close(&bus->peers[i].wedge);
        if (bus->peers[i].modbus == NULL)
            continue;
        modbus_close(bus->peers[i].modbus);
        modbus_free(bus->peers[i].modbus);
    }
}

/* Each is connected when it is asked first. */
static bool open_peers(struct bus *bus, const struct bus_settings *settings)
{
    for (size_t i = 0; i < settings->peer_count; i++) {
        struct peer *peer = &bus->peers[bus->peer_count];
        *peer = (struct peer){.is = settings->peers[i]};
        peer->wedge = (struct wedge){.device = peer->is.keyboard, .form = peer->is.form, .fd = -1};
        if (peer->is.keyboard[0]) {
            bus->peer_count++;
            continue;
        }
        peer->modbus = modbus_new_tcp(peer->is.host, peer->is.port);
        if (peer->modbus == NULL)
            return false;
        bus->peer_count++;
        if (modbus_set_response_timeout(peer->modbus, (uint32_t)(bus->response_us / 1000000),
                                        (uint32_t)(bus->response_us % 1000000)) != 0)
            return false;
    }
    return true;
}

struct bus *bus_open(const struct bus_settings *settings)
{
    struct bus *bus = malloc(sizeof *bus);
    if (bus == NULL)
        return NULL;
    *bus = (struct bus){.silence_us = silence_us(settings->baud),
                        .response_us = settings->response_timeout_ms * INT64_C(1000),
                        .byte_us = settings->byte_timeout_ms * INT64_C(1000)};
    bool line = settings->device[0] != '\0', opened = open_peers(bus, settings);
    if (opened && line)
        bus->modbus = connect_line(settings);
    bus->quiet_mono_us = now_us() + bus->silence_us;
    if (opened && (bus->modbus != NULL || !line))
        return bus;
    int why = errno;
    close_peers(bus);
    free(bus);
    errno = why;
    return NULL;
}

void bus_close(struct bus *bus)
{
    close_peers(bus);
    if (bus->modbus != NULL) {
        modbus_close(bus->modbus);
        modbus_free(bus->modbus);
    }
    free(bus);
}

static bool gone(void)
{
    return errno == EIO || errno == EBADF || errno == ECONNRESET || errno == ENODEV || errno == ENXIO;
}

static enum bus_result send_request(struct bus *bus, const struct poller_job *job)
{
    uint8_t request[MASTER_REQUEST_BYTES_MAX];
    size_t bytes = master_request(job, request);
    int64_t left_us = bus->quiet_mono_us - now_us();
    if (left_us > 0)
        usleep((useconds_t)left_us);
    modbus_flush(bus->modbus); /* a late answer to an earlier request, or noise */
    modbus_set_slave(bus->modbus, job->reader);
    master_listen(&bus->hearing, request, bytes);
    if (modbus_send_raw_request(bus->modbus, request, (int)bytes) >= 0)
        return BUS_OK;
    return gone() ? BUS_GONE : BUS_FAILED;
}

/* Waits for bytes until `until_mono_us` and takes them. BUS_FAILED: none came, or they are more than any answer. */
static enum bus_result hear(struct bus *bus, int64_t until_mono_us)
{
    struct master_hearing *hearing = &bus->hearing;
    struct pollfd line = {.fd = modbus_get_socket(bus->modbus), .events = POLLIN};
    int64_t left_us = until_mono_us - now_us();
    struct timespec left = {left_us / 1000000, (long)(left_us % 1000000 * 1000)};
    size_t room = sizeof hearing->heard - hearing->heard_bytes;
    if (left_us <= 0 || room == 0)
        return BUS_FAILED;
    int ready = ppoll(&line, 1, &left, NULL);
    if (ready <= 0)
        return ready == 0 || errno == EINTR ? BUS_OK : BUS_GONE;
    ssize_t count = read(line.fd, hearing->heard + hearing->heard_bytes, room);
    if (count <= 0) /* it was readable: its other end is gone */
        return BUS_GONE;
    hearing->heard_bytes += (size_t)count;
    return BUS_OK;
}

/* Whatever comes lengthens the wait by the byte time-out, and shortens it to that once an answer could be whole: then only
 * more of a frame that is damaged is still to come. */
static enum bus_result wait_for_answer(struct bus *bus, const uint8_t **answer)
{
    enum bus_result result = BUS_OK;
    int64_t until_us = now_us() + bus->response_us;
    for (size_t before = 0; result == BUS_OK; before = bus->hearing.heard_bytes) {
        result = hear(bus, until_us);
        if (bus->hearing.heard_bytes == before)
            continue;
        *answer = master_answer(&bus->hearing);
        if (*answer != NULL)
            return BUS_OK;
        int64_t pause_us = now_us() + bus->byte_us;
        if (bus->byte_us > 0 && (pause_us > until_us || master_heard_enough(&bus->hearing)))
            until_us = pause_us;
    }
    return result;
}

#define DEVICE_ITSELF \
    255 /* "Modbus messaging on TCP/IP implementation guide V1.0b", 4.4.2: the unit of a device with an address */

/* A connection that failed is made anew at the next job, so that no late answer is taken for another. */
static struct cause ask_peer(struct peer *peer, struct poller_job *job)
{
    uint8_t request[MASTER_REQUEST_BYTES_MAX], frame[MODBUS_TCP_MAX_ADU_LENGTH];
    size_t bytes = master_request(job, request);
    request[0] = DEVICE_ITSELF;
    if (!peer->connected && modbus_connect(peer->modbus) != 0)
        return (struct cause){.trouble = TROUBLE_SILENCE};
    peer->connected = true;
    int length = -1;
    if (modbus_send_raw_request(peer->modbus, request, (int)bytes) >= 0)
        length = modbus_receive_confirmation(peer->modbus, frame);
    int head = modbus_get_header_length(peer->modbus) - 1; /* the unit is the header's last byte */
    if (length > head && master_fits(request, frame + head, (size_t)(length - head)))
        return master_take(job, frame + head);
    modbus_close(peer->modbus);
    peer->connected = false;
    return (struct cause){.trouble = length < 0 ? TROUBLE_SILENCE : TROUBLE_STRANGE};
}

static struct cause read_keys(struct peer *peer, struct poller_job *job)
{
    bool there = wedge_read(&peer->wedge, now_us() / 1000, job->report, &job->report_bytes);
    return (struct cause){.trouble = there ? TROUBLE_NONE : TROUBLE_LINE};
}

static struct peer *find_peer(struct bus *bus, uint8_t reader)
{
    for (size_t i = 0; i < bus->peer_count; i++)
        if (bus->peers[i].is.reader == reader)
            return &bus->peers[i];
    return NULL;
}

enum bus_result bus_do(struct bus *bus, struct poller_job *job)
{
    struct peer *peer = find_peer(bus, job->reader);
    const uint8_t *answer = NULL;
    if (peer != NULL) {
        job->cause = peer->modbus == NULL ? read_keys(peer, job) : ask_peer(peer, job);
        return job->cause.trouble == TROUBLE_NONE ? BUS_OK : BUS_FAILED;
    }
    enum bus_result result = send_request(bus, job);
    if (result == BUS_OK)
        result = wait_for_answer(bus, &answer);
    bus->quiet_mono_us = now_us() + bus->silence_us;
    job->cause = answer != NULL ? master_take(job, answer) : master_cause(&bus->hearing);
    if (result == BUS_OK && job->cause.trouble != TROUBLE_NONE)
        return BUS_FAILED;
    return result;
}

size_t bus_listen(struct bus *bus, int ms, uint8_t *bytes, size_t capacity)
{
    struct master_hearing *hearing = &bus->hearing;
    int64_t until_us = now_us() + ms * INT64_C(1000);
    hearing->heard_bytes = 0;
    if (bus->modbus == NULL)
        return 0;
    modbus_flush(bus->modbus);
    while (hearing->heard_bytes < capacity && now_us() < until_us && hear(bus, until_us) == BUS_OK)
        ;
    size_t count = hearing->heard_bytes < capacity ? hearing->heard_bytes : capacity;
    memcpy(bytes, hearing->heard, count);
    return count;
}

bool bus_echoes(const struct bus *bus)
{
    return bus->hearing.echoes;
}
