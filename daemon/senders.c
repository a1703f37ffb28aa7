/* A list in the order of first words; the one that floods is found at once, for it sent the message before, too. */
#include "daemon/senders.h"

#include <stdio.h>
#include <string.h>
#include "common/fault.h"
#include "daemon/waiting.h"

static bool is_named(const struct sender *sender, const char *topic, size_t length)
{
    return strncmp(sender->name, topic, length) == 0 && sender->name[length] == '\0';
}

struct sender *senders_heard(struct senders *senders, const char *topic)
{
    size_t length = waiting_source_length(topic);
    if (senders->count > 0 && is_named(&senders->list[senders->latest], topic, length))
        return &senders->list[senders->latest];
    size_t i = 0;
    while (i < senders->count && !is_named(&senders->list[i], topic, length))
        i++;
    if (i == SENDERS_MAX)
        return NULL;
    struct sender *sender = &senders->list[i];
    if (i == senders->count) {
        snprintf(sender->name, sizeof sender->name, "%.*s", (int)length, topic);
        senders->count++;
    }
    senders->latest = i;
    return sender;
}

static void begin_rest(struct senders *senders, struct sender *sender, int64_t mono_ms)
{
    bool again = sender->rest_ms > 0 && mono_ms - sender->until_mono_ms < SENDERS_CALM_MS;
    int64_t rest_ms = again ? sender->rest_ms * 2 : SENDERS_REST_MS;
    sender->rest_ms = rest_ms < SENDERS_REST_MS_MAX ? rest_ms : SENDERS_REST_MS_MAX;
    sender->until_mono_ms = mono_ms + sender->rest_ms;
    sender->rests = true;
    if (senders->resting == 0 || sender->until_mono_ms < senders->wake_mono_ms)
        senders->wake_mono_ms = sender->until_mono_ms;
    senders->resting++;
    senders->changed = true;
}

bool senders_excess(struct senders *senders, struct sender *sender, int64_t mono_ms)
{
    if (sender->rests || FAULT(flood_is_listened_to))
        return false;
    if (sender->excess == 0 || mono_ms - sender->excess_since_mono_ms >= SENDERS_WINDOW_MS) {
        sender->excess = 0;
        sender->excess_since_mono_ms = mono_ms;
    }
    if (++sender->excess <= SENDERS_EXCESS_MAX)
        return false;
    sender->excess = 0;
    begin_rest(senders, sender, mono_ms);
    return true;
}

void senders_wake(struct senders *senders, int64_t mono_ms)
{
    if (senders->resting == 0 || mono_ms < senders->wake_mono_ms)
        return;
    senders->wake_mono_ms = INT64_MAX;
    for (size_t i = 0; i < senders->count; i++) {
        struct sender *sender = &senders->list[i];
        if (!sender->rests)
            continue;
        if (sender->until_mono_ms <= mono_ms) {
            sender->rests = false;
            senders->resting--;
            senders->changed = true;
        } else if (sender->until_mono_ms < senders->wake_mono_ms) {
            senders->wake_mono_ms = sender->until_mono_ms;
        }
    }
}

void senders_begin(struct senders *senders)
{
    for (size_t i = 0; i < senders->count; i++)
        senders->list[i].rests = senders->list[i].by_name = false;
    senders->resting = 0;
    senders->changed = false;
}
