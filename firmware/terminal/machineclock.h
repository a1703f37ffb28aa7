/* The machine's clock: whether it is synchronised, runs on its own quartz, or nobody knows; and how to lift it over what
 * is certain to have passed, so that certificates can be checked at all on a board that starts in 1970. */
#ifndef FIRMWARE_TERMINAL_MACHINECLOCK_H
#define FIRMWARE_TERMINAL_MACHINECLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include "common/event.h"

/* `told`: the clock is not the machine's own but the demonstration's, which is right. */
enum clock_quality machineclock_quality(bool told);
/* Sets the system clock forward to the floor when it is behind. Logs what it did or may not do. */
void machineclock_lift(int64_t floor_utc_ms);

#endif
