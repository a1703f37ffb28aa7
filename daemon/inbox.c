/* A client of libmosquitto without its thread: the caller polls the socket. Callbacks only copy what comes into a place
 * of its source, and count. */
#include "daemon/inbox.h"

#include <assert.h>
#include <errno.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "common/log.h"

#define GOODBYE_MS        1000
#define KEEPALIVE_TURN_MS 1000  /* how often the library's keepalive is given a turn */
#define MESSAGE_IDS       65536 /* MQTT 5.0, 2.2.1 */

enum link { LINK_NONE, LINK_WAITS, LINK_UP };

struct inbox {
    struct mosquitto *mosquitto;
    struct config_broker broker;
    char filters[INBOX_FILTERS_MAX][WIRE_TOPIC_BYTES];
    size_t filter_count;
    enum link link;
    int64_t step_mono_ms, next_try_mono_ms, link_since_mono_ms;
    int retry_ms, failures;
    struct inbox_counts counts;
    size_t unsent;                      /* since the connection last took everything */
    uint64_t assured[MESSAGE_IDS / 64]; /* the ids of messages that the broker owes an acknowledgement, a bit each */
    struct waiting waiting;
    struct senders senders;
    bool narrow; /* somebody rests: all others are subscribed to by name, and the filters not */
};

/* `sender` NULL: the filters themselves; otherwise with its name in place of their beginnings. Nobody waits for the answer,
 * which a broker above its limit drops. */
static int ask(struct inbox *inbox, bool subscribe, const struct sender *sender)
{
    static char names[INBOX_FILTERS_MAX][WIRE_TOPIC_BYTES + WIRE_TOPIC_BYTES];
    char *filters[INBOX_FILTERS_MAX];
    int count = (int)inbox->filter_count;
    for (int i = 0; i < count; i++) {
        const char *filter = inbox->filters[i];
        snprintf(names[i], sizeof names[i], "%s%s", sender == NULL ? "" : sender->name,
                 sender == NULL ? filter : filter + waiting_source_length(filter));
        filters[i] = names[i];
    }
    return subscribe ? mosquitto_subscribe_multiple(inbox->mosquitto, NULL, count, filters, 0, 0, NULL)
                     : mosquitto_unsubscribe_multiple(inbox->mosquitto, NULL, count, filters, NULL);
}

/* Runs on CONNACK and subscribes; the link is up only after SUBACK. */
static void on_connect(struct mosquitto *mosquitto, void *context, int result)
{
    struct inbox *inbox = context;
    (void)mosquitto;
    if (result != 0) {
        log_warn("broker refuses us code=%d reason=\"%s\"", result,
                 inbox->broker.protocol == 5 ? mosquitto_reason_string(result) : mosquitto_connack_string(result));
        return;
    }
    senders_begin(&inbox->senders);
    inbox->narrow = false;
    int sent = ask(inbox, true, NULL);
    if (sent != MOSQ_ERR_SUCCESS)
        log_warn("cannot subscribe reason=\"%s\"", mosquitto_strerror(sent));
}

static void on_subscribe(struct mosquitto *mosquitto, void *context, int message_id, int count, const int *granted)
{
    struct inbox *inbox = context;
    (void)mosquitto;
    (void)message_id;
    for (int i = 0; i < count; i++) {
        if (granted[i] >= 0x80) {
            log_warn("broker refuses a subscription filter=%s", inbox->filters[i]);
            return;
        }
    }
    if (inbox->link == LINK_UP) /* the answer to one of follow_rests */
        return;
    inbox->link = LINK_UP;
    inbox->failures = 0;
    inbox->retry_ms = INBOX_RETRY_MS;
    log_info("connected to the broker host=%s port=%d", inbox->broker.host, inbox->broker.port);
}

