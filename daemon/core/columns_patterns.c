#include "daemon/core/columns_sums.h"

#include <string.h>

/* Weekdays. */

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
        if (!columns->lanes->count(&enough, &left, columns->words) || !columns->lanes->count(&half, &left, columns->words))
            continue;
        found = true;
        for (uint32_t word = 0; word < columns->words; word++)
            any.words[word] |= left.words[word];
    }
    *bits = any;
    return found;
}

/* Subjects. */

static void begin_candidate(struct candidate *candidate, uint16_t subject)
{
    candidate->subject = subject;
    candidate->filled = false;
}

/* Which subjects had enough missed lessons in the whole year, on days that were no absent days. */
static void find_candidates(const struct walk *walk)
{
    struct columns *columns = walk->columns;
    const struct pupil_year *year = walk->year;
    const int16_t *missed = columns->counts[COLUMN_MISSED - COUNTS_FROM].sums + BEFORE;
    uint32_t touched = 0;
    columns->candidate_count = 0;
    for (uint32_t m = 0; m < columns->marked_count; m++) {
        uint32_t index = columns->marked[m];
        if (missed[index + 1] == missed[index])
            continue;
        const struct shape *shape = history_shape(walk->history, year->days[index].shape);
        for (uint32_t e = year->days[index].first_exception; e < history_exceptions_end(year, index); e++) {
            if (!status_absent(year->exceptions[e].status))
                continue;
            uint16_t subject = shape->lessons[year->exceptions[e].lesson].subject;
            if (walk->subjects->of[subject].missed++ == 0)
                walk->subjects->touched[touched++] = subject;
        }
    }
    for (uint32_t i = 0; i < touched; i++) {
        uint16_t subject = walk->subjects->touched[i];
        if (walk->subjects->of[subject].missed >= MEASURE_PATTERN_LEAST && columns->candidate_count <= CANDIDATES_MAX &&
            columns->candidate_count++ < CANDIDATES_MAX)
            begin_candidate(&columns->candidates[columns->candidate_count - 1], subject);
        walk->subjects->of[subject].missed = 0;
    }
}

/* The missed lessons of each candidate. */
static void fill_missed(const struct walk *walk)
{
    struct columns *columns = walk->columns;
    const struct pupil_year *year = walk->year;
    for (uint32_t c = 0; c < columns->candidate_count; c++)
        memset(columns->candidates[c].missed.sums + BEFORE + 1, 0, columns->days * sizeof(int16_t));
    for (uint32_t m = 0; m < columns->marked_count; m++) {
        uint32_t index = columns->marked[m], end = history_exceptions_end(year, index);
        if (columns_absent_day(columns, index))
            continue;
        const struct shape *shape = history_shape(walk->history, year->days[index].shape);
        for (uint32_t e = year->days[index].first_exception; e < end; e++)
            for (uint32_t c = 0; c < columns->candidate_count && status_absent(year->exceptions[e].status); c++)
                if (columns->candidates[c].subject == shape->lessons[year->exceptions[e].lesson].subject)
                    columns->candidates[c].missed.sums[BEFORE + 1 + index]++;
    }
    for (uint32_t c = 0; c < columns->candidate_count; c++)
        columns->lanes->sum_counts(columns->candidates[c].missed.sums + BEFORE + 1, columns->days);
}

