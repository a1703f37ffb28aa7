/* Stores each day as a reference to an interned shape and a list of exceptions in one array per year, in order of
 * date. A day set late is inserted by moving what follows: rare, and a year has few hundred entries. */
#include "daemon/core/detect/history.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/fault.h"
#include "daemon/core/detect/detect.h"
#include "daemon/core/detect/standing.h"

enum { DAYS_STEP = 16, EXCEPTIONS_STEP = 16, EMPTIES_STEP = 4, MATES_STEP = 8 };

static_assert(OUTCOME_LESSONS_MAX * OUTCOME_MINUTES_MAX <= UINT16_MAX, "a day's minutes fit in 16 bits");
static_assert(OUTCOME_LESSONS_MAX * YEAR_DATES <= UINT16_MAX, "a year's exceptions can be numbered");
static_assert(DETECT_CLASS_PUPILS_MAX <= UINT16_MAX, "a class's pupils can be counted");
static_assert(OUTCOME_LESSONS_MAX <= UINT8_MAX, "a lesson's place in a shape fits");

/* A day being set: the lessons of its shape, and the exceptions. */
struct incoming {
    uint32_t class;
    uint16_t date;
    uint8_t lesson_count, exception_count;
    bool own;
    uint32_t subject_end;
    struct shape_lesson lessons[1 + OUTCOME_LESSONS_MAX]; /* as in a shape */
    struct exception exceptions[OUTCOME_LESSONS_MAX];
};

void history_init(struct history *history)
{
    *history = (struct history){.bytes = 0};
}

void history_free(struct history *history)
{
    for (uint32_t pupil = 0; pupil < history->pupil_count; pupil++)
        for (struct pupil_year *year = history->years[pupil], *older; year != NULL; year = older) {
            older = year->older;
            free(year->days);
            free(year->exceptions);
            free(year->empties);
            free(year);
        }
    for (uint32_t class = 0; class < history->class_count; class ++)
        for (struct class_year *year = history->class_years[class], *older; year != NULL; year = older) {
            older = year->older;
            free(year->mates);
            free(year);
        }
    for (struct known_year *year = history->known_years, *older; year != NULL; year = older) {
        older = year->older;
        free(year);
    }
    free(history->years);
    free(history->class_years);
    free(history->shape_starts);
    free(history->shape_slots);
    free(history->shape_words);
}

/* Makes room for `count` items of `item_bytes`; new ones are zero. */
static bool grow(struct history *history, void **items, size_t item_bytes, size_t held, size_t count)
{
    if (count <= held)
        return true;
    char *grown = realloc(*items, count * item_bytes);
    if (grown == NULL)
        return false;
    memset(grown + held * item_bytes, 0, (count - held) * item_bytes);
    *items = grown;
    history->bytes += (count - held) * item_bytes;
    return true;
}

static bool grow_table(struct history *history, void **items, uint32_t *held, uint32_t index)
{
    if (index < *held)
        return true;
    uint32_t count = *held + *held / 2 > index ? *held + *held / 2 : index + 1;
    if (!grow(history, items, sizeof(void *), *held, count))
        return false;
    *held = count;
    return true;
}

static bool grow_list(struct history *history, void **items, size_t item_bytes, uint16_t *capacity, uint32_t count,
                      uint32_t step)
{
    if (count <= *capacity)
        return true;
    uint32_t rounded = (count + step - 1) / step * step;
    if (!grow(history, items, item_bytes, *capacity, rounded))
        return false;
    *capacity = (uint16_t)rounded;
    return true;
}

/* Shapes. They are never removed: a school has some hundred, and a correction mostly returns to an earlier one. */

static uint32_t shape_hash(uint32_t class, const struct shape_lesson *lessons, uint32_t count)
{
    uint64_t hash = class * UINT64_C(0x9E3779B97F4A7C15) + count;
    for (uint32_t i = 1; i <= count; i++) {
        hash ^= (uint64_t)lessons[i].subject << 16 | lessons[i].minutes;
        hash *= UINT64_C(0xD6E8FEB86659FD93);
        hash ^= hash >> 32;
    }
    return (uint32_t)hash;
}

static bool shape_is(const struct shape *shape, const struct incoming *day)
{
    return shape->class == day->class && shape->count == day->lesson_count &&
           memcmp(shape->lessons, day->lessons, (1U + day->lesson_count) * sizeof *day->lessons) == 0;
}

