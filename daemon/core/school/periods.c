/* One row at a time against the list of periods, which is in order and without overlaps before and after.
 * periods_take works on the list itself and restores its copy when the row is refused. */
#include "daemon/core/school/periods.h"

#include <assert.h>
#include "common/civil.h"

static_assert(CIVIL_DAY_NONE == PERIOD_ALWAYS, "an open beginning stands before all dates");

/* The row being applied, with its inputs and outputs. */
struct taking {
    struct periods *periods;
    const struct period_row *row;
    const struct period_terms *terms;
    struct period_changes *changes;
    struct problems *problems;
    char date[CIVIL_DATE_BYTES]; /* buffer for the date in a refusal */
};

/* Adds "file:line: " and the sentence, in which %s is the date. */
#define REFUSE(taking, sentence, day)                                                     \
    (problems_add((taking)->problems, (taking)->row->file, (taking)->row->line, sentence, \
                  (civil_write_date(day, (taking)->date), (taking)->date)),               \
     false)

static void tell(struct taking *taking, enum period_change change, int32_t day, size_t place)
{
    struct period_changes *changes = taking->changes;
    assert(changes->count < PERIOD_CHANGES_MAX);
    changes->list[changes->count].change = change;
    changes->list[changes->count].day = day;
    changes->list[changes->count++].place = place;
    taking->periods->list[place].known_ms = taking->row->known_ms;
    taking->periods->list[place].row = taking->row->row;
}

static size_t on(const struct periods *periods, int32_t day)
{
    size_t i = 0;
    while (i < periods->count && !(periods->list[i].from_day <= day && day <= periods->list[i].to_day))
        i++;
    return i;
}

const struct period *periods_on(const struct periods *periods, int32_t day)
{
    size_t i = on(periods, day);
    return i == periods->count ? NULL : &periods->list[i];
}

static size_t first_after(const struct periods *periods, int32_t day)
{
    size_t i = 0;
    while (i < periods->count && periods->list[i].from_day <= day)
        i++;
    return i;
}

static bool label_differs(const struct period_row *row, const struct period *period)
{
    for (int i = 0; i < 2; i++)
        if (row->label[i].length > 0 && !text_equal(row->label[i], text_of(period->label[i])))
            return true;
    return false;
}

static void set_label(const struct period_row *row, struct period *period)
{
    for (int i = 0; i < 2; i++)
        if (row->label[i].length > 0) {
            assert(row->label[i].length < NAME_BYTES);
            memcpy(period->label[i], row->label[i].bytes, row->label[i].length);
            period->label[i][row->label[i].length] = '\0';
        }
}

/* Inserts a period at `place`; labels that the row leaves empty are those of `like`, or empty. */
static bool insert(struct taking *taking, size_t place, int32_t from_day, int32_t to_day, const struct period *like)
{
    struct periods *periods = taking->periods;
    struct period fresh = {.from_day = from_day, .to_day = to_day};
    if (periods->count == PERIODS_MAX) {
        problems_add(taking->problems, taking->row->file, taking->row->line, "from: more than %d periods", PERIODS_MAX);
        return false;
    }
    if (like != NULL)
        memcpy(fresh.label, like->label, sizeof fresh.label);
    set_label(taking->row, &fresh);
    memmove(&periods->list[place + 1], &periods->list[place], (periods->count - place) * sizeof fresh);
    periods->list[place] = fresh;
    periods->count++;
    return true;
}

static void remove_after(struct periods *periods, size_t kept, size_t last)
{
    memmove(&periods->list[kept + 1], &periods->list[last + 1], (periods->count - last - 1) * sizeof *periods->list);
    periods->count -= last - kept;
}

static bool is_named(const struct period_row *row, int32_t day)
{
    for (size_t i = 0; i < row->named_count; i++)
        if (row->named[i] == day)
            return true;
    return false;
}

/* The last of the periods that follow `i` without a gap and whose beginnings the file does not name: an earlier
 * import split them, but to the file they are still one period. */
static size_t chain_end(const struct taking *taking, size_t i)
{
    const struct period *list = taking->periods->list;
    while (i + 1 < taking->periods->count && list[i].to_day < list[i + 1].from_day &&
           list[i].to_day + 1 == list[i + 1].from_day && !is_named(taking->row, list[i + 1].from_day))
        i++;
    return i;
}

static size_t within(const struct taking *taking, size_t first, size_t last, int32_t day)
{
    size_t i = first;
    while (i < last && taking->periods->list[i].to_day < day)
        i++;
    return i;
}

/* Sets the label of the whole period, or from today on by splitting it, unless the row is a correction. */
static bool relabel(struct taking *taking, size_t *place, size_t *last)
{
    struct period *period = &taking->periods->list[*place];
    int32_t today = taking->terms->today;
    if (!label_differs(taking->row, period))
        return true;
    if (taking->terms->corrects || period->from_day >= today) {
        set_label(taking->row, period);
        tell(taking, taking->terms->corrects ? PERIOD_CORRECTED : PERIOD_MOVED, period->from_day, *place);
        return true;
    }
    if (period->to_day < today)
        return REFUSE(taking,
                      "from: another class or room is told of the period that ended %s; --correct if it was a mistake, "
                      "else give the new period its beginning",
                      period->to_day);
    if (!insert(taking, *place + 1, today, period->to_day, period))
        return false;
    period->to_day = today - 1;
    period->known_ms = taking->row->known_ms;
    tell(taking, PERIOD_MOVED, today, ++*place);
    taking->changes->place = *place;
    ++*last;
    return true;
}

