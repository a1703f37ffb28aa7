#include "daemon/core/history.h"

#include <assert.h>
#include <string.h>

/* What a day says. */

bool history_in_spell(const struct history *history, const struct pupil_year *year, uint32_t index)
{
    while (index-- > 0) {
        struct day_sums before;
        history_sums(history, year, index, &before);
        if (before.decides)
            return before.ends_absent;
    }
    return false;
}

/* Goes over a day's lessons in their order: exceptions are in that order too. */
struct lessons {
    const struct shape *shape;
    const struct exception *next, *end;
};

static struct lessons lessons_of(const struct history *history, const struct pupil_year *year, uint32_t index)
{
    return (struct lessons){history_shape(history, year->days[index].shape),
                            year->exceptions + year->days[index].first_exception,
                            year->exceptions + history_exceptions_end(year, index)};
}

static inline struct day_lesson take_lesson(struct lessons *lessons, uint32_t place)
{
    const struct shape_lesson *planned = &lessons->shape->lessons[place];
    struct day_lesson lesson = {planned->subject, planned->minutes, 0, STATUS_PRESENT};
    if (lessons->next < lessons->end && lessons->next->lesson == EXCEPTION_ALL) {
        lesson.status = lessons->next->status;
        lesson.absent_minutes = planned->minutes;
    } else if (lessons->next < lessons->end && lessons->next->lesson == place) {
        lesson.status = lessons->next->status;
        lesson.absent_minutes = lessons->next->absent_minutes;
        lessons->next++;
    }
    return lesson;
}

uint32_t history_lessons(const struct history *history, const struct pupil_year *year, uint32_t index,
                         struct day_lesson out[OUTCOME_LESSONS_MAX])
{
    struct lessons lessons = lessons_of(history, year, index);
    for (uint32_t i = 0; i < lessons.shape->count; i++)
        out[i] = take_lesson(&lessons, i + 1);
    return lessons.shape->count;
}

/* What a lesson that was not simply attended adds to the day: so many times its minutes, the minutes missed, and one. */
struct effect {
    union column_half minutes, absent_minutes, lessons;
};
#define COUNT(column) ((column) - COLUMN_ABSENT_DAYS)
static const struct effect EFFECTS[STATUSES] = {
    [STATUS_UNKNOWN] = {.minutes.of = {[COLUMN_KNOWN] = -1, [COLUMN_EXPECTED] = -1}},
    [STATUS_LEAVE] = {.minutes.of = {[COLUMN_EXPECTED] = -1}, .absent_minutes.of = {[COLUMN_AWAY] = 1}},
    [STATUS_LATE] = {.absent_minutes.of = {[COLUMN_ABSENT] = 1, [COLUMN_AWAY] = 1}, .lessons.of = {[COUNT(COLUMN_LATE)] = 1}},
    [STATUS_REPORTED] = {.absent_minutes.of = {[COLUMN_ABSENT] = 1, [COLUMN_AWAY] = 1},
                         .lessons.of = {[COUNT(COLUMN_MISSED)] = 1}},
    [STATUS_UNREPORTED] = {.absent_minutes.of = {[COLUMN_ABSENT] = 1, [COLUMN_AWAY] = 1, [COLUMN_UNREPORTED] = 1},
                           .lessons.of = {[COUNT(COLUMN_MISSED)] = 1, [COUNT(COLUMN_UNREPORTED_LESSONS)] = 1}}};
static const union column_half ATTENDED = {{[COLUMN_KNOWN] = 1, [COLUMN_EXPECTED] = 1, [COLUMN_TIME] = 1}};

/* Where a day is with its spells. Bits and no branches, as none could be foretold. */
struct spells {
    uint32_t begins_absent, decides, ends_absent, count;
};

/* The next lessons in their order were attended, or absent, or neither. */
static inline void go_on(struct spells *spells, uint32_t attended, uint32_t absent)
{
    spells->begins_absent |= absent & ~spells->decides;
    spells->count += absent & ~spells->ends_absent;
    spells->decides |= attended | absent;
    spells->ends_absent = absent | (spells->ends_absent & ~attended);
}

static void finish_sums(struct day_sums *sums, const struct spells *spells)
{
    bool absent_day = sums->of[COLUMN_EXPECTED] > 0 && sums->of[COLUMN_ABSENT] == sums->of[COLUMN_EXPECTED];
    uint16_t missed = sums->of[COLUMN_MISSED];
    sums->of[COLUMN_ABSENT_DAYS] = absent_day;
    sums->of[COLUMN_PARTIAL_DAYS] = !absent_day && missed > 0;
    sums->of[COLUMN_SPELLS] = (uint16_t)spells->count;
    sums->of[COLUMN_UNREPORTED_DATES] = sums->of[COLUMN_UNREPORTED_LESSONS] > 0;
    sums->of[COLUMN_MISSED] = absent_day ? 0 : missed;
    sums->begins_absent = spells->begins_absent != 0;
    sums->decides = spells->decides != 0;
    sums->ends_absent = spells->ends_absent != 0;
}

/* Goes over the exceptions alone: what lies between them was attended. */
void history_sums(const struct history *history, const struct pupil_year *year, uint32_t index, struct day_sums *sums)
{
    const struct shape *shape = history_shape(history, year->days[index].shape);
    const struct exception *exception = year->exceptions + year->days[index].first_exception;
    const struct exception *end = year->exceptions + history_exceptions_end(year, index);
    column_lanes minutes = ATTENDED.lanes * (int16_t)shape->lessons[EXCEPTION_ALL].minutes, counts = {0};
    struct spells spells = {0, 0, 0, 0};
    uint32_t last = 0; /* lesson */
    for (; exception < end; exception++) {
        const struct effect *effect = &EFFECTS[exception->status];
        uint32_t others = exception->lesson == EXCEPTION_ALL ? shape->count - 1U : 0; /* lessons beside one */
        minutes += effect->minutes.lanes * (int16_t)shape->lessons[exception->lesson].minutes;
        minutes += effect->absent_minutes.lanes * (int16_t)exception->absent_minutes;
        counts += effect->lessons.lanes * (int16_t)(1 + others);
        go_on(&spells, exception->lesson > last + 1, 0);
        go_on(&spells, exception->status == STATUS_LATE, status_absent(exception->status));
        last = exception->lesson + (others == 0 ? 0 : others + 1);
    }
    go_on(&spells, last < shape->count, 0);
    sums->minutes = minutes;
    sums->counts = counts;
    finish_sums(sums, &spells);
}
