/* Both measures are neutral on nearly all days, so the work goes into finding the few days on which they may not
 * be: from the absent days by weekday, and from the missed lessons by subject. */
#include "daemon/core/detect/vector/columns_patterns.h"

#include <assert.h>
#include <string.h>
#include "daemon/core/detect/vector/columns_compare.h"

/* Weekdays. */

/* `excess` counts +1 for an absent day on this weekday and -1 on any other: its sum over a window is at least 0
 * exactly where the weekday has at least half of the window's absent days. */
static void fill_weekday(const struct columns *columns, struct weekday_column *weekday, uint32_t phase,
                         const uint16_t *absent, const uint8_t *phases, uint32_t count)
{
    memset(weekday->absent.sums + BEFORE + 1, 0, columns->days * sizeof(int16_t));
    memset(weekday->excess.sums + BEFORE + 1, 0, columns->days * sizeof(int16_t));
    for (uint32_t i = 0; i < count; i++) {
        weekday->absent.sums[BEFORE + 1 + absent[i]] = phases[i] == phase;
        weekday->excess.sums[BEFORE + 1 + absent[i]] = phases[i] == phase ? 1 : -1;
    }
    columns->lanes->sum_counts(weekday->absent.sums + BEFORE + 1, columns->days);
    columns->lanes->sum_counts(weekday->excess.sums + BEFORE + 1, columns->days);
}

/* Dates count from the first day of the school year, so date % 7 stands for the weekday without a calendar. */
static void fill_weekdays(const struct walk *walk)
{
    struct columns *columns = walk->columns;
    uint16_t absent[YEAR_DATES];
    uint8_t phases[YEAR_DATES];
    uint32_t count = 0, of_phase[7] = {0};
    for (uint32_t m = 0; m < columns->marked_count; m++) {
        if (!columns_absent_day(columns, columns->marked[m]))
            continue;
        absent[count] = columns->marked[m];
        phases[count] = (uint8_t)(walk->year->days[absent[count]].date % 7);
        of_phase[phases[count++]]++;
    }
    columns->weekdays_filled = true;
    columns->weekday_count = 0;
    for (uint32_t phase = 0; phase < 7; phase++)
        if (of_phase[phase] >= MEASURE_PATTERN_LEAST)
            fill_weekday(columns, &columns->weekdays[columns->weekday_count++], phase, absent, phases, count);
}

/* A union over the weekdays: one weekday with enough absent days, and at least half of all, makes a day possible. */
bool columns_weekdays(const struct walk *walk, const struct condition *condition, struct day_bits *bits)
{
    struct columns *columns = walk->columns;
    struct day_bits any = {{0}};
    int32_t near = condition->offset, far = condition->offset + condition->days;
    if (!columns->weekdays_filled)
        fill_weekdays(walk);
    bool found = false;
    for (uint32_t i = 0; i < columns->weekday_count; i++) {
        const struct counts_column *absent = &columns->weekdays[i].absent, *excess = &columns->weekdays[i].excess;
        struct count_test enough = {counts_edge(absent, near), counts_edge(absent, far), MEASURE_PATTERN_LEAST};
        struct count_test half = {counts_edge(excess, near), counts_edge(excess, far), 0};
        struct day_bits left = *bits;
        if (!columns->lanes->count(&enough, &left, columns->words) ||
            !columns->lanes->count(&half, &left, columns->words))
            continue;
        found = true;
        for (uint32_t word = 0; word < columns->words; word++)
            any.words[word] |= left.words[word];
    }
    *bits = any;
    return found;
}

/* Subjects.
 *
 * The missed lessons are listed, each linked to the previous missed lesson of its subject. A subject can stand out
 * only where enough lessons of its chain fit into one window; prefix sums of the subject are filled only if there
 * is such a day. */

/* Absent days, and days of leave from the first lesson to the last, do not count for subjects at all. */
static bool left_out(const struct walk *walk, uint32_t index)
{
    const struct pupil_year *year = walk->year;
    return columns_absent_day(walk->columns, index) ||
           year->exceptions[year->days[index].first_exception].lesson == EXCEPTION_ALL;
}

/* Branch-free: every exception is written to both lists and the count advances only if it belongs there, because
 * the branch on the status would be mispredicted about as often as not. */
static void list_day(const struct walk *walk, uint32_t index)
{
    struct columns *columns = walk->columns;
    const struct shape *shape = history_shape(walk->history, walk->year->days[index].shape);
    const struct exception *exception = walk->year->exceptions + walk->year->days[index].first_exception;
    const struct exception *end = walk->year->exceptions + history_exceptions_end(walk->year, index);
    for (; exception < end; exception++) {
        const struct shape_lesson *lesson = &shape->lessons[exception->lesson];
        columns->missed[columns->missed_count] =
            (struct odd_lesson){(uint16_t)index, lesson->subject, exception->absent_minutes, 0};
        columns->missed_count += status_absent(exception->status);
        columns->excused[columns->excused_count] =
            (struct odd_lesson){(uint16_t)index, lesson->subject, lesson->minutes, 0};
        columns->excused_count += exception->status == STATUS_UNKNOWN || exception->status == STATUS_LEAVE;
    }
}