/* Open addressing with linear probing over a power of two; a slot holds the number + 1, 0 is free. At most half is
 * used. */
static bool grow_slots(struct history *history)
{
    uint32_t slots = history->shape_slot_mask == 0 ? 256 : (history->shape_slot_mask + 1) * 2;
    uint32_t *fresh = calloc(slots, sizeof *fresh);
    if (fresh == NULL)
        return false;
    for (uint32_t i = 0; i < history->shape_count; i++) {
        const struct shape *shape = history_shape(history, i);
        uint32_t at = shape_hash(shape->class, shape->lessons, shape->count) & (slots - 1);
        while (fresh[at] != 0)
            at = (at + 1) & (slots - 1);
        fresh[at] = i + 1;
    }
    free(history->shape_slots);
    history->bytes += (slots - (history->shape_slots == NULL ? 0 : history->shape_slot_mask + 1)) * sizeof *fresh;
    history->shape_slots = fresh;
    history->shape_slot_mask = slots - 1;
    return true;
}

/* Shapes differ in length and lie one after the other in one array of words; references are numbers, as it may
 * move. */
static bool add_shape(struct history *history, const struct incoming *day)
{
    uint32_t words = (uint32_t)(sizeof(struct shape) / sizeof(uint32_t)) + 1U + day->lesson_count;
    if (history->shape_count == history->shape_capacity) {
        uint32_t capacity = history->shape_capacity * 3 / 2 + 64;
        if (!grow(history, (void **)&history->shape_starts, sizeof(uint32_t), history->shape_capacity, capacity))
            return false;
        history->shape_capacity = capacity;
    }
    if (history->word_count + words > history->word_capacity) {
        uint32_t capacity = history->word_capacity * 3 / 2 + 1024;
        if (!grow(history, (void **)&history->shape_words, sizeof(uint32_t), history->word_capacity, capacity))
            return false;
        history->word_capacity = capacity;
    }
    uint32_t start = history->word_count;
    history->shape_starts[history->shape_count] = start;
    struct shape *shape = (struct shape *)(void *)(history->shape_words + start);
    shape->class = day->class;
    shape->count = day->lesson_count;
    memcpy(shape->lessons, day->lessons, (1U + day->lesson_count) * sizeof *day->lessons);
    history->word_count += words;
    history->shape_count++;
    return true;
}

static_assert(sizeof(struct shape) % sizeof(uint32_t) == 0 && sizeof(struct shape_lesson) == sizeof(uint32_t),
              "shapes are made of words");

/* The number of the day's shape, added when it is new. */
static bool intern_shape(struct history *history, const struct incoming *day, uint32_t *shape)
{
    if (history->shape_count * 2 >= history->shape_slot_mask && !grow_slots(history))
        return false;
    uint32_t at = shape_hash(day->class, day->lessons, day->lesson_count) & history->shape_slot_mask;
    for (; history->shape_slots[at] != 0; at = (at + 1) & history->shape_slot_mask) {
        *shape = history->shape_slots[at] - 1;
        if (shape_is(history_shape(history, *shape), day))
            return true;
    }
    if (!add_shape(history, day))
        return false;
    *shape = history->shape_count - 1;
    history->shape_slots[at] = history->shape_count;
    return true;
}

/* The shape that the day has already, if it is unchanged: most changes concern outcomes only, and this saves the
 * lookup. */
static bool same_shape(const struct history *history, const struct pupil_year *year, const struct incoming *day,
                       uint32_t *shape)
{
    uint32_t through = history_days_through(year, day->date);
    assert(through == 0 || year->days != NULL);
    if (through == 0 || year->days[through - 1].date != day->date)
        return false;
    *shape = year->days[through - 1].shape;
    return shape_is(history_shape(history, *shape), day);
}

/* Days. */

struct pupil_year *history_year(const struct history *history, uint32_t pupil, int32_t first_day)
{
    if (pupil >= history->pupil_count)
        return NULL;
    struct pupil_year *year = history->years[pupil];
    while (year != NULL && year->first_day > first_day)
        year = year->older;
    return year != NULL && year->first_day == first_day ? year : NULL;
}

