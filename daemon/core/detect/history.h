/* Keeps the packed days (packed.h) as they are set, in any order; takes all their memory. Used in this folder only. */
#ifndef DAEMON_CORE_HISTORY_H
#define DAEMON_CORE_HISTORY_H

#include "daemon/core/detect/history_day.h"

/* What history_set did. */
struct history_change {
    struct pupil_year *year;  /* NULL: nothing changed */
    struct class_year *other; /* the class that the pupil left by this, NULL mostly */
    uint16_t date;
    bool class_counts; /* the class's counts on that date changed; with `other`, on any date */
};

void history_init(struct history *history);
void history_free(struct history *history);
/* See detect_set_day. False: no memory, nothing changed. */
bool history_set(struct history *history, uint32_t pupil, uint32_t class, int32_t day, const struct outcome *outcomes,
                 size_t count, struct history_change *change);

struct pupil_year *history_year(const struct history *history, uint32_t pupil, int32_t first_day); /* or NULL */
/* How many own days are not after `date`. */
uint32_t history_days_through(const struct pupil_year *year, int32_t date);

#endif
