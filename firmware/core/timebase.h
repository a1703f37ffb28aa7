/* The terminal's time base: what time it is on a machine that may have no clock of its own, and how far it can be
 * trusted.
 *
 * The machine's clock counts only when it is not before the floor, a time that has certainly passed (the newest in
 * the journal, this program's release). Before it, the time is unset until the machine reports that it is
 * synchronised; as a fallback it is the daemon's, from a message that was sent at this moment. Pure; time comes from
 * the clock seam. */
#ifndef FIRMWARE_CORE_TIMEBASE_H
#define FIRMWARE_CORE_TIMEBASE_H

#include <stdbool.h>
#include <stdint.h>
#include "common/clock.h"
#include "common/event.h"

#define TIMEBASE_RELEASE_UTC_MS 1767225600000 /* 2026-01-01: no terminal ran before it */

/* Where a boot's own time begins, so that it is never negative: a reader may hold taps from before the boot, and
 * knows their age up to 65,535 ms. */
#define TIMEBASE_START_MONO_MS 65536

struct timebase {
    const struct clock *clock;
    int64_t start_mono_ms; /* the clock's reading when this boot's own time was 0 */
    int64_t floor_utc_ms;
    enum clock_quality quality;
    bool distrusted; /* was before the floor or past the ceiling in this boot: only synchronisation cures that */
    bool fallback;   /* the daemon's time is used: fallback_utc_ms at fallback_mono_ms */
    int64_t fallback_utc_ms, fallback_mono_ms;
};

void timebase_open(struct timebase *timebase, const struct clock *clock, int64_t floor_utc_ms,
                   enum clock_quality machine);
/* What the machine reports of its clock. True when the time has become better than it was: an EVENT_CLOCK can then date
 * earlier events of this boot. */
bool timebase_update(struct timebase *timebase, enum clock_quality machine);
/* The daemon's time, just received; used only while the time is unset. True as above. */
bool timebase_fall_back(struct timebase *timebase, int64_t utc_ms);

/* This boot's own time: TIMEBASE_START_MONO_MS and what has passed since. */
int64_t timebase_mono_ms(const struct timebase *timebase);
/* A best guess when the time is unset: for intervals, never for records. */
int64_t timebase_utc_ms(const struct timebase *timebase);
/* Fills clock, at_ms and mono_ms for what happened `age_ms` of real time ago. */
void timebase_stamp(const struct timebase *timebase, int64_t age_ms, struct event *event);

#endif
