/* Class tails from prefix sums: those of the pupil's columns, and those of its class by date, which stay from one pupil to the
 * next as classmates share them. And without computing a tail where an earlier one has told on which side of its threshold it
 * is. What is rare is left to measure.c, day by day. */
#include "daemon/core/detect/vector/columns_tails.h"

#include <string.h>
#include "common/fault.h"

static const struct class_sums *class_sums(const struct walk *walk)
{
    struct class_sums *sums = &walk->columns->class_sums;
    const struct class_year *class = walk->year->class_year;
    if (sums->class == class && (sums->changes == walk->history->changes || FAULT(class_sums_stale)))
        return sums;
    sums->class = class;
    sums->changes = walk->history->changes;
    for (uint32_t sign = 0; sign < SIGNS; sign++)
        for (uint32_t date = 0; date < YEAR_DATES; date++)
            sums->of[sign][date + 1] = sums->of[sign][date] + (int32_t) class->counts[sign][date];
    return sums;
}

/* How the tail compares with the threshold, as -1, 0, 1. The tail grows with the chance, so the result for one
 * chance settles it for all smaller (below) or larger (above) ones; it is computed only in between. */
static int order_of_tail(struct known_tail *tails, double threshold, struct tally own, double chance)
{
    uint64_t bits;
    memcpy(&bits, &threshold, sizeof bits);
    uint64_t key = (bits >> 20) + 41U * (uint32_t)own.whole + (uint32_t)own.part;
    struct known_tail *known = &tails[key % KNOWN_TAILS];
    if (known->threshold != threshold || known->part != own.part || known->whole != own.whole)
        *known = (struct known_tail){threshold, own.part, own.whole, 0, 1};
    if (chance <= known->below)
        return -1;
    if (chance >= known->above)
        return 1;
    double tail = measure_binomial_tail(own.whole, own.part, chance, threshold);
    if (tail < threshold)
        known->below = chance;
    if (tail > threshold)
        known->above = chance;
    return (tail > threshold) - (tail < threshold);
}

/* Own days on which a spell starts; the column of spells counts a day twice on which two do. */
static const struct counts_column *spell_days(const struct walk *walk)
{
    struct columns *columns = walk->columns;
    int16_t *starts = columns->spell_days.sums + BEFORE + 1;
    if (columns->spell_days_filled)
        return &columns->spell_days;
    columns->spell_days_filled = true;
    memset(starts, 0, columns->days * sizeof *starts);
    for (uint32_t m = 0; m < columns->marked_count; m++) {
        uint32_t date = walk->year->days[columns->marked[m]].date;
        starts[columns->marked[m]] = walk->year->spell_bits[date / 64] >> date % 64 & 1;
    }
    columns->lanes->sum_counts(starts, columns->days);
    return &columns->spell_days;
}

static int32_t in_window(const struct counts_column *column, struct window_days window)
{
    return column->sums[BEFORE + window.end] - column->sums[BEFORE + window.from];
}

/* What a condition on a class tail looks at, of a pupil who stays in one class and was expected on every own day. */
struct class_tail {
    const struct counts_column *signs; /* own days with the sign */
    const struct counts_column *other; /* own days on which it cannot occur, or none */
    const int32_t *part, *whole;       /* of the class */
};

static struct class_tail class_tail(const struct walk *walk, const struct condition *condition)
{
    const struct measure_form *form = &MEASURE_FORMS[condition->measure];
    const struct counts_column *counts = walk->columns->counts;
    const struct class_sums *sums = class_sums(walk);
    return (struct class_tail){
        .signs = form->part == COLUMN_SPELLS && !FAULT(spells_for_days) ? spell_days(walk)
                                                                        : &counts[form->part - COUNTS_FROM],
        .other = form->whole == COLUMN_NOT_ABSENT_DAYS ? &counts[COLUMN_ABSENT_DAYS - COUNTS_FROM] : NULL,
        .part = sums->of[sign_in(form->part)],
        .whole = sums->of[sign_in(form->whole)],
    };
}

static bool class_tail_holds(const struct walk *walk, const struct condition *condition, const struct class_tail *tail,
                             uint32_t index)
{
    struct window_days window = measure_window(index + 1, condition->days, condition->offset);
    struct tally own = {in_window(tail->signs, window), (int32_t)(window.end - window.from)};
    if (tail->other != NULL)
        own.whole -= in_window(tail->other, window);
    if (own.part < CLASS_SIGNS || own.whole < CLASS_DAYS)
        return measure_holds(condition, &MEASURE_NO_PATTERN);
    uint32_t from = walk->year->days[window.from].date, end = walk->year->days[window.end - 1].date + 1U;
    struct tally rest = {tail->part[end] - tail->part[from] - own.part,
                         tail->whole[end] - tail->whole[from] - own.whole};
    return measure_compares(condition->comparison, order_of_tail(walk->columns->known_tails, condition->threshold_tail,
                                                                 own, measure_chance(rest)));
}

static bool tail_holds(const struct walk *walk, const struct condition *condition, uint32_t index)
{
    const struct measure_form *form = &MEASURE_FORMS[condition->measure];
    struct window_days window = measure_window(index + 1, condition->days, condition->offset);
    struct value value;
    walk->moment->running.days = (uint16_t)(index + 1);
    measure_tail(walk->moment, condition, in_window(&walk->columns->counts[form->part - COUNTS_FROM], window), &value);
    return measure_holds(condition, &value);
}

/* The class had a say in the windows of these own days. */
static void widen_asked(const struct walk *walk, const struct condition *condition, uint32_t first, uint32_t last)
{
    uint32_t from = measure_window(first + 1, condition->days, condition->offset).from;
    uint32_t end = measure_window(last + 1, condition->days, condition->offset).end;
    span_widen(walk->moment->asked, walk->year->days[from].date, walk->year->days[end - 1].date + 1U);
}

uint32_t columns_tail_day(const struct walk *walk, const struct condition *condition, const struct day_bits *days,
                          uint32_t index, uint32_t end)
{
    bool from_sums = MEASURE_FORMS[condition->measure].kind == MEASURE_KIND_CLASS && !walk->year->changes_class &&
                     walk->year->idle_days == 0;
    struct class_tail tail = {NULL, NULL, NULL, NULL};
    if (from_sums)
        tail = class_tail(walk, condition);
    uint32_t first = index = next_day(days, index, end), last = first;
    for (; index < end; last = index, index = next_day(days, index + 1, end))
        if (from_sums ? class_tail_holds(walk, condition, &tail, index) : tail_holds(walk, condition, index))
            break;
    if (from_sums && first < end)
        widen_asked(walk, condition, first, index < end ? index : last);
    return index;
}
