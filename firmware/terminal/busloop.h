/* The bus thread: polls the readers, drives the engine, hands messages over. It alone touches engine and journal.
 *
 * It feeds the watchdog, and only while something is done for the bus and the journal can be written. A missing adapter is
 * tried again and counts: no restart brings it back. The network does not count at all: pupils are answered without it. */
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

/* Feeds the engine what the cache holds. */
void busloop_recall(struct busloop *loop);
/* Runs until mailbox->stopping, a command asks for a restart, the journal has failed for good or a trial is given up; then puts
 * the farewell into the mailbox. Returns the program's exit status. */
int busloop_run(const struct busloop *loop);

#endif
