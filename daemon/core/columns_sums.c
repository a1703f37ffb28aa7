#include "daemon/core/columns_sums.h"

#include <string.h>

static uint32_t rounded_days(const struct columns *columns)
{
    return (columns->days + 15) / 16 * 16;
}

static void clear_columns(struct columns *columns)
{
    size_t days = rounded_days(columns);
    for (enum column column = COLUMN_ABSENT; column < COUNTS_FROM; column++)
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
    uint32_t marked = 0;
    for (uint32_t index = 0; index < columns->days; index++) {
        time[index] = history_shape(walk->history, days[index].shape)->minutes;
        columns->marked[marked] = (uint16_t)index;
        marked += history_exceptions_end(walk->year, index) != days[index].first_exception;
    }
    columns->marked_count = marked;
    memset(time + columns->days, 0, (rounded_days(columns) - columns->days) * sizeof *time);
    memcpy(columns->minutes[COLUMN_KNOWN].sums + BEFORE + 1, time, rounded_days(columns) * sizeof *time);
    memcpy(columns->minutes[COLUMN_EXPECTED].sums + BEFORE + 1, time, rounded_days(columns) * sizeof *time);
}

/* Puts the marked days over the timetable; `totals` is what each column adds up to over them. */
static void fill_marked(struct walk *walk, struct running *running, int32_t totals[COLUMNS])
{
    struct columns *columns = walk->columns;
    const struct day_sums *day = &columns->day;
    for (uint32_t i = 0, expected_next = 0; i < columns->marked_count; i++) {
        uint32_t index = columns->marked[i], at = BEFORE + 1 + index;
        if (index != expected_next)
            running_step_attended(running, walk->year->days[index - 1].date, index - expected_next);
        expected_next = index + 1;
        history_sums(walk->history, walk->year, index, &columns->day);
        running_step(running, walk->year->days[index].date, &columns->day);
        for (enum column column = 0; column < COLUMNS; column++)
            totals[column] += day->of[column];
        for (enum column column = 0; column < COUNTS_FROM; column++)
            columns->minutes[column].sums[at] = day->of[column];
        for (uint32_t column = 0; column < COUNTS; column++)
            columns->counts[column].sums[at] = (int16_t)day->of[COUNTS_FROM + column];
        columns->runs[index] = (int16_t)running->absent_run;
        columns->leave_only_days = columns->leave_only_days || day->of[COLUMN_EXPECTED] == 0;
    }
}

static void sum_columns(struct columns *columns, const int32_t totals[COLUMNS])
{
    for (enum column column = 0; column < COUNTS_FROM; column++)
        if (column == COLUMN_KNOWN || column == COLUMN_EXPECTED || column == COLUMN_TIME || totals[column] != 0)
            columns->lanes->sum_minutes(columns->minutes[column].sums + BEFORE + 1, columns->days);
    for (uint32_t column = 0; column < COUNTS; column++)
        if (totals[COUNTS_FROM + column] != 0)
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
    int32_t totals[COLUMNS] = {0};
    uint32_t spring = history_days_through(walk->year, TERM_AUTUMN_DATES - 1);
    columns->days = days;
    columns->spring = spring < days ? spring : days;
    columns->leave_only_days = columns->subjects_filled = false;
    columns->tails = (struct tail_memo){.held = 0};
    set_all(columns);
    clear_columns(columns);
    fill_timetable(walk);
    fill_marked(walk, &running, totals);
    sum_columns(columns, totals);
    finish_running(walk, &running);
}

/* Subjects. */

static bool was_absent_day(const struct columns *columns, uint32_t index)
{
    const int16_t *absent = columns->counts[COLUMN_ABSENT_DAYS - COUNTS_FROM].sums + BEFORE + index;
    return absent[1] != absent[0];
}

/* Which subjects had enough missed lessons in the whole year, on days that were no absent days. */
static void find_candidates(const struct walk *walk)
{
    struct columns *columns = walk->columns;
    struct day_lesson lessons[OUTCOME_LESSONS_MAX];
    const int16_t *missed = columns->counts[COLUMN_MISSED - COUNTS_FROM].sums + BEFORE;
    uint32_t touched = 0;
    columns->candidate_count = 0;
    for (uint32_t m = 0; m < columns->marked_count; m++) {
        uint32_t index = columns->marked[m];
        uint32_t count = missed[index + 1] == missed[index] ? 0 : history_lessons(walk->history, walk->year, index, lessons);
        for (uint32_t i = 0; i < count; i++) {
            struct subject_sums *sums = &walk->subjects->of[lessons[i].subject];
            if (!status_absent(lessons[i].status))
                continue;
            if (sums->missed++ == 0)
                walk->subjects->touched[touched++] = lessons[i].subject;
        }
    }
    for (uint32_t i = 0; i < touched; i++) {
        uint16_t subject = walk->subjects->touched[i];
        if (walk->subjects->of[subject].missed >= MEASURE_PATTERN_LEAST && columns->candidate_count <= CANDIDATES_MAX &&
            columns->candidate_count++ < CANDIDATES_MAX)
            columns->candidates[columns->candidate_count - 1].subject = subject;
        walk->subjects->of[subject].missed = 0;
    }
}

