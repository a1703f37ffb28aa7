/* Who has been heard, and who floods: a sender of which more than SENDERS_EXCESS_MAX messages a second find no place
 * (waiting.h) rests, and is not listened to meanwhile. Reading and dropping would not do, for what fills the broker's queue for
 * us is dropped there, whoever sent it. A sender with a receipt to wait for never comes near: it has 4 messages under way
 * (docs/wire.md), and after its rest it sends again what has none.
 *
 * Pure: told of what comes, by a monotonic clock, it says who rests; the subscriptions are the inbox's. */
#ifndef DAEMON_SENDERS_H
#define DAEMON_SENDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/wire.h"

#define SENDERS_MAX         1024 /* as many as a school has terminals (school.h), and ourselves */
#define SENDERS_EXCESS_MAX  64   /* messages without a place, in SENDERS_WINDOW_MS */
#define SENDERS_WINDOW_MS   1000
#define SENDERS_REST_MS     30000  /* doubled when it floods again within SENDERS_CALM_MS after its rest … */
#define SENDERS_REST_MS_MAX 240000 /* … up to here: who has come to its senses is heard within four minutes */
#define SENDERS_CALM_MS     300000

struct sender {
    char name[WIRE_TOPIC_BYTES]; /* the source of its topics (waiting.h) */
    bool rests;
    bool by_name; /* the inbox's: subscribed to by its name */
    uint32_t excess;
    int64_t excess_since_mono_ms;   /* in the window that began then */
    int64_t rest_ms, until_mono_ms; /* its latest rest; 0: none yet */
};

/* Starts as all zero. */
struct senders {
    size_t count, resting, latest;
    bool changed;         /* somebody's rest has begun or ended; the inbox takes it back */
    int64_t wake_mono_ms; /* when somebody rests: the next end of a rest */
    struct sender list[SENDERS_MAX];
};

/* The sender of that topic, remembered from now on; NULL when there are SENDERS_MAX others. */
struct sender *senders_heard(struct senders *senders, const char *topic);
/* A message of it found no place. True: its rest begins with this one. */
bool senders_excess(struct senders *senders, struct sender *sender, int64_t mono_ms);
/* Ends the rests that are over. */
void senders_wake(struct senders *senders, int64_t mono_ms);
/* Nobody rests, and nobody is subscribed to by name: a new connection. Who floods again soon rests for longer all the same. */
void senders_begin(struct senders *senders);

#endif
