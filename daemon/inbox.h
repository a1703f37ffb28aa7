/* The connection to the broker, and the places into which its library's callback copies what arrives. The only file of the
 * daemon that knows libmosquitto.
 *
 * The callback copies and returns. A message that finds no place (waiting.h) is dropped: no receipt, so the terminal
 * repeats it. What one source sends too much is read and dropped, and when it goes on, it is not subscribed to
 * for a while (senders.h); while all together are too much nothing is read, and the broker drops. We subscribe at QoS 0: an acknowledgement would mean
 * nothing to us, and the broker gives a client that owes some no further message. The library's loop is driven from the
 * owner's poll loop, and reconnecting is ours: the library's own gives up for good on some errors. */
#ifndef DAEMON_INBOX_H
#define DAEMON_INBOX_H

#include <poll.h>
#include "common/wire.h"
#include "daemon/config.h"
#include "daemon/senders.h"
#include "daemon/waiting.h"

#define INBOX_READ_BELOW   768  /* places taken; one read of the library can bring many: headroom for them */
#define INBOX_READS_MAX    4096 /* messages read in one step, however many wait: a turn must follow */
#define INBOX_UNSENT_MAX   4096 /* messages that the library could not write to the connection yet */
#define INBOX_RETRY_MS     500  /* doubled after each failure … */
#define INBOX_RETRY_MS_MAX 15000
#define INBOX_SILENCE_MS   20000 /* no CONNACK or SUBACK for so long: begin again */
#define INBOX_FILTERS_MAX  4

struct inbox_counts {
    uint64_t received, dropped, oversized; /* dropped: found no place */
    uint64_t acknowledged;                 /* assured messages that the broker has acknowledged */
    size_t outstanding;                    /* and those that it has not */
    char left_out[WIRE_TOPIC_BYTES];       /* of the latest message that was dropped or oversized */
};

struct inbox;

/* `will`: what the broker says (retained) when we vanish. Copies what it needs. NULL with one sentence in *why. */
struct inbox *inbox_open(const struct config_broker *broker, const char *client_id, const struct message *will,
                         const char (*filters)[WIRE_TOPIC_BYTES], size_t filter_count, const char **why);
/* Says goodbye with `last` (retained), waiting for at most a second. */
void inbox_close(struct inbox *inbox, const struct message *last);

/* What to wait for; fd -1 when there is no connection. */
struct pollfd inbox_poll(const struct inbox *inbox);
int inbox_wake_ms(const struct inbox *inbox, int64_t mono_ms);
/* Connects, reads, writes, as far as it goes without waiting. */
void inbox_step(struct inbox *inbox, int64_t mono_ms);
bool inbox_link_up(const struct inbox *inbox); /* connected and subscribed */
/* Gives this connection up and makes a new one. */
void inbox_reconnect(struct inbox *inbox, const char *why, int64_t mono_ms);

/* The message whose turn it is (waiting.h), valid until inbox_drop, which must follow; NULL when there is none. */
const struct message *inbox_first(struct inbox *inbox, int64_t mono_ms);
void inbox_drop(struct inbox *inbox);
/* `assured`: the broker acknowledges it, and gets it again on the next connection until it does; otherwise it goes once.
 * False: not taken. */
bool inbox_send(struct inbox *inbox, const char *topic, const char *bytes, size_t length, bool retained, bool assured);
const struct inbox_counts *inbox_counts(const struct inbox *inbox);

#endif
