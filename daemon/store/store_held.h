/* The store's part for what does not count by itself: taps that wait for a person, and terminals that are distrusted. Runs
 * inside the open transaction; failures are the store's (store.h). */
#ifndef DAEMON_STORE_HELD_H
#define DAEMON_STORE_HELD_H

#include "common/query.h"
#include "daemon/store/store.h"

/* Would this tap change a decided date in a room where its card's holder was not expected? An entrance expects everybody. */
bool store_tap_unexpected(struct store *store, const char *terminal, uint64_t token, int64_t at_ms, int32_t day);
/* `why`: late, unexpected. Nothing when the tap is there. */
void store_held_put(struct store *store, const char *terminal, uint64_t generation, uint64_t sequence, const char *why,
                    int64_t now_ms);

/* The taps of one terminal, date and reason that wait. The texts are valid until the next row. */
struct held_taps {
    const char *terminal, *why;
    int32_t day;
    int64_t count, first_ms, last_ms, received_ms;
};
struct query store_held(struct store *store, size_t most);
bool store_next_held(struct query *rows, struct held_taps *out);
/* The dates of a terminal's taps that wait, of `day` or, CIVIL_DAY_NONE, of any. */
struct query store_held_days(struct store *store, const char *terminal, int32_t day);
bool store_next_held_day(struct query *rows, int32_t *out);
/* Decides them; how many there were. */
int64_t store_held_decide(struct store *store, const char *terminal, int32_t day, bool accept, const char *author,
                          int64_t now_ms);

bool store_distrusted(struct store *store, const char *terminal);
void store_distrust_put(struct store *store, const char *terminal, int64_t since_ms, const char *author,
                        const char *why, int64_t now_ms);
/* False when it was not distrusted; else *since_ms says since when. */
bool store_distrust_end(struct store *store, const char *terminal, const char *author, int64_t now_ms,
                        int64_t *since_ms);
/* The earliest that the terminal told of from since_ms on; since_ms when that is earlier. */
int64_t store_distrust_reaches(struct store *store, const char *terminal, int64_t since_ms);

#endif
