/* The machine's clock: whether it is synchronised, runs from a battery clock, or is not known to be right; and how
 * to set it forward to a time that has certainly passed, so that certificates can be checked at all on a board that
 * starts in 1970. */
#ifndef FIRMWARE_TERMINAL_MACHINECLOCK_H
#define FIRMWARE_TERMINAL_MACHINECLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include "common/event.h"

/* `demo`: the clock is not the machine's own but the demonstration's, which is right. */
enum clock_quality machineclock_quality(bool demo);
/* Sets the system clock forward to the floor when it is behind. Logs whether it could. */
void machineclock_lift(int64_t floor_utc_ms);

#endif
