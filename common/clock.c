/* The two clocks that programs run on: the machine's, and the demonstration's, whose civil time is a linear function
 * of the machine's monotonic time, so that all programs of a demonstration agree without talking. */
#include "common/clock.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "common/civil.h"

static int64_t read_ms(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_utc_ms(const struct clock *clock)
{
    (void)clock;
    return read_ms(CLOCK_REALTIME);
}

/* CLOCK_BOOTTIME and not CLOCK_MONOTONIC: it goes on while the machine sleeps, so that a tap's age stays true. */
static int64_t system_mono_ms(const struct clock *clock)
{
    (void)clock;
    return read_ms(CLOCK_BOOTTIME);
}

static int64_t demo_utc_ms(const struct clock *clock)
{
    return clock->start_utc_ms + (read_ms(CLOCK_BOOTTIME) - clock->start_mono_ms) * clock->rate;
}

struct clock clock_system(void)
{
    return (struct clock){.utc_ms = system_utc_ms, .mono_ms = system_mono_ms, .rate = 1};
}

/* Decimal digits up to `end`; moves *text past it. */
static bool read_whole(const char **text, char end, int64_t *out)
{
    char *rest;
    if (**text < '0' || **text > '9')
        return false;
    *out = strtoll(*text, &rest, 10); /* saturates, and the caller's bounds refuse that */
    if (*rest != end)
        return false;
    *text = rest + (end != '\0');
    return true;
}

bool clock_demo(const char *text, struct clock *out)
{
    const char *comma = strchr(text, ',');
    int64_t rate, start_mono_ms;
    *out = (struct clock){.utc_ms = demo_utc_ms, .mono_ms = system_mono_ms};
    if (comma == NULL || !civil_read_utc(text, (size_t)(comma - text), &out->start_utc_ms))
        return false;
    text = comma + 1;
    if (!read_whole(&text, ',', &rate) || !read_whole(&text, '\0', &start_mono_ms))
        return false;
    out->rate = (int32_t)rate; /* may be cut here: the bounds below are of the whole number */
    out->start_mono_ms = start_mono_ms;
    return rate >= 1 && rate <= CLOCK_RATE_MAX && start_mono_ms < INT64_MAX / 2;
}
