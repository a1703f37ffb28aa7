/* The store's part for group signals: what each class and year came to on each decided date, and the signals. Derived.
 * Inside the open transaction; failures are the store's. */
#ifndef DAEMON_STORE_SIGNALS_H
#define DAEMON_STORE_SIGNALS_H

#include "daemon/core/groupsignal.h"
#include "daemon/store/store.h"

struct group_day {
    const char *kind, *name; /* "class" or "year", and which; until the visitor returns */
    int32_t day;
    struct groupsignal_day counts;
};

/* Takes away what is known of a date's groups. */
void store_group_days_clear(struct store *store, int32_t day);
void store_group_day_add(struct store *store, const struct group_day *group_day);
/* The days from `from` to `to` of every group, by group and date. */
typedef void store_group_day_visit(void *context, const struct group_day *group_day);
void store_group_days(struct store *store, int32_t from, int32_t to, store_group_day_visit *visit, void *context);

void store_signals_clear(struct store *store, int32_t day);
void store_signal_add(struct store *store, const struct group_day *group_day, int32_t usual_ppm);
typedef void store_signal_visit(void *context, const struct group_day *group_day, int32_t usual_ppm);
void store_signals(struct store *store, int32_t day, store_signal_visit *visit, void *context);

#endif
