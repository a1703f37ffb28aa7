/* The connection to the broker, against a broker of the test's own on a Unix socket, in MQTT 3.1.1 by hand: it answers only
 * what the test lets it answer. */
#include "daemon/inbox.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "common/log.h"
#include "tests/test.h"

#define PATIENCE_MS 10000

enum { CONNACK = 0x20, PUBACK = 0x40, SUBACK = 0x90 };
enum { CONNECT = 1, PUBLISH = 3, SUBSCRIBE = 8, UNSUBSCRIBE = 10, DISCONNECT = 14 };

static const struct message LAST = {.topic = "narvaro/1/s/daemon/state"};
static int listener, client;
static struct inbox *inbox;
static int64_t mono_ms;
static char folder[] = "/tmp/narvaro-inbox-XXXXXX", path[64];

static struct {
    int type, flags, length;
    unsigned char bytes[1 << 17];
} got; /* the latest packet from the inbox */

static bool comes(int fd)
{
    for (int waited_ms = 0; waited_ms < PATIENCE_MS; waited_ms += 10) {
        inbox_step(inbox, mono_ms);
        if (poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 10) > 0)
            return true;
    }
    return false;
}

static void read_all(void *bytes, size_t length)
{
    for (size_t have = 0; have < length;) {
        ssize_t more = comes(client) ? read(client, (char *)bytes + have, length - have) : -1;
        if (more <= 0)
            abort();
        have += (size_t)more;
    }
}

static int next_packet(void)
{
    unsigned char first, digit;
    int shift = 0;
    got.length = 0;
    read_all(&first, 1);
    do {
        read_all(&digit, 1);
        got.length |= (digit & 127) << shift;
        shift += 7;
    } while (digit & 128);
    assert((size_t)got.length <= sizeof got.bytes);
    read_all(got.bytes, (size_t)got.length);
    got.type = first >> 4;
    got.flags = first & 15;
    return got.type;
}

static void answer(const unsigned char *bytes, size_t length)
{
    if (write(client, bytes, length) != (ssize_t)length)
        abort();
}

static void accept_and_subscribe(void)
{
    CHECK(comes(listener));
    client = accept(listener, NULL, NULL);
    CHECK(next_packet() == CONNECT);
    answer((unsigned char[]){CONNACK, 2, 0, 0}, 4);
    CHECK(next_packet() == SUBSCRIBE);
    CHECK(got.bytes[got.length - 1] == 0); /* at QoS 0 */
    answer((unsigned char[]){SUBACK, 3, got.bytes[0], got.bytes[1], 0}, 5);
    for (int waited = 0; waited < PATIENCE_MS && !inbox_link_up(inbox); waited++) {
        usleep(1000);
        inbox_step(inbox, mono_ms);
    }
    CHECK(inbox_link_up(inbox));
}

static void begin(void)
{
    static const char FILTERS[1][WIRE_TOPIC_BYTES] = {"narvaro/1/s/+/event"};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct config_broker broker = {.port = 0, .protocol = 4, .keepalive_s = 600};
    const char *why = NULL;
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    snprintf(broker.host, sizeof broker.host, "%s", path);
    unlink(path);
    listener = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 4) == 0);
    mono_ms = 1000;
    inbox = inbox_open(&broker, "inbox", &LAST, FILTERS, 1, &why);
    CHECK(inbox != NULL);
    accept_and_subscribe();
}

static void end(void)
{
    inbox_close(inbox, &LAST);
    close(client);
    close(listener);
}

static bool send_one(bool assured)
{
    return inbox_send(inbox, "narvaro/1/s/t-1/receipt", "{}", 2, false, assured);
}

