/* The messages that have come and wait for their turn, a queue for each source, which take turns: whoever sends as fast as
 * it can delays nobody else. A source has WAITING_EACH_MAX places at most; what finds none is not taken, and its sender
 * repeats it, because no receipt comes. And it gets at most a turn every WAITING_EVERY_MS, once it has had
 * WAITING_AT_ONCE: the processor is needed for reading what the others send.
 *
 * A source is all of a topic before its last slash: a terminal, which the broker lets write under its own name alone. */
#ifndef DAEMON_WAITING_H
#define DAEMON_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/wire.h"

#define WAITING_MAX      1024
#define WAITING_EACH_MAX 16 /* a terminal sends at most 4 before a receipt comes (docs/wire.md), and its states */
#define WAITING_AT_ONCE  8  /* fewer than its places: who sends on and on is never without one that waits */
#define WAITING_EVERY_MS 2  /* of one source, in the long run: 500 messages of up to 32 events a second */

struct message {
    char topic[WIRE_TOPIC_BYTES];
    size_t length;
    bool retained;
    char bytes[WIRE_MESSAGE_BYTES_MAX];
};

struct waiting_source {
    char name[WIRE_TOPIC_BYTES];
    uint16_t count, first, last; /* its places */
    uint16_t next;               /* the source after it */
    int64_t due_mono_ms;         /* its next turn, at the earliest */
};

/* Starts as all zero. Places are taken anew before untouched ones, so that memory never needed stays untouched. */
struct waiting {
    size_t count;
    uint16_t source_count, touched, free_count, touched_sources, free_source_count;
    uint16_t first_source, last_source; /* whose turn is next, and last; when there are any */
    uint16_t next[WAITING_MAX];         /* of the same source, by place */
    uint16_t free[WAITING_MAX], free_sources[WAITING_MAX];
    struct waiting_source sources[WAITING_MAX];
    struct message messages[WAITING_MAX];
};

/* How much of a topic names its source. */
size_t waiting_source_length(const char *topic);
/* A place for a message of that topic, which is written into it; the rest is the caller's to fill. NULL: none is left for
 * its source. */
struct message *waiting_add(struct waiting *waiting, const char *topic, int64_t mono_ms);
/* Whose turn it is, valid until waiting_drop, which must follow; NULL when nothing waits, or nothing has its turn yet. */
const struct message *waiting_first(struct waiting *waiting, int64_t mono_ms);
void waiting_drop(struct waiting *waiting);
/* In how many milliseconds something has its turn; INT64_MAX: nothing waits. */
int64_t waiting_wake_ms(const struct waiting *waiting, int64_t mono_ms);

#endif
