/* Compares the absent share of today with the median of earlier days, in whole millionths. */
#include "daemon/core/groupsignal.h"

#include <assert.h>
#include <stdlib.h>

enum { MILLION = 1000000 };

void groupsignal_add(struct groupsignal_day *day, const struct outcome *outcomes, size_t count)
{
    struct outcome_minutes minutes = {0};
    outcome_add(&minutes, outcomes, count);
    day->pupils += minutes.counted > 0;
    day->expected_minutes += minutes.counted;
    day->absent_minutes += minutes.absent;
}

/* Rounded down: a share that is exactly n times another is still at least n times it after both are rounded. */
static int32_t share_ppm(const struct groupsignal_day *day)
{
    return (int32_t)(MILLION * day->absent_minutes / day->expected_minutes);
}

static int compare_shares(const void *left, const void *right)
{
    int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
    return (a > b) - (a < b);
}

/* Twice the median, so that the mean of two middle ones is whole. */
static int64_t median_twice(int32_t *shares, size_t count)
{
    qsort(shares, count, sizeof *shares, compare_shares);
    return (int64_t)shares[(count - 1) / 2] + shares[count / 2];
}

bool groupsignal_holds(const struct groupsignal_settings *settings, const struct groupsignal_day *today,
                       const struct groupsignal_day *before, size_t before_count, int32_t *usual_ppm)
{
    int32_t shares[GROUPSIGNAL_DAYS_MAX];
    size_t count = 0;
    assert(before_count <= GROUPSIGNAL_DAYS_MAX);
    for (size_t i = 0; i < before_count; i++)
        if (before[i].expected_minutes > 0)
            shares[count++] = share_ppm(&before[i]);
    if (today->pupils < GROUPSIGNAL_PUPILS_LEAST || today->expected_minutes == 0 || count == 0 ||
        count < (size_t)settings->days_least)
        return false;
    int64_t twice = median_twice(shares, count);
    *usual_ppm = (int32_t)(twice / 2);
    return 100 * today->absent_minutes >= settings->least_percent * today->expected_minutes &&
           200 * (int64_t)share_ppm(today) >= settings->factor_percent * twice;
}
