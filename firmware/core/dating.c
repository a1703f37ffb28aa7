#include "firmware/core/dating.h"

#include <assert.h>

/* Later than any terminal lives, and where civil.h ends: a clock beyond it is broken, and events dated by it would be
 * malformed. */
#define CEILING_UTC_MS INT64_C(7258118400000)

static bool believable(const struct dating *dating)
{
    int64_t utc_ms = clock_utc_ms(dating->clock);
    return utc_ms >= dating->floor_utc_ms && utc_ms < CEILING_UTC_MS;
}

void dating_open(struct dating *dating, const struct clock *clock, int64_t floor_utc_ms, enum clock_quality machine)
{
    *dating =
        (struct dating){.clock = clock,
                        .start_mono_ms = clock_mono_ms(clock) - DATING_START_MONO_MS,
                        .floor_utc_ms = floor_utc_ms > DATING_RELEASE_UTC_MS ? floor_utc_ms : DATING_RELEASE_UTC_MS};
    dating_machine(dating, machine);
}

bool dating_machine(struct dating *dating, enum clock_quality machine)
{
    enum clock_quality before = dating->quality, now = machine;
    /* A synchronised clock is believed even behind the floor: the floor may stem from a clock that once ran ahead. */
    if (now == CLOCK_UNSET && before != CLOCK_UNSET && !dating->last_resort)
        now = CLOCK_RTC; /* was right once and goes on by itself */
    if (now == CLOCK_SYNCED)
        dating->doubted = clock_utc_ms(dating->clock) >= CEILING_UTC_MS;
    else if (!believable(dating))
        dating->doubted = true;
    if (dating->doubted)
        now = CLOCK_UNSET;
    if (now != CLOCK_UNSET)
        dating->last_resort = false;
    dating->quality = dating->last_resort ? CLOCK_RTC : now;
    return dating->quality > before;
}

bool dating_resort(struct dating *dating, int64_t utc_ms)
{
    if (dating->quality != CLOCK_UNSET || utc_ms < dating->floor_utc_ms || utc_ms >= CEILING_UTC_MS)
        return false;
    dating->last_resort = true;
    dating->resort_utc_ms = utc_ms;
    dating->resort_mono_ms = clock_mono_ms(dating->clock);
    dating->quality = CLOCK_RTC;
    return true;
}

int64_t dating_mono_ms(const struct dating *dating)
{
    return clock_mono_ms(dating->clock) - dating->start_mono_ms;
}

int64_t dating_utc_ms(const struct dating *dating)
{
    if (!dating->last_resort)
        return clock_utc_ms(dating->clock);
    return dating->resort_utc_ms + (clock_mono_ms(dating->clock) - dating->resort_mono_ms) * dating->clock->rate;
}

void dating_stamp(const struct dating *dating, int64_t age_ms, struct event *event)
{
    event->mono_ms = dating_mono_ms(dating) - age_ms;
    assert(event->mono_ms >= 0);
    event->clock = dating->quality;
    event->at_ms = dating->quality == CLOCK_UNSET ? 0 : dating_utc_ms(dating) - age_ms * dating->clock->rate;
}
