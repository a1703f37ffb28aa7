#include "tests/simulation/world.h"

static bool listens(int who, const char *topic)
{
    char terminal[ID_BYTES];
    const char *leaf;
    if (!wire_topic_split(topic, "skolan", terminal, &leaf))
        return who < TERMINALS && strcmp(topic, "narvaro/1/skolan/cards") == 0;
    bool of_terminal = strcmp(leaf, "event") == 0 || strcmp(leaf, "state") == 0;
    if (strcmp(terminal, "daemon") == 0)
        return true;
    if (who == TERMINALS)
        return of_terminal;
    return !of_terminal && strcmp(terminal, sim.rigs[who].settings.terminal) == 0;
}

static void post_copy(int to, const char *topic, const char *bytes, size_t length, bool retained)
{
    for (int i = 0; i < LETTERS_MAX; i++) {
        struct letter *letter = &sim.letters[i];
        if (letter->used)
            continue;
        letter->used = true;
        letter->to = to;
        letter->retained = retained;
        letter->due_ms = sim.now_ms + (sim.faults ? (int64_t)chance(chance(4) == 0 ? LATEST_LETTER_MS : 800) : 1);
        letter->length = length;
        snprintf(letter->topic, sizeof letter->topic, "%s", topic);
        memcpy(letter->bytes, bytes, length);
        return;
    }
}

static void post_to(int to, const char *topic, const char *bytes, size_t length)
{
    if (mishap(8))
        return;
    post_copy(to, topic, bytes, length, false);
    if (mishap(8))
        post_copy(to, topic, bytes, length, false);
}

static void keep(const char *topic, const char *bytes, size_t length)
{
    struct retained *place = NULL;
    for (int i = 0; i < RETAINED_MAX && place == NULL; i++)
        if (strcmp(sim.retained[i].topic, topic) == 0)
            place = &sim.retained[i];
    for (int i = 0; i < RETAINED_MAX && place == NULL; i++)
        if (sim.retained[i].length == 0)
            place = &sim.retained[i];
    assert(place != NULL);
    snprintf(place->topic, sizeof place->topic, "%s", topic);
    memcpy(place->bytes, bytes, length);
    place->length = length;
}

void broker_publish(const char *topic, const char *bytes, size_t length, bool retained)
{
    assert(length <= WIRE_MESSAGE_BYTES_MAX);
    if (retained)
        keep(topic, bytes, length);
    for (int who = 0; who <= TERMINALS; who++)
        if (listens(who, topic))
            post_to(who, topic, bytes, length);
}

void broker_give_retained(int who)
{
    for (int i = 0; i < RETAINED_MAX; i++)
        if (sim.retained[i].length > 0 && listens(who, sim.retained[i].topic))
            post_copy(who, sim.retained[i].topic, sim.retained[i].bytes, sim.retained[i].length, true);
}

/* In the order of their places, which has nothing to do with the order in which they were sent. */
void broker_deliver_all(void (*deliver)(const struct letter *letter))
{
    for (int i = 0; i < LETTERS_MAX; i++) {
        struct letter *letter = &sim.letters[i];
        if (!letter->used || letter->due_ms > sim.now_ms)
            continue;
        letter->used = false;
        trace(letter->topic, strlen(letter->topic));
        deliver(letter);
    }
}

void broker_forget(void)
{
    memset(sim.letters, 0, sizeof sim.letters);
    memset(sim.retained, 0, sizeof sim.retained);
    for (int who = 0; who < TERMINALS; who++) {
        sim.net_up[who] = false; /* and nobody speaks the wills */
        rig_step(&sim.rigs[who], (struct terminal_input){.kind = TERMINAL_NET_DOWN});
        sim.net_back_ms[who] = sim.now_ms + chance(30000);
    }
    if (sim.daemon_up && daemon_link_up(sim.daemon))
        daemon_step(sim.daemon, &(struct daemon_input){.kind = DAEMON_LINK_DOWN});
    sim.link_back_ms = sim.now_ms + chance(30000);
    sim.counts.broker_losses++;
}
