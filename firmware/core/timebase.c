/* Which quality the clock has follows from three things that are remembered of this boot: the quality before,
 * whether the clock was ever found to be wrong (distrusted), and whether the daemon's time stands in for it
 * (fallback). */
#include "firmware/core/timebase.h"

#include <assert.h>

/* The year 2200, where civil.h ends: a clock beyond it is broken, and events dated by it would be malformed. */
#define CEILING_UTC_MS INT64_C(7258118400000)

static bool is_plausible(const struct timebase *timebase)
{
    int64_t utc_ms = clock_utc_ms(timebase->clock);
    return utc_ms >= timebase->floor_utc_ms && utc_ms < CEILING_UTC_MS;
}

void timebase_open(struct timebase *timebase, const struct clock *clock, int64_t floor_utc_ms,
                   enum clock_quality machine)
{
    *timebase = (struct timebase){.clock = clock,
                                  .start_mono_ms = clock_mono_ms(clock) - TIMEBASE_START_MONO_MS,
                                  .floor_utc_ms =
                                      floor_utc_ms > TIMEBASE_RELEASE_UTC_MS ? floor_utc_ms : TIMEBASE_RELEASE_UTC_MS};
    timebase_update(timebase, machine);
}

bool timebase_update(struct timebase *timebase, enum clock_quality machine)
{
    enum clock_quality before = timebase->quality, now = machine;
    if (now == CLOCK_UNSET && before != CLOCK_UNSET && !timebase->fallback)
        now = CLOCK_RTC; /* was right once in this boot and runs on by itself */
    /* A synchronised clock is trusted even before the floor: the floor may come from a clock that once ran ahead. */
    if (now == CLOCK_SYNCED)
        timebase->distrusted = clock_utc_ms(timebase->clock) >= CEILING_UTC_MS;
    else if (!is_plausible(timebase))
        timebase->distrusted = true;
    if (timebase->distrusted)
        now = CLOCK_UNSET;
    if (now != CLOCK_UNSET)
        timebase->fallback = false;
    timebase->quality = timebase->fallback ? CLOCK_RTC : now;
    return timebase->quality > before;
}

bool timebase_fall_back(struct timebase *timebase, int64_t utc_ms)
{
    if (timebase->quality != CLOCK_UNSET || utc_ms < timebase->floor_utc_ms || utc_ms >= CEILING_UTC_MS)
        return false;
    timebase->fallback = true;
    timebase->fallback_utc_ms = utc_ms;
    timebase->fallback_mono_ms = clock_mono_ms(timebase->clock);
    timebase->quality = CLOCK_RTC;
    return true;
}

int64_t timebase_mono_ms(const struct timebase *timebase)
{
    return clock_mono_ms(timebase->clock) - timebase->start_mono_ms;
}

int64_t timebase_utc_ms(const struct timebase *timebase)
{
    if (!timebase->fallback)
        return clock_utc_ms(timebase->clock);
    return timebase->fallback_utc_ms +
           (clock_mono_ms(timebase->clock) - timebase->fallback_mono_ms) * timebase->clock->rate;
}

/* The age is real time, at_ms civil time: in the demonstration, where civil time runs faster, they differ by the
 * rate. */
void timebase_stamp(const struct timebase *timebase, int64_t age_ms, struct event *event)
{
    event->mono_ms = timebase_mono_ms(timebase) - age_ms;
    assert(event->mono_ms >= 0);
    event->clock = timebase->quality;
    event->at_ms = timebase->quality == CLOCK_UNSET ? 0 : timebase_utc_ms(timebase) - age_ms * timebase->clock->rate;
}