/* What a subject has on each day of the timetable. A class has few shapes, one a weekday: the latest are remembered. */
static void fill_candidate_timetable(const struct walk *walk, struct candidate *candidate)
{
    enum { REMEMBERED = 16 };
    struct {
        uint32_t shape_after; /* shape + 1; 0: none */
        int16_t lessons;
        int32_t minutes;
    } latest[REMEMBERED] = {{0, 0, 0}};
    int16_t *lessons = candidate->lessons.sums + BEFORE + 1;
    int32_t *minutes = candidate->minutes.sums + BEFORE + 1;
    for (uint32_t index = 0; index < walk->columns->days; index++) {
        uint32_t number = walk->year->days[index].shape, slot = number % REMEMBERED;
        if (latest[slot].shape_after != number + 1) {
            const struct shape *shape = history_shape(walk->history, number);
            latest[slot].shape_after = number + 1;
            latest[slot].lessons = 0;
            latest[slot].minutes = 0;
            for (uint32_t i = 0; i < shape->count; i++) {
                bool same = shape->lessons[i].subject == candidate->subject;
                latest[slot].lessons = (int16_t)(latest[slot].lessons + same);
                latest[slot].minutes += same ? shape->lessons[i].minutes : 0;
            }
        }
        lessons[index] = latest[slot].lessons;
        minutes[index] = latest[slot].minutes;
    }
}

/* The candidate's lessons of a marked day. */
static void fill_candidate_day(struct candidate *candidate, uint32_t at, const struct day_lesson *lessons, uint32_t count)
{
    struct subject_sums sums = {0, 0, 0, 0};
    for (uint32_t i = 0; i < count; i++) {
        bool counts = lessons[i].subject == candidate->subject && lessons[i].status != STATUS_UNKNOWN &&
                      lessons[i].status != STATUS_LEAVE;
        bool missed = counts && status_absent(lessons[i].status);
        sums.lessons += counts;
        sums.minutes += counts ? lessons[i].minutes : 0;
        sums.missed += missed;
        sums.missed_minutes += missed ? lessons[i].absent_minutes : 0;
    }
    candidate->lessons.sums[at] = (int16_t)sums.lessons;
    candidate->minutes.sums[at] = sums.minutes;
    candidate->missed.sums[at] = (int16_t)sums.missed;
    candidate->missed_minutes.sums[at] = sums.missed_minutes;
}

/* Of all subjects: what was expected, and on the marked days what was missed. */
static void fill_whole(struct columns *columns)
{
    const int32_t *expected = columns->minutes[COLUMN_EXPECTED].sums + BEFORE;
    for (uint32_t index = 0; index < columns->days; index++)
        columns->whole.sums[BEFORE + 1 + index] = was_absent_day(columns, index) ? 0 : expected[index + 1] - expected[index];
    memset(columns->whole_missed.sums + BEFORE + 1, 0, columns->days * sizeof(int32_t));
}

static void sum_candidates(struct columns *columns)
{
    const struct lanes *lanes = columns->lanes;
    lanes->sum_minutes(columns->whole.sums + BEFORE + 1, columns->days);
    lanes->sum_minutes(columns->whole_missed.sums + BEFORE + 1, columns->days);
    for (uint32_t c = 0; c < columns->candidate_count; c++) {
        struct candidate *candidate = &columns->candidates[c];
        lanes->sum_counts(candidate->lessons.sums + BEFORE + 1, columns->days);
        lanes->sum_counts(candidate->missed.sums + BEFORE + 1, columns->days);
        lanes->sum_minutes(candidate->minutes.sums + BEFORE + 1, columns->days);
        lanes->sum_minutes(candidate->missed_minutes.sums + BEFORE + 1, columns->days);
    }
}

