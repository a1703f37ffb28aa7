/* Whether a reader counts as in use, damped: what an outage is made of. Pure.
 *
 * A reader is out when it has not served for STANDING_SILENT_MS: heads keep their taps for longer, so a shorter silence
 * costs nothing. It is in again when it has served for STANDING_STEADY_MS without a break, but for
 * STANDING_UNSTEADY_MS if it has twice in a row been in for less than that: who mends it sees so at once, and a loose wire
 * is a few outages, not hundreds. The first word after the start is told at once when it is "in". */
#ifndef FIRMWARE_CORE_STANDING_H
#define FIRMWARE_CORE_STANDING_H

#include <stdbool.h>
#include <stdint.h>

#define STANDING_SILENT_MS   5000
#define STANDING_STEADY_MS   3000
#define STANDING_UNSTEADY_MS 600000
#define STANDING_SHORT_STAYS 2

enum standing_word { STANDING_UNKNOWN, STANDING_IN, STANDING_OUT };

/* Begins as zeros. */
struct standing {
    enum standing_word word;  /* as told last */
    bool serves, heard;       /* now; whether anything was noted yet */
    bool returned;            /* it has been out and came back */
    unsigned short_stays;     /* in a row, of less than STANDING_UNSTEADY_MS */
    int64_t since_mono_ms;    /* since when it serves, or does not */
    int64_t returned_mono_ms; /* when that was told */
};

/* Notes whether the reader serves, since when at the latest. True: `word` has changed; since_mono_ms says since when it is
 * true. */
bool standing_note(struct standing *standing, bool serves, int64_t since_mono_ms, int64_t mono_ms);
/* Out at once: the line itself is gone. True: it was not out before. */
bool standing_lose(struct standing *standing, int64_t mono_ms);

#endif
