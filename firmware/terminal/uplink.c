/* A state machine (enum link) driven by one poll loop. Callbacks of libmosquitto only note what happened; the loop
 * acts on it, and every failure ends in disconnect(), which sets the time of the next attempt. */
#include "firmware/terminal/uplink.h"

#include <errno.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include "common/clock.h"
#include "common/log.h"

#define RECONNECT_FIRST_MS  1000
#define CONNECT_PATIENCE_MS 15000 /* from the attempt to the answer to the last subscription */
#define CONNECTING_TURN_MS  20    /* polled: libmosquitto does not say what it waits for during a TLS handshake */
#define TURN_MS             1000  /* how often libmosquitto's keepalive is given a turn */
#define GOODBYE_MS          2000
#define IN_FLIGHT_MAX       8
#define ACKNOWLEDGED_MS     30000 /* the broker acknowledges something of what it owes, or the connection is given up */
#define LIBRARY_ERROR_BYTES 200
#define READ_AT_ONCE        (IN_FLIGHT_MAX + 1) /* messages that one read may bring, at most */

enum link { LINK_IDLE, LINK_CONNECTING, LINK_SUBSCRIBING, LINK_ONLINE };

struct uplink {
    const struct uplink_settings *settings;
    struct mosquitto *client; /* NULL when idle */
    enum link link;
    int64_t deadline_mono_ms; /* LINK_IDLE: when to try; connecting and subscribing: when to give up */
    int64_t backoff_ms;
    size_t subscribed, in_flight;
    int64_t acknowledged_mono_ms;            /* in_flight went down, or up from none */
    unsigned callbacks;                      /* how many have been called for a packet */
    const char *failure;                     /* why a callback found the connection useless; NULL: it did not */
    char library_error[LIBRARY_ERROR_BYTES]; /* the first error of this connection in libmosquitto's log */
    bool refusal_told;
};

static int64_t now_ms(void)
{
    struct clock machine = clock_system();
    return clock_mono_ms(&machine);
}

static void post_letter(struct uplink *uplink, enum letter_kind kind, const struct mosquitto_message *message)
{
    struct mailbox *mailbox = uplink->settings->mailbox;
    if (ring_free(&mailbox->in) == 0) {
        log_warn("message dropped: the bus thread is behind topic=%s", message != NULL ? message->topic : "");
        return;
    }
    struct letter *letter = &mailbox->letters[ring_next_put(&mailbox->in)];
    letter->kind = kind;
    if (message != NULL) {
        letter->retained = message->retain;
        letter->length = (size_t)message->payloadlen;
        strcpy(letter->topic, message->topic);
        memcpy(letter->bytes, message->payload, letter->length);
    }
    ring_put(&mailbox->in);
}

static void on_message(struct mosquitto *client, void *context, const struct mosquitto_message *message,
                       const mosquitto_property *properties)
{
    struct uplink *uplink = context;
    (void)client, (void)properties;
    uplink->callbacks++;
    if (strlen(message->topic) >= WIRE_TOPIC_BYTES || message->payloadlen > WIRE_RETAINED_BYTES_MAX)
        log_warn("message ignored: too long bytes=%d", message->payloadlen);
    else
        post_letter(uplink, LETTER_MESSAGE, message);
}

/* A broker of MQTT 3.1.1 says so in either form; libmosquitto makes one code of both. */
static const char *refusal(int code, int protocol)
{
    if (protocol == 5 && code == MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION)
        return "the broker knows no MQTT 5: set protocol = 4 in broker";
    return protocol == 5 ? mosquitto_reason_string(code) : mosquitto_connack_string(code);
}

static void on_connect(struct mosquitto *client, void *context, int code, int flags,
                       const mosquitto_property *properties)
{
    struct uplink *uplink = context;
    (void)flags, (void)properties;
    uplink->callbacks++;
    if (code != 0) {
        uplink->failure = refusal(code, uplink->settings->options->broker.protocol);
        return;
    }
    uplink->link = LINK_SUBSCRIBING;
    post_letter(uplink, LETTER_NET_UP, NULL); /* before the retained messages, which come with the first subscription */
    for (size_t i = 0; i < uplink->settings->filter_count; i++)
        if (mosquitto_subscribe(client, NULL, uplink->settings->filters[i], 1) != MOSQ_ERR_SUCCESS)
            uplink->failure = "cannot subscribe";
}