/* Of all subjects: what was expected, and what was missed, on days that were no absent days. */
static void fill_whole(const struct walk *walk)
{
    struct columns *columns = walk->columns;
    const struct pupil_year *year = walk->year;
    const int32_t *expected = columns->minutes[COLUMN_EXPECTED].sums + BEFORE;
    int32_t *whole = columns->whole.sums + BEFORE + 1, *missed = columns->whole_missed.sums + BEFORE + 1;
    for (uint32_t index = 0; index < columns->days; index++)
        whole[index] = columns_absent_day(columns, index) ? 0 : expected[index + 1] - expected[index];
    memset(missed, 0, columns->days * sizeof *missed);
    for (uint32_t m = 0; m < columns->marked_count; m++) {
        uint32_t index = columns->marked[m], end = history_exceptions_end(year, index);
        for (uint32_t e = year->days[index].first_exception; e < end && !columns_absent_day(columns, index); e++)
            missed[index] += status_absent(year->exceptions[e].status) ? year->exceptions[e].absent_minutes : 0;
    }
    columns->lanes->sum_minutes(whole, columns->days);
    columns->lanes->sum_minutes(missed, columns->days);
    columns->whole_filled = true;
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

/* Of a marked day, the candidate's lessons that were not simply attended. */
static void put_exceptions(const struct walk *walk, struct candidate *candidate, uint32_t index)
{
    const struct shape *shape = history_shape(walk->history, walk->year->days[index].shape);
    const struct exception *exception = walk->year->exceptions + walk->year->days[index].first_exception;
    const struct exception *end = walk->year->exceptions + history_exceptions_end(walk->year, index);
    uint32_t at = BEFORE + 1 + index;
    for (; exception < end; exception++) {
        const struct shape_lesson *lesson = &shape->lessons[exception->lesson];
        if (candidate->subject != lesson->subject)
            continue;
        if (exception->status == STATUS_UNKNOWN || exception->status == STATUS_LEAVE) {
            candidate->lessons.sums[at]--;
            candidate->minutes.sums[at] -= lesson->minutes;
        } else if (status_absent(exception->status)) {
            candidate->missed_minutes.sums[at] += exception->absent_minutes;
        }
    }
}

static void leave_out(struct candidate *candidate, uint32_t at)
{
    candidate->lessons.sums[at] = 0;
    candidate->minutes.sums[at] = 0;
}

/* Absent days are left out; so is a day that is leave from the first lesson to the last. */
static void fill_candidate(const struct walk *walk, struct candidate *candidate)
{
    struct columns *columns = walk->columns;
    const struct pupil_year *year = walk->year;
    if (!columns->whole_filled)
        fill_whole(walk);
    fill_candidate_timetable(walk, candidate);
    memset(candidate->missed_minutes.sums + BEFORE + 1, 0, columns->days * sizeof(int32_t));
    for (uint32_t m = 0; m < columns->marked_count; m++) {
        uint32_t index = columns->marked[m], at = BEFORE + 1 + index;
        bool all = year->exceptions[year->days[index].first_exception].lesson == EXCEPTION_ALL;
        if (all || columns_absent_day(columns, index))
            leave_out(candidate, at);
        else
            put_exceptions(walk, candidate, index);
    }
    columns->lanes->sum_counts(candidate->lessons.sums + BEFORE + 1, columns->days);
    columns->lanes->sum_minutes(candidate->minutes.sums + BEFORE + 1, columns->days);
    columns->lanes->sum_minutes(candidate->missed_minutes.sums + BEFORE + 1, columns->days);
    candidate->filled = true;
}

static void fill_subjects(const struct walk *walk)
{
    walk->columns->subjects_filled = true;
    find_candidates(walk);
    if (walk->columns->candidate_count <= CANDIDATES_MAX)
        fill_missed(walk);
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
static void candidate_differs(const struct walk *walk, struct candidate *candidate, const struct condition *condition,
                              bool neutral, const struct day_bits *days, struct day_bits *differs)
{
    const struct columns *columns = walk->columns;
    struct day_bits left = *days;
    int32_t near = condition->offset, far = condition->offset + condition->days;
    struct count_test missed = {counts_edge(&candidate->missed, near), counts_edge(&candidate->missed, far),
                                MEASURE_PATTERN_LEAST};
    if (!columns->lanes->count(&missed, &left, columns->words))
        return;
    if (!candidate->filled)
        fill_candidate(walk, candidate);
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
        candidate_differs(walk, &columns->candidates[c], condition, neutral, bits, &differs);
    for (uint32_t word = 0; word < columns->words; word++)
        bits->words[word] = neutral ? bits->words[word] & ~differs.words[word] : differs.words[word];
}