static void leave_out(struct inbox *inbox, const char *topic, struct sender *sender, uint64_t *count)
{
    ++*count;
    snprintf(inbox->counts.left_out, sizeof inbox->counts.left_out, "%s", topic);
    if (sender != NULL && senders_excess(&inbox->senders, sender, inbox->step_mono_ms))
        log_warn("flooding: not listened to for a while sender=%s for_s=%d", sender->name,
                 (int)(sender->rest_ms / 1000));
}

static void on_message(struct mosquitto *mosquitto, void *context, const struct mosquitto_message *message)
{
    struct inbox *inbox = context;
    (void)mosquitto;
    inbox->counts.received++;
    size_t length = (size_t)message->payloadlen;
    bool named = strlen(message->topic) < WIRE_TOPIC_BYTES;
    struct sender *sender = named ? senders_heard(&inbox->senders, message->topic) : NULL;
    if (length > WIRE_MESSAGE_BYTES_MAX || !named) {
        leave_out(inbox, message->topic, sender, &inbox->counts.oversized);
        return;
    }
    struct message *place = waiting_add(&inbox->waiting, message->topic, inbox->step_mono_ms);
    if (place == NULL) {
        leave_out(inbox, message->topic, inbox->waiting.count < WAITING_MAX ? sender : NULL, &inbox->counts.dropped);
        return;
    }
    place->length = length;
    place->retained = message->retain;
    if (length > 0)
        memcpy(place->bytes, message->payload, length);
}

/* The library calls it for messages of QoS 0, too, as soon as they are written. */
static void on_publish(struct mosquitto *mosquitto, void *context, int message_id)
{
    struct inbox *inbox = context;
    uint64_t *word = &inbox->assured[(uint16_t)message_id / 64], bit = UINT64_C(1) << message_id % 64;
    (void)mosquitto;
    if ((*word & bit) == 0)
        return;
    *word &= ~bit;
    inbox->counts.outstanding--;
    inbox->counts.acknowledged++;
}

static const char *configure(struct inbox *inbox, const struct message *will)
{
    struct mosquitto *mosquitto = inbox->mosquitto;
    const struct config_broker *broker = &inbox->broker;
    int version = broker->protocol == 5 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311;
    int result = mosquitto_int_option(mosquitto, MOSQ_OPT_PROTOCOL_VERSION, version);
    if (result == MOSQ_ERR_SUCCESS) /* else Nagle's algorithm delays receipts */
        result = mosquitto_int_option(mosquitto, MOSQ_OPT_TCP_NODELAY, 1);
    if (result == MOSQ_ERR_SUCCESS)
        result = mosquitto_will_set(mosquitto, will->topic, (int)will->length, will->bytes, 1, true);
    if (result == MOSQ_ERR_SUCCESS && broker->ca_file[0] != '\0')
        result = mosquitto_tls_set(mosquitto, broker->ca_file, NULL,
                                   broker->certificate_file[0] == '\0' ? NULL : broker->certificate_file,
                                   broker->key_file[0] == '\0' ? NULL : broker->key_file, NULL);
    if (result != MOSQ_ERR_SUCCESS)
        return mosquitto_strerror(result);
    mosquitto_connect_callback_set(mosquitto, on_connect);
    mosquitto_subscribe_callback_set(mosquitto, on_subscribe);
    mosquitto_message_callback_set(mosquitto, on_message);
    mosquitto_publish_callback_set(mosquitto, on_publish);
    return NULL;
}

struct inbox *inbox_open(const struct config_broker *broker, const char *client_id, const struct message *will,
                         const char (*filters)[WIRE_TOPIC_BYTES], size_t filter_count, const char **why)
{
    assert(filter_count <= INBOX_FILTERS_MAX);
    struct inbox *inbox = calloc(1, sizeof *inbox);
    if (inbox == NULL) {
        *why = "out of memory";
        return NULL;
    }
    mosquitto_lib_init();
    inbox->broker = *broker;
    inbox->retry_ms = INBOX_RETRY_MS;
    inbox->filter_count = filter_count;
    memcpy(inbox->filters, filters, filter_count * sizeof inbox->filters[0]);
    inbox->mosquitto = mosquitto_new(client_id, true, inbox);
    *why = inbox->mosquitto == NULL ? "out of memory" : configure(inbox, will);
    if (*why == NULL) {
        senders_heard(&inbox->senders, will->topic); /* what we say comes back: we are to be heard whoever rests */
        return inbox;
    }
    mosquitto_destroy(inbox->mosquitto);
    mosquitto_lib_cleanup();
    free(inbox);
    return NULL;
}

