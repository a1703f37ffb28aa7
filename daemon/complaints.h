/* Lines of the log about what others send: COMPLAINTS_EACH_MAX a minute about each of them, and how many more there would
 * have been. Whoever floods us must not flood the log. */
#ifndef DAEMON_COMPLAINTS_H
#define DAEMON_COMPLAINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/ids.h"

#define COMPLAINTS_EACH_MAX    5
#define COMPLAINTS_EVERY_MS    60000
#define COMPLAINTS_SOURCES_MAX 64 /* within a minute: of a further one each line is counted together with the others' */

struct complaint {
    char source[ID_BYTES]; /* a terminal; "" = all that found no place */
    int64_t since_mono_ms;
    uint64_t lines;
};

/* Starts as all zero. */
struct complaints {
    int64_t now_mono_ms;
    size_t count;
    struct complaint of[COMPLAINTS_SOURCES_MAX + 1];
};

/* May a line about it be written? It is counted in any case. */
bool complaints_may(struct complaints *complaints, const char *source);
/* Once a turn: for each whose minute is over, a line that says how many were left out. */
void complaints_tell(struct complaints *complaints, int64_t mono_ms);

#endif
