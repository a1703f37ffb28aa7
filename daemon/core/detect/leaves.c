/* A binary search, and a step along the list. */
#include "daemon/core/detect/leaves.h"

#include "common/civil.h"

int leaves_compare(const struct detect_leave *a, const struct detect_leave *b)
{
    return a->pupil != b->pupil ? (a->pupil > b->pupil) - (a->pupil < b->pupil) : (a->day > b->day) - (a->day < b->day);
}

size_t leaves_of(const struct detect_leave *list, size_t count, uint32_t pupil, int32_t first_day,
                 const struct detect_leave **first)
{
    static const struct detect_leave NOBODYS;
    const struct detect_leave from = {pupil, first_day};
    size_t low = 0, found = 0;
    for (size_t high = count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (leaves_compare(&list[middle], &from) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *first = low < count ? &list[low] : &NOBODYS;
    while (low + found < count && (*first)[found].pupil == pupil && civil_school_year((*first)[found].day) == first_day)
        found++;
    return found;
}
