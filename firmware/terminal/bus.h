/* The RS-485 bus by libmodbus, as its master: the only file that uses libmodbus.
 *
 * Every call blocks for at most the response time-out. A device that is gone (adapter unplugged) never works again by
 * itself: BUS_GONE tells the caller to close and to try opening it again from time to time. */
#ifndef FIRMWARE_TERMINAL_BUS_H
#define FIRMWARE_TERMINAL_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bus;

struct bus_settings {
    const char *device;
    int baud;
    char parity; /* 'N', 'E' or 'O'; always one stop bit */
    int response_timeout_ms, byte_timeout_ms;
};

enum bus_result {
    BUS_OK,
    BUS_FAILED, /* no answer, a wrong checksum, an exception: this reader, this time */
    BUS_GONE    /* the device itself fails */
};

/* NULL with errno set. */
struct bus *bus_open(const struct bus_settings *settings);
void bus_close(struct bus *bus);
/* Function 17. `count`: how many bytes the reply had, of which at most `capacity` are kept. */
enum bus_result bus_report(struct bus *bus, uint8_t reader, uint8_t *bytes, size_t capacity, size_t *count);
enum bus_result bus_read_input(struct bus *bus, uint8_t reader, uint16_t first, uint16_t count, uint16_t *values);
enum bus_result bus_read_holding(struct bus *bus, uint8_t reader, uint16_t first, uint16_t count, uint16_t *values);
enum bus_result bus_write_coil(struct bus *bus, uint8_t reader, uint16_t coil, bool on);
enum bus_result bus_write_holding(struct bus *bus, uint8_t reader, uint16_t first, uint16_t count,
                                  const uint16_t *values);

#endif
