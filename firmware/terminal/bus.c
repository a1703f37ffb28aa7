/* Every request waits for the silence that must precede it, and every result starts the wait for the next. */
#include "firmware/terminal/bus.h"

#include <errno.h>
#include <modbus/modbus.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct bus {
    modbus_t *modbus;
    int64_t silence_us;    /* between two frames */
    int64_t quiet_mono_us; /* when the silence has lasted long enough; the terminal may do other work meanwhile */
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

static bool set_timeouts(modbus_t *modbus, const struct bus_settings *settings)
{
    uint32_t response_us = (uint32_t)settings->response_timeout_ms * 1000;
    uint32_t byte_us = (uint32_t)settings->byte_timeout_ms * 1000;
    return modbus_set_response_timeout(modbus, response_us / 1000000, response_us % 1000000) == 0 &&
           modbus_set_byte_timeout(modbus, byte_us / 1000000, byte_us % 1000000) == 0;
}

/* The library's own error recovery is not used: with a device that fails with EIO, MODBUS_ERROR_RECOVERY_LINK never
 * returns. */
static modbus_t *connect_line(const struct bus_settings *settings)
{
    modbus_t *modbus = modbus_new_rtu(settings->device, settings->baud, settings->parity, 8, 1);
    if (modbus == NULL)
        return NULL;
    if (!set_timeouts(modbus, settings) || modbus_connect(modbus) != 0) {
        int why = errno;
        modbus_free(modbus);
        errno = why;
        return NULL;
    }
    modbus_flush(modbus); /* what was on the line before us */
    return modbus;
}

struct bus *bus_open(const struct bus_settings *settings)
{
    struct bus *bus = malloc(sizeof *bus);
    if (bus == NULL)
        return NULL;
    *bus = (struct bus){.modbus = connect_line(settings), .silence_us = silence_us(settings->baud)};
    bus->quiet_mono_us = now_us() + bus->silence_us;
    if (bus->modbus != NULL)
        return bus;
    int why = errno;
    free(bus);
    errno = why;
    return NULL;
}

void bus_close(struct bus *bus)
{
    modbus_close(bus->modbus);
    modbus_free(bus->modbus);
    free(bus);
}

static void begin(struct bus *bus, uint8_t reader)
{
    int64_t left_us = bus->quiet_mono_us - now_us();
    if (left_us > 0)
        usleep((useconds_t)left_us);
    modbus_set_slave(bus->modbus, reader);
}

/* After a failure the rest of a late or broken frame may still arrive, so the input is flushed. errno is
 * libmodbus's. */
static enum bus_result result(struct bus *bus, int done, int wanted)
{
    bus->quiet_mono_us = now_us() + bus->silence_us;
    if (done == wanted)
        return BUS_OK;
    enum bus_result failure = errno == EIO || errno == EBADF || errno == ECONNRESET || errno == ENODEV || errno == ENXIO
                                  ? BUS_GONE
                                  : BUS_FAILED;
    modbus_flush(bus->modbus);
    return failure;
}

enum bus_result bus_report(struct bus *bus, uint8_t reader, uint8_t *bytes, size_t capacity, size_t *count)
{
    begin(bus, reader);
    int got = modbus_report_slave_id(bus->modbus, (int)capacity, bytes);
    *count = got < 0 ? 0 : (size_t)got;
    return result(bus, got < 0 ? -1 : 0, 0);
}

enum bus_result bus_read_input(struct bus *bus, uint8_t reader, uint16_t first, uint16_t count, uint16_t *values)
{
    begin(bus, reader);
    return result(bus, modbus_read_input_registers(bus->modbus, first, count, values), count);
}

enum bus_result bus_read_holding(struct bus *bus, uint8_t reader, uint16_t first, uint16_t count, uint16_t *values)
{
    begin(bus, reader);
    return result(bus, modbus_read_registers(bus->modbus, first, count, values), count);
}

enum bus_result bus_write_coil(struct bus *bus, uint8_t reader, uint16_t coil, bool on)
{
    begin(bus, reader);
    return result(bus, modbus_write_bit(bus->modbus, coil, on), 1);
}

enum bus_result bus_write_holding(struct bus *bus, uint8_t reader, uint16_t first, uint16_t count,
                                  const uint16_t *values)
{
    begin(bus, reader);
    return result(bus, modbus_write_registers(bus->modbus, first, count, values), count);
}
