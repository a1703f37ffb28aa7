/* Terminals without readers, for measuring what comes after them: publishes taps in each terminal's order, keeps to a
 * window, and listens for the receipts. And a consumer that only counts, which shows what the broker itself can deliver.
 *
 *     bench-ingest count SOCKET MESSAGES                         to be the consumer
 *     bench-ingest publish PORT EVENTS BATCH RECEIPTS RATE      so many events, BATCH in a message, over TERMINALS
 *
 * RECEIPTS: 1 = each terminal waits for them too. RATE: events a second of all terminals together; 0 = as fast as it goes.
 * Prints one line of JSON. */
#include <assert.h>
#include <mosquitto.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include "common/wire.h"

#define SCHOOL      "bench"
#define TERMINALS   50
#define THREADS     2
#define WINDOW      4  /* messages that the broker has not acknowledged */
#define BATCHES_OUT 16 /* messages without a receipt: together fewer than the broker's queue holds */
#define CARDS       1000
#define FIRST_TOKEN 1000000 /* of tests/schoolyear.mjs */
#define KEEPALIVE_S 60
#define STALLED_NS  (10 * INT64_C(1000000000))

struct terminal {
    struct mosquitto *mosquitto;
    char topic[WIRE_TOPIC_BYTES], receipts[WIRE_TOPIC_BYTES], id[16];
    bool subscribed;
    uint32_t messages, sent, acknowledged, safe; /* messages; safe = a receipt covers them */
    char **bytes;
    int *lengths;
    int64_t *sent_ns, *safe_ns;
};

struct load {
    int port;
    uint32_t events, batch, rate;
    bool receipts;
    struct terminal terminals[TERMINALS];
    int64_t start_ns;
};

struct part {
    struct load *load;
    pthread_t thread;
    struct terminal *first;
    int count;
};

static void demand(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "bench-ingest: %s\n", what);
    exit(1);
}

