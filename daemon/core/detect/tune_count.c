/* Both lists are in order, so one walk along them meets the flags of a pupil's year in order of date. */
#include "daemon/core/detect/tune_count.h"

#include <stdlib.h>
#include <string.h>

enum { FLAGS_STEP = 64, AUTUMN_DATES = 153 /* August–December */ };

static bool flags_room(struct tune_flags *flags, size_t count)
{
    if (count <= flags->capacity)
        return true;
    size_t capacity = count + count / 2 + FLAGS_STEP;
    struct tune_flag *list = realloc(flags->list, capacity * sizeof *list);
    if (list == NULL)
        return false;
    flags->list = list;
    flags->capacity = capacity;
    return true;
}

bool tune_flags_add(struct tune_flags *flags, struct tune_flag flag)
{
    if (!flags_room(flags, flags->count + 1))
        return false;
    flags->list[flags->count++] = flag;
    return true;
}

bool tune_flags_gather(struct tune_flags *into, const struct tune_flags *from, const struct tune_row *rows, int half)
{
    if (!flags_room(into, into->count + from->count))
        return false;
    for (size_t i = 0; i < from->count; i++)
        if (rows[from->list[i].row].half == half)
            into->list[into->count++] = from->list[i];
    return true;
}

static int compare_flags(const void *left, const void *right)
{
    const struct tune_flag *a = left, *b = right;
    return a->row != b->row ? (a->row > b->row) - (a->row < b->row) : a->raised - b->raised;
}

void tune_flags_sort(struct tune_flags *flags)
{
    if (flags->count > 1)
        qsort(flags->list, flags->count, sizeof *flags->list, compare_flags);
}

/* The item that is being followed; a flag raised up to its end joins it. */
struct item {
    const struct tune_flag *first;
    uint32_t lost;
    uint16_t ended;
};

static void end_item(const struct tune_counting *counting, const struct item *item, bool first_in_autumn,
                     struct tune_figures *figures)
{
    const struct tune_row *row = &counting->rows[item->first->row];
    figures->items++;
    figures->lost += item->lost;
    if (counting->weeks != NULL) {
        int32_t week = (row->first_day + item->first->raised - counting->first_monday) / 7;
        if (++counting->weeks[week] > figures->worst_week)
            figures->worst_week = counting->weeks[week];
    }
    if (!first_in_autumn || !row->spring_known)
        return;
    figures->flagged++;
    figures->found += row->missed;
    if (counting->flagged != NULL)
        counting->flagged[item->first->row] = 1;
}

/* The next flag of this half along both lists; NULL: there is none. */
static const struct tune_flag *next_flag(const struct tune_counting *counting, const struct tune_flags *const lists[2],
                                         size_t at[2], int half)
{
    for (;;) {
        const struct tune_flag *a = at[0] < lists[0]->count ? &lists[0]->list[at[0]] : NULL;
        const struct tune_flag *b = at[1] < lists[1]->count ? &lists[1]->list[at[1]] : NULL;
        const struct tune_flag *next = b == NULL || (a != NULL && compare_flags(a, b) <= 0) ? a : b;
        if (next == NULL)
            return NULL;
        at[next == b]++;
        if (counting->rows[next->row].half == half)
            return next;
    }
}

/* The first item of a pupil's year decides whether it was flagged in autumn. */
void tune_count(const struct tune_counting *counting, const struct tune_flags *some, const struct tune_flags *others,
                int half, struct tune_figures *figures)
{
    const struct tune_flags *const lists[2] = {some, others};
    size_t at[2] = {0, 0};
    struct item item = {NULL, 0, 0};
    bool first_of_row = true;
    *figures = (struct tune_figures){.items = 0};
    for (const struct tune_flag *flag; (flag = next_flag(counting, lists, at, half)) != NULL;) {
        bool same_row = item.first != NULL && item.first->row == flag->row;
        if (same_row && flag->raised <= item.ended) {
            item.ended = flag->ended > item.ended ? flag->ended : item.ended;
            if (flag->raised == item.first->raised && flag->lost > item.lost)
                item.lost = flag->lost;
            continue;
        }
        if (item.first != NULL)
            end_item(counting, &item, first_of_row && item.first->raised < AUTUMN_DATES, figures);
        first_of_row = !same_row;
        item = (struct item){flag, flag->lost, flag->ended};
    }
    if (item.first != NULL)
        end_item(counting, &item, first_of_row && item.first->raised < AUTUMN_DATES, figures);
}
