/* The days of all pupils, packed: what detection remembers of a school.
 *
 * A pupil's school year is one `struct pupil_year`: its own days in order of date, 8 bytes each. A day is a *shape* (which
 * subjects for how many minutes, and the class: interned, because a class has the same Monday all year) and *exceptions*
 * (lessons that were not simply attended). A normal day has none, so that a pupil's year takes about 2 KB.
 *
 * Beside it, what a date is as one bit each, and how many pupils of a class have that bit on the date, for the measures that
 * look beyond the pupil. Only history.c and standing.c write here; the files of this folder read. */
#ifndef DAEMON_CORE_PACKED_H
#define DAEMON_CORE_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "daemon/core/outcome.h"

#define YEAR_DATES 366
#define YEAR_WORDS 6 /* of 64 bits, one for each date */

struct shape_lesson {
    uint16_t subject, minutes;
};
struct shape {
    uint32_t class;
    uint32_t count;
    struct shape_lesson lessons[]; /* the whole day, of no subject, and then its lessons in their order */
};

#define EXCEPTION_ALL 0 /* as lesson: the whole day, that is every lesson with all its minutes */
struct exception {
    uint8_t lesson; /* place in the shape */
    uint8_t status;
    uint16_t absent_minutes;
};

struct packed_day {
    uint16_t date; /* days from the first of the school year */
    uint16_t first_exception;
    uint32_t shape;
};

/* Properties of an own day that are compared with the class: those that are counted, and those that they are
 * counted out of. */
enum sign {
    SIGN_ABSENT, /* in the order of their columns (history_day.h) */
    SIGN_PARTIAL,
    SIGN_SPELL, /* one starts */
    SIGN_UNREPORTED,
    SIGN_EXPECTED, /* exp > 0 */
    SIGN_NOT_ABSENT,
    SIGNS
};

/* Dates of a school year: from … end - 1. */
struct span {
    uint16_t from, end;
};
#define SPAN_NONE ((struct span){YEAR_DATES, 0})
#define SPAN_YEAR ((struct span){0, YEAR_DATES})

struct kept; /* of a pupil's year between two questions: trail.h */

struct pupil_year {
    struct pupil_year *older;      /* year of the same pupil */
    struct class_year *class_year; /* of the day that was set last; NULL: no own day yet */
    struct packed_day *days;       /* own days only */
    struct exception *exceptions;
    uint16_t *empties; /* dates with rows but no known minute: no own days */
    struct kept *kept;
    uint32_t pupil;
    int32_t first_day; /* 1 August */
    uint16_t day_count, day_capacity, exception_count, exception_capacity, empty_count, empty_capacity;
    uint32_t class;     /* that of class_year, copied because class_year itself is rarely in the cache */
    bool changes_class; /* there was an own day of another class */
    uint16_t idle_days; /* own days with exp = 0 */
    struct span asked;  /* dates on which the class decided the flags that were last told; detect.c keeps it */
    uint64_t expected_bits[YEAR_WORDS]; /* dates with exp > 0 */
    uint64_t absent_bits[YEAR_WORDS];   /* absent days */
    uint64_t spell_bits[YEAR_WORDS];    /* dates on which a spell starts */
};

struct class_year {
    struct class_year *older;
    struct pupil_year **mates; /* all who have had an own day in the class */
    uint32_t mate_count, mate_capacity;
    int32_t first_day;
    uint32_t class;
    uint16_t counts[SIGNS][YEAR_DATES]; /* pupils who were of the class on the date */
};

/* A school year for which anybody has rows. */
struct known_year {
    struct known_year *older;
    int32_t first_day;
    uint32_t first_date;         /* with rows; YEAR_DATES: none */
    uint32_t pupils[YEAR_DATES]; /* with rows */
};

struct history {
    struct pupil_year **years; /* by pupil: newest school year first */
    struct class_year **class_years;
    struct known_year *known_years; /* newest first */
    uint32_t pupil_count, class_count;
    uint32_t subject_end;   /* every subject is below it */
    uint32_t *shape_starts; /* by shape: where it begins, in units of 4 bytes */
    uint32_t *shape_slots;  /* open addressing: shape + 1, 0 = free */
    uint32_t *shape_words;
    uint32_t shape_count, shape_capacity, shape_slot_mask, word_count, word_capacity;
    uint64_t changes;
    size_t bytes; /* held, all in all */
};

static inline const struct shape *history_shape(const struct history *history, uint32_t shape)
{
    return (const struct shape *)(const void *)(history->shape_words + history->shape_starts[shape]);
}

static inline int32_t shape_minutes(const struct shape *shape)
{
    return shape->lessons[EXCEPTION_ALL].minutes;
}

static inline uint32_t history_exceptions_end(const struct pupil_year *year, uint32_t index)
{
    return index + 1U < year->day_count ? year->days[index + 1].first_exception : year->exception_count;
}

#endif
