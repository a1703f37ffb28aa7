/* Keeps the packed days (packed.h) as they are set, in any order; takes all their memory. Used in this folder only. */
#ifndef DAEMON_CORE_HISTORY_H
#define DAEMON_CORE_HISTORY_H

#include "daemon/core/detect/history_day.h"

/* A class whose counts on a date changed. */
struct class_change {
    struct class_year *class;
    uint16_t date;
    uint8_t signs; /* those that changed, as bits */
};

/* The class of the day before, the class of the day now, and where another day begins a spell by it. */
#define CLASS_CHANGES 3

/* What history_set did. */
struct history_change {
    struct pupil_year *year; /* NULL: nothing changed */
    uint16_t date;
    bool year_begins; /* the first date with rows of this school year is another */
    uint8_t class_count;
    struct class_change classes[CLASS_CHANGES];
};

void history_init(struct history *history);
void history_free(struct history *history);
/* See detect_set_day. False: no memory, nothing changed. */
bool history_set(struct history *history, uint32_t pupil, uint32_t class, int32_t day, const struct outcome *outcomes,
                 size_t count, struct history_change *change);

struct pupil_year *history_year(const struct history *history, uint32_t pupil, int32_t first_day); /* or NULL */
/* The class of that own day. */
const struct class_year *history_class_on(const struct history *history, const struct pupil_year *year, uint32_t index);
/* The first day of a later school year on which anybody has rows; INT32_MAX = none. */
int32_t history_later_year_begins(const struct history *history, int32_t first_day);

#endif
