/* The three serial lines. Input is put into a ring by interrupt; output is fed byte by byte from the main loop,
 * which does not sleep meanwhile, so that no interrupt delays the end of a frame.
 *
 * The bus is half-duplex: the driver is enabled (DE) before the first bit and released after the last stop bit, when
 * the USART reports the end of transmission. Until then input is ignored, because an echo of our reply could be read
 * as a request. A byte with a parity or framing error is left out, and the frame's checksum then fails. */
#ifndef FIRMWARE_READER_SERIAL_H
#define FIRMWARE_READER_SERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SERIAL_SEND_BYTES_MAX 256
#define SERIAL_SEND_MS        50 /* the longest frame that a head sends takes half of it at 19,200 baud */

enum serial_line { SERIAL_BUS, SERIAL_MODULE, SERIAL_LOG, SERIAL_LINES };

/* Without parity there are two stop bits, as Modbus has it: who expects one takes the other for silence. */
void serial_open(enum serial_line which, uint32_t clock_hz, uint32_t baud, bool even_parity);
/* The oldest byte that has come in; false: none. */
bool serial_take(enum serial_line which, uint8_t *byte);
/* Copies `bytes` and begins to send. False, and nothing is sent, while the last output is on its way or when they
 * are too many. */
bool serial_send(enum serial_line which, const uint8_t *bytes, size_t count, uint32_t now_ms);
/* Sends what can be sent now. True: something is still on its way. What is not sent after SERIAL_SEND_MS never will be: it is
 * given up, the bus is released, and serial_stuck from then on. */
bool serial_step(uint32_t now_ms);
/* Whether a line has stopped sending by itself: only a reset can mend it. */
bool serial_stuck(void);
/* "!NNNN": a last message when interrupts are off. Waits for the line, with a bound. */
void serial_send_polled(enum serial_line which, int number);

void serial_bus_interrupt(void);
void serial_module_interrupt(void);

#endif