/* The years of a pupil are a list, the latest first: nearly all questions are about the current one. */
static struct pupil_year *need_year(struct history *history, uint32_t pupil, int32_t first_day)
{
    struct pupil_year *year = history_year(history, pupil, first_day);
    if (year != NULL)
        return year;
    if (!grow_table(history, (void **)&history->years, &history->pupil_count, pupil))
        return NULL;
    year = calloc(1, sizeof *year);
    if (year == NULL)
        return NULL;
    history->bytes += sizeof *year;
    year->pupil = pupil;
    year->first_day = first_day;
    year->asked = SPAN_YEAR;
    struct pupil_year **at = &history->years[pupil];
    while (*at != NULL && (*at)->first_day > first_day)
        at = &(*at)->older;
    year->older = *at;
    *at = year;
    return year;
}

static bool need_class(struct history *history, const struct pupil_year *year, uint32_t class)
{
    if (standing_class(history, year, class) != NULL)
        return true;
    if (!grow_table(history, (void **)&history->class_years, &history->class_count, class))
        return false;
    struct class_year *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL)
        return false;
    history->bytes += sizeof *fresh;
    fresh->class = class;
    fresh->first_day = year->first_day;
    fresh->older = history->class_years[class];
    history->class_years[class] = fresh;
    return true;
}

/* Makes the class the pupil's current one and the pupil one of its mates. Mates are never removed: days in the
 * earlier class still count there. False: no memory, or DETECT_CLASS_PUPILS_MAX is reached. */
static bool enter_class(struct history *history, struct pupil_year *year, uint32_t class)
{
    if (year->class_year != NULL && year->class == class)
        return true;
    if (!need_class(history, year, class))
        return false;
    struct class_year *entered = standing_class(history, year, class);
    uint32_t mate = year->class_year == NULL ? entered->mate_count : 0; /* a pupil without a class is in no list yet */
    while (mate < entered->mate_count && entered->mates[mate] != year)
        mate++;
    if (mate == DETECT_CLASS_PUPILS_MAX)
        return false;
    if (mate == entered->mate_capacity) {
        uint32_t capacity = mate + mate / 2 + MATES_STEP;
        if (!grow(history, (void **)&entered->mates, sizeof(struct pupil_year *), mate, capacity))
            return false;
        entered->mate_capacity = capacity;
    }
    if (mate == entered->mate_count)
        entered->mates[entered->mate_count++] = year;
    year->changes_class = year->class_year != NULL;
    year->class_year = entered;
    year->class = class;
    return true;
}

/* A day on which all lessons were missed in the same way, as in illness, becomes one exception. */
static void unite_exceptions(struct incoming *day)
{
    if (day->exception_count < 2 || day->exception_count != day->lesson_count)
        return;
    for (uint32_t i = 0; i < day->exception_count; i++)
        if (day->exceptions[i].status != day->exceptions[0].status ||
            day->exceptions[i].absent_minutes != day->lessons[1 + i].minutes)
            return;
    day->exceptions[0] = (struct exception){EXCEPTION_ALL, day->exceptions[0].status, day->lessons[0].minutes};
    day->exception_count = 1;
}

/* Cancelled and exempt lessons are not stored. A day of unknown lessons alone is not an own day and has no
 * exceptions. */
static void read_day(struct incoming *day, const struct outcome *outcomes, size_t count)
{
    assert(count <= OUTCOME_LESSONS_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct outcome *outcome = &outcomes[i];
        assert(outcome->minutes <= OUTCOME_MINUTES_MAX && outcome->absent_minutes <= outcome->minutes);
        if (outcome->status == STATUS_CANCELLED || outcome->status == STATUS_EXEMPT)
            continue;
        day->subject_end = outcome->subject >= day->subject_end ? outcome->subject + 1U : day->subject_end;
        day->own = day->own || (outcome->status != STATUS_UNKNOWN && outcome->minutes > 0);
        day->lessons[++day->lesson_count] = (struct shape_lesson){outcome->subject, outcome->minutes};
        day->lessons[0].minutes = (uint16_t)(day->lessons[0].minutes + outcome->minutes);
        if (outcome->status != STATUS_PRESENT)
            day->exceptions[day->exception_count++] =
                (struct exception){day->lesson_count, outcome->status, outcome->absent_minutes};
    }
    unite_exceptions(day);
    if (!day->own)
        day->exception_count = 0;
}