/* The library gives back a place only for an acknowledgement. When the broker drops these, what needs none still goes out. */
static void lost_acknowledgements_hold_up_no_receipt(void)
{
    begin();
    for (int i = 0; i < 100; i++)
        CHECK(send_one(true));
    CHECK(inbox_counts(inbox)->outstanding == 100 && inbox_counts(inbox)->acknowledged == 0);
    int assured = 0;
    CHECK(send_one(false));
    while (next_packet() == PUBLISH && (got.flags & 6) == 2)
        assured++;
    CHECK(got.type == PUBLISH && (got.flags & 6) == 0); /* QoS 0, before most of those */
    CHECK(assured > 0 && assured < 100);
    end();
}

/* On the next connection the broker gets again what it has not acknowledged, and then the rest. */
static void a_new_connection_makes_good(void)
{
    begin();
    for (int i = 0; i < 50; i++)
        CHECK(send_one(true));
    inbox_reconnect(inbox, "test", mono_ms);
    CHECK(!inbox_link_up(inbox) && !send_one(false));
    close(client);
    mono_ms += INBOX_RETRY_MS;
    accept_and_subscribe();
    for (int i = 0; i < 50; i++) {
        CHECK(next_packet() == PUBLISH && (got.flags & 6) == 2);
        int topic_length = got.bytes[0] << 8 | got.bytes[1];
        answer((unsigned char[]){PUBACK, 2, got.bytes[2 + topic_length], got.bytes[3 + topic_length]}, 4);
    }
    for (int waited = 0; waited < PATIENCE_MS && inbox_counts(inbox)->outstanding > 0; waited++) {
        usleep(1000);
        inbox_step(inbox, mono_ms);
    }
    CHECK(inbox_counts(inbox)->outstanding == 0 && inbox_counts(inbox)->acknowledged == 50);
    end();
}

/* A broker that does not read: what the connection does not take is not kept without end. */
static void what_nobody_reads_is_not_kept_without_end(void)
{
    begin();
    int taken = 0;
    while (send_one(false) && taken < 10 * INBOX_UNSENT_MAX)
        taken++;
    CHECK(taken >= INBOX_UNSENT_MAX && taken < 10 * INBOX_UNSENT_MAX);
    CHECK(next_packet() == PUBLISH);
    for (int i = 0; i < taken - 1; i++)
        CHECK(next_packet() == PUBLISH);
    inbox_step(inbox, mono_ms);
    CHECK(send_one(false));
    end();
}

/* Messages of one byte each in one write. */
static void publish(const char *topic, char byte, size_t count)
{
    size_t topic_length = strlen(topic), length = 5 + topic_length;
    unsigned char *bytes = malloc(count * length);
    assert(bytes != NULL);
    for (size_t i = 0; i < count; i++) {
        unsigned char *to = bytes + i * length;
        to[0] = PUBLISH << 4;
        to[1] = (unsigned char)(length - 2);
        to[2] = 0;
        to[3] = (unsigned char)topic_length;
        memcpy(to + 4, topic, topic_length);
        to[4 + topic_length] = (unsigned char)byte;
    }
    answer(bytes, count * length);
    free(bytes);
}

static void read_on(uint64_t received)
{
    for (int waited = 0; waited < PATIENCE_MS && inbox_counts(inbox)->received < received; waited++) {
        usleep(1000);
        inbox_step(inbox, mono_ms);
    }
    CHECK(inbox_counts(inbox)->received == received);
}

/* What one sends too much is read and dropped; the one message of another is there, and its turn comes at once. */
static void a_flood_is_read_and_dropped(void)
{
    begin();
    publish("narvaro/1/s/t-1/event", 'x', 500);
    publish("narvaro/1/s/t-2/event", 'y', 1);
    read_on(501);
    CHECK(inbox_counts(inbox)->dropped == 500 - WAITING_EACH_MAX);
    CHECK(strcmp(inbox_counts(inbox)->left_out, "narvaro/1/s/t-1/event") == 0);
    CHECK(inbox_first(inbox, mono_ms)->bytes[0] == 'x');
    inbox_drop(inbox);
    CHECK(inbox_first(inbox, mono_ms)->bytes[0] == 'y');
    inbox_drop(inbox);
    end();
}

