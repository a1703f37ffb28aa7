/* Compares each state with the stored one by birth and decides at what time it was said; the broker may deliver an
 * old state or will after a newer one. */
#include "daemon/terminals.h"

#include <stdio.h>
#include <string.h>
#include "common/fault.h"
#include "common/log.h"
#include "daemon/store/store_events.h"
#include "daemon/store/store_terminals.h"

void terminals_init(struct terminals *terminals, struct store *store, int32_t rate)
{
    memset(terminals, 0, sizeof *terminals);
    terminals->store = store;
    terminals->rate = rate;
    if (!FAULT(revoked_until_restart))
        terminals_reload(terminals);
}

void terminals_reload(struct terminals *terminals)
{
    terminals->any_revoked = store_terminal_revoked(terminals->store, NULL);
}

bool terminals_revoked(struct terminals *terminals, const char *terminal)
{
    if (!terminals->any_revoked || !store_terminal_revoked(terminals->store, terminal))
        return false;
    if (strcmp(terminals->told, terminal) != 0)
        log_warn("revoked terminal not believed terminal=%s", terminal);
    snprintf(terminals->told, sizeof terminals->told, "%s", terminal);
    return true;
}

void terminals_forget_heard(struct terminals *terminals)
{
    terminals->heard_count = 0;
}

static bool heard(const struct terminals *terminals, const char *terminal)
{
    for (size_t i = 0; i < terminals->heard_count; i++)
        if (strcmp(terminals->heard[i], terminal) == 0)
            return true;
    return false;
}

static void note_heard(struct terminals *terminals, const char *terminal)
{
    if (terminals->heard_count < SCHOOL_TERMINALS_MAX && !heard(terminals, terminal))
        snprintf(terminals->heard[terminals->heard_count++], ID_BYTES, "%s", terminal);
}

/* When was the state sent? A will was written at connecting, so it says only that the terminal is gone. */
static int64_t spoken_ms(const struct wire_state *state, bool retained, int64_t known_ms, int64_t now_ms)
{
    if (state->phase == PHASE_LOST)
        return known_ms;
    if (!retained)
        return now_ms;
    if (state->clock == CLOCK_UNSET || state->at_ms > now_ms || state->at_ms < known_ms)
        return known_ms;
    return state->at_ms;
}

/* May a state with a lower birth than the stored one be ignored? Not a live one: a terminal with a new disk and no
 * clock yet is born with a lower number, and must not be ignored for good. */
static bool is_stale(const struct wire_state *state, bool retained)
{
    return retained || state->phase == PHASE_LOST;
}

bool terminals_state(struct terminals *terminals, const char *terminal, const struct wire_state *state, bool retained,
                     int64_t now_ms)
{
    struct wire_state known = {0}, next = *state;
    int64_t known_ms = 0;
    bool any = store_terminal_state(terminals->store, terminal, &known, &known_ms);
    if (any && state->birth < known.birth && is_stale(state, retained) && !FAULT(stale_will_believed))
        return false;
    if (any && state->phase == PHASE_LOST) {
        next = known;
        next.birth = state->birth;
        next.phase = PHASE_LOST;
    }
    if (!retained && state->phase != PHASE_LOST)
        note_heard(terminals, terminal);
    store_terminal_state_put(terminals->store, terminal, &next, spoken_ms(state, retained, known_ms, now_ms));
    return true;
}

/* A queued event has an age by the terminal's monotonic clock, counted back from when the state was received. */
int64_t terminals_complete_until(struct terminals *terminals, const char *terminal)
{
    struct wire_state state;
    int64_t received_ms;
    if (terminals->any_revoked && store_terminal_revoked(terminals->store, terminal))
        return INT64_MAX;
    if (!heard(terminals, terminal) || !store_terminal_state(terminals->store, terminal, &state, &received_ms))
        return INT64_MIN;
    switch (state.phase) {
    case PHASE_READY:
    case PHASE_ALERT:
        break;
    case PHASE_INIT:
    case PHASE_DISCONNECTED:
    case PHASE_LOST:
    case TERMINAL_PHASES:
        return INT64_MIN;
    }
    return state.queued == 0 ? INT64_MAX : received_ms - state.oldest_unsent_ms * terminals->rate;
}