static const char *reason(int result)
{
    return result == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(result);
}

/* Logs the first failure and then every tenth. */
static void lose_link(struct inbox *inbox, const char *why, int64_t mono_ms)
{
    if (inbox->link == LINK_UP || inbox->failures % 10 == 0)
        log_warn("no connection to the broker host=%s port=%d reason=\"%s\" again_in_ms=%d", inbox->broker.host,
                 inbox->broker.port, why, inbox->retry_ms);
    inbox->failures++;
    inbox->link = LINK_NONE;
    inbox->next_try_mono_ms = mono_ms + inbox->retry_ms;
    inbox->retry_ms = inbox->retry_ms * 2 < INBOX_RETRY_MS_MAX ? inbox->retry_ms * 2 : INBOX_RETRY_MS_MAX;
}

static void try_connecting(struct inbox *inbox, int64_t mono_ms)
{
    if (mono_ms < inbox->next_try_mono_ms)
        return;
    int result = mosquitto_connect(inbox->mosquitto, inbox->broker.host, inbox->broker.port, inbox->broker.keepalive_s);
    if (result != MOSQ_ERR_SUCCESS) {
        lose_link(inbox, reason(result), mono_ms);
        return;
    }
    inbox->link = LINK_WAITS;
    inbox->link_since_mono_ms = mono_ms;
}

/* One call reads one packet, or as many as wait for the broker's acknowledgement: hence the headroom. */
static int read_messages(struct inbox *inbox)
{
    for (int i = 0; i < INBOX_READS_MAX && inbox->waiting.count < INBOX_READ_BELOW; i++) {
        uint64_t before = inbox->counts.received;
        int result = mosquitto_loop_read(inbox->mosquitto, 1);
        if (result != MOSQ_ERR_SUCCESS)
            return result;
        if (inbox->counts.received == before || inbox->senders.changed)
            break;
    }
    return MOSQ_ERR_SUCCESS;
}

/* The wide filters cannot leave one out. In this order nobody is unheard in between; what comes twice is a repeat. */
static int follow_rests(struct inbox *inbox, int64_t mono_ms)
{
    struct senders *senders = &inbox->senders;
    senders_wake(senders, mono_ms);
    if (!senders->changed)
        return MOSQ_ERR_SUCCESS;
    senders->changed = false;
    bool narrow = senders->resting > 0;
    int result = inbox->narrow && !narrow ? ask(inbox, true, NULL) : MOSQ_ERR_SUCCESS;
    for (size_t i = 0; i < senders->count && result == MOSQ_ERR_SUCCESS; i++) {
        struct sender *sender = &senders->list[i];
        bool by_name = narrow && !sender->rests;
        if (sender->by_name != by_name)
            result = ask(inbox, by_name, sender);
        sender->by_name = by_name;
    }
    if (result == MOSQ_ERR_SUCCESS && !inbox->narrow && narrow)
        result = ask(inbox, false, NULL);
    inbox->narrow = narrow;
    return result;
}

