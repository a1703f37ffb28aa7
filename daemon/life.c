/* A boot's life is extended in memory and written once per commit. Only a life that ends a silence, or begins
 * earlier than known, makes dates due again. */
#include "daemon/life.h"

#include "common/civil.h"
#include "daemon/store/store_events.h"

/* Touches the dates up to the next sign of life, because the silence before it is judged by both. */
static void touch(const struct life_changes *changes, const char *terminal, int64_t from_ms, int64_t to_ms)
{
    int64_t after_ms = store_sign_after(changes->store, terminal, to_ms, to_ms);
    if (from_ms <= changes->rolled_ms)
        dayset_add_range(changes->touched, civil_from_utc_ms(from_ms).day, civil_from_utc_ms(after_ms).day);
}

/* The same, from the previous sign of life on. */
static void touch_around(const struct life_changes *changes, const char *terminal, int64_t from_ms, int64_t to_ms)
{
    touch(changes, terminal, store_sign_before(changes->store, terminal, from_ms, from_ms), to_ms);
}

/* All events before the returned instant have been received. COVERAGE_UNTOLD: the terminal has not said so since it
 * started. */
static int64_t complete_ms(const struct wire_state *state, const struct coverage_life *latest, int64_t now_ms,
                           int32_t rate)
{
    if (state->queued == 0)
        return now_ms;
    int64_t sent_ms = now_ms - state->oldest_unsent_ms * rate;
    return latest->birth == state->birth && sent_ms > latest->to_ms ? sent_ms : COVERAGE_UNTOLD;
}

void life_heard(const struct life_changes *changes, const char *terminal, const struct wire_state *state,
                int64_t now_ms, int32_t rate)
{
    struct coverage_life latest = {0};
    bool any = store_life_latest(changes->store, terminal, &latest);
    int64_t heard_ms = complete_ms(state, &latest, now_ms, rate);
    bool able = state->phase == PHASE_READY && state->readers_up == state->readers_configured;
    if (heard_ms == COVERAGE_UNTOLD || (any && heard_ms < latest.to_ms))
        return;
    bool same_boot = any && latest.birth == state->birth, soon = heard_ms - latest.to_ms <= COVERAGE_QUIET_MS;
    struct coverage_life life = {.from_ms = heard_ms, .to_ms = heard_ms, .birth = state->birth, .able = able};
    if (same_boot && soon && latest.able == able)
        life.from_ms = latest.from_ms;
    store_life_put(changes->store, terminal, &life);
    if (!same_boot || now_ms - latest.to_ms > COVERAGE_QUIET_MS)
        touch_around(changes, terminal, heard_ms, heard_ms);
}

void life_clock_set(struct store *store, int64_t now_ms)
{
    store_life_cut(store, now_ms);
}

void life_recall(struct store *store, const char *terminal, uint64_t generation, struct life *life)
{
    *life = (struct life){0};
    life->any = store_recorded_life(store, terminal, generation, &life->now);
    life->saved_to_ms = life->now.to_ms;
}

static void begin(struct life *life, const struct event *event, int64_t settled_ms)
{
    bool same_boot = life->any && life->now.boot == event->boot;
    life->now = (struct recorded_life){.boot = event->boot,
                                       .part = same_boot ? life->now.part + 1 : 0,
                                       .from_ms = settled_ms,
                                       .to_ms = settled_ms,
                                       .before_ms = COVERAGE_UNTOLD};
    life->any = life->is_new = true;
}

static void note_before(struct life *life, const struct event *event)
{
    if (event->kind != EVENT_BOOT || event->from_ms <= 0)
        return;
    life->now.before_ms = event->from_ms;
    life->is_new = true;
}

/* Events that came too late to prove that the terminal was alive close the present part instead of extending it. */
void life_event(const struct life_changes *changes, const char *terminal, uint64_t generation, struct life *life,
                const struct event *event, int64_t settled_ms, int64_t now_ms, bool distrusted)
{
    if (settled_ms == SETTLED_NONE || event->boot == 0)
        return;
    bool same_boot = life->any && life->now.boot == event->boot;
    if (distrusted || now_ms - settled_ms > COVERAGE_WORD_MS) {
        life->unsaved = life->unsaved || same_boot;
        life->now.closed = life->now.closed || same_boot;
        return;
    }
    if (!same_boot || life->now.closed) {
        life_save(changes, terminal, generation, life);
        begin(life, event, settled_ms);
    }
    note_before(life, event);
    life->is_new = life->is_new || settled_ms < life->now.from_ms;
    life->now.from_ms = settled_ms < life->now.from_ms ? settled_ms : life->now.from_ms;
    life->now.to_ms = settled_ms > life->now.to_ms ? settled_ms : life->now.to_ms;
    life->received_ms = now_ms;
    life->unsaved = true;
}

void life_save(const struct life_changes *changes, const char *terminal, uint64_t generation, struct life *life)
{
    if (!life->unsaved)
        return;
    const struct recorded_life *now = &life->now;
    int64_t since_ms = store_sign_before(changes->store, terminal, now->to_ms, life->saved_to_ms);
    store_recorded_life_put(changes->store, terminal, generation, now);
    if (life->is_new)
        touch_around(changes, terminal, now->from_ms, now->to_ms);
    else if (life->received_ms - since_ms > COVERAGE_QUIET_MS)
        touch(changes, terminal, since_ms, now->to_ms);
    life->saved_to_ms = now->to_ms;
    life->is_new = life->unsaved = false;
}

void life_rebuild(const struct life_changes *changes, const char *terminal)
{
    int64_t from_ms, to_ms;
    if (store_recorded_life_rebuild(changes->store, terminal, &from_ms, &to_ms))
        touch_around(changes, terminal, from_ms, to_ms);
}
