/* The three serial lines. What comes in is put into a ring by interrupt; what goes out is fed byte by byte from the main
 * loop, which does not sleep meanwhile: no interrupt then disturbs the end of a frame.
 *
 * The bus is half-duplex: the driver is enabled (DE) before the first bit and released after the last stop bit, when the
 * USART says that the line is idle; until then we are deaf, for an echo of our reply could read as a request. A byte that
 * arrived broken is left out, and the frame's checksum then refuses the frame. */
#ifndef FIRMWARE_READER_SERIAL_H
#define FIRMWARE_READER_SERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SERIAL_SEND_BYTES_MAX 256

enum serial_line { SERIAL_BUS, SERIAL_MODULE, SERIAL_LOG, SERIAL_LINES };

void serial_open(enum serial_line which, uint32_t clock_hz, uint32_t baud, bool even_parity);
/* The oldest byte that has come in; false: none. */
bool serial_take(enum serial_line which, uint8_t *byte);
/* Copies `bytes`. What is still on its way, or does not fit, makes it false, and nothing is sent. */
bool serial_send(enum serial_line which, const uint8_t *bytes, size_t count);
/* Sends what can be sent now. True: something is still on its way. */
bool serial_step(void);
/* A last word without interrupts: waits for the line, with a bound. */
void serial_send_polled(enum serial_line which, int number);

void serial_bus_interrupt(void);
void serial_module_interrupt(void);

#endif
