/* Sources that have something stand in a line; the first one that is due gives its oldest message and goes to the end. */
#include "daemon/waiting.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include "common/fault.h"

size_t waiting_source_length(const char *topic)
{
    const char *slash = strrchr(topic, '/');
    return slash == NULL ? strlen(topic) : (size_t)(slash - topic);
}

static struct waiting_source *find_source(struct waiting *waiting, const char *topic)
{
    size_t length = waiting_source_length(topic);
    uint16_t i = waiting->first_source;
    for (size_t n = 0; n < waiting->source_count; n++, i = waiting->sources[i].next)
        if (strncmp(waiting->sources[i].name, topic, length) == 0 && waiting->sources[i].name[length] == '\0')
            return &waiting->sources[i];
    return NULL;
}

static void to_the_end(struct waiting *waiting, uint16_t source)
{
    if (waiting->source_count == 0)
        waiting->first_source = source;
    else
        waiting->sources[waiting->last_source].next = source;
    waiting->last_source = source;
    waiting->source_count++;
}

#define AT_ONCE_MS ((WAITING_AT_ONCE - 1) * WAITING_EVERY_MS)

static_assert(WAITING_AT_ONCE < WAITING_EACH_MAX, "the rate is forgotten with the last message of a source");

static struct waiting_source *new_source(struct waiting *waiting, const char *topic, int64_t mono_ms)
{
    uint16_t source = waiting->free_source_count > 0 ? waiting->free_sources[--waiting->free_source_count]
                                                     : waiting->touched_sources++;
    waiting->sources[source].count = 0;
    waiting->sources[source].due_mono_ms = mono_ms - AT_ONCE_MS;
    snprintf(waiting->sources[source].name, WIRE_TOPIC_BYTES, "%.*s", (int)waiting_source_length(topic), topic);
    to_the_end(waiting, source);
    return &waiting->sources[source];
}

struct message *waiting_add(struct waiting *waiting, const char *topic, int64_t mono_ms)
{
    assert(strlen(topic) < WIRE_TOPIC_BYTES);
    struct waiting_source *source = find_source(waiting, topic);
    if (waiting->count == WAITING_MAX ||
        (source != NULL && source->count == WAITING_EACH_MAX && !FAULT(flood_has_the_floor)))
        return NULL;
    if (source == NULL)
        source = new_source(waiting, topic, mono_ms);
    uint16_t place = waiting->free_count > 0 ? waiting->free[--waiting->free_count] : waiting->touched++;
    if (source->count == 0)
        source->first = place;
    else
        waiting->next[source->last] = place;
    source->last = place;
    source->count++;
    waiting->count++;
    snprintf(waiting->messages[place].topic, WIRE_TOPIC_BYTES, "%s", topic);
    return &waiting->messages[place];
}

static uint16_t from_the_front(struct waiting *waiting)
{
    uint16_t source = waiting->first_source;
    waiting->first_source = waiting->sources[source].next;
    waiting->source_count--;
    return source;
}

const struct message *waiting_first(struct waiting *waiting, int64_t mono_ms)
{
    for (size_t n = waiting->source_count; n > 0; n--) {
        struct waiting_source *source = &waiting->sources[waiting->first_source];
        if (source->due_mono_ms <= mono_ms) {
            int64_t least_ms = mono_ms - AT_ONCE_MS;
            source->due_mono_ms = (source->due_mono_ms > least_ms ? source->due_mono_ms : least_ms) + WAITING_EVERY_MS;
            return &waiting->messages[source->first];
        }
        to_the_end(waiting, from_the_front(waiting));
    }
    return NULL;
}

void waiting_drop(struct waiting *waiting)
{
    assert(waiting->count > 0);
    uint16_t first = from_the_front(waiting);
    struct waiting_source *source = &waiting->sources[first];
    waiting->free[waiting->free_count++] = source->first;
    source->first = waiting->next[source->first];
    source->count--;
    waiting->count--;
    if (source->count > 0)
        to_the_end(waiting, first);
    else
        waiting->free_sources[waiting->free_source_count++] = first;
}

int64_t waiting_wake_ms(const struct waiting *waiting, int64_t mono_ms)
{
    int64_t wait_ms = INT64_MAX;
    uint16_t i = waiting->first_source;
    for (size_t n = 0; n < waiting->source_count; n++, i = waiting->sources[i].next) {
        int64_t due_ms = waiting->sources[i].due_mono_ms - mono_ms;
        wait_ms = due_ms < wait_ms ? due_ms : wait_ms;
    }
    return wait_ms < 0 ? 0 : wait_ms;
}
