/* The store's part for retention: counts what is due and erases it. Inside the open transaction; failures are the
 * store's. Pupils who are held (`held`: a JSON array of ids) lose nothing. What was erased leaves the disk with the next
 * checkpoint (store_erased). */
#ifndef DAEMON_STORE_RETENTION_H
#define DAEMON_STORE_RETENTION_H

#include "daemon/core/retention.h"
#include "daemon/store/store.h"

#define STORE_ERASE_ROWS   20000 /* at most, in one transaction: bounds the WAL and how long anybody waits */
#define STORE_ERASE_PUPILS 20

/* Rows of a kind (of RETENTION_PUPILS: pupils) that are due when everything before `before` is. */
int64_t store_retention_due(struct store *store, enum retention_kind kind, int32_t before, const char *held);
/* Erases at most *rows of them and takes from *rows what it erased; `of_kind` is how many the kind lost. False: there are
 * more. */
bool store_retention_erase(struct store *store, enum retention_kind kind, int32_t before, const char *held, int *rows,
                           int64_t *of_kind);
/* Erases acts before `before` that the dashboard's log has, those up to number `act` and time `at_ms`: at most STORE_ERASE_ROWS.
 * Returns how many. */
int64_t store_acts_erase(struct store *store, int64_t act, int64_t at_ms, int32_t before);
/* Everything about one pupil, whether known or not. */
void store_pupil_erase(struct store *store, const char *pupil_id);

/* The latest date before `before` on which a card was held to a reader. False: none is stored. */
bool store_latest_tap(struct store *store, int32_t before, int32_t *day);

/* Dates before it are frozen: their taps may be gone. INT32_MIN when none are. */
int32_t store_frozen_before(struct store *store);
void store_freeze(struct store *store, int32_t before);

#endif
