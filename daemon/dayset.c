/* A bitmap relative to the first date; adding and taking never allocate. */
#include "daemon/dayset.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

static_assert(DAYSET_DAYS % 64 == 0, "whole words");

void dayset_init(struct dayset *set, int32_t today)
{
    memset(set, 0, sizeof *set);
    set->first = today - DAYSET_PAST;
}

static bool covers(const struct dayset *set, int32_t day)
{
    return day >= set->first && day - set->first < DAYSET_DAYS;
}

bool dayset_add(struct dayset *set, int32_t day)
{
    if (!covers(set, day))
        return false;
    uint32_t bit = (uint32_t)(day - set->first);
    set->bits[bit / 64] |= UINT64_C(1) << bit % 64;
    return true;
}

void dayset_add_range(struct dayset *set, int32_t from, int32_t to)
{
    int32_t last = set->first + DAYSET_DAYS - 1;
    if (to > last)
        to = last;
    for (int32_t day = from < set->first ? set->first : from; day <= to; day++)
        dayset_add(set, day);
}

bool dayset_has(const struct dayset *set, int32_t day)
{
    if (!covers(set, day))
        return false;
    uint32_t bit = (uint32_t)(day - set->first);
    return (set->bits[bit / 64] >> bit % 64 & 1) != 0;
}

bool dayset_empty(const struct dayset *set)
{
    for (size_t word = 0; word < DAYSET_DAYS / 64; word++)
        if (set->bits[word] != 0)
            return false;
    return true;
}

bool dayset_take(struct dayset *set, int32_t *day)
{
    for (int32_t word = 0; word < DAYSET_DAYS / 64; word++) {
        if (set->bits[word] == 0)
            continue;
        int32_t bit = __builtin_ctzll(set->bits[word]);
        set->bits[word] &= set->bits[word] - 1;
        *day = set->first + word * 64 + bit;
        return true;
    }
    return false;
}
