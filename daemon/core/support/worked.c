/* Two windows of days, and means over the cases that have both whole. */
#include "daemon/core/support/worked.h"

#include <stdlib.h>
#include "common/civil.h"

bool worked_before(struct worked_effect *effect, int64_t expected, int64_t absent)
{
    if (effect->before_days == WORKED_DAYS)
        return false;
    effect->before_days++;
    effect->before_expected += expected;
    effect->before_absent += absent;
    return effect->before_days < WORKED_DAYS;
}

bool worked_after(struct worked_effect *effect, int32_t day, int64_t expected, int64_t absent)
{
    if (effect->after_days == WORKED_LEFT_OUT_DAYS + WORKED_DAYS)
        return false;
    effect->whole_day = day;
    if (++effect->after_days <= WORKED_LEFT_OUT_DAYS)
        return true;
    effect->after_expected += expected;
    effect->after_absent += absent;
    return effect->after_days < WORKED_LEFT_OUT_DAYS + WORKED_DAYS;
}

bool worked_is_whole(const struct worked_effect *effect)
{
    return effect->before_days == WORKED_DAYS && effect->after_days == WORKED_LEFT_OUT_DAYS + WORKED_DAYS &&
           effect->before_expected > 0 && effect->after_expected > 0;
}

static int permille(int64_t part, int64_t whole)
{
    return (int)((2000 * part + whole) / (2 * whole));
}

int worked_before_permille(const struct worked_effect *effect)
{
    return permille(effect->before_absent, effect->before_expected);
}

int worked_after_permille(const struct worked_effect *effect)
{
    return permille(effect->after_absent, effect->after_expected);
}

static void add(struct worked_group *sums, const struct worked_trial *trial)
{
    sums->count++;
    sums->before_permille += trial->before_permille;
    sums->after_permille += trial->after_permille;
}

static struct worked_group mean(struct worked_group sums)
{
    int n = sums.count;
    if (n == 0)
        return sums;
    return (struct worked_group){n, (2 * sums.before_permille + n) / (2 * n), (2 * sums.after_permille + n) / (2 * n)};
}

static bool is_of(const struct worked_trial *trial, int kind, const struct intime_span *span)
{
    return trial->kind == kind && intime_has(span, trial->whole_day);
}

static bool is_like(const struct worked_trial *one, const struct worked_trial *other)
{
    return one->level == other->level && abs(one->before_permille - other->before_permille) <= WORKED_LIKE_PERMILLE;
}

static bool is_like_any(const struct worked_trial *trials, size_t count, int kind, const struct intime_span *span,
                        const struct worked_trial *other)
{
    for (size_t i = 0; i < count; i++)
        if (is_of(&trials[i], kind, span) && is_like(&trials[i], other))
            return true;
    return false;
}

struct worked worked_of(const struct worked_trial *trials, size_t count, int kind, const struct intime_span *span)
{
    struct worked sums = {0};
    for (size_t i = 0; i < count; i++) {
        const struct worked_trial *trial = &trials[i];
        if (is_of(trial, kind, span))
            add(&sums.with, trial);
        else if (trial->is_first && (trial->kinds >> kind & 1) == 0 && trial->whole_day <= span->to_day &&
                 is_like_any(trials, count, kind, span, trial))
            add(&sums.without, trial);
    }
    return (struct worked){mean(sums.with), mean(sums.without)};
}
