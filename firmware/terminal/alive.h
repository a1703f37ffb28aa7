/* When the program was last running, in a file of one line, so that a short restart does not look like a long
 * outage: the journal knows only the time of its last event. Not synced: after a power cut the file may hold an
 * older time, which makes the outage longer, never shorter. */
#ifndef FIRMWARE_TERMINAL_ALIVE_H
#define FIRMWARE_TERMINAL_ALIVE_H

#include <stdint.h>

#define ALIVE_EVERY_MS 60000 /* civil time */

/* 0 when the file is missing or malformed. */
int64_t alive_read(const char *folder);
/* Failure costs only precision at the next start. */
void alive_write(const char *folder, int64_t utc_ms);

#endif
