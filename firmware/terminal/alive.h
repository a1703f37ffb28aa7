/* When the program was last alive, in a file of one line, so that a short restart does not look like a long outage: the
 * journal alone knows only of the last event. Not synced: after a power cut an older line may stand there, which errs on the
 * safe side. */
#ifndef FIRMWARE_TERMINAL_ALIVE_H
#define FIRMWARE_TERMINAL_ALIVE_H

#include <stdint.h>

#define ALIVE_EVERY_MS 60000 /* civil time */

/* 0 when nothing believable stands there. */
int64_t alive_read(const char *folder);
/* Failure costs only precision at the next start. */
void alive_write(const char *folder, int64_t utc_ms);

#endif