static void on_subscribe(struct mosquitto *client, void *context, int mid, int count, const int *granted,
                         const mosquitto_property *properties)
{
    struct uplink *uplink = context;
    (void)client, (void)mid, (void)properties;
    uplink->callbacks++;
    for (int i = 0; i < count; i++)
        if (granted[i] >= 128)
            uplink->failure = "the broker refuses a subscription: see its access list";
    if (++uplink->subscribed < uplink->settings->filter_count || uplink->failure != NULL)
        return;
    uplink->link = LINK_ONLINE;
    uplink->backoff_ms = RECONNECT_FIRST_MS;
    log_info("online broker=%s", uplink->settings->options->broker.host);
}

/* The broker's acknowledgement does not mean that an event is safe (docs/wire.md); it only makes room for the next
 * message. A broker may drop it for good, so its absence ends the connection. */
static void on_publish(struct mosquitto *client, void *context, int mid, int code, const mosquitto_property *properties)
{
    struct uplink *uplink = context;
    (void)client, (void)mid, (void)properties;
    uplink->callbacks++;
    if (uplink->in_flight)
        uplink->in_flight--;
    uplink->acknowledged_mono_ms = now_ms();
    if (code >= 128 && !uplink->refusal_told) {
        uplink->refusal_told = true;
        log_warn("the broker refuses what we publish reason=%s", mosquitto_reason_string(code));
    }
}

/* libmosquitto's log is the only place that says why TLS failed, for example "OpenSSL Error[0]: error:0A000418:SSL
 * routines::tlsv1 alert unknown ca". The first line is the cause. */
static void on_log(struct mosquitto *client, void *context, int level, const char *text)
{
    struct uplink *uplink = context;
    (void)client;
    if (level == MOSQ_LOG_ERR && !uplink->library_error[0])
        snprintf(uplink->library_error, sizeof uplink->library_error, "%s", text);
}

static int configure(struct uplink *uplink)
{
    const struct options *options = uplink->settings->options;
    const struct terminal_message *will = &uplink->settings->will;
    struct mosquitto *client = uplink->client;
    int code = mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION,
                                    options->broker.protocol == 5 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311);
    if (!code)
        code = mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    if (!code)
        code = mosquitto_will_set(client, will->topic, (int)will->length, will->bytes, 1, will->retained);
    if (!code && options->broker.ca_file[0])
        code = mosquitto_tls_set(client, options->broker.ca_file, NULL,
                                 options->broker.certificate_file[0] ? options->broker.certificate_file : NULL,
                                 options->broker.key_file[0] ? options->broker.key_file : NULL, NULL);
    mosquitto_log_callback_set(client, on_log);
    mosquitto_connect_v5_callback_set(client, on_connect);
    mosquitto_subscribe_v5_callback_set(client, on_subscribe);
    mosquitto_message_v5_callback_set(client, on_message);
    mosquitto_publish_v5_callback_set(client, on_publish);
    return code;
}

static int64_t jittered(int64_t wait_ms)
{
    uint32_t random = 0;
    if (getrandom(&random, sizeof random, GRND_NONBLOCK) != sizeof random)
        return wait_ms;
    return wait_ms + random % (wait_ms / 2 + 1);
}

/* In TLS 1.3 the broker checks our certificate last. The connection may be closed before the alert that says why has
 * been read, and some alerts libmosquitto reports as EPROTO only. */
#define CUT_OFF "cut off before an answer: does the broker know our certificate, has it ended or been revoked?"

