/* The bus thread: polls the readers, drives the engine, exchanges messages with the net thread. Only it uses engine and
 * journal.
 *
 * It feeds the watchdog, but only while the bus is being served and the journal can be written. Trying to open a
 * missing adapter is service too: a restart would not bring it back. The network does not count: pupils are answered
 * without it. */
#ifndef FIRMWARE_TERMINAL_BUSLOOP_H
#define FIRMWARE_TERMINAL_BUSLOOP_H

#include <stdbool.h>
#include "common/watchdog.h"
#include "firmware/core/terminal.h"
#include "firmware/terminal/mailbox.h"
#include "firmware/terminal/options.h"
#include "firmware/terminal/trial.h"

struct busloop {
    const struct options *options;
    struct terminal *terminal; /* opened */
    struct mailbox *mailbox;
    struct watchdog *watchdog;
    struct trial *trial;
    bool demo_clock; /* the clock is not the machine's */
};

/* Passes the cached messages to the engine; before the threads start. */
void busloop_recall(struct busloop *loop);
/* Runs until mailbox->stopping, a command asks for a restart, the journal has failed or a trial is given up; then
 * puts the farewell into the mailbox. Returns the program's exit status. */
int busloop_run(const struct busloop *loop);

#endif