/* Links the missed lessons by subject. `missed` of the shared sums holds the latest place of each subject meanwhile
 * and is set back to 0, as those sums must be left zeroed. A chain is known by its latest lesson at the end. */
static void link_missed(const struct walk *walk)
{
    struct columns *columns = walk->columns;
    struct subject_sums *of = walk->subjects->of;
    uint32_t count = 0;
    for (uint32_t i = 1; i < columns->missed_count; i++) {
        uint16_t subject = columns->missed[i].subject;
        columns->missed[i].before = (uint16_t)of[subject].missed;
        of[subject].missed = (int32_t)i;
        columns->chains[count] = subject;
        count += columns->missed[i].before == 0;
    }
    columns->chain_count = count;
    for (uint32_t i = 0; i < count; i++) {
        uint16_t subject = columns->chains[i];
        columns->chains[i] = (uint16_t)of[subject].missed;
        of[subject].missed = 0;
    }
}

static void list_lessons(const struct walk *walk)
{
    struct columns *columns = walk->columns;
    columns->missed_count = 1; /* the first place stands for none */
    columns->excused_count = 0;
    for (uint32_t m = 0; m < columns->marked_count; m++)
        if (!left_out(walk, columns->marked[m]))
            list_day(walk, columns->marked[m]);
    link_missed(walk);
    columns->subjects_listed = true;
}

/* Gives each shape of the year a place, so that a subject is summed once per shape and not once per day. A class
 * has few shapes, about one a weekday; a collision in the small cache only gives a shape a second place. */
static void place_shapes(const struct walk *walk)
{
    enum { REMEMBERED = 64 };
    struct columns *columns = walk->columns;
    uint16_t latest[REMEMBERED] = {0};
    uint32_t count = 1;
    columns->shapes[0] = (uint32_t)NO_SHAPE; /* of days that are left out */
    for (uint32_t index = 0; index < columns->days; index++) {
        uint32_t shape = walk->year->days[index].shape, place = latest[shape % REMEMBERED];
        if (columns->shapes[place] != shape) {
            place = count++;
            columns->shapes[place] = shape;
            latest[shape % REMEMBERED] = (uint16_t)place;
        }
        columns->shape_places[index] = (uint16_t)place;
    }
    columns->shape_count = count;
    columns->shapes_placed = true;
    for (uint32_t m = 0; m < columns->marked_count; m++)
        if (left_out(walk, columns->marked[m]))
            columns->shape_places[columns->marked[m]] = 0;
}

/* What a lesson adds to the columns of a subject: its minutes or one; 0 when it is of another subject. */
static int32_t worth(const struct subject_columns *columns, uint16_t subject, uint16_t minutes)
{
    bool counts = columns->subject == SUBJECT_ALL || columns->subject == subject;
    return !counts ? 0 : columns->in_minutes ? minutes : 1;
}

/* The expected lessons: those of the timetable less the excused ones. */
static void fill_given(const struct walk *walk, struct subject_columns *to)
{
    struct columns *columns = walk->columns;
    int32_t *given = to->given.sums + BEFORE + 1;
    columns->of_shape[0] = 0;
    for (uint32_t place = 1; place < columns->shape_count; place++) {
        const struct shape *shape = history_shape(walk->history, columns->shapes[place]);
        int32_t sum = 0;
        for (uint32_t i = 1; i <= shape->count; i++)
            sum += worth(to, shape->lessons[i].subject, shape->lessons[i].minutes);
        columns->of_shape[place] = sum;
    }
    for (uint32_t index = 0; index < columns->days; index++)
        given[index] = columns->of_shape[columns->shape_places[index]];
    for (uint32_t i = 0; i < columns->excused_count; i++)
        given[columns->excused[i].day] -= worth(to, columns->excused[i].subject, columns->excused[i].minutes);
    columns->lanes->sum_minutes(given, columns->days);
}

/* The missed lessons of a chain; for all subjects together, the whole list is walked. */
static void fill_missed(const struct columns *columns, uint32_t latest, struct subject_columns *to)
{
    int32_t *missed = to->missed.sums + BEFORE + 1;
    memset(missed, 0, columns->days * sizeof *missed);
    for (uint32_t i = latest; i > 0; i = to->subject == SUBJECT_ALL ? i - 1 : columns->missed[i].before)
        missed[columns->missed[i].day] += worth(to, columns->missed[i].subject, columns->missed[i].minutes);
    columns->lanes->sum_minutes(missed, columns->days);
}

