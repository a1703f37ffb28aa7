/* Start-up code: vectors, RAM, and what happens when an assertion fails. */
#ifndef FIRMWARE_READER_START_H
#define FIRMWARE_READER_START_H

#include <stdint.h>

/* A checksum over the whole RAM as it was before the program wrote to it: partly random after power-up; after a
 * reset it holds what was there, such as the clock's last value. */
uint16_t start_seed(void);
/* Logs the line number and waits for the watchdog's reset. */
_Noreturn void start_failed(int line);

#endif
