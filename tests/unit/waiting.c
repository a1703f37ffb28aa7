/* Messages that wait: in order within a source, sources by turns, each with its share of the places. */
#include "daemon/waiting.h"

#include <stdlib.h>
#include <string.h>
#include "tests/test.h"

static struct waiting waiting;
static int64_t mono_ms;

static bool add(const char *topic, char byte)
{
    struct message *message = waiting_add(&waiting, topic, mono_ms);
    if (message == NULL)
        return false;
    message->length = 1;
    message->bytes[0] = byte;
    return true;
}

static char take(void)
{
    const struct message *message = waiting_first(&waiting, mono_ms);
    if (message == NULL)
        return '\0';
    char byte = message->bytes[0];
    waiting_drop(&waiting);
    return byte;
}

static void the_order(void)
{
    memset(&waiting, 0, sizeof waiting);
    CHECK(take() == '\0');
    CHECK(add("s/t-1/event", 'a') && add("s/t-1/state", 'b') && add("s/t-1/event", 'c') && add("s/t-2/event", 'd'));
    CHECK(take() == 'a' && take() == 'd' && take() == 'b');
    CHECK(add("s/t-2/event", 'e') && add("s/t-11/event", 'f'));
    CHECK(take() == 'c' && take() == 'e' && take() == 'f' && take() == '\0');
}

static void who_floods_delays_nobody(void)
{
    memset(&waiting, 0, sizeof waiting);
    int taken = 0;
    for (int i = 0; i < 10000; i++)
        taken += add("s/t-1/event", 'x');
    CHECK(taken == WAITING_EACH_MAX);
    CHECK(add("s/t-2/event", 'y'));
    CHECK(take() == 'x' && take() == 'y' && take() == 'x');
    CHECK(add("s/t-1/event", 'x') && add("s/t-1/event", 'x') && !add("s/t-1/event", 'x'));
}

static void all_places_are_used_and_no_more(void)
{
    char topic[WIRE_TOPIC_BYTES];
    memset(&waiting, 0, sizeof waiting);
    for (int i = 0; i < WAITING_MAX; i++) {
        snprintf(topic, sizeof topic, "s/t-%d/event", i);
        CHECK(add(topic, (char)('a' + i % 26)));
    }
    CHECK(!add("s/other/event", 'z') && !add("s/t-1/event", 'z'));
    CHECK(take() == 'a');
    CHECK(add("s/other/event", '!'));
    for (int i = 1; i < WAITING_MAX; i++)
        CHECK(take() == (char)('a' + i % 26));
    CHECK(take() == '!' && take() == '\0');
}

/* WAITING_AT_ONCE of them, and then one every WAITING_EVERY_MS; who comes beside it does not wait for that. */
static void who_floods_is_served_at_a_rate(void)
{
    memset(&waiting, 0, sizeof waiting);
    int taken = 0, second = 0;
    for (int64_t end_ms = mono_ms + 1000; mono_ms < end_ms; mono_ms++) {
        while (add("s/t-1/event", 'x'))
            continue;
        if (mono_ms % 100 == 0)
            CHECK(add("s/t-2/event", 'y'));
        for (char byte; (byte = take()) != '\0';) {
            taken += byte == 'x';
            second += byte == 'y';
        }
        CHECK(second == mono_ms / 100 % 10 + 1);
        CHECK(waiting_wake_ms(&waiting, mono_ms) == 1 || waiting_wake_ms(&waiting, mono_ms) == WAITING_EVERY_MS);
    }
    CHECK(taken >= 1000 / WAITING_EVERY_MS && taken <= 1000 / WAITING_EVERY_MS + WAITING_AT_ONCE);
    while (take() != '\0' || waiting.count > 0)
        mono_ms++;
    CHECK(waiting_wake_ms(&waiting, mono_ms) == INT64_MAX);
}

/* Against one list that is searched: the source that waited longest since its last turn, and of it the oldest. */
static void as_a_list_that_is_searched(void)
{
    enum { SOURCES = 5, MOST = 400 };
    static struct {
        int source;
        char byte;
    } list[MOST];
    int count = 0, line[SOURCES], in_line = 0;
    srand(7);
    memset(&waiting, 0, sizeof waiting);
    for (int round = 0; round < 20000; round++) {
        mono_ms += WAITING_EVERY_MS;
        if (rand() % 2 == 0) {
            char topic[WIRE_TOPIC_BYTES];
            int source = rand() % SOURCES, has = 0;
            for (int i = 0; i < count; i++)
                has += list[i].source == source;
            snprintf(topic, sizeof topic, "s/t-%d/event", source);
            char byte = (char)('a' + rand() % 26);
            CHECK(add(topic, byte) == (has < WAITING_EACH_MAX));
            if (has == WAITING_EACH_MAX)
                continue;
            if (has == 0)
                line[in_line++] = source;
            list[count].source = source;
            list[count++].byte = byte;
        } else if (count == 0) {
            CHECK(take() == '\0');
        } else {
            int first = line[0], at = 0, left = 0;
            while (list[at].source != first)
                at++;
            CHECK(take() == list[at].byte);
            memmove(&list[at], &list[at + 1], (size_t)(--count - at) * sizeof list[0]);
            memmove(line, line + 1, (size_t)--in_line * sizeof line[0]);
            for (int i = 0; i < count; i++)
                left += list[i].source == first;
            if (left > 0)
                line[in_line++] = first;
        }
    }
}

int main(void)
{
    TEST(the_order);
    TEST(who_floods_delays_nobody);
    TEST(all_places_are_used_and_no_more);
    TEST(who_floods_is_served_at_a_rate);
    TEST(as_a_list_that_is_searched);
    return test_done();
}