/* Replaces the exceptions of the own day at `index` by `count` others; the room has been made. */
static void splice_exceptions(struct pupil_year *year, uint32_t index, const struct exception *exceptions,
                              uint32_t count)
{
    uint32_t from = year->days[index].first_exception, to = history_exceptions_end(year, index);
    memmove(year->exceptions + from + count, year->exceptions + to,
            (year->exception_count - to) * sizeof *year->exceptions);
    if (count > 0)
        memcpy(year->exceptions + from, exceptions, count * sizeof *exceptions);
    int32_t more = (int32_t)count - (int32_t)(to - from);
    year->exception_count = (uint16_t)(year->exception_count + more);
    if (more != 0)
        for (uint32_t i = index + 1; i < year->day_count; i++)
            year->days[i].first_exception = (uint16_t)(year->days[i].first_exception + more);
}

static void insert_day(struct pupil_year *year, uint32_t index, uint16_t date)
{
    uint32_t first = index < year->day_count ? year->days[index].first_exception : year->exception_count;
    memmove(year->days + index + 1, year->days + index, (year->day_count - index) * sizeof *year->days);
    year->day_count++;
    year->days[index] = (struct packed_day){.date = date, .first_exception = (uint16_t)first};
}

static void remove_day(struct pupil_year *year, uint32_t index)
{
    splice_exceptions(year, index, NULL, 0);
    year->day_count--;
    memmove(year->days + index, year->days + index + 1, (year->day_count - index) * sizeof *year->days);
}

/* Dates with rows that are not own days. True when it changed anything. */
static bool set_empty(struct pupil_year *year, uint16_t date, bool wanted)
{
    uint32_t at = 0;
    while (at < year->empty_count && year->empties[at] < date)
        at++;
    bool held = at < year->empty_count && year->empties[at] == date;
    if (wanted == held)
        return false;
    if (wanted) {
        memmove(year->empties + at + 1, year->empties + at, (year->empty_count++ - at) * sizeof *year->empties);
        year->empties[at] = date;
    } else {
        memmove(year->empties + at, year->empties + at + 1, (--year->empty_count - at) * sizeof *year->empties);
    }
    return true;
}

/* True when the stored day is different afterwards; a day set to what it already is must mark nobody as changed. */
static bool set_own(struct pupil_year *year, const struct incoming *day, uint32_t shape)
{
    uint32_t through = history_days_through(year, day->date);
    bool held = through > 0 && year->days[through - 1].date == day->date;
    uint32_t index = held ? through - 1 : through;
    if (!day->own) {
        if (held)
            remove_day(year, index);
        return held;
    }
    if (!held)
        insert_day(year, index, day->date);
    uint32_t first = year->days[index].first_exception;
    if (held && year->days[index].shape == shape &&
        history_exceptions_end(year, index) - first == day->exception_count &&
        memcmp(year->exceptions + first, day->exceptions, day->exception_count * sizeof *day->exceptions) == 0)
        return false;
    year->days[index].shape = shape;
    splice_exceptions(year, index, day->exceptions, day->exception_count);
    return true;
}

/* School years. */

/* The first day of the school year of `day`: mostly one that somebody has rows in already, known without a calendar. */
static int32_t school_year_of(const struct history *history, int32_t day)
{
    const struct known_year *year = history->known_years;
    while (year != NULL && day < year->first_day)
        year = year->older;
    bool within = year != NULL && day - year->first_day < YEAR_DATES - 1;
    return within ? year->first_day : civil_school_year(day);
}

static struct known_year *need_known_year(struct history *history, int32_t first_day)
{
    struct known_year **at = &history->known_years;
    while (*at != NULL && (*at)->first_day > first_day)
        at = &(*at)->older;
    if (*at != NULL && (*at)->first_day == first_day)
        return *at;
    struct known_year *year = calloc(1, sizeof *year);
    if (year == NULL)
        return NULL;
    history->bytes += sizeof *year;
    *year = (struct known_year){.older = *at, .first_day = first_day, .first_date = YEAR_DATES};
    *at = year;
    return year;
}

/* Counts the pupils with rows on a date. True when the year's first date with rows changes by it. */
static bool count_rows(struct known_year *year, uint16_t date, bool before, bool now)
{
    uint32_t first = year->first_date;
    year->pupils[date] += (uint32_t)now - (uint32_t)before;
    if (now && date < first)
        year->first_date = date;
    while (year->first_date < YEAR_DATES && year->pupils[year->first_date] == 0)
        year->first_date++;
    return year->first_date != first;
}

