/* Fills the columns in one pass over the timetable and one over the exceptions. The timetable stays from pupil to
 * pupil, as classmates share nearly all of it. */
#include "daemon/core/detect/vector/columns_sums.h"

#include <string.h>

static void put_attended(const struct walk *walk, uint32_t index)
{
    uint32_t shape = walk->year->days[index].shape;
    history_attended(history_shape(walk->history, shape), &walk->columns->by_day[index]);
    walk->columns->timetable[index].shape = shape;
}

/* Each day as if every lesson had been attended: mostly it is a classmate's. Leaves the days with exceptions. */
static void fill_timetable(const struct walk *walk, struct day_bits *marked)
{
    struct columns *columns = walk->columns;
    uint32_t last = columns->days - 1;
    struct day_bits strange;
    columns->lanes->mark(&(struct mark_test){walk->year->days, columns->timetable, columns->days}, marked, &strange);
    for (uint32_t word = 0; word < columns->words; word++)
        for (uint64_t left = strange.words[word]; left != 0; left &= left - 1)
            put_attended(walk, 64 * word + (uint32_t)__builtin_ctzll(left));
    if (walk->year->days[last].first_exception != history_exceptions_end(walk->year, last))
        marked->words[last / 64] |= UINT64_C(1) << last % 64;
}

/* The marked days in place of the attended ones. A day between two of them was attended throughout and ends any run of absence
 * and any spell. */
static struct running fill_marked(const struct walk *walk, const struct day_bits *marked)
{
    struct columns *columns = walk->columns;
    struct running running = {.days = 0};
    uint32_t count = 0, expected = 0;
    memset(columns->runs, 0, columns->days * sizeof *columns->runs);
    for (uint32_t word = 0; word < columns->words; word++)
        for (uint64_t left = marked->words[word]; left != 0; left &= left - 1) {
            uint32_t index = 64 * word + (uint32_t)__builtin_ctzll(left);
            struct day_sums *day = &columns->by_day[index];
            if (index != expected)
                running.absent_run = running.in_spell = 0;
            expected = index + 1;
            columns->attended[count] = day->minutes;
            columns->marked[count++] = (uint16_t)index;
            history_sums(walk->history, walk->year, index, day);
            running_go_on(&running, day);
            columns->runs[index] = (int16_t)running.absent_run;
        }
    columns->marked_count = count;
    return running;
}

/* Sums up, then restores the timetable under the marked days for the next pupil. */
static void sum_columns(struct columns *columns)
{
    columns->lanes->sum_days(columns->by_day, columns->days, columns->minutes, columns->counts);
    for (uint32_t i = 0; i < columns->marked_count; i++) {
        columns->by_day[columns->marked[i]].minutes = columns->attended[i];
        columns->by_day[columns->marked[i]].counts = (column_lanes){0};
    }
}

/* The running values after the last day, equal to those of running_step day by day. fill_marked has seen the marked
 * days only, so the values by term are taken from the columns. */
static void finish_running(const struct walk *walk, struct running *running)
{
    struct columns *columns = walk->columns;
    uint32_t days = columns->days, spring = columns->spring;
    uint32_t last = columns->marked_count == 0 ? UINT32_MAX : columns->marked[columns->marked_count - 1];
    if (last + 1 != days)
        running->absent_run = running->in_spell = 0;
    uint32_t term = spring < days ? spring : 0; /* its first own day */
    const int16_t *absent = columns->counts[COLUMN_ABSENT_DAYS - COUNTS_FROM].sums + BEFORE;
    const int16_t *spells = columns->counts[COLUMN_SPELLS - COUNTS_FROM].sums + BEFORE;
    running->days = (uint16_t)days;
    running->autumn = spring == days;
    running->term_days = (uint16_t)(days - term);
    running->term_absent_days = (uint16_t)(absent[days] - absent[term]);
    running->term_spells = (uint16_t)(spells[days] - spells[term]);
    columns->running = *running;
}

static void set_all(struct columns *columns)
{
    columns->words = (columns->days + 63) / 64;
    for (uint32_t word = 0; word < YEAR_WORDS; word++)
        columns->all.words[word] = word < columns->days / 64    ? ~UINT64_C(0)
                                   : word == columns->days / 64 ? (UINT64_C(1) << columns->days % 64) - 1
                                                                : 0;
}

void columns_fill(struct walk *walk, uint32_t days)
{
    struct columns *columns = walk->columns;
    struct day_bits marked;
    uint32_t spring = history_days_through(walk->year, TERM_AUTUMN_DATES - 1);
    columns->days = days;
    columns->spring = spring < days ? spring : days;
    columns->idle_days = walk->year->idle_days > 0;
    columns->weekdays_filled = columns->subjects_listed = false;
    columns->lessons.subject = columns->minutes_of_subject.subject = columns->all_minutes.subject = SUBJECT_NONE;
    columns->shapes_placed = columns->spell_days_filled = false;
    columns->tails.held = 0;
    set_all(columns);
    fill_timetable(walk, &marked);
    struct running running = fill_marked(walk, &marked);
    sum_columns(columns);
    finish_running(walk, &running);
}
