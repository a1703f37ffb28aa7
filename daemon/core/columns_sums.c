#include "daemon/core/columns_sums.h"

#include <string.h>

static uint32_t rounded_days(const struct columns *columns)
{
    return (columns->days + 15) / 16 * 16;
}

static void clear_columns(struct columns *columns)
{
    size_t days = rounded_days(columns);
    for (enum column column = COLUMN_ABSENT; column < MINUTE_COLUMNS; column++)
        memset(columns->minutes[column].sums + BEFORE + 1, 0, days * sizeof(int32_t));
    for (uint32_t column = 0; column < COUNTS; column++)
        memset(columns->counts[column].sums + BEFORE + 1, 0, days * sizeof(int16_t));
    memset(columns->runs, 0, days * sizeof *columns->runs);
}

/* The timetable's minutes of each day, as if every lesson had been attended; marks the days on which it was otherwise. */
static void fill_timetable(struct walk *walk)
{
    struct columns *columns = walk->columns;
    const struct packed_day *days = walk->year->days;
    int32_t *time = columns->minutes[COLUMN_TIME].sums + BEFORE + 1;
    uint32_t marked = 0, last = columns->days - 1;
    for (uint32_t index = 0; index < last; index++) {
        time[index] = shape_minutes(history_shape(walk->history, days[index].shape));
        columns->marked[marked] = (uint16_t)index;
        marked += days[index].first_exception != days[index + 1].first_exception;
    }
    time[last] = shape_minutes(history_shape(walk->history, days[last].shape));
    columns->marked[marked] = (uint16_t)last;
    marked += days[last].first_exception != history_exceptions_end(walk->year, last);
    columns->marked_count = marked;
    memset(time + columns->days, 0, (rounded_days(columns) - columns->days) * sizeof *time);
    memcpy(columns->minutes[COLUMN_KNOWN].sums + BEFORE + 1, time, rounded_days(columns) * sizeof *time);
    memcpy(columns->minutes[COLUMN_EXPECTED].sums + BEFORE + 1, time, rounded_days(columns) * sizeof *time);
}

/* Puts a marked day over the timetable. */
static void put_day(struct columns *columns, uint32_t index)
{
    const uint16_t *of = columns->day.of;
    for (enum column column = 0; column < MINUTE_COLUMNS; column++)
        columns->minutes[column].sums[BEFORE + 1 + index] = of[column];
    for (uint32_t column = 0; column < COUNTS; column++)
        columns->counts[column].sums[BEFORE + 1 + index] = (int16_t)of[COUNTS_FROM + column];
    columns->leave_only_days = columns->leave_only_days || of[COLUMN_EXPECTED] == 0;
}

static void fill_marked(struct walk *walk, struct running *running)
{
    struct columns *columns = walk->columns;
    for (uint32_t i = 0, expected = 0; i < columns->marked_count; i++) {
        uint32_t index = columns->marked[i];
        if (index != expected) /* days between them on which everything was attended */
            running->absent_run = running->in_spell = 0;
        expected = index + 1;
        history_sums(walk->history, walk->year, index, &columns->day);
        running_go_on(running, &columns->day);
        put_day(columns, index);
        columns->runs[index] = (int16_t)running->absent_run;
    }
}

static void sum_columns(struct columns *columns)
{
    for (enum column column = 0; column < MINUTE_COLUMNS; column++)
        columns->lanes->sum_minutes(columns->minutes[column].sums + BEFORE + 1, columns->days);
    for (uint32_t column = 0; column < COUNTS; column++)
        columns->lanes->sum_counts(columns->counts[column].sums + BEFORE + 1, columns->days);
}

/* What runs along, after the last day: fill_marked has stepped from marked day to marked day. */
static void finish_running(struct walk *walk, struct running *running)
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
    struct running running = {.days = 0};
    uint32_t spring = history_days_through(walk->year, TERM_AUTUMN_DATES - 1);
    columns->days = days;
    columns->spring = spring < days ? spring : days;
    columns->leave_only_days = columns->weekdays_filled = columns->subjects_listed = false;
    columns->all_subjects.subject = columns->one_subject.subject = SUBJECT_NONE;
    columns->tails = (struct tail_memo){.held = 0};
    set_all(columns);
    clear_columns(columns);
    fill_timetable(walk);
    fill_marked(walk, &running);
    sum_columns(columns);
    finish_running(walk, &running);
}
