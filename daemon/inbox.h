/* The connection to the broker, and the fixed slots into which its library's callback copies what arrives. The only file
 * of the daemon that knows libmosquitto.
 *
 * The callback copies and returns. When every slot is taken a message is dropped: no receipt, so the terminal repeats,
 * and back-pressure costs no code. The library's acknowledgement (sent before the callback runs) means nothing to us.
 * Its loop is driven from the owner's poll loop, and reconnecting is ours: the library's own gives up for good on
 * some errors. The broker keeps our session for an hour as a comfort; nothing relies on it. */
#ifndef DAEMON_INBOX_H
#define DAEMON_INBOX_H

#include <poll.h>
#include "common/wire.h"
#include "daemon/config.h"

#define INBOX_SLOTS        1024
#define INBOX_READ_BELOW   256 /* for one commit; one read of the library can bring many: headroom for them */
#define INBOX_RETRY_MS     500 /* doubled after each failure … */
#define INBOX_RETRY_MS_MAX 15000
#define INBOX_SILENCE_MS   20000 /* no CONNACK or SUBACK for so long: begin again */
#define INBOX_FILTERS_MAX  4

struct inbox_message {
    char topic[WIRE_TOPIC_BYTES];
    size_t length;
    bool retained;
    char bytes[WIRE_MESSAGE_BYTES_MAX];
};

struct inbox_counts {
    uint64_t received, dropped, oversized;
};

struct inbox;

/* `will`: what the broker says (retained) when we vanish. Copies what it needs. NULL with one sentence in *why. */
struct inbox *inbox_open(const struct config_broker *broker, const char *client_id, const struct inbox_message *will,
                         const char (*filters)[WIRE_TOPIC_BYTES], size_t filter_count, const char **why);
/* Says goodbye with `last` (retained), waiting for at most a second. */
void inbox_close(struct inbox *inbox, const struct inbox_message *last);

/* What to wait for; fd -1 when there is no connection. */
struct pollfd inbox_poll(const struct inbox *inbox);
int inbox_wake_ms(const struct inbox *inbox, int64_t mono_ms);
/* Connects, reads, writes, as far as it goes without waiting. */
void inbox_step(struct inbox *inbox, int64_t mono_ms);
bool inbox_link_up(const struct inbox *inbox); /* connected and subscribed */

/* The oldest message, valid until inbox_drop; NULL when there is none. */
const struct inbox_message *inbox_first(const struct inbox *inbox);
void inbox_drop(struct inbox *inbox);
bool inbox_send(struct inbox *inbox, const char *topic, const char *bytes, size_t length, bool retained);
const struct inbox_counts *inbox_counts(const struct inbox *inbox);

#endif
