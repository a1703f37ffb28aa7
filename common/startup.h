/* How every service of ours starts: the same options, the same clock, the same answer to wrong settings.
 *
 *   --config FILE   --check   --debug   --demo-clock START,RATE,MONO   --help   --version   and the program's own
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

/* An option that only one program has. */
struct startup_option {
    const char *name, *argument, *purpose; /* argument: what --help calls it; NULL: it takes none */
    const char *value;                     /* NULL while it was not given, "" when it takes no argument */
};
#define STARTUP_OPTIONS_MAX 8

struct startup_about {
    const char *program, *purpose;  /* its name; what --help says of it */
    const char *config;             /* the settings' path, unless --config names another */
    struct startup_option *options; /* its own, ended by one without a name; NULL: none */
};

/* Reads the command line and opens the log. All texts are static. */
struct startup startup_read(int argc, char **argv, const struct startup_about *about);
/* Shows what is wrong with the settings and ends with status 1; returns when nothing is. */
void startup_require(const struct problems *problems);
/* While running: logs what is wrong with settings that were to replace those in force. True when nothing is. */
bool startup_would_do(const struct problems *problems);

#endif
