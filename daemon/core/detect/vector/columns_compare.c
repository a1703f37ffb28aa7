/* Brings every comparison of a condition into the form that the lanes compute, left >= right, by exchanging sides,
 * negating and moving the bound by one: all values are integers. */
#include "daemon/core/detect/vector/columns_compare.h"

/* value <= n is computed as -value >= -n, with the edges of the window exchanged. Thresholds are rounded to whole
 * counts. */
bool columns_counts(const struct columns *columns, const struct condition *condition, const int16_t *to,
                    const int16_t *from, struct day_bits *bits)
{
    int32_t least = (condition->threshold_hundredths + 99) / 100, most = condition->threshold_hundredths / 100;
    switch (condition->comparison) {
    case COMPARISON_AT_LEAST:
        return columns_counts_at_least(columns, to, from, least, bits);
    case COMPARISON_ABOVE:
        return columns_counts_at_least(columns, to, from, most + 1, bits);
    case COMPARISON_AT_MOST:
        return columns_counts_at_least(columns, from, to, -most, bits);
    case COMPARISON_BELOW:
        return columns_counts_at_least(columns, from, to, 1 - least, bits);
    case COMPARISONS:
        break;
    }
    assert(false && "a comparison");
    return false;
}

static bool share_at_least(const struct columns *columns, const struct minutes_column *part, int32_t part_times,
                           const struct minutes_column *whole, int32_t whole_times, int32_t least, struct window window,
                           struct day_bits *bits)
{
    struct share_test test = {minutes_edge(part, window.near),
                              minutes_edge(part, window.far),
                              minutes_edge(whole, window.near),
                              minutes_edge(whole, window.far),
                              part_times,
                              whole_times,
                              least};
    return columns->lanes->share(&test, bits, columns->words);
}

/* Three requirements, cheapest first: the window has its min_days, enough of its time is known, its whole is not 0.
 * The last two are skipped where the year's sums show that they cannot fail. */
bool columns_share_defined(const struct columns *columns, uint8_t whole, struct window window, struct day_bits *bits)
{
    int32_t first = window.near + window.min_days - 1; /* own day on which the window has its days */
    if (window.min_days > window.far - window.near || first >= (int32_t)columns->days)
        return false;
    for (int32_t word = 0; word <= first / 64; word++)
        bits->words[word] = word < first / 64 ? 0 : bits->words[word] & ~UINT64_C(0) << first % 64;
    if (columns_year_sum(columns, COLUMN_TIME) != columns_year_sum(columns, COLUMN_KNOWN) &&
        !share_at_least(columns, &columns->minutes[COLUMN_KNOWN], 100, &columns->minutes[COLUMN_TIME], KNOWN_PERCENT, 0,
                        window, bits))
        return false;
    bool never_zero = window.min_days > 0 && (whole == COLUMN_KNOWN || !columns->idle_days);
    const struct minutes_column *minutes = &columns->minutes[whole];
    return never_zero || share_at_least(columns, minutes, 1, minutes, 0, 1, window, bits);
}

static bool is_strict(enum comparison comparison)
{
    return comparison == COMPARISON_BELOW || comparison == COMPARISON_ABOVE;
}

static int32_t sign_of(enum comparison comparison)
{
    return comparison == COMPARISON_AT_LEAST || comparison == COMPARISON_ABOVE ? 1 : -1;
}

bool columns_share(const struct columns *columns, const struct condition *condition, const struct minutes_column *part,
                   const struct minutes_column *whole, struct day_bits *bits)
{
    int32_t sign = sign_of(condition->comparison);
    return share_at_least(columns, part, sign * HUNDRED_PERCENT, whole, sign * condition->threshold_hundredths,
                          is_strict(condition->comparison), window_of(condition), bits);
}

/* The strict comparisons are the negations of the others: above = not at most, below = not at least. */
bool columns_rise(const struct columns *columns, const struct condition *condition, struct day_bits *bits)
{
    const struct measure_form *form = &MEASURE_FORMS[condition->measure];
    const struct minutes_column *part = &columns->minutes[form->part], *whole = &columns->minutes[form->whole];
    bool strict = is_strict(condition->comparison);
    int32_t sign = strict ? -sign_of(condition->comparison) : sign_of(condition->comparison);
    int32_t near = condition->offset, far = near + condition->days, base = far + condition->baseline_days;
    struct rise_test test = {minutes_edge(part, near),
                             minutes_edge(part, far),
                             minutes_edge(part, base),
                             minutes_edge(whole, near),
                             minutes_edge(whole, far),
                             minutes_edge(whole, base),
                             sign * HUNDRED_PERCENT,
                             sign * condition->threshold_hundredths,
                             strict};
    return columns->lanes->rise(&test, bits, columns->words);
}