int32_t history_later_year_begins(const struct history *history, int32_t first_day)
{
    int32_t begins = INT32_MAX;
    for (const struct known_year *year = history->known_years; year != NULL && year->first_day > first_day;
         year = year->older)
        if (year->first_date < YEAR_DATES)
            begins = year->first_day + (int32_t)year->first_date;
    return begins;
}

enum { LINE_BYTES = 64 };

/* Prefetches cache lines around `offset` bytes into a list. The address is computed as an integer because the list
 * may be NULL; a prefetch never faults. */
static void fetch_lines(const void *list, size_t offset, int32_t from, int32_t end)
{
    for (int32_t line = from; line < end; line++)
        __builtin_prefetch((const void *)((uintptr_t)list + offset + (uintptr_t)(line * LINE_BYTES)));
}

/* Prefetches what history_set and the next question read, so that the cache misses of a large school overlap
 * instead of following one another. */
static void fetch_year(const struct pupil_year *year)
{
    enum { DAY_LINES = 2, EXCEPTION_LINES = 2, KEPT_LINES = 5 };
    fetch_lines(year->days, year->day_count * sizeof *year->days, -DAY_LINES, 0);
    fetch_lines(year->exceptions, year->exception_count * sizeof *year->exceptions, -EXCEPTION_LINES, 0);
    fetch_lines(year->kept, 0, 0, KEPT_LINES);
}

/* Allocates all that the day may need before anything changes. False: no memory, nothing changed. */
static bool make_room(struct history *history, struct pupil_year *year, const struct incoming *day, bool empty,
                      uint32_t *shape)
{
    return (!day->own || same_shape(history, year, day, shape) || intern_shape(history, day, shape)) &&
           grow_list(history, (void **)&year->days, sizeof *year->days, &year->day_capacity, year->day_count + 1U,
                     DAYS_STEP) &&
           grow_list(history, (void **)&year->exceptions, sizeof *year->exceptions, &year->exception_capacity,
                     year->exception_count + day->exception_count + 1U, EXCEPTIONS_STEP) &&
           grow_list(history, (void **)&year->empties, sizeof *year->empties, &year->empty_capacity,
                     year->empty_count + (empty ? 1U : 0U), EMPTIES_STEP) &&
           (!day->own || enter_class(history, year, day->class));
}

/* A day also decides whether the next deciding day begins a spell, so the standing of both is compared before and
 * after. After make_room nothing can fail. */
bool history_set(struct history *history, uint32_t pupil, uint32_t class, int32_t day, const struct outcome *outcomes,
                 size_t count, struct history_change *change)
{
    *change = (struct history_change){.year = NULL};
    int32_t first_day = school_year_of(history, day);
    if (count == 0 && history_year(history, pupil, first_day) == NULL)
        return true;
    struct known_year *known = need_known_year(history, first_day);
    struct pupil_year *year = known == NULL ? NULL : need_year(history, pupil, first_day);
    if (year == NULL)
        return false;
    fetch_year(year);
    struct incoming incoming = {.class = class, .date = (uint16_t)(day - first_day)};
    read_day(&incoming, outcomes, count);
    struct standing before = standing_on(history, year, incoming.date), after = {NULL, 0};
    uint32_t later = standing_decides_after(history, year, incoming.date), later_count = year->day_count - later;
    if (later_count > 0)
        after = standing_at(history, year, later);
    bool empty = count > 0 && !incoming.own;
    uint32_t shape = 0;
    if (!make_room(history, year, &incoming, empty, &shape))
        return false;

    if (incoming.subject_end > history->subject_end)
        history->subject_end = incoming.subject_end;
    bool emptied = set_empty(year, incoming.date, empty), was_empty = emptied != empty;
    if (!set_own(year, &incoming, shape) && !emptied)
        return true;
    *change = (struct history_change){.year = year, .date = incoming.date};
    change->year_begins = count_rows(known, incoming.date, before.class != NULL || was_empty, count > 0);
    standing_set(year, incoming.date, before, standing_on(history, year, incoming.date), change);
    later = year->day_count - later_count;
    if (later_count > 0 && !FAULT(next_day_not_recounted))
        standing_set(year, year->days[later].date, after, standing_at(history, year, later), change);
    history->changes++;
    return true;
}
