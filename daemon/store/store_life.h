/* The store's part for signs of life: what was heard of each terminal, what its events tell of each boot, and what both
 * come to on a date (daemon/core/coverage.h). Runs inside the open transaction; failures are the store's (store.h). */
#ifndef DAEMON_STORE_LIFE_H
#define DAEMON_STORE_LIFE_H

#include "daemon/core/coverage.h"
#include "daemon/core/school/schoolday.h"
#include "daemon/store/store.h"

#define STORE_LIVES_MAX 512 /* of one terminal around a date; of one with more nothing is known then */

/* The stretch of states that ended last; false when the terminal was never heard. */
bool store_life_latest(struct store *store, const char *terminal, struct coverage_life *out);
void store_life_put(struct store *store, const char *terminal, const struct coverage_life *life);
/* Our clock went back: nothing was heard after now_ms. */
void store_life_cut(struct store *store, int64_t now_ms);

/* What a journal's events tell of one boot: from the first to the latest. */
struct recorded_life {
    uint32_t boot, part; /* what came too late stands between two parts */
    int64_t from_ms, to_ms;
    int64_t before_ms; /* COVERAGE_UNTOLD */
    bool closed;       /* the next event begins a new part */
};
bool store_recorded_life(struct store *store, const char *terminal, uint64_t generation, struct recorded_life *out);
void store_recorded_life_put(struct store *store, const char *terminal, uint64_t generation,
                             const struct recorded_life *life);
/* Works them out from the terminal's events again. False: nothing is another; else *from_ms and *to_ms say where. */
bool store_recorded_life_rebuild(struct store *store, const char *terminal, int64_t *from_ms, int64_t *to_ms);

/* Until when, at the instant at the latest, the life lasts that began last before it, and the beginning of the first after
 * it; `otherwise` when there is none. */
int64_t store_sign_before(struct store *store, const char *terminal, int64_t at_ms, int64_t otherwise);
int64_t store_sign_after(struct store *store, const char *terminal, int64_t at_ms, int64_t otherwise);

/* Adds to the facts of a date when each terminal listed on it could not record, between from_ms and to_ms, as known at
 * now_ms. NULL, or one sentence why not. */
const char *store_silences_load(struct store *store, const struct school *school, struct schoolday *facts,
                                int64_t from_ms, int64_t to_ms, int64_t now_ms);

#endif