/* The most specific reason that is known. `why` is a text, or NULL for libmosquitto's `code`. */
static const char *reason_of(const struct uplink *uplink, int code, const char *why)
{
    bool cut = code == MOSQ_ERR_CONN_LOST ||
               (code == MOSQ_ERR_ERRNO && (errno == ECONNRESET || errno == EPIPE || errno == EPROTO));
    if (uplink->library_error[0])
        return uplink->library_error;
    if (cut && uplink->link == LINK_CONNECTING && uplink->settings->options->broker.ca_file[0])
        return CUT_OFF;
    if (code == MOSQ_ERR_ERRNO)
        return strerror(errno);
    return why != NULL ? why : mosquitto_strerror(code);
}

static void disconnect(struct uplink *uplink, int code, const char *why)
{
    const struct options *options = uplink->settings->options;
    int64_t wait_ms = jittered(uplink->backoff_ms), most_ms = (int64_t)options->broker.reconnect_most_s * 1000;
    log_warn("offline broker=%s port=%d reason=%s retry_ms=%lld", options->broker.host, options->broker.port,
             reason_of(uplink, code, why), (long long)wait_ms);
    if (uplink->link >= LINK_SUBSCRIBING)
        post_letter(uplink, LETTER_NET_DOWN, NULL);
    mosquitto_destroy(uplink->client);
    uplink->client = NULL;
    uplink->link = LINK_IDLE;
    uplink->deadline_mono_ms = now_ms() + wait_ms;
    uplink->backoff_ms = uplink->backoff_ms * 2 < most_ms ? uplink->backoff_ms * 2 : most_ms;
}

static void try_connect(struct uplink *uplink)
{
    const struct options *options = uplink->settings->options;
    uplink->link = LINK_CONNECTING;
    uplink->deadline_mono_ms = now_ms() + CONNECT_PATIENCE_MS;
    uplink->subscribed = uplink->in_flight = 0;
    uplink->failure = NULL;
    uplink->library_error[0] = '\0';
    uplink->refusal_told = false;
    uplink->client = mosquitto_new(options->terminal.terminal, true, uplink);
    if (uplink->client == NULL) {
        disconnect(uplink, MOSQ_ERR_NOMEM, NULL);
        return;
    }
    int code = configure(uplink);
    if (!code)
        code = mosquitto_connect_async(uplink->client, options->broker.host, options->broker.port,
                                       options->broker.keepalive_s);
    if (code)
        disconnect(uplink, code, NULL);
}

/* Lets libmosquitto read, write and keep the connection alive; returns its error, or success. Nothing is read while
 * the mailbox has no room for all that one read may bring. */
static int run_client(struct uplink *uplink)
{
    struct mosquitto *client = uplink->client;
    int code = MOSQ_ERR_SUCCESS;
    unsigned before;
    do {
        before = uplink->callbacks; /* TLS may have buffered more than poll can see: read until nothing comes */
        if (ring_free(&uplink->settings->mailbox->in) >= READ_AT_ONCE + 2)
            code = mosquitto_loop_read(client, 1);
    } while (!code && uplink->callbacks != before);
    if (!code && (uplink->link == LINK_CONNECTING || mosquitto_want_write(client)))
        code = mosquitto_loop_write(client, 1);
    return code ? code : mosquitto_loop_misc(client);
}

/* Publishes only after the subscriptions were sent, so that no receipt is missed. Messages that are in the mailbox
 * while there is no connection are dropped: the engine sends events again on the next one. */
static int publish_mail(struct uplink *uplink)
{
    struct mailbox *mailbox = uplink->settings->mailbox;
    unsigned slot;
    int code = MOSQ_ERR_SUCCESS;
    while (!code && uplink->in_flight < IN_FLIGHT_MAX && ring_next_take(&mailbox->out, &slot)) {
        const struct terminal_message *message = &mailbox->messages[slot];
        if (uplink->link >= LINK_SUBSCRIBING) {
            code = mosquitto_publish(uplink->client, NULL, message->topic, (int)message->length, message->bytes, 1,
                                     message->retained);
            if (uplink->in_flight++ == 0)
                uplink->acknowledged_mono_ms = now_ms();
        }
        ring_take(&mailbox->out);
        ring_wake(&mailbox->in); /* the bus thread may be waiting for room */
    }
    return code;
}

