/* Linux's clock through adjtimex(2): whether an NTP client keeps it, and whether there is a battery clock behind it. */
#include "firmware/terminal/machineclock.h"

#include <errno.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>
#include "common/clock.h"
#include "common/log.h"

enum clock_quality machineclock_quality(bool demo)
{
    if (demo)
        return CLOCK_SYNCED;
    struct timex state = {0};
    if (adjtimex(&state) != TIME_ERROR && !(state.status & STA_UNSYNC))
        return CLOCK_SYNCED;
    return access("/sys/class/rtc/rtc0", F_OK) == 0 ? CLOCK_RTC : CLOCK_UNSET;
}

void machineclock_lift(int64_t floor_utc_ms)
{
    struct clock machine = clock_system();
    if (clock_utc_ms(&machine) >= floor_utc_ms)
        return;
    struct timespec floor = {.tv_sec = floor_utc_ms / 1000};
    if (clock_settime(CLOCK_REALTIME, &floor) == 0)
        log_warn("the clock was behind and has been set to the latest time known; not trusted until synchronised");
    else
        log_warn("the clock is behind the latest time known and cannot be set: TLS may refuse certificates reason=%s",
                 strerror(errno));
}
