/* The days of all pupils, packed: what detection remembers of a school.
 *
 * A pupil's school year is one `struct pupil_year`: its own days in order of date, 8 bytes each. A day is a *shape* (which
 * subjects for how many minutes, and the class: interned, because a class has the same Monday all year) and *exceptions*
 * (lessons that were not simply attended). A normal day has none, so that a pupil's year takes about 2 KB.
 *
 * Beside it, counts per class and date for the one measure that looks beyond the pupil. Used by detect.c only. */
#ifndef DAEMON_CORE_HISTORY_H
#define DAEMON_CORE_HISTORY_H

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

/* A date with rows but no known minute: no own day; it only says which class the pupil was in. */
struct empty_day {
    uint16_t date;
    uint32_t class;
};

struct kept; /* of a pupil's year between two questions: trail.h */

struct pupil_year {
    struct pupil_year *older; /* year of the same pupil */
    struct class_year *class_year;
    struct pupil_year *mate_before, *mate_after;
    struct packed_day *days; /* own days only */
    struct exception *exceptions;
    struct empty_day *empties;
    struct kept *kept;
    uint32_t pupil;
    int32_t first_day; /* 1 August */
    uint16_t day_count, day_capacity, exception_count, exception_capacity, empty_count, empty_capacity;
    uint32_t class;                     /* of class_year, which is in no cache mostly */
    uint64_t expected_bits[YEAR_WORDS]; /* dates with exp > 0 */
    uint64_t absent_bits[YEAR_WORDS];   /* absent days */
};

struct class_year {
    struct class_year *older;
    struct pupil_year *mates;
    int32_t first_day;
    uint32_t class;
    uint32_t expected[YEAR_DATES], absent[YEAR_DATES]; /* pupils with exp > 0; with an absent day */
};

/* Of a day's lessons that were attended or absent: there are such, the first was absent, the last was. */
enum { DAY_DECIDES = 1, DAY_BEGINS_ABSENT = 2, DAY_ENDS_ABSENT = 4 };

/* What one day adds up to; spells as if the pupil came to it out of no spell. */
enum column {
    COLUMN_KNOWN,      /* exp_all, minutes */
    COLUMN_EXPECTED,   /* exp */
    COLUMN_ABSENT,     /* abs */
    COLUMN_AWAY,       /* abs + leave */
    COLUMN_UNREPORTED, /* minutes */
    COLUMN_TIME,       /* exp_all + unknown */
    MINUTE_COLUMNS,
    COLUMN_ABSENT_DAYS = 8,
    COLUMN_PARTIAL_DAYS,
    COLUMN_SPELLS,
    COLUMN_UNREPORTED_LESSONS,
    COLUMN_UNREPORTED_DATES,
    COLUMN_LATE,
    COLUMN_MISSED, /* absent lessons of days that are no absent days */
    COLUMNS
};
#define COUNT_COLUMNS (COLUMNS - COLUMN_ABSENT_DAYS)
/* Minutes have the first eight places, counts the next: each half is a register of the processor. Whatever a day adds up
 * to fits in 16 bits without a sign. */
typedef int16_t column_lanes __attribute__((vector_size(16)));
union column_half {
    int16_t of[8];
    column_lanes lanes;
};
struct day_sums {
    union {
        uint16_t of[16]; /* by column */
        struct {
            column_lanes minutes, counts;
        };
    };
    uint8_t spells; /* DAY_… */
};

struct history {
    struct pupil_year **years; /* by pupil: newest school year first */
    struct class_year **class_years;
    uint32_t pupil_count, class_count;
    uint32_t subject_end;   /* every subject is below it */
    uint32_t *shape_starts; /* by shape: where it begins, in units of 4 bytes */
    uint32_t *shape_slots;  /* open addressing: shape + 1, 0 = free */
    uint32_t *shape_words;
    uint32_t shape_count, shape_capacity, shape_slot_mask, word_count, word_capacity;
    size_t bytes; /* held, all in all */
};

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
void history_sums(const struct history *history, const struct pupil_year *year, uint32_t index, struct day_sums *sums);
/* Whether the pupil came to that day out of a spell that had begun before. */
bool history_in_spell(const struct history *history, const struct pupil_year *year, uint32_t index);

static inline const struct shape *history_shape(const struct history *history, uint32_t shape)
{
    return (const struct shape *)(const void *)(history->shape_words + history->shape_starts[shape]);
}

static inline int32_t shape_minutes(const struct shape *shape)
{
    return shape->lessons[EXCEPTION_ALL].minutes;
}

static const union column_half COLUMNS_ATTENDED = {{[COLUMN_KNOWN] = 1, [COLUMN_EXPECTED] = 1, [COLUMN_TIME] = 1}};

/* As if every lesson of the day had been attended in time. */
static inline void history_attended(const struct shape *shape, struct day_sums *sums)
{
    sums->minutes = COLUMNS_ATTENDED.lanes * (int16_t)shape_minutes(shape);
    sums->counts = (column_lanes){0};
}

static inline uint32_t history_exceptions_end(const struct pupil_year *year, uint32_t index)
{
    return index + 1U < year->day_count ? year->days[index + 1].first_exception : year->exception_count;
}

static inline bool status_attended(uint8_t status)
{
    return status == STATUS_PRESENT || status == STATUS_LATE;
}
static inline bool status_absent(uint8_t status)
{
    return status == STATUS_REPORTED || status == STATUS_UNREPORTED;
}

#endif