/* Fills the columns for the subject unless they hold it already; `latest` is its latest missed lesson. */
static void need_subject(const struct walk *walk, int32_t subject, uint32_t latest, struct subject_columns *columns)
{
    if (columns->subject == subject)
        return;
    if (!walk->columns->shapes_placed)
        place_shapes(walk);
    columns->subject = subject;
    fill_given(walk, columns);
    fill_missed(walk->columns, latest, columns);
}

static void add_window(const struct subject_columns *columns, uint32_t to, uint32_t from, int32_t *given,
                       int32_t *missed)
{
    *given = columns->given.sums[to] - columns->given.sums[from];
    *missed = columns->missed.sums[to] - columns->missed.sums[from];
}

static bool stands_out(const struct columns *columns, const struct condition *condition, uint32_t index)
{
    uint32_t to = BEFORE + 1 + index - (uint32_t)condition->offset, from = to - (uint32_t)condition->days;
    struct subject_sums own, all;
    add_window(&columns->lessons, to, from, &own.lessons, &own.missed);
    add_window(&columns->minutes_of_subject, to, from, &own.minutes, &own.missed_minutes);
    add_window(&columns->all_minutes, to, from, &all.minutes, &all.missed_minutes);
    return measure_stands_out(&own, &all);
}

static void add_range(struct day_bits *bits, uint32_t from, uint32_t to)
{
    for (uint32_t word = from / 64; word <= to / 64; word++) {
        uint64_t after = word == from / 64 ? ~UINT64_C(0) << from % 64 : ~UINT64_C(0);
        uint64_t until = word == to / 64 ? ~UINT64_C(0) >> (63 - to % 64) : ~UINT64_C(0);
        bits->words[word] |= after & until;
    }
}

/* Of `days`, those with at least MEASURE_PATTERN_LEAST lessons of a chain in their window: for each lesson and the
 * second one before it, the own days whose window reaches both. */
static bool chain_days(const struct columns *columns, const struct condition *condition, uint32_t latest,
                       const struct day_bits *days, struct day_bits *found)
{
    const struct odd_lesson *missed = columns->missed;
    uint32_t offset = (uint32_t)condition->offset, last = 0;
    uint64_t any = 0;
    *found = (struct day_bits){{0}};
    static_assert(MEASURE_PATTERN_LEAST == 3, "a lesson, the one before and the one before that");
    for (uint32_t third; (third = missed[missed[latest].before].before) > 0; latest = missed[latest].before) {
        uint32_t from = missed[latest].day + offset, end = missed[third].day + offset + (uint32_t)condition->days;
        last = end < columns->days ? end : columns->days;
        if (from < last)
            add_range(found, from, last - 1);
    }
    for (uint32_t word = 0; word < columns->words; word++)
        any |= found->words[word] &= days->words[word];
    return any != 0;
}

/* Adds to `differs` those of the days on which the chain's subject stands out and its comparison has another result
 * than the neutral value's. */
static void chain_differs(const struct walk *walk, uint32_t latest, const struct condition *condition, bool neutral,
                          const struct day_bits *days, struct day_bits *differs)
{
    struct columns *columns = walk->columns;
    struct day_bits left, holds;
    int32_t subject = columns->missed[latest].subject;
    uint64_t any = 0;
    if (!chain_days(columns, condition, latest, days, &left))
        return;
    need_subject(walk, subject, latest, &columns->lessons);
    holds = left;
    columns_share(columns, condition, &columns->lessons.missed, &columns->lessons.given, &holds);
    for (uint32_t word = 0; word < columns->words; word++)
        any |= left.words[word] = neutral ? left.words[word] & ~holds.words[word] : holds.words[word];
    if (any == 0)
        return;
    need_subject(walk, subject, latest, &columns->minutes_of_subject);
    need_subject(walk, SUBJECT_ALL, columns->missed_count - 1, &columns->all_minutes);
    for (uint32_t word = 0; word < columns->words; word++)
        for (uint64_t bits = left.words[word]; bits != 0; bits &= bits - 1)
            if (stands_out(columns, condition, 64 * word + (uint32_t)__builtin_ctzll(bits)))
                differs->words[word] |= bits & -bits;
}

void columns_subject(const struct walk *walk, const struct condition *condition, struct day_bits *bits)
{
    struct columns *columns = walk->columns;
    bool neutral = measure_holds(condition, &MEASURE_NO_PATTERN);
    struct day_bits differs = {{0}};
    if (!columns->subjects_listed)
        list_lessons(walk);
    for (uint32_t i = 0; i < columns->chain_count; i++)
        chain_differs(walk, columns->chains[i], condition, neutral, bits, &differs);
    for (uint32_t word = 0; word < columns->words; word++)
        bits->words[word] = neutral ? bits->words[word] & ~differs.words[word] : differs.words[word];
}
