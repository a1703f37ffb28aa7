/* The two queues between the bus thread, which owns engine and journal, and the net thread, which owns the
 * connection. A letter is what the net thread passes on: a message, or that the connection has come up or gone down. */
#ifndef FIRMWARE_TERMINAL_MAILBOX_H
#define FIRMWARE_TERMINAL_MAILBOX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include "common/wire.h"
#include "firmware/core/terminal.h"
#include "firmware/terminal/ring.h"

#define MAILBOX_IN_SLOTS  16 /* when few are free the net thread stops reading, and TCP holds the broker back */
#define MAILBOX_OUT_SLOTS 8  /* when none is free the engine is not asked for messages */

enum letter_kind { LETTER_NET_UP, LETTER_NET_DOWN, LETTER_MESSAGE };

struct letter {
    enum letter_kind kind;
    bool retained;
    size_t length;
    char topic[WIRE_TOPIC_BYTES];
    char bytes[WIRE_RETAINED_BYTES_MAX];
};

struct mailbox {
    struct ring in, out; /* in: net → bus, out: bus → net */
    struct letter letters[MAILBOX_IN_SLOTS];
    struct terminal_message messages[MAILBOX_OUT_SLOTS];
    atomic_bool stopping;     /* set by a signal: the bus thread ends */
    atomic_bool bus_finished; /* the last message is in `out`: the net thread sends it and ends */
};

#endif
