/* The store's part for group signals: what each class and year came to on each decided date, and the signals. Derived.
 * Inside the open transaction; failures are the store's. */
#ifndef DAEMON_STORE_SIGNALS_H
#define DAEMON_STORE_SIGNALS_H

#include "common/query.h"
#include "daemon/core/groupsignal.h"
#include "daemon/store/store.h"

struct group_day {
    const char *kind, *name; /* "class" or "year", and which; of a stored one: until the next */
    int32_t day;
    struct groupsignal_day counts;
};

/* Takes away what is known of a date's groups. */
void store_group_days_clear(struct store *store, int32_t day);
void store_group_day_add(struct store *store, const struct group_day *group_day);
/* The days from `from` to `to` of every group, by group and date. */
struct query store_group_days(struct store *store, int32_t from, int32_t to);
bool store_next_group_day(struct query *rows, struct group_day *out);

void store_signals_clear(struct store *store, int32_t day);
void store_signal_add(struct store *store, const struct group_day *group_day, int32_t usual_ppm);
struct query store_signals(struct store *store, int32_t day);
bool store_next_signal(struct query *rows, struct group_day *out, int32_t *usual_ppm);

#endif
