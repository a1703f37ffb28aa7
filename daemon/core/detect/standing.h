/* What a pupil is on a date, in which class, and the class's counts of it (packed.h). Used by history.c only. */
#ifndef DAEMON_CORE_STANDING_H
#define DAEMON_CORE_STANDING_H

#include "daemon/core/detect/history.h"

struct standing {
    struct class_year *class; /* NULL: no own day */
    uint32_t signs;
};

/* A class in the pupil's school year, or NULL. */
struct class_year *standing_class(const struct history *history, const struct pupil_year *year, uint32_t class);

/* On an own day; on a date, which may be none. */
struct standing standing_at(const struct history *history, const struct pupil_year *year, uint32_t index);
struct standing standing_on(const struct history *history, const struct pupil_year *year, uint16_t date);

/* The first own day after a date that was attended or absent at all: where a spell may start by what the date is. day_count:
 * there is none. */
uint32_t standing_decides_after(const struct history *history, const struct pupil_year *year, uint16_t date);

/* Makes the pupil's bits of a date, and the counts of its classes, those of `now`; says in `change` what the classes see of it. */
void standing_set(struct pupil_year *year, uint16_t date, struct standing before, struct standing now,
                  struct history_change *change);

#endif
