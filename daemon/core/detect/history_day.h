/* What one packed day adds up to: its value in every column, and how it begins and ends for spells. */
#ifndef DAEMON_CORE_HISTORY_DAY_H
#define DAEMON_CORE_HISTORY_DAY_H

#include "daemon/core/detect/packed.h"

/* A day's deciding lessons are those attended or absent. As bits: there is one, the first was absent, the last was
 * absent. */
enum { DAY_DECIDES = 1, DAY_BEGINS_ABSENT = 2, DAY_ENDS_ABSENT = 4 };

/* What one day adds up to. A spell at its beginning counts as starting there, whatever the day before was. */
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
    COLUMN_SPELLS, /* that start; never fewer than the days on which one does */
    COLUMN_UNREPORTED_DATES,
    COLUMN_UNREPORTED_LESSONS,
    COLUMN_LATE,
    COLUMN_MISSED, /* absent lessons of days that are not absent days */
    COLUMNS,
    /* What no column counts; they are signs alone. */
    COLUMN_EXPECTED_DAYS,
    COLUMN_NOT_ABSENT_DAYS
};
#define COUNT_COLUMNS (COLUMNS - COLUMN_ABSENT_DAYS)
/* Minutes have the first eight places, counts the next eight, so that each half fits a 128-bit register. All values
 * of a day fit in 16 unsigned bits. */
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

void history_sums(const struct history *history, const struct pupil_year *year, uint32_t index, struct day_sums *sums);
/* The same with the spells that start on the day alone, whatever the days before were. */
void history_settled_sums(const struct history *history, const struct pupil_year *year, uint32_t index,
                          struct day_sums *sums);

/* The sign of the days that such a column counts, or counts something of. */
static inline enum sign sign_in(uint8_t column)
{
    return column < COLUMNS ? (enum sign)(column - COLUMN_ABSENT_DAYS)
                            : (enum sign)(SIGN_EXPECTED + column - COLUMN_EXPECTED_DAYS);
}

static const union column_half COLUMNS_ATTENDED = {{[COLUMN_KNOWN] = 1, [COLUMN_EXPECTED] = 1, [COLUMN_TIME] = 1}};

/* As if every lesson of the day had been attended in time. */
static inline void history_attended(const struct shape *shape, struct day_sums *sums)
{
    sums->minutes = COLUMNS_ATTENDED.lanes * (int16_t)shape_minutes(shape);
    sums->counts = (column_lanes){0};
}

static inline bool status_attended(uint8_t status)
{
    return status == STATUS_PRESENT || status == STATUS_LATE;
}
static inline bool status_absent(uint8_t status)
{
    return status == STATUS_REPORTED || status == STATUS_UNREPORTED;
}
/* How many own days are not after `date`. */
uint32_t history_days_through(const struct pupil_year *year, int32_t date);

#endif
