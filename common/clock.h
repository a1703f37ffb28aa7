/* The clock seam: whoever needs time gets a struct clock, so that tests and the simulation own it.
 *
 * utc_ms is civil time (records), mono_ms is real elapsed time (intervals, timeouts); they need not agree. In the
 * demonstration civil time runs `rate` times faster than monotonic time, from one start for all programs; in
 * production the rate is 1. */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_RATE_MAX 1000

struct clock {
    int64_t (*utc_ms)(const struct clock *clock);
    int64_t (*mono_ms)(const struct clock *clock);
    int64_t start_utc_ms, start_mono_ms; /* the demonstration's; mono is CLOCK_BOOTTIME, one for the machine */
    int32_t rate;                        /* civil milliseconds per monotonic millisecond */
};

struct clock clock_system(void);
/* `text` is "START,RATE,MONO": civil start as UTC text, whole rate 1 … CLOCK_RATE_MAX, monotonic milliseconds at which
 * it started. False when it is anything else. */
bool clock_demo(const char *text, struct clock *out);

static inline int64_t clock_utc_ms(const struct clock *clock)
{
    return clock->utc_ms(clock);
}
static inline int64_t clock_mono_ms(const struct clock *clock)
{
    return clock->mono_ms(clock);
}

#endif
