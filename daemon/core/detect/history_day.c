/* Sums of one day from its shape and exceptions: start from all attended, then add what each exception changes, all
 * columns at once in vector lanes. */
#include "daemon/core/detect/history_day.h"

/* What an exception adds to the columns of its day: factors of the lesson's minutes, of the minutes missed, and of
 * the number of lessons. */
struct effect {
    union column_half minutes, absent_minutes, lessons;
};
#define COUNT(column) ((column)-COLUMN_ABSENT_DAYS)
static const struct effect EFFECTS[STATUSES] = {
    [STATUS_UNKNOWN] = {.minutes.of = {[COLUMN_KNOWN] = -1, [COLUMN_EXPECTED] = -1}},
    [STATUS_LEAVE] = {.minutes.of = {[COLUMN_EXPECTED] = -1}, .absent_minutes.of = {[COLUMN_AWAY] = 1}},
    [STATUS_LATE] = {.absent_minutes.of = {[COLUMN_ABSENT] = 1, [COLUMN_AWAY] = 1},
                     .lessons.of = {[COUNT(COLUMN_LATE)] = 1}},
    [STATUS_REPORTED] = {.absent_minutes.of = {[COLUMN_ABSENT] = 1, [COLUMN_AWAY] = 1},
                         .lessons.of = {[COUNT(COLUMN_MISSED)] = 1}},
    [STATUS_UNREPORTED] = {.absent_minutes.of = {[COLUMN_ABSENT] = 1, [COLUMN_AWAY] = 1, [COLUMN_UNREPORTED] = 1},
                           .lessons.of = {[COUNT(COLUMN_MISSED)] = 1, [COUNT(COLUMN_UNREPORTED_LESSONS)] = 1}}};
/* A state machine over the lessons in order: the kind of the next lesson and the state so far give the new state of
 * the day's spells. A table and not a branch, because the branch would be unpredictable. */
enum kind { NEITHER, ATTENDED, ABSENT };
enum { NEW_SPELL = 8 };
static const uint8_t KINDS[STATUSES] = {
    [STATUS_PRESENT] = ATTENDED, [STATUS_LATE] = ATTENDED, [STATUS_REPORTED] = ABSENT, [STATUS_UNREPORTED] = ABSENT};
static const uint8_t GOING_ON[][8] = {
    [NEITHER] = {0, 1, 2, 3, 4, 5, 6, 7},
    [ATTENDED] = {[0] = DAY_DECIDES,
                  [DAY_DECIDES] = DAY_DECIDES,
                  [DAY_DECIDES | DAY_ENDS_ABSENT] = DAY_DECIDES,
                  [DAY_DECIDES | DAY_BEGINS_ABSENT] = DAY_DECIDES | DAY_BEGINS_ABSENT,
                  [DAY_DECIDES | DAY_BEGINS_ABSENT | DAY_ENDS_ABSENT] = DAY_DECIDES | DAY_BEGINS_ABSENT},
    [ABSENT] = {[0] = DAY_DECIDES | DAY_BEGINS_ABSENT | DAY_ENDS_ABSENT | NEW_SPELL,
                [DAY_DECIDES] = DAY_DECIDES | DAY_ENDS_ABSENT | NEW_SPELL,
                [DAY_DECIDES | DAY_ENDS_ABSENT] = DAY_DECIDES | DAY_ENDS_ABSENT,
                [DAY_DECIDES | DAY_BEGINS_ABSENT] = DAY_DECIDES | DAY_BEGINS_ABSENT | DAY_ENDS_ABSENT | NEW_SPELL,
                [DAY_DECIDES | DAY_BEGINS_ABSENT | DAY_ENDS_ABSENT] =
                    DAY_DECIDES | DAY_BEGINS_ABSENT | DAY_ENDS_ABSENT}};

/* On an absent day the missed lessons do not count as partial absence: COLUMN_MISSED counts those of other days
 * only. */
static void finish_sums(struct day_sums *sums, uint32_t spells)
{
    bool absent_day = sums->of[COLUMN_EXPECTED] > 0 && sums->of[COLUMN_ABSENT] == sums->of[COLUMN_EXPECTED];
    uint16_t missed = sums->of[COLUMN_MISSED];
    sums->of[COLUMN_ABSENT_DAYS] = absent_day;
    sums->of[COLUMN_PARTIAL_DAYS] = !absent_day && missed > 0;
    sums->of[COLUMN_SPELLS] = (uint16_t)spells;
    sums->of[COLUMN_UNREPORTED_DATES] = sums->of[COLUMN_UNREPORTED_LESSONS] > 0;
    sums->of[COLUMN_MISSED] = absent_day ? 0 : missed;
}

/* Visits the exceptions only; lessons between two of them were attended, which ends a spell. */
void history_sums(const struct history *history, const struct pupil_year *year, uint32_t index, struct day_sums *sums)
{
    const struct shape *shape = history_shape(history, year->days[index].shape);
    const struct exception *exception = year->exceptions + year->days[index].first_exception;
    const struct exception *end = year->exceptions + history_exceptions_end(year, index);
    if (exception == end) { /* as nearly all days are */
        history_attended(shape, sums);
        sums->spells = shape->count > 0 ? DAY_DECIDES : 0;
        return;
    }
    column_lanes minutes = COLUMNS_ATTENDED.lanes * (int16_t)shape_minutes(shape), counts = {0};
    uint32_t last = 0, spells = 0, state = 0;
    for (; exception < end; exception++) {
        const struct effect *effect = &EFFECTS[exception->status];
        uint32_t lessons = exception->lesson == EXCEPTION_ALL ? shape->count : 1;
        minutes += effect->minutes.lanes * (int16_t)shape->lessons[exception->lesson].minutes;
        minutes += effect->absent_minutes.lanes * (int16_t)exception->absent_minutes;
        counts += effect->lessons.lanes * (int16_t)lessons;
        state = GOING_ON[exception->lesson > last + 1 ? ATTENDED : NEITHER][state];
        state = GOING_ON[KINDS[exception->status]][state];
        spells += state / NEW_SPELL;
        state %= NEW_SPELL;
        last = exception->lesson == EXCEPTION_ALL ? shape->count : exception->lesson;
    }
    sums->minutes = minutes;
    sums->counts = counts;
    sums->spells = GOING_ON[last < shape->count ? ATTENDED : NEITHER][state];
    finish_sums(sums, spells);
}

/* Whether a spell was still going on when the day began: the latest earlier day that decides ended absent. */
static bool in_spell(const struct history *history, const struct pupil_year *year, uint32_t index)
{
    while (index-- > 0) {
        struct day_sums before;
        history_sums(history, year, index, &before);
        if ((before.spells & DAY_DECIDES) != 0)
            return (before.spells & DAY_ENDS_ABSENT) != 0;
    }
    return false;
}

void history_settled_sums(const struct history *history, const struct pupil_year *year, uint32_t index,
                          struct day_sums *sums)
{
    history_sums(history, year, index, sums);
    if ((sums->spells & DAY_BEGINS_ABSENT) != 0 && in_spell(history, year, index))
        sums->of[COLUMN_SPELLS]--;
}

uint32_t history_days_through(const struct pupil_year *year, int32_t date)
{
    uint32_t low = 0, high = year->day_count;
    if (high > 0 && year->days[high - 1].date <= date)
        return high; /* the usual question: today */
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (year->days[middle].date <= date)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
