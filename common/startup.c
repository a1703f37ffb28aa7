/* argp parses; this puts the common options before the program's own, which get the keys from KEY_OWN on. */
#include "common/startup.h"

#include <argp.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/log.h"

#define KEY_OWN 256 /* argp's key of the program's first own option: beyond every character, so it has no short form */

struct command_line {
    struct startup startup;
    struct startup_option *own;
    bool debug;
};

static const struct argp_option COMMON[] = {
    {"config", 'c', "FILE", 0, "The settings; the installed example explains each key", 0},
    {"check", 'n', NULL, 0, "Check the settings, report everything that is wrong with them, and end", 0},
    {"debug", 'd', NULL, 0, "Also log details that help to find a fault", 0},
    {"demo-clock", 'D', "CLOCK", 0,
     "Demonstration only: civil time runs faster. CLOCK is START,RATE,MONO: civil time is START (UTC) at the machine's "
     "monotonic millisecond MONO and runs RATE times as fast, for example 2026-11-20T12:00:00Z,60,123456",
     0}};
#define COMMON_COUNT (sizeof COMMON / sizeof *COMMON)

static error_t parse_option(int key, char *value, struct argp_state *state)
{
    struct command_line *line = state->input;
    switch (key) {
    case 'c':
        line->startup.config = value;
        return 0;
    case 'n':
        line->startup.check = true;
        return 0;
    case 'd':
        line->debug = true;
        return 0;
    case 'D':
        line->startup.demo = true;
        if (!clock_demo(value, &line->startup.clock))
            argp_error(state, "--demo-clock must be START,RATE,MONO, with a whole RATE of 1 to %d", CLOCK_RATE_MAX);
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "unexpected argument '%s': everything is given by options", value);
        return 0;
    default:
        if (key < KEY_OWN || key >= KEY_OWN + STARTUP_OPTIONS_MAX)
            return ARGP_ERR_UNKNOWN;
        line->own[key - KEY_OWN].value = value != NULL ? value : "";
        return 0;
    }
}

/* Appends the program's own options to the common ones. */
static void list_options(const struct startup_option *own, struct argp_option *out)
{
    memcpy(out, COMMON, sizeof COMMON);
    for (int i = 0; own != NULL && own[i].name != NULL; i++) {
        assert(i < STARTUP_OPTIONS_MAX);
        out[COMMON_COUNT + (size_t)i] =
            (struct argp_option){own[i].name, KEY_OWN + i, own[i].argument, 0, own[i].purpose, 0};
    }
}

struct startup startup_read(int argc, char **argv, const struct startup_about *about)
{
    static char version[64]; /* argp keeps a pointer to it */
    struct argp_option options[COMMON_COUNT + STARTUP_OPTIONS_MAX + 1] = {0};
    struct command_line line = {.startup = {.config = about->config, .clock = clock_system()}, .own = about->options};
    struct argp argp = {.options = options, .parser = parse_option, .doc = about->purpose};
    list_options(about->options, options);
    snprintf(version, sizeof version, "%s %s", about->program, NARVARO_VERSION);
    argp_program_version = version;
    argp_parse(&argp, argc, argv, 0, NULL, &line);
    log_open(about->program, line.debug ? LOG_DEBUG : LOG_INFO);
    return line.startup;
}

void startup_require(const struct problems *problems)
{
    if (problems->count == 0)
        return;
    problems_print(problems, stderr);
    log_fatal("settings are not right problems=%d", problems->count);
}

bool startup_would_do(const struct problems *problems)
{
    for (int i = 0; i < problems->count && i < PROBLEMS_KEPT; i++)
        log_warn("%s", problems->lines[i]);
    if (problems->count > 0)
        log_warn("the settings are not right: those in force stay problems=%d", problems->count);
    else
        log_info("the settings are right: ending, to be started with them");
    return problems->count == 0;
}
