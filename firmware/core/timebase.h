/* What time it is on a terminal that may have no clock of its own, and how far to believe it.
 *
 * The machine's clock counts only when it is not behind what is certain (the floor: the newest time in the journal, the
 * program's own release). Behind it, the time is unset until the machine says that it is synchronised, or until a
 * message that the daemon sends at this moment gives one of last resort. Pure; time comes from the clock seam. */
#ifndef FIRMWARE_CORE_TIMEBASE_H
#define FIRMWARE_CORE_TIMEBASE_H

#include <stdbool.h>
#include <stdint.h>
#include "common/clock.h"
#include "common/event.h"

#define TIMEBASE_RELEASE_UTC_MS 1767225600000 /* 2026-01-01: no terminal ran before it */

/* What a boot's own time begins with: a reader keeps taps from before it, and knows their age up to 65,535 ms. */
#define TIMEBASE_START_MONO_MS 65536

struct timebase {
    const struct clock *clock;
    int64_t start_mono_ms; /* the clock's reading when this boot's own time was 0 */
    int64_t floor_utc_ms;
    enum clock_quality quality;
    bool distrusted; /* was behind the floor in this boot: only synchronisation is believed */
    bool fallback;   /* the time is the daemon's, at fallback_mono_ms */
    int64_t fallback_utc_ms, fallback_mono_ms;
};

void timebase_open(struct timebase *timebase, const struct clock *clock, int64_t floor_utc_ms,
                   enum clock_quality machine);
/* The machine's own word about its clock. True when the time is believed now that was not as good before: earlier
 * events of this boot can be dated by an EVENT_CLOCK. */
bool timebase_update(struct timebase *timebase, enum clock_quality machine);
/* The daemon's time, just received. True as above. */
bool timebase_fall_back(struct timebase *timebase, int64_t utc_ms);

int64_t timebase_mono_ms(
    const struct timebase *timebase); /* this boot's own time: TIMEBASE_START_MONO_MS and what has passed since */
int64_t
timebase_utc_ms(const struct timebase *timebase); /* best guess even when unset: for intervals, never for records */
/* Fills clock, at_ms and mono_ms for what happened `age_ms` of real time ago. */
void timebase_stamp(const struct timebase *timebase, int64_t age_ms, struct event *event);

#endif
