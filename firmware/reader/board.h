/* The head's board: clock, tick, pins, watchdog. Every wait for hardware here has a bound. */
#ifndef FIRMWARE_READER_BOARD_H
#define FIRMWARE_READER_BOARD_H

#include <stdbool.h>
#include <stdint.h>
#include "firmware/core/pattern.h"

#define BOARD_CLOCK_HZ 24000000

void board_open(void);
uint32_t board_ms(void); /* since the start; wraps after 49 days */
/* Processor cycles since the start, modulo 2^32. */
uint32_t board_cycles(void);
/* Until the next interrupt, at most 1 ms. */
void board_sleep(void);
/* When this is not called for a second the watchdog resets the chip. */
void board_feed_watchdog(void);

/* The switches, read at the start: 1 to 8. */
uint8_t board_address(void);
uint32_t board_baud(void);
bool board_even_parity(void);
bool board_case_open(void);
void board_show(struct pattern_output output);
/* True: the RS-485 driver has the line; false: it listens. */
void board_drive_bus(bool drive);
/* True: the card module's reset line is low. */
void board_hold_module(bool hold);

void board_tick(void); /* the SysTick interrupt */

#endif
