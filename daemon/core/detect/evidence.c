/* Sums every own day of the year anew for one condition and one day: slow beside a trail, but independent of it. */
#include "daemon/core/detect/evidence.h"

#include "daemon/core/detect/measure.h"

/* Sums of the own days `from` … `end` - 1, and what runs along up to there. */
static void add_days(const struct history *history, const struct pupil_year *year, uint32_t from, uint32_t end,
                     struct running *running, int32_t sums[COLUMNS])
{
    for (uint32_t index = from; index < end; index++) {
        struct day_sums day;
        history_sums(history, year, index, &day);
        running_step(running, year->days[index].date, &day);
        for (uint32_t column = 0; column < COLUMNS; column++)
            sums[column] += day.of[column];
    }
}

/* The own days fall into four parts in order: before the windows, baseline, window, offset. Window sums are those
 * of the latest days up to an edge (measure.h), so they are accumulated backwards: `near` is the offset, `far` adds
 * the window, `base` adds the baseline. */
static void condition_value(const struct history *history, const struct pupil_year *year, uint32_t days,
                            const struct condition *condition, struct subject_work *subjects, struct value *value)
{
    struct window_days window = measure_window(days, condition->days, condition->offset);
    struct window_days base = measure_window(days, condition->baseline_days, condition->offset + condition->days);
    struct moment moment = {.history = history, .year = year, .subjects = subjects};
    int32_t before[COLUMNS] = {0}, in_base[COLUMNS] = {0}, in_window[COLUMNS] = {0}, after[COLUMNS] = {0};
    add_days(history, year, 0, base.from, &moment.running, before);
    add_days(history, year, base.from, window.from, &moment.running, in_base);
    add_days(history, year, window.from, window.end, &moment.running, in_window);
    add_days(history, year, window.end, days, &moment.running, after);
    for (uint32_t column = 0; column < COLUMNS; column++) {
        in_window[column] += after[column];
        in_base[column] += in_window[column];
    }
    measure_value(&moment, condition, &(struct window_sums){after, in_window, in_base}, value);
}

void evidence_collect(const struct history *history, const struct pupil_year *year, uint32_t days,
                      const struct condition *condition, struct subject_work *subjects, struct evidence *evidence)
{
    struct value value;
    condition_value(history, year, days, condition, subjects, &value);
    *evidence = (struct evidence){.defined = value.defined,
                                  .holds = measure_holds(condition, &value),
                                  .numerator = value.numerator,
                                  .denominator = value.denominator,
                                  .tail = value.tail,
                                  .which = value.which,
                                  .class_part = value.class_part,
                                  .class_whole = value.class_whole};
    struct window_days window = measure_window(days, condition->days, condition->offset);
    if (window.end > window.from) {
        evidence->own_days = (int32_t)(window.end - window.from);
        evidence->from_day = year->first_day + year->days[window.from].date;
        evidence->to_day = year->first_day + year->days[window.end - 1].date;
    }
}
