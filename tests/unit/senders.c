/* Who floods rests, for longer each time, and is listened to again. */
#include "daemon/senders.h"

#include <string.h>
#include "tests/test.h"

static struct senders senders;
static int64_t mono_ms;

static struct sender *begin(const char *topic)
{
    memset(&senders, 0, sizeof senders);
    mono_ms = 1000;
    return senders_heard(&senders, topic);
}

/* The number of messages without a place until it rests. */
static int flood(struct sender *sender)
{
    for (int i = 1; i <= 10 * SENDERS_EXCESS_MAX; i++)
        if (senders_excess(&senders, sender, mono_ms))
            return i;
    return 0;
}

static void topics_of_one_are_one_sender(void)
{
    struct sender *one = begin("s/t-1/event");
    CHECK(strcmp(one->name, "s/t-1") == 0);
    struct sender *two = senders_heard(&senders, "s/t-11/event");
    CHECK(two != one && senders_heard(&senders, "s/t-1/state") == one && senders_heard(&senders, "s/t-11/x") == two);
    CHECK(senders.count == 2);
}

static void no_more_than_there_is_room_for(void)
{
    char topic[WIRE_TOPIC_BYTES];
    struct sender *first = begin("s/t-0/event");
    for (int i = 1; i < SENDERS_MAX; i++) {
        snprintf(topic, sizeof topic, "s/t-%d/event", i);
        CHECK(senders_heard(&senders, topic) != NULL);
    }
    CHECK(senders_heard(&senders, "s/stranger/event") == NULL && senders_heard(&senders, "s/t-0/state") == first);
}

static void so_much_in_so_long_is_a_flood(void)
{
    struct sender *sender = begin("s/t-1/event");
    for (int i = 0; i < SENDERS_EXCESS_MAX; i++)
        CHECK(!senders_excess(&senders, sender, mono_ms));
    mono_ms += SENDERS_WINDOW_MS; /* a new window, as long as there is no flood */
    CHECK(flood(sender) == SENDERS_EXCESS_MAX + 1 && sender->rests && senders.resting == 1 && senders.changed);
    CHECK(flood(sender) == 0); /* what was under way when it began */
    CHECK(senders.resting == 1);

    sender = begin("s/t-1/event");
    for (int i = 0; i < SENDERS_EXCESS_MAX; i++)
        CHECK(!senders_excess(&senders, sender, mono_ms));
    mono_ms += SENDERS_WINDOW_MS - 1;
    CHECK(flood(sender) == 1);
}

static void rest_ends(struct sender *sender, int64_t rest_ms)
{
    senders.changed = false;
    mono_ms += rest_ms - 1;
    senders_wake(&senders, mono_ms);
    CHECK(sender->rests && !senders.changed);
    senders_wake(&senders, ++mono_ms);
    CHECK(!sender->rests && senders.changed && senders.resting == 0);
}

static void each_rest_is_longer_until_it_is_calm(void)
{
    struct sender *sender = begin("s/t-1/event");
    for (int64_t rest_ms = SENDERS_REST_MS; rest_ms < SENDERS_REST_MS_MAX; rest_ms *= 2) {
        CHECK(flood(sender) > 0);
        rest_ends(sender, rest_ms);
        mono_ms += SENDERS_CALM_MS - 1;
    }
    CHECK(flood(sender) > 0);
    rest_ends(sender, SENDERS_REST_MS_MAX);
    mono_ms += SENDERS_CALM_MS;
    CHECK(flood(sender) > 0);
    rest_ends(sender, SENDERS_REST_MS);
}

static void each_has_a_rest_of_its_own(void)
{
    struct sender *one = begin("s/t-1/event"), *two = senders_heard(&senders, "s/t-2/event");
    CHECK(flood(one) > 0);
    mono_ms += 1000;
    CHECK(flood(two) > 0 && senders.resting == 2);
    mono_ms += SENDERS_REST_MS - 1000;
    senders_wake(&senders, mono_ms);
    CHECK(!one->rests && two->rests && senders.resting == 1);
    rest_ends(two, 1000);
}

static void a_new_connection_listens_to_all(void)
{
    struct sender *sender = begin("s/t-1/event");
    CHECK(flood(sender) > 0);
    sender->by_name = true;
    senders_begin(&senders);
    CHECK(!sender->rests && !sender->by_name && senders.resting == 0 && !senders.changed);
    CHECK(flood(sender) > 0);
    rest_ends(sender, 2 * SENDERS_REST_MS);
}

int main(void)
{
    TEST(topics_of_one_are_one_sender);
    TEST(no_more_than_there_is_room_for);
    TEST(so_much_in_so_long_is_a_flood);
    TEST(each_rest_is_longer_until_it_is_calm);
    TEST(each_has_a_rest_of_its_own);
    TEST(a_new_connection_listens_to_all);
    return test_done();
}