static int64_t clock_ns(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static struct mosquitto *make_client(const char *id, void *context)
{
    struct mosquitto *mosquitto = mosquitto_new(id, true, context);
    demand(mosquitto != NULL, "no memory");
    mosquitto_int_option(mosquitto, MOSQ_OPT_TCP_NODELAY, 1);
    return mosquitto;
}

/* The counting consumer. */

struct counting {
    uint64_t messages;
    int64_t last_ns;
};

static void subscribe_all(struct mosquitto *mosquitto, void *context, int result)
{
    (void)context;
    demand(result == 0, "the broker refuses the consumer");
    mosquitto_subscribe(mosquitto, NULL, "narvaro/1/" SCHOOL "/+/event", 1);
}

static void say_ready(struct mosquitto *mosquitto, void *context, int id, int count, const int *granted)
{
    (void)mosquitto, (void)context, (void)id, (void)count, (void)granted;
    puts("ready");
    fflush(stdout);
}

static void count_message(struct mosquitto *mosquitto, void *context, const struct mosquitto_message *message)
{
    struct counting *counting = context;
    (void)mosquitto, (void)message;
    counting->messages++;
    counting->last_ns = clock_ns(CLOCK_MONOTONIC);
}

static int count(const char *socket, uint64_t wanted)
{
    struct counting counting = {0};
    struct rusage usage;
    struct mosquitto *mosquitto = make_client("counting", &counting);
    mosquitto_connect_callback_set(mosquitto, subscribe_all);
    mosquitto_subscribe_callback_set(mosquitto, say_ready);
    mosquitto_message_callback_set(mosquitto, count_message);
    demand(mosquitto_connect(mosquitto, socket, 0, KEEPALIVE_S) == MOSQ_ERR_SUCCESS, "the consumer cannot connect");
    while (counting.messages < wanted) {
        demand(mosquitto_loop(mosquitto, 1000, 1) == MOSQ_ERR_SUCCESS, "the consumer lost its connection");
        demand(counting.messages == 0 || clock_ns(CLOCK_MONOTONIC) - counting.last_ns < STALLED_NS,
               "the broker has dropped messages for the consumer");
    }
    getrusage(RUSAGE_SELF, &usage);
    double cpu_s = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                   (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    printf("{\"end_ns\":%lld,\"cpu_s\":%.6f}\n", (long long)counting.last_ns, cpu_s);
    return 0;
}

/* The terminals. */

static void subscribe_receipts(struct mosquitto *mosquitto, void *context, int result)
{
    struct terminal *terminal = context;
    demand(result == 0, "the broker refuses a terminal");
    mosquitto_subscribe(mosquitto, NULL, terminal->receipts, 1);
}

static void note_subscribed(struct mosquitto *mosquitto, void *context, int id, int count, const int *granted)
{
    (void)mosquitto, (void)id, (void)count, (void)granted;
    ((struct terminal *)context)->subscribed = true;
}

static void note_acknowledged(struct mosquitto *mosquitto, void *context, int id)
{
    (void)mosquitto, (void)id;
    ((struct terminal *)context)->acknowledged++;
}

/* The sequence in a message's last event is BATCH times its number. */
static void take_receipt(struct mosquitto *mosquitto, void *context, const struct mosquitto_message *message)
{
    struct terminal *terminal = context;
    struct wire_receipt receipt;
    const char *why;
    (void)mosquitto;
    int64_t now_ns = clock_ns(CLOCK_MONOTONIC);
    demand(wire_decode_receipt(message->payload, (size_t)message->payloadlen, &receipt, &why) == 0,
           "a receipt is no receipt");
    demand(receipt.refused_count == 0, "the daemon refuses a tap");
    uint32_t batch = (uint32_t)terminal->lengths[terminal->messages];
    for (; terminal->safe < terminal->sent && (uint64_t)batch * (terminal->safe + 1) <= receipt.upto; terminal->safe++)
        terminal->safe_ns[terminal->safe] = now_ns;
}

static void write_message(struct terminal *terminal, uint32_t message, uint32_t batch, int64_t at_ms,
                          uint64_t generation)
{
    struct event events[WIRE_EVENTS_MAX];
    char bytes[WIRE_MESSAGE_BYTES_MAX];
    for (uint32_t i = 0; i < batch; i++) {
        uint64_t sequence = (uint64_t)message * batch + i + 1;
        events[i] = (struct event){.generation = generation,
                                   .sequence = sequence,
                                   .last_sequence = sequence,
                                   .oldest = 1,
                                   .kind = EVENT_TAP,
                                   .boot = 1,
                                   .mono_ms = (int64_t)sequence,
                                   .at_ms = at_ms,
                                   .clock = CLOCK_SYNCED,
                                   .token = FIRST_TOKEN + (sequence * 7 + generation) % CARDS,
                                   .reader = 1,
                                   .feedback = FEEDBACK_OK};
    }
    int length = wire_encode_events(events, batch, bytes, sizeof bytes);
    demand(length > 0 && (terminal->bytes[message] = malloc((size_t)length)) != NULL, "no message");
    memcpy(terminal->bytes[message], bytes, (size_t)length);
    terminal->lengths[message] = length;
}

static void prepare(struct load *load, int index)
{
    struct terminal *terminal = &load->terminals[index];
    snprintf(terminal->id, sizeof terminal->id, "t-%d", index % 40);
    if (index >= 40) /* more terminals than rooms: still each its own */
        snprintf(terminal->id, sizeof terminal->id, "extra-%d", index);
    wire_topic(terminal->topic, SCHOOL, terminal->id, "event");
    wire_topic(terminal->receipts, SCHOOL, terminal->id, "receipt");
    terminal->messages = load->events / TERMINALS / load->batch;
    size_t n = terminal->messages;
    terminal->bytes = calloc(n, sizeof *terminal->bytes);
    terminal->lengths = calloc(n + 1, sizeof *terminal->lengths);
    terminal->sent_ns = calloc(n, sizeof *terminal->sent_ns);
    terminal->safe_ns = calloc(n, sizeof *terminal->safe_ns);
    demand(n > 0 && terminal->bytes != NULL && terminal->lengths != NULL && terminal->sent_ns != NULL &&
               terminal->safe_ns != NULL,
           "no memory");
    int64_t at_ms = clock_ns(CLOCK_REALTIME) / 1000000;
    uint64_t generation = (uint64_t)clock_ns(CLOCK_REALTIME);
    for (uint32_t i = 0; i < n; i++)
        write_message(terminal, i, load->batch, at_ms, generation);
    terminal->lengths[n] = (int)load->batch;
    terminal->mosquitto = make_client(terminal->id, terminal);
    mosquitto_connect_callback_set(terminal->mosquitto, subscribe_receipts);
    mosquitto_subscribe_callback_set(terminal->mosquitto, note_subscribed);
    mosquitto_publish_callback_set(terminal->mosquitto, note_acknowledged);
    mosquitto_message_callback_set(terminal->mosquitto, take_receipt);
    demand(mosquitto_connect(terminal->mosquitto, "127.0.0.1", load->port, KEEPALIVE_S) == MOSQ_ERR_SUCCESS,
           "a terminal cannot connect");
    while (!terminal->subscribed)
        demand(mosquitto_loop(terminal->mosquitto, 1000, 1) == MOSQ_ERR_SUCCESS, "a terminal lost its connection");
}

/* When a terminal's next message may go at the earliest. */
static int64_t due_ns(const struct load *load, const struct terminal *terminal)
{
    if (load->rate == 0)
        return 0;
    uint64_t before = (uint64_t)terminal->sent * TERMINALS + (uint64_t)(terminal - load->terminals);
    return load->start_ns + (int64_t)(before * load->batch * UINT64_C(1000000000) / load->rate);
}

static void publish_due(const struct load *load, struct terminal *terminal)
{
    while (terminal->sent < terminal->messages && terminal->sent - terminal->acknowledged < WINDOW &&
           (!load->receipts || terminal->sent - terminal->safe < BATCHES_OUT)) {
        int64_t now_ns = clock_ns(CLOCK_MONOTONIC);
        if (now_ns < due_ns(load, terminal))
            return;
        uint32_t i = terminal->sent++;
        terminal->sent_ns[i] = now_ns;
        demand(mosquitto_publish(terminal->mosquitto, NULL, terminal->topic, terminal->lengths[i], terminal->bytes[i],
                                 1, false) == MOSQ_ERR_SUCCESS,
               "a terminal cannot publish");
    }
}

static bool is_done(const struct load *load, const struct terminal *terminal)
{
    return (load->receipts ? terminal->safe : terminal->acknowledged) == terminal->messages;
}

static int64_t next_due_ns(const struct part *part)
{
    int64_t next_ns = INT64_MAX;
    for (int i = 0; i < part->count; i++) {
        const struct terminal *terminal = &part->first[i];
        int64_t due = terminal->sent == terminal->messages ? INT64_MAX : due_ns(part->load, terminal);
        next_ns = due < next_ns ? due : next_ns;
    }
    return next_ns;
}

static void wait_and_serve(struct part *part)
{
    struct pollfd fds[TERMINALS];
    int64_t wait_ns = 1000000000;
    for (int i = 0; i < part->count; i++) {
        struct mosquitto *mosquitto = part->first[i].mosquitto;
        fds[i] = (struct pollfd){.fd = mosquitto_socket(mosquitto), .events = POLLIN};
        if (mosquitto_want_write(mosquitto))
            fds[i].events |= POLLOUT;
    }
    if (part->load->rate > 0) {
        wait_ns = next_due_ns(part) - clock_ns(CLOCK_MONOTONIC);
        wait_ns = wait_ns < 0 ? 0 : wait_ns > 1000000000 ? 999999999 : wait_ns;
    }
    struct timespec wait = {.tv_sec = wait_ns / 1000000000, .tv_nsec = wait_ns % 1000000000};
    demand(ppoll(fds, (nfds_t)part->count, &wait, NULL) >= 0, "cannot wait");
    for (int i = 0; i < part->count; i++) {
        struct mosquitto *mosquitto = part->first[i].mosquitto;
        int result = MOSQ_ERR_SUCCESS;
        if (fds[i].revents & (POLLIN | POLLHUP))
            result = mosquitto_loop_read(mosquitto, 1);
        if (result == MOSQ_ERR_SUCCESS && fds[i].revents & POLLOUT)
            result = mosquitto_loop_write(mosquitto, 1);
        demand(result == MOSQ_ERR_SUCCESS, "a terminal lost its connection");
    }
}

static void *run_part(void *context)
{
    struct part *part = context;
    int64_t last_ns = clock_ns(CLOCK_MONOTONIC);
    uint64_t before = 0;
    for (bool done = false; !done;) {
        uint64_t progress = 0;
        done = true;
        for (int i = 0; i < part->count; i++) {
            publish_due(part->load, &part->first[i]);
            progress += (uint64_t)part->first[i].acknowledged + part->first[i].safe;
            done = done && is_done(part->load, &part->first[i]);
        }
        int64_t now_ns = clock_ns(CLOCK_MONOTONIC);
        if (progress != before)
            last_ns = now_ns;
        demand(now_ns - last_ns < STALLED_NS, "nothing comes back any more");
        before = progress;
        if (!done)
            wait_and_serve(part);
    }
    return NULL;
}

static int compare_ns(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static void tell(const struct load *load)
{
    uint32_t each = load->terminals[0].messages, count = each * TERMINALS;
    int64_t *waits = calloc(count, sizeof *waits), end_ns = 0;
    demand(waits != NULL, "no memory");
    for (uint32_t i = 0; i < count && load->receipts; i++) {
        const struct terminal *terminal = &load->terminals[i / each];
        waits[i] = terminal->safe_ns[i % each] - terminal->sent_ns[i % each];
        end_ns = terminal->safe_ns[i % each] > end_ns ? terminal->safe_ns[i % each] : end_ns;
    }
    qsort(waits, count, sizeof *waits, compare_ns);
    printf("{\"events\":%u,\"messages\":%u,\"start_ns\":%lld,\"end_ns\":%lld,\"p50_us\":%lld,\"p99_us\":%lld}\n",
           count * load->batch, count, (long long)load->start_ns, (long long)end_ns, (long long)waits[count / 2] / 1000,
           (long long)waits[count * 99ull / 100] / 1000);
    free(waits);
}

static int publish(struct load *load)
{
    int threads = load->rate > 0 ? 1 : THREADS;
    struct part parts[THREADS];
    for (int i = 0; i < TERMINALS; i++)
        prepare(load, i);
    load->start_ns = clock_ns(CLOCK_MONOTONIC);
    for (int i = 0; i < threads; i++) {
        int first = TERMINALS * i / threads, end = TERMINALS * (i + 1) / threads;
        parts[i] = (struct part){.load = load, .first = &load->terminals[first], .count = end - first};
        demand(pthread_create(&parts[i].thread, NULL, run_part, &parts[i]) == 0, "no thread");
    }
    for (int i = 0; i < threads; i++)
        pthread_join(parts[i].thread, NULL);
    tell(load);
    return 0;
}

int main(int argc, char **argv)
{
    static struct load load;
    mosquitto_lib_init();
    if (argc == 4 && strcmp(argv[1], "count") == 0)
        return count(argv[2], strtoull(argv[3], NULL, 10));
    demand(argc == 7 && strcmp(argv[1], "publish") == 0,
           "count SOCKET MESSAGES, or publish PORT EVENTS BATCH RECEIPTS RATE");
    load.port = atoi(argv[2]);
    load.events = (uint32_t)strtoul(argv[3], NULL, 10);
    load.batch = (uint32_t)strtoul(argv[4], NULL, 10);
    load.receipts = strcmp(argv[5], "1") == 0;
    load.rate = (uint32_t)strtoul(argv[6], NULL, 10);
    demand(load.batch >= 1 && load.batch <= WIRE_EVENTS_MAX, "a message holds 1 to 32 events");
    return publish(&load);
}
