/* On which days a count, a share or a rise over a window compares as its condition says. Each leaves those days in `bits`,
 * of the ones that were there; false when there are none. */
#ifndef DAEMON_CORE_COLUMNS_COMPARE_H
#define DAEMON_CORE_COLUMNS_COMPARE_H

#include "daemon/core/detect/vector/columns_sums.h"

/* A window of a condition, as its edges in own days back from the current one. */
struct window {
    int32_t near, far, min_days;
};

static inline struct window window_of(const struct condition *condition)
{
    return (struct window){condition->offset, condition->offset + condition->days, condition->min_days};
}

static inline struct window baseline_of(const struct condition *condition)
{
    int32_t near = condition->offset + condition->days;
    return (struct window){near, near + condition->baseline_days, condition->baseline_min_days};
}

/* to - from, which are edges of a column, is at least `least`. Counts fit in 16 bits, so a bound beyond that range compares
 * the same when it is clamped to it. */
static inline bool columns_counts_at_least(const struct columns *columns, const int16_t *to, const int16_t *from,
                                           int32_t least, struct day_bits *bits)
{
    int32_t within = least > INT16_MAX ? INT16_MAX : least < -INT16_MAX ? -INT16_MAX : least;
    return columns->lanes->count(&(struct count_test){to, from, (int16_t)within}, bits, columns->words);
}
/* The same, compared as the condition says. */
bool columns_counts(const struct columns *columns, const struct condition *condition, const int16_t *to,
                    const int16_t *from, struct day_bits *bits);

/* The share of `part` in `whole` compares; a share of `whole` over the window can be known. */
bool columns_share(const struct columns *columns, const struct condition *condition, const struct minutes_column *part,
                   const struct minutes_column *whole, struct day_bits *bits);
bool columns_share_defined(const struct columns *columns, uint8_t whole, struct window window, struct day_bits *bits);

/* The rise of absence over the window before compares, where both shares are known. */
bool columns_rise(const struct columns *columns, const struct condition *condition, struct day_bits *bits);

#endif
