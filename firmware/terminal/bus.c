#include "firmware/terminal/bus.h"

#include <errno.h>
#include <modbus/modbus.h>
#include <stdbool.h>

static modbus_t *context(struct bus *bus)
{
    return (modbus_t *)bus;
}

static bool set_timeouts(modbus_t *modbus, const struct bus_settings *settings)
{
    uint32_t response_us = (uint32_t)settings->response_timeout_ms * 1000;
    uint32_t byte_us = (uint32_t)settings->byte_timeout_ms * 1000;
    return modbus_set_response_timeout(modbus, response_us / 1000000, response_us % 1000000) == 0 &&
           modbus_set_byte_timeout(modbus, byte_us / 1000000, byte_us % 1000000) == 0;
}

/* No error recovery by the library: with a device that answers EIO, its MODBUS_ERROR_RECOVERY_LINK never returns. */
struct bus *bus_open(const struct bus_settings *settings)
{
    modbus_t *modbus = modbus_new_rtu(settings->device, settings->baud, settings->parity, 8, 1);
    if (!modbus)
        return NULL;
    if (!set_timeouts(modbus, settings) || modbus_connect(modbus) != 0) {
        int why = errno;
        modbus_free(modbus);
        errno = why;
        return NULL;
    }
    modbus_flush(modbus); /* what was on the line before us */
    return (struct bus *)modbus;
}

void bus_close(struct bus *bus)
{
    modbus_close(context(bus));
    modbus_free(context(bus));
}

/* After a failure the rest of a late or broken frame may still be on its way in. */
static enum bus_result result(struct bus *bus, int done, int wanted)
{
    if (done == wanted)
        return BUS_OK;
    enum bus_result failure = errno == EIO || errno == EBADF || errno == ECONNRESET || errno == ENODEV || errno == ENXIO
                                  ? BUS_GONE
                                  : BUS_FAILED;
    modbus_flush(context(bus));
    return failure;
}

enum bus_result bus_read_input(struct bus *bus, uint8_t reader, uint16_t first, uint16_t count, uint16_t *values)
{
    modbus_set_slave(context(bus), reader);
    return result(bus, modbus_read_input_registers(context(bus), first, count, values), count);
}

enum bus_result bus_write_holding(struct bus *bus, uint8_t reader, uint16_t first, uint16_t count,
                                  const uint16_t *values)
{
    modbus_set_slave(context(bus), reader);
    return result(bus, modbus_write_registers(context(bus), first, count, values), count);
}