/* Ends the chain first … last on `day`; whole periods after it are removed. */
static bool end_on(struct taking *taking, size_t first, size_t last, int32_t day)
{
    struct periods *periods = taking->periods;
    if (day < periods->list[first].from_day)
        return REFUSE(taking, "to: lies before the period begins, %s", periods->list[first].from_day);
    int32_t before = periods->list[last].to_day;
    if (day > before && last + 1 < periods->count && periods->list[last + 1].from_day <= day)
        return REFUSE(taking, "to: the next period begins %s", periods->list[last + 1].from_day);
    size_t place = within(taking, first, last, day);
    remove_after(periods, place, last);
    periods->list[place].to_day = day;
    taking->changes->place = place;
    tell(taking, day < before ? PERIOD_LEFT : PERIOD_ENDS, day, place);
    return true;
}

/* Applies the row to the chain of periods that begins at `first`. */
static bool about(struct taking *taking, size_t first)
{
    int32_t to_day = taking->row->to_day, today = taking->terms->today;
    bool told_end = to_day != CIVIL_DAY_NONE;
    size_t last = chain_end(taking, first);
    size_t place = within(taking, first, last, told_end && to_day < today ? to_day : today);
    taking->changes->place = place;
    bool stands = told_end && taking->periods->list[within(taking, first, last, to_day)].to_day == to_day;
    if (told_end && !stands && to_day > taking->periods->list[last].to_day && place == last)
        return end_on(taking, first, last, to_day) && relabel(taking, &place, &last);
    if (!relabel(taking, &place, &last))
        return false;
    return !told_end || stands || to_day == taking->periods->list[last].to_day || end_on(taking, first, last, to_day);
}

/* A beginning inside an existing period: that one ends the day before. */
static bool split(struct taking *taking, size_t running, int32_t from_day)
{
    struct periods *periods = taking->periods;
    int32_t to_day = taking->row->to_day;
    bool has_next = running + 1 < periods->count;
    if (to_day == CIVIL_DAY_NONE)
        to_day = has_next ? periods->list[running + 1].from_day - 1 : PERIOD_FOREVER;
    else if (has_next && to_day >= periods->list[running + 1].from_day)
        return REFUSE(taking, "to: the next period begins %s", periods->list[running + 1].from_day);
    bool moves = label_differs(taking->row, &periods->list[running]);
    if (!insert(taking, running + 1, from_day, to_day, &periods->list[running]))
        return false;
    periods->list[running].to_day = from_day - 1;
    periods->list[running].known_ms = taking->row->known_ms;
    tell(taking, moves ? PERIOD_MOVED : PERIOD_BEGAN, from_day, running + 1);
    return about(taking, running + 1); /* periods that follow without a gap are part of its chain */
}

/* A beginning that no period has: it splits one, lengthens the next, or adds a new one. */
static bool begin(struct taking *taking, int32_t from_day)
{
    struct periods *periods = taking->periods;
    size_t running = on(periods, from_day), next = first_after(periods, from_day);
    int32_t to_day = taking->row->to_day == CIVIL_DAY_NONE ? PERIOD_FOREVER : taking->row->to_day;
    if (running < periods->count)
        return split(taking, running, from_day);
    if (next < periods->count && to_day >= periods->list[next].from_day) {
        periods->list[next].from_day = from_day;
        tell(taking, PERIOD_LENGTHENED, from_day, next);
        return about(taking, next);
    }
    const struct period *before = next > 0 ? &periods->list[next - 1] : NULL;
    bool goes_on = before != NULL && before->to_day + 1 == from_day;
    bool moves = goes_on && label_differs(taking->row, before);
    enum period_change change = periods->count == 0         ? PERIOD_NEW
                                : moves                     ? PERIOD_MOVED
                                : before == NULL || goes_on ? PERIOD_BEGAN
                                                            : PERIOD_CAME_BACK;
    static const struct period NOTHING;
    struct period like = before == NULL ? NOTHING : *before;
    if (!insert(taking, next, from_day, to_day, &like))
        return false;
    taking->changes->place = next;
    tell(taking, change, from_day, next);
    return true;
}

/* A row without a beginning means the current or the next period; when all have ended, a new one from today. */
static bool without_beginning(struct taking *taking)
{
    struct periods *periods = taking->periods;
    int32_t to_day = taking->row->to_day, today = taking->terms->today;
    bool past = to_day != CIVIL_DAY_NONE && to_day < today;
    size_t place = on(periods, past ? to_day : today);
    if (place == periods->count && !past)
        place = first_after(periods, today);
    if (place < periods->count)
        return about(taking, place);
    return past ? REFUSE(taking, "from: must not be empty: the period ends before %s", today) : begin(taking, today);
}

static bool take(struct taking *taking)
{
    const struct period_row *row = taking->row;
    if (row->from_day == CIVIL_DAY_NONE && !taking->terms->first)
        return without_beginning(taking);
    for (size_t i = 0; i < taking->periods->count; i++)
        if (taking->periods->list[i].from_day == row->from_day)
            return about(taking, i);
    return begin(taking, row->from_day);
}

bool periods_take(struct periods *periods, const struct period_row *row, const struct period_terms *terms,
                  struct period_changes *changes, struct problems *problems)
{
    struct periods before = *periods;
    struct taking taking = {periods, row, terms, changes, problems, ""};
    changes->count = 0;
    bool taken = take(&taking);
    if (!taken)
        *periods = before;
    return taken;
}
