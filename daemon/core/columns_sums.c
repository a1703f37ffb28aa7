#include "daemon/core/columns_sums.h"

#include <string.h>

/* A run of days on which every lesson was attended, as they mostly come: minutes grow, nothing else does. */
static uint32_t fill_plain_days(struct walk *walk, uint32_t index, uint32_t end)
{
    int32_t(*sums)[BEFORE + DAYS_ROUNDED] = walk->columns->sums;
    uint32_t at = BEFORE + index, count = 0;
    int32_t known = sums[COLUMN_KNOWN][at], expected = sums[COLUMN_EXPECTED][at], time = sums[COLUMN_TIME][at];
    for (int32_t minutes; index + count < end; count++) {
        minutes = history_plain_minutes(walk->history, walk->year, index + count);
        if (minutes == 0)
            break;
        sums[COLUMN_KNOWN][at + count + 1] = known += minutes;
        sums[COLUMN_EXPECTED][at + count + 1] = expected += minutes;
        sums[COLUMN_TIME][at + count + 1] = time += minutes;
    }
    for (enum column column = 0; column < COLUMNS && count > 0; column++) {
        if (column == COLUMN_KNOWN || column == COLUMN_EXPECTED || column == COLUMN_TIME)
            continue;
        lanes same = sums[column][at] - (lanes){0};
        for (uint32_t i = 0; i < count; i += LANES) /* what is too much is overwritten by the days to come */
            memcpy(&sums[column][at + 1 + i], &same, sizeof same);
    }
    memset(walk->columns->runs + index, 0, count * sizeof(int32_t));
    return count;
}

static void fill_day(struct walk *walk, uint32_t index, struct running *running)
{
    struct columns *columns = walk->columns;
    history_sums(walk->history, walk->year, index, &columns->day);
    running_step(running, walk->year->days[index].date, &columns->day);
    for (uint32_t column = 0; column < COLUMNS; column++)
        columns->sums[column][BEFORE + index + 1] = columns->sums[column][BEFORE + index] + columns->day.of[column];
    columns->runs[index] = running->absent_run;
}

void columns_fill(struct walk *walk, uint32_t days)
{
    struct columns *columns = walk->columns;
    struct running running = {.days = 0};
    uint32_t spring = history_days_through(walk->year, TERM_AUTUMN_DATES - 1);
    columns->spring = spring < days ? spring : days;
    for (uint32_t index = 0; index < days;) {
        uint32_t plain = fill_plain_days(walk, index, index < columns->spring ? columns->spring : days);
        running_step_attended(&running, walk->year->days[index].date, plain);
        index += plain;
        if (plain == 0)
            fill_day(walk, index++, &running);
    }
    columns->days = days;
    columns->running = running;
    columns->subjects_filled = false;
}

static bool was_absent_day(const struct walk *walk, uint32_t index)
{
    return walk->columns->sums[COLUMN_ABSENT_DAYS][BEFORE + index + 1] !=
           walk->columns->sums[COLUMN_ABSENT_DAYS][BEFORE + index];
}

/* Which subjects had enough missed lessons in the whole year, on days that were no absent days. */
static void find_candidates(const struct walk *walk)
{
    struct columns *columns = walk->columns;
    struct day_lesson lessons[OUTCOME_LESSONS_MAX];
    const int32_t *missed = &columns->sums[COLUMN_MISSED][BEFORE];
    uint32_t touched = 0;
    columns->candidate_count = 0;
    for (uint32_t index = 0; index < columns->days; index++) {
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

static void add_lesson(struct subject_sums *sums, const struct day_lesson *lesson)
{
    bool missed = status_absent(lesson->status);
    sums->lessons++;
    sums->minutes += lesson->minutes;
    sums->missed += missed;
    sums->missed_minutes += missed ? lesson->absent_minutes : 0;
}

static void fill_subjects(const struct walk *walk)
{
    struct columns *columns = walk->columns;
    columns->subjects_filled = true;
    find_candidates(walk);
    if (columns->candidate_count == 0 || columns->candidate_count > CANDIDATES_MAX)
        return;
    for (uint32_t index = 0; index < columns->days; index++) {
        struct day_lesson lessons[OUTCOME_LESSONS_MAX];
        uint32_t at = BEFORE + index;
        uint32_t count = was_absent_day(walk, index) ? 0 : history_lessons(walk->history, walk->year, index, lessons);
        columns->all[at + 1] = columns->all[at];
        for (uint32_t c = 0; c < columns->candidate_count; c++)
            columns->candidates[c].sums[at + 1] = columns->candidates[c].sums[at];
        for (uint32_t i = 0; i < count; i++) {
            if (lessons[i].status == STATUS_UNKNOWN || lessons[i].status == STATUS_LEAVE)
                continue;
            add_lesson(&columns->all[at + 1], &lessons[i]);
            for (uint32_t c = 0; c < columns->candidate_count; c++)
                if (columns->candidates[c].subject == lessons[i].subject)
                    add_lesson(&columns->candidates[c].sums[at + 1], &lessons[i]);
        }
    }
}

static struct subject_sums subject_window(const struct subject_sums *to, const struct subject_sums *from)
{
    return (struct subject_sums){to->lessons - from->lessons, to->missed - from->missed, to->minutes - from->minutes,
                                 to->missed_minutes - from->missed_minutes};
}

bool columns_subject(const struct walk *walk, const struct condition *condition, uint32_t index, struct value *value)
{
    const struct columns *columns = walk->columns;
    if (!columns->subjects_filled)
        fill_subjects(walk);
    if (columns->candidate_count > CANDIDATES_MAX)
        return false;
    uint32_t to = BEFORE + 1 + index - (uint32_t)condition->offset, from = to - (uint32_t)condition->days;
    struct subject_sums all = subject_window(&columns->all[to], &columns->all[from]);
    *value = (struct value){.defined = true, .denominator = 1, .which = -1};
    for (uint32_t c = 0; c < columns->candidate_count; c++) {
        const struct subject_sums *sums = columns->candidates[c].sums;
        struct subject_sums window = subject_window(&sums[to], &sums[from]);
        if (measure_stands_out(&window, &all) &&
            window.missed * value->denominator > value->numerator * window.lessons)
            *value = (struct value){true, window.missed, window.lessons, 0, columns->candidates[c].subject};
    }
    return true;
}
