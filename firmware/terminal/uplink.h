/* The net thread: the connection to the broker. The only file of the terminal that uses libmosquitto.
 *
 * It has its own poll loop and its own reconnection (libmosquitto's stops for good on a TLS error): after 1 s,
 * doubled up to the settings' limit, plus up to half of that at random, so that after a power cut the terminals do
 * not come back all at once. Each attempt begins with a new client: nothing old is queued inside the library, new
 * certificates are read. */
#ifndef FIRMWARE_TERMINAL_UPLINK_H
#define FIRMWARE_TERMINAL_UPLINK_H

#include <stddef.h>
#include "firmware/core/terminal.h"
#include "firmware/terminal/mailbox.h"
#include "firmware/terminal/options.h"

struct uplink_settings {
    const struct options *options;
    struct mailbox *mailbox;
    struct terminal_message will;
    char filters[TERMINAL_FILTERS][WIRE_TOPIC_BYTES];
    size_t filter_count;
};

void uplink_library_open(void);
void uplink_library_close(void);
/* Runs until mailbox->bus_finished; then sends what is left, disconnects and returns. For pthread_create. */
void *uplink_run(void *settings);

#endif
