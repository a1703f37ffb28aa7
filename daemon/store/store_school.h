/* The store's part for the facts of the school, read: what is known now goes into struct school, and what is known of
 * one date into struct schoolday. Writing them is the import's. */
#ifndef DAEMON_STORE_SCHOOL_H
#define DAEMON_STORE_SCHOOL_H

#include "daemon/core/school/schoolday.h"
#include "daemon/store/store.h"

/* Clears `school`, fills it and seals it. NULL, or one sentence (static text) saying which limit of the school the facts
 * do not keep: the import lets nothing in that does not. */
const char *store_school_load(struct store *store, struct school *school);
/* The same for one date, with the taps and outages that terminals and files told of, and the terminals' silences as known at
 * now_ms. */
const char *store_schoolday_load(struct store *store, struct school *school, struct schoolday *facts, int32_t day,
                                 int64_t now_ms);

/* The first date from `day` on that has a lesson; false when there is none. */
bool store_next_lesson_day(struct store *store, int32_t day, int32_t *found);
/* The first and the last date with a lesson; false when there is none. */
bool store_lesson_span(struct store *store, int32_t *first, int32_t *last);

#endif