void inbox_step(struct inbox *inbox, int64_t mono_ms)
{
    inbox->step_mono_ms = mono_ms;
    if (inbox->link == LINK_NONE) {
        try_connecting(inbox, mono_ms);
        return;
    }
    int result = read_messages(inbox);
    if (result == MOSQ_ERR_SUCCESS && inbox->link == LINK_UP)
        result = follow_rests(inbox, mono_ms);
    if (result == MOSQ_ERR_SUCCESS && mosquitto_want_write(inbox->mosquitto))
        result = mosquitto_loop_write(inbox->mosquitto, 1);
    if (!mosquitto_want_write(inbox->mosquitto))
        inbox->unsent = 0;
    if (result == MOSQ_ERR_SUCCESS)
        result = mosquitto_loop_misc(inbox->mosquitto);
    if (result != MOSQ_ERR_SUCCESS || mosquitto_socket(inbox->mosquitto) < 0)
        lose_link(inbox, result == MOSQ_ERR_SUCCESS ? "closed" : reason(result), mono_ms);
    else if (inbox->link == LINK_WAITS && mono_ms - inbox->link_since_mono_ms > INBOX_SILENCE_MS)
        inbox_reconnect(inbox, "no answer", mono_ms);
}

void inbox_reconnect(struct inbox *inbox, const char *why, int64_t mono_ms)
{
    mosquitto_disconnect(inbox->mosquitto);
    lose_link(inbox, why, mono_ms);
}

bool inbox_link_up(const struct inbox *inbox)
{
    return inbox->link == LINK_UP;
}

struct pollfd inbox_poll(const struct inbox *inbox)
{
    struct pollfd fd = {.fd = -1, .events = POLLIN};
    if (inbox->link == LINK_NONE)
        return fd;
    fd.fd = mosquitto_socket(inbox->mosquitto);
    if (mosquitto_want_write(inbox->mosquitto))
        fd.events |= POLLOUT;
    return fd;
}

int inbox_wake_ms(const struct inbox *inbox, int64_t mono_ms)
{
    int64_t turn_ms = waiting_wake_ms(&inbox->waiting, mono_ms);
    int64_t wait_ms = inbox->link != LINK_NONE ? KEEPALIVE_TURN_MS : inbox->next_try_mono_ms - mono_ms;
    wait_ms = turn_ms < wait_ms ? turn_ms : wait_ms;
    return wait_ms < 0 ? 0 : (int)wait_ms;
}

const struct message *inbox_first(struct inbox *inbox, int64_t mono_ms)
{
    return waiting_first(&inbox->waiting, mono_ms);
}

void inbox_drop(struct inbox *inbox)
{
    waiting_drop(&inbox->waiting);
}

/* While disconnected the library would queue without limit, and answer that it did not; and so it does for a connection
 * that takes nothing. */
bool inbox_send(struct inbox *inbox, const char *topic, const char *bytes, size_t length, bool retained, bool assured)
{
    int id;
    if (inbox->link != LINK_UP || inbox->unsent >= INBOX_UNSENT_MAX ||
        mosquitto_publish(inbox->mosquitto, &id, topic, (int)length, bytes, assured, retained) != MOSQ_ERR_SUCCESS)
        return false;
    inbox->unsent = mosquitto_want_write(inbox->mosquitto) ? inbox->unsent + 1 : 0;
    if (assured) {
        inbox->assured[(uint16_t)id / 64] |= UINT64_C(1) << id % 64;
        inbox->counts.outstanding++;
    }
    return true;
}

const struct inbox_counts *inbox_counts(const struct inbox *inbox)
{
    return &inbox->counts;
}

static void say_goodbye(struct inbox *inbox, const struct message *last)
{
    if (!inbox_send(inbox, last->topic, last->bytes, last->length, true, false))
        return;
    for (int waited_ms = 0; waited_ms < GOODBYE_MS && mosquitto_want_write(inbox->mosquitto); waited_ms += 10) {
        if (mosquitto_loop_write(inbox->mosquitto, 1) != MOSQ_ERR_SUCCESS)
            return;
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
}

void inbox_close(struct inbox *inbox, const struct message *last)
{
    say_goodbye(inbox, last);
    mosquitto_disconnect(inbox->mosquitto);
    for (int i = 0; i < 10 && mosquitto_want_write(inbox->mosquitto); i++) /* else the will is published, too */
        mosquitto_loop_write(inbox->mosquitto, 1);
    mosquitto_destroy(inbox->mosquitto);
    mosquitto_lib_cleanup();
    free(inbox);
}
