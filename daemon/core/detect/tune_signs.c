/* Windows are counted in own days, which are neighbours here. Days before the first sign add nothing. */
#include "daemon/core/detect/tune_signs.h"

bool tune_own_day(const struct outcome_minutes *minutes, uint16_t date, struct tune_own_day *day)
{
    bool idle = minutes->counted == 0;
    *day = (struct tune_own_day){.date = date, .idle = idle};
    day->absent = !idle && minutes->absent == minutes->counted;
    if (!idle)
        day->missed = (uint16_t)((1000 * minutes->absent + minutes->counted / 2) / minutes->counted);
    return minutes->counted + minutes->leave > 0;
}

static uint32_t run_begins(const struct tune_own_day *days, uint32_t index)
{
    uint32_t begins = index;
    for (uint32_t i = index + 1; i-- > 0 && (days[i].absent || days[i].idle);)
        begins = days[i].absent ? i : begins;
    return begins;
}

static uint32_t window_begins(const struct tune_own_day *days, uint32_t index, const struct condition *condition)
{
    if (condition->days == 0)
        return run_begins(days, index);
    uint32_t back = (uint32_t)(condition->offset + condition->days);
    return index + 1 > back ? index + 1 - back : 0;
}

uint32_t tune_lost(const struct tune_own_day *days, uint32_t index, const struct rule *rule)
{
    uint32_t from = index, lost = 0;
    for (int32_t i = 0; i < rule->condition_count; i++) {
        uint32_t begins = window_begins(days, index, &rule->when[i]);
        from = begins < from ? begins : from;
    }
    for (uint32_t i = from; i <= index; i++)
        lost += days[i].missed;
    return lost;
}
