/* The first instructions: vectors, RAM, and the way out when something is wrong. */
#ifndef FIRMWARE_READER_START_H
#define FIRMWARE_READER_START_H

#include <stdint.h>

/* A checksum over the whole RAM as it was before we wrote to it. After power-up its bits are partly chance, after a reset
 * they hold what was there, the clock among it. */
uint16_t start_seed(void);
/* Waits for the watchdog. */
_Noreturn void start_failed(int line);

#endif