static void fill_subjects(const struct walk *walk)
{
    struct columns *columns = walk->columns;
    columns->subjects_filled = true;
    find_candidates(walk);
    if (columns->candidate_count == 0 || columns->candidate_count > CANDIDATES_MAX)
        return;
    fill_whole(columns);
    for (uint32_t c = 0; c < columns->candidate_count; c++) {
        fill_candidate_timetable(walk, &columns->candidates[c]);
        memset(columns->candidates[c].missed.sums + BEFORE + 1, 0, columns->days * sizeof(int16_t));
        memset(columns->candidates[c].missed_minutes.sums + BEFORE + 1, 0, columns->days * sizeof(int32_t));
    }
    for (uint32_t m = 0; m < columns->marked_count; m++) {
        struct day_lesson lessons[OUTCOME_LESSONS_MAX];
        uint32_t index = columns->marked[m], at = BEFORE + 1 + index;
        uint32_t count = was_absent_day(columns, index) ? 0 : history_lessons(walk->history, walk->year, index, lessons);
        for (uint32_t i = 0; i < count; i++)
            columns->whole_missed.sums[at] += status_absent(lessons[i].status) ? lessons[i].absent_minutes : 0;
        for (uint32_t c = 0; c < columns->candidate_count; c++)
            fill_candidate_day(&columns->candidates[c], at, lessons, count);
    }
    sum_candidates(columns);
}

/* Does the candidate stand out in the window that ends `to` and begins after `from`, and by how much? */
static bool candidate_value(const struct columns *columns, const struct candidate *candidate, uint32_t to, uint32_t from,
                            struct value *value)
{
    struct subject_sums all = {.minutes = columns->whole.sums[to] - columns->whole.sums[from],
                               .missed_minutes = columns->whole_missed.sums[to] - columns->whole_missed.sums[from]};
    struct subject_sums own = {candidate->lessons.sums[to] - candidate->lessons.sums[from],
                               candidate->missed.sums[to] - candidate->missed.sums[from],
                               candidate->minutes.sums[to] - candidate->minutes.sums[from],
                               candidate->missed_minutes.sums[to] - candidate->missed_minutes.sums[from]};
    *value = (struct value){true, own.missed, own.lessons, 0, candidate->subject};
    return measure_stands_out(&own, &all);
}

/* Adds to `differs` those of the days on which the candidate stands out and compares otherwise than no subject at all. */
static void candidate_differs(const struct columns *columns, const struct candidate *candidate,
                              const struct condition *condition, bool neutral, const struct day_bits *days,
                              struct day_bits *differs)
{
    struct day_bits left = *days;
    int32_t near = condition->offset, far = condition->offset + condition->days;
    struct count_test missed = {counts_edge(&candidate->missed, near), counts_edge(&candidate->missed, far),
                                MEASURE_PATTERN_LEAST};
    if (!columns->lanes->count(&missed, &left, columns->words))
        return;
    for (uint32_t word = 0; word < columns->words; word++)
        for (uint64_t bits = left.words[word]; bits != 0; bits &= bits - 1) {
            uint32_t to = BEFORE + 1 + 64 * word + (uint32_t)__builtin_ctzll(bits) - (uint32_t)near;
            struct value value;
            if (candidate_value(columns, candidate, to, to - (uint32_t)condition->days, &value) &&
                measure_holds(condition, &value) != neutral)
                differs->words[word] |= bits & -bits;
        }
}

/* One day at a time, for a pupil with more candidates than are summed. */
static void subject_day_by_day(const struct walk *walk, const struct condition *condition, struct day_bits *bits)
{
    const int16_t *missed = walk->columns->counts[COLUMN_MISSED - COUNTS_FROM].sums;
    for (uint32_t word = 0; word < walk->columns->words; word++)
        for (uint64_t left = bits->words[word]; left != 0; left &= left - 1) {
            uint32_t index = 64 * word + (uint32_t)__builtin_ctzll(left), to = BEFORE + 1 + index - (uint32_t)condition->offset;
            struct moment moment = {walk->history, walk->year, {.days = (uint16_t)(index + 1)}, walk->subjects, NULL};
            struct value value;
            measure_subject(&moment, condition, missed[to] - missed[to - (uint32_t)condition->days], &value);
            if (!measure_holds(condition, &value))
                bits->words[word] &= ~(left & -left);
        }
}

void columns_subject(const struct walk *walk, const struct condition *condition, struct day_bits *bits)
{
    struct columns *columns = walk->columns;
    struct value none = {.defined = true, .denominator = 1, .which = -1};
    bool neutral = measure_holds(condition, &none);
    struct day_bits differs = {{0}};
    if (!columns->subjects_filled)
        fill_subjects(walk);
    if (columns->candidate_count > CANDIDATES_MAX) {
        subject_day_by_day(walk, condition, bits);
        return;
    }
    for (uint32_t c = 0; c < columns->candidate_count; c++)
        candidate_differs(columns, &columns->candidates[c], condition, neutral, bits, &differs);
    for (uint32_t word = 0; word < columns->words; word++)
        bits->words[word] = neutral ? bits->words[word] & ~differs.words[word] : differs.words[word];
}
