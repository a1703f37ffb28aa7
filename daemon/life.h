/* Signs of life as they come: a terminal's states make stretches of what was heard, its events tell of each boot. Both say
 * that whatever it recorded until then is here; when it could record follows from them (daemon/core/coverage.h). Puts the
 * dates of which something else is known now into `touched`. Runs inside the store's transaction. */
#ifndef DAEMON_LIFE_H
#define DAEMON_LIFE_H

#include "common/wire.h"
#include "daemon/dayset.h"
#include "daemon/store/store_life.h"

/* What a sign of life changes. */
struct life_changes {
    struct store *store;
    struct dayset *touched;
    int64_t rolled_ms; /* the roll has been taken up to here: of what lies after it nothing was said yet */
};

/* The latest boot of one journal, in memory until it is saved. */
struct life {
    struct recorded_life now;
    int64_t saved_to_ms, received_ms;
    bool any, is_new, unsaved;
};

/* A state that the terminal spoke now. `rate`: civil milliseconds for each monotonic one. */
void life_heard(const struct life_changes *changes, const char *terminal, const struct wire_state *state,
                int64_t now_ms, int32_t rate);
/* Our clock was set. */
void life_clock_set(struct store *store, int64_t now_ms);

void life_recall(struct store *store, const char *terminal, uint64_t generation, struct life *life);
/* An event that happened at settled_ms (SETTLED_NONE: nobody knows) and came now. */
void life_event(const struct life_changes *changes, const char *terminal, uint64_t generation, struct life *life,
                const struct event *event, int64_t settled_ms, int64_t now_ms, bool distrusted);
void life_save(const struct life_changes *changes, const char *terminal, uint64_t generation, struct life *life);
/* Events of the terminal got another time, or it is trusted otherwise: its recorded lives are derived again. Its
 * journals in memory must be saved before and recalled after. */
void life_rebuild(const struct life_changes *changes, const char *terminal);

#endif
