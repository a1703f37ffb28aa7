/* How every service of ours is started: the same options, the same clock, the same answer to wrong settings.
 *
 *   --config FILE   --check   --debug   --demo-clock START,RATE,MONO   --help   --version
 *
 * For main.c only: it ends the process when the command line or the settings are not right. */
#ifndef COMMON_STARTUP_H
#define COMMON_STARTUP_H

#include <stdbool.h>
#include "common/clock.h"
#include "common/problems.h"

struct startup {
    const char *config; /* settings file */
    bool check;         /* only say whether the settings are right */
    bool demo;          /* civil time is the demonstration's */
    struct clock clock;
};

/* Reads the command line and opens the log. `program` is its name, `purpose` a sentence for --help; all texts are static. */
struct startup startup_read(int argc, char **argv, const char *program, const char *purpose, const char *config);
/* Shows what is wrong with the settings and ends with status 1; returns when nothing is. */
void startup_require(const struct problems *problems);

#endif
