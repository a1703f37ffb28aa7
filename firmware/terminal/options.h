/* The terminal program's settings: config/narvaro-terminal.cfg says what each key means. */
#ifndef FIRMWARE_TERMINAL_OPTIONS_H
#define FIRMWARE_TERMINAL_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include "common/problems.h"
#include "firmware/core/profile.h"
#include "firmware/core/terminal.h"
#include "firmware/terminal/bus.h"

#define OPTIONS_HOST_BYTES 256

struct options {
    struct terminal_settings terminal;
    struct bus_peer peers[TERMINAL_READERS_MAX];   /* in the same order; host empty: on the line */
    struct profile profiles[TERMINAL_READERS_MAX]; /* of terminal.readers, in their order; count 0: a head of ours */
    char journal_path[PATH_MAX], cache_dir[PATH_MAX], token_key_path[PATH_MAX];
    char watchdog_device[PATH_MAX]; /* empty: none */
    char program_dir[PATH_MAX];     /* slots.h; empty or missing: this program is not updated */
    int journal_sectors, debounce_s, repeat_s, trial_s;
    struct {
        char host[OPTIONS_HOST_BYTES]; /* a name, an address, or with port 0 the path of a Unix socket */
        int port, protocol;            /* 5, or 4 for MQTT 3.1.1 */
        int keepalive_s, reconnect_most_s;
        char ca_file[PATH_MAX], certificate_file[PATH_MAX], key_file[PATH_MAX]; /* ca_file empty: no TLS */
    } broker;
    struct {
        char device[PATH_MAX];
        int baud;
        char parity[2]; /* "N", "E" or "O" */
        int response_timeout_ms, byte_timeout_ms, poll_ms;
    } bus;
};

/* Reads the settings alone, none of the files that they name. False when it added a problem. */
bool options_read(struct options *options, const char *path, struct problems *problems);
/* Reads settings and key file. False when it added a problem. */
bool options_load(struct options *options, const char *path, struct problems *problems);
/* The readers with an address in the network; returns how many. */
size_t options_peers(const struct options *options, struct bus_peer peers[TERMINAL_READERS_MAX]);

#endif
