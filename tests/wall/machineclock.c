/* The terminal's clock on a board that has none and never hears of the time by itself: only the daemon's word is left.
 * Linked with the real narvaro-terminal; its demonstration clock begins in 2000. */
#include "firmware/terminal/machineclock.h"

enum clock_quality machineclock_quality(bool told)
{
    (void)told;
    return CLOCK_UNSET;
}

void machineclock_lift(int64_t floor_utc_ms)
{
    (void)floor_utc_ms;
}
