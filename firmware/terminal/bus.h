/* The readers' bus as its master: a line, and readers in the network.
 *
 * The line: libmodbus opens the line, sends and waits for silence between frames; what comes back is
 * read here and understood by firmware/core/master.h, which finds an answer behind a stray byte or an echo and says why
 * there is none. The only file that uses libmodbus.
 *
 * A call blocks for the response time-out, and as long as bytes come without a pause of the byte time-out. A device that is
 * gone (adapter unplugged) never works again by itself: BUS_GONE tells the caller to close and to try opening it again from
 * time to time. */
#ifndef FIRMWARE_TERMINAL_BUS_H
#define FIRMWARE_TERMINAL_BUS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "firmware/core/poller.h"
#include "firmware/terminal/wedge.h"

struct bus;

#define BUS_HOST_BYTES 64

/* A reader that is not on the line: one in the network, by Modbus TCP, or a keyboard. */
struct bus_peer {
    uint8_t reader;            /* as jobs name it; sent is unit 255, "the device itself" */
    char host[BUS_HOST_BYTES]; /* numbers, for a name would have to be looked up; empty: it is on the line */
    int port;
    char keyboard[PATH_MAX]; /* its device; empty: it is none */
    enum wedge_form form;
};

struct bus_settings {
    const char *device; /* empty: there are peers alone */
    int baud;
    char parity; /* 'N', 'E' or 'O'; always one stop bit */
    int response_timeout_ms, byte_timeout_ms;
    const struct bus_peer *peers; /* copied */
    size_t peer_count;
};

enum bus_result {
    BUS_OK,
    BUS_FAILED, /* this reader, this time: the job says why */
    BUS_GONE    /* the device itself fails */
};

/* NULL with errno set. */
struct bus *bus_open(const struct bus_settings *settings);
void bus_close(struct bus *bus);
/* Carries a job out and fills what the port fills; the job is none that waits. */
enum bus_result bus_do(struct bus *bus, struct poller_job *job);
/* What comes within so many milliseconds without our sending anything: at most `capacity` bytes. */
size_t bus_listen(struct bus *bus, int ms, uint8_t *bytes, size_t capacity);
/* Whether the adapter hears what it sends itself. */
bool bus_echoes(const struct bus *bus);

#endif