/* libmosquitto does not notice that TCP failed while it waits to begin the TLS handshake; poll does. */
static const char *socket_failure(int fd, short revents)
{
    int why = 0;
    socklen_t size = sizeof why;
    if (!(revents & (POLLERR | POLLHUP)))
        return NULL;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &size);
    if (why == ECONNRESET || why == EPIPE)
        return CUT_OFF;
    return why ? strerror(why) : "connection refused or closed: is the broker there, does it know our certificate?";
}

static void wait_for_work(struct uplink *uplink, int64_t wait_ms)
{
    struct mailbox *mailbox = uplink->settings->mailbox;
    struct pollfd fds[2] = {{.fd = mailbox->out.wake_fd, .events = POLLIN}, {.fd = -1}};
    bool room = ring_free(&mailbox->in) >= READ_AT_ONCE + 2;
    if (uplink->client != NULL) {
        fds[1].fd = mosquitto_socket(uplink->client);
        fds[1].events = (short)((room ? POLLIN : 0) | (mosquitto_want_write(uplink->client) ? POLLOUT : 0));
    }
    if (poll(fds, 2, (int)(wait_ms > 0 ? wait_ms : 0)) > 0 && fds[0].revents)
        ring_reset_wake(&mailbox->out);
    if (uplink->client == NULL)
        return;
    const char *broken = socket_failure(fds[1].fd, fds[1].revents);
    int code = run_client(uplink); /* may know more: a TLS alert, a reason from the broker */
    if (!code && uplink->failure == NULL)
        uplink->failure = broken;
    if (!code && uplink->failure == NULL && mosquitto_socket(uplink->client) < 0)
        code = MOSQ_ERR_CONN_LOST;
    if (!code && uplink->link != LINK_ONLINE && now_ms() >= uplink->deadline_mono_ms)
        uplink->failure = "no answer in time";
    if (!code && uplink->in_flight > 0 && now_ms() - uplink->acknowledged_mono_ms >= ACKNOWLEDGED_MS)
        uplink->failure = "the broker acknowledges nothing any more";
    if (code || uplink->failure != NULL)
        disconnect(uplink, code, uplink->failure);
}

static int64_t wait_ms(const struct uplink *uplink)
{
    switch (uplink->link) {
    case LINK_IDLE:
        return uplink->deadline_mono_ms - now_ms();
    case LINK_CONNECTING:
        return CONNECTING_TURN_MS;
    case LINK_SUBSCRIBING:
    case LINK_ONLINE:
        break;
    }
    return TURN_MS;
}

/* The farewell is in the mailbox. The program ends whether or not it can be sent: without it the broker publishes
 * the will. */
static void end_session(struct uplink *uplink)
{
    int64_t until_ms = now_ms() + GOODBYE_MS;
    unsigned slot;
    while (uplink->link >= LINK_SUBSCRIBING && now_ms() < until_ms &&
           (uplink->in_flight > 0 || ring_next_take(&uplink->settings->mailbox->out, &slot))) {
        int code = publish_mail(uplink);
        if (code)
            disconnect(uplink, code, NULL);
        else
            wait_for_work(uplink, CONNECTING_TURN_MS);
    }
    if (uplink->client != NULL) {
        mosquitto_disconnect(uplink->client);
        mosquitto_loop_write(uplink->client, 1);
        mosquitto_destroy(uplink->client);
    }
}

void *uplink_run(void *settings)
{
    struct uplink uplink = {.settings = settings, .backoff_ms = RECONNECT_FIRST_MS};
    struct mailbox *mailbox = uplink.settings->mailbox;
    while (!atomic_load(&mailbox->bus_finished)) {
        if (uplink.link == LINK_IDLE && now_ms() >= uplink.deadline_mono_ms)
            try_connect(&uplink);
        int code = publish_mail(&uplink);
        if (code)
            disconnect(&uplink, code, NULL);
        wait_for_work(&uplink, wait_ms(&uplink));
    }
    end_session(&uplink);
    return NULL;
}

void uplink_library_open(void)
{
    mosquitto_lib_init();
}

void uplink_library_close(void)
{
    mosquitto_lib_cleanup();
}