/* One topic: after the packet's number, and before what is wanted of it. */
static bool asks(int type, const char *topic)
{
    size_t length = strlen(topic);
    return next_packet() == type && (size_t)(got.bytes[2] << 8 | got.bytes[3]) == length &&
           memcmp(got.bytes + 4, topic, length) == 0 && (size_t)got.length == 4 + length + (type == SUBSCRIBE);
}

/* The others are subscribed to by name before the filter goes, and we ourselves with them; after the rest it is the other way
 * round. */
static void who_floods_is_not_listened_to_for_a_while(void)
{
    begin();
    publish("narvaro/1/s/t-2/event", 'y', 1);
    publish("narvaro/1/s/t-1/event", 'x', WAITING_EACH_MAX + SENDERS_EXCESS_MAX + 1);
    read_on(1 + WAITING_EACH_MAX + SENDERS_EXCESS_MAX + 1);
    CHECK(asks(SUBSCRIBE, "narvaro/1/s/daemon/event") && asks(SUBSCRIBE, "narvaro/1/s/t-2/event"));
    CHECK(asks(UNSUBSCRIBE, "narvaro/1/s/+/event"));
    mono_ms += SENDERS_REST_MS;
    CHECK(asks(SUBSCRIBE, "narvaro/1/s/+/event"));
    CHECK(asks(UNSUBSCRIBE, "narvaro/1/s/daemon/event") && asks(UNSUBSCRIBE, "narvaro/1/s/t-2/event"));
    CHECK(inbox_link_up(inbox));
    end();
}

/* Two that flood: the second goes by its own name, and whose rest is over comes back by his. */
static void two_that_flood_rest_each_for_itself(void)
{
    const size_t flood = WAITING_EACH_MAX + SENDERS_EXCESS_MAX + 1;
    begin();
    publish("narvaro/1/s/t-2/event", 'y', 1);
    publish("narvaro/1/s/t-1/event", 'x', flood);
    read_on(1 + flood);
    CHECK(asks(SUBSCRIBE, "narvaro/1/s/daemon/event") && asks(SUBSCRIBE, "narvaro/1/s/t-2/event"));
    CHECK(asks(UNSUBSCRIBE, "narvaro/1/s/+/event"));
    mono_ms += 1000;
    publish("narvaro/1/s/t-2/event", 'y', flood);
    read_on(1 + 2 * flood);
    CHECK(asks(UNSUBSCRIBE, "narvaro/1/s/t-2/event"));
    mono_ms += SENDERS_REST_MS - 1000;
    CHECK(asks(SUBSCRIBE, "narvaro/1/s/t-1/event"));
    end();
}

/* A step ends, however much there is to read. */
static void one_step_reads_so_much_and_no_more(void)
{
    const uint64_t flood = WAITING_EACH_MAX + SENDERS_EXCESS_MAX + 1;
    begin();
    publish("narvaro/1/s/t-1/event", 'x', flood + INBOX_READS_MAX + 100);
    inbox_step(inbox, mono_ms);
    CHECK(inbox_counts(inbox)->received == flood); /* a rest begins: the broker is told at once */
    inbox_step(inbox, mono_ms);
    CHECK(inbox_counts(inbox)->received == flood + INBOX_READS_MAX);
    inbox_step(inbox, mono_ms);
    CHECK(inbox_counts(inbox)->received == flood + INBOX_READS_MAX + 100);
    end();
}

int main(void)
{
    log_open("inbox", LOG_WARN);
    if (mkdtemp(folder) == NULL)
        return 2;
    snprintf(path, sizeof path, "%s/b", folder);
    TEST(lost_acknowledgements_hold_up_no_receipt);
    TEST(a_new_connection_makes_good);
    TEST(what_nobody_reads_is_not_kept_without_end);
    TEST(a_flood_is_read_and_dropped);
    TEST(who_floods_is_not_listened_to_for_a_while);
    TEST(two_that_flood_rest_each_for_itself);
    TEST(one_step_reads_so_much_and_no_more);
    unlink(path);
    rmdir(folder);
    return test_done();
}
