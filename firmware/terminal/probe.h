/* `narvaro-terminal --probe': what is on the line, for whoever installs a reader. It listens; asks each reader of the settings
 * as the terminal would; tries the bit rates and parities in turn for those that do not answer; and looks for a device at
 * an address that no reader has. Nothing but readings is sent. */
#ifndef FIRMWARE_TERMINAL_PROBE_H
#define FIRMWARE_TERMINAL_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "firmware/core/poller.h"
#include "firmware/terminal/options.h"

#define PROBE_LISTEN_MS 1000

/* The line, so that a test can be one. Each is false, or 0, when the device fails. */
struct probe_line {
    /* Opens it in this way, whatever it was open as before. */
    bool (*open)(void *context, int baud, char parity);
    /* What comes within so many milliseconds without our sending anything; at most `capacity` bytes. */
    size_t (*listen)(void *context, int ms, uint8_t *bytes, size_t capacity);
    /* As bus_do. */
    bool (*ask)(void *context, struct poller_job *job);
    void *context;
};

/* Writes what it finds to `out`, a line for each reader and finding. True: every reader answers as it is set. */
bool probe_run(const struct options *options, const struct probe_line *line, FILE *out);
/* The same with the real line of these settings; ends the process with what is wrong while the terminal itself has it. */
bool probe_device(const struct options *options, FILE *out);

#endif
