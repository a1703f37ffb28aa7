/* The terminal engine's half that talks: what a message changes, and what is published (docs/wire.md). Only
 * terminal.c calls this; terminal_next, terminal_will, terminal_farewell and terminal_filters (terminal.h) are
 * implemented here too. */
#ifndef FIRMWARE_CORE_TERMINAL_WIRE_H
#define FIRMWARE_CORE_TERMINAL_WIRE_H

#include "firmware/core/terminal.h"

void terminal_wire_receive(struct terminal *terminal, const struct terminal_input *input,
                           struct terminal_answer *answer);

#endif
