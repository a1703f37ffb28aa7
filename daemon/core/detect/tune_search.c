/* The flags of all rules but one are put together once; each variant of that one is then counted beside them. */
#include "daemon/core/detect/tune_search.h"

#include <stdlib.h>
#include <string.h>

/* The yield in points, times missed and attended, which are the same for every choice. */
static int64_t score_of(const struct tune_search *search, const struct tune_figures *figures, int32_t moved)
{
    int64_t others = (int64_t)figures->flagged - figures->found;
    int64_t yield = 100 * (figures->found * search->attended - others * search->missed);
    return yield - (int64_t)TUNE_MOVE_POINTS * moved * search->missed * search->attended;
}

static bool fits(const struct tune_search *search, int load, uint32_t items)
{
    return items <= search->items_most[load];
}

/* What fits is better than what does not; of choices that do not fit, the one that is nearer. */
static bool is_better(const struct tune_search *search, int load, const struct tune_choice *a,
                      const struct tune_choice *b)
{
    bool a_fits = fits(search, load, a->items), b_fits = fits(search, load, b->items);
    if (!b->found || a_fits != b_fits)
        return !b->found || a_fits;
    if (!a_fits && a->items != b->items)
        return a->items < b->items;
    if (a->score != b->score)
        return a->score > b->score;
    return a->items != b->items ? a->items < b->items : a->lost < b->lost;
}

static void offer(struct tune_search *search, const struct tune_choice *choice)
{
    for (int load = 0; load < TUNE_LOADS; load++)
        if (is_better(search, load, choice, &search->best[load]))
            search->best[load] = *choice;
}

static void count_choice(struct tune_search *search, struct tune_choice *choice, int32_t rule)
{
    struct tune_figures figures;
    tune_count(&search->counting, &search->flags[choice->chosen[rule]], &search->others, search->half, &figures);
    choice->items = figures.items;
    choice->lost = figures.lost;
    choice->score = score_of(search, &figures, choice->moved);
}

static bool gather(const struct tune_search *search, const uint16_t *chosen, int32_t without, int half,
                   struct tune_flags *into)
{
    into->count = 0;
    for (int32_t rule = 0; rule < search->ladder->count; rule++)
        if (rule != without && !tune_flags_gather(into, &search->flags[chosen[rule]], search->counting.rows, half))
            return false;
    tune_flags_sort(into);
    return true;
}

bool tune_search_flags(const struct tune_search *search, const uint16_t *chosen, int half, struct tune_flags *into)
{
    return gather(search, chosen, -1, half, into);
}

/* A choice by itself, not beside others that differ in one rule. */
static bool offer_alone(struct tune_search *search, const int32_t *variants)
{
    const struct tune_ladder *ladder = search->ladder;
    struct tune_choice choice = {.found = true};
    for (int32_t rule = 0; rule < ladder->count; rule++) {
        choice.chosen[rule] = (uint16_t)variants[rule];
        choice.moved += variants[rule] != ladder->home[rule];
    }
    if (!gather(search, choice.chosen, 0, search->half, &search->others))
        return false;
    count_choice(search, &choice, 0);
    offer(search, &choice);
    return true;
}

bool tune_search_begin(struct tune_search *search)
{
    const struct tune_ladder *ladder = search->ladder;
    search->rule = ladder->count;
    if (ladder->count == 0)
        return true;
    if (!offer_alone(search, ladder->home))
        return false;
    for (int strictness = 0; strictness < TUNE_STEPS; strictness++, search->tried++)
        if (!offer_alone(search, ladder->alike[strictness]))
            return false;
    return true;
}

/* Takes the next best choice whose changes have not been tried, for whichever loads it is best. */
static bool find_from(struct tune_search *search)
{
    for (int load = 0; load < TUNE_LOADS; load++) {
        if (!search->best[load].found || search->best[load].tried_from)
            continue;
        search->from = search->best[load];
        search->rule = 0;
        for (int same = load; same < TUNE_LOADS; same++)
            if (memcmp(search->best[same].chosen, search->from.chosen, sizeof search->from.chosen) == 0)
                search->best[same].tried_from = true;
        return true;
    }
    return false;
}

static void try_variants(struct tune_search *search, int32_t rule)
{
    const struct tune_ladder *ladder = search->ladder;
    const int32_t home = ladder->home[rule], now = search->from.chosen[rule];
    for (int32_t variant = ladder->first[rule]; variant < ladder->first[rule + 1]; variant++) {
        if (variant == now || search->tried == TUNE_CANDIDATES_MAX)
            continue;
        struct tune_choice choice = search->from;
        choice.tried_from = false;
        choice.chosen[rule] = (uint16_t)variant;
        choice.moved += (variant != home) - (now != home);
        count_choice(search, &choice, rule);
        offer(search, &choice);
        search->tried++;
    }
}

bool tune_search_step(struct tune_search *search, bool *room)
{
    *room = true;
    if (search->tried == TUNE_CANDIDATES_MAX || (search->rule == search->ladder->count && !find_from(search)))
        return false;
    int32_t rule = search->rule++;
    if (search->ladder->first[rule] + 1 == search->ladder->first[rule + 1])
        return true; /* it has no other variant */
    *room = gather(search, search->from.chosen, rule, search->half, &search->others);
    if (*room)
        try_variants(search, rule);
    return *room;
}

void tune_search_end(struct tune_search *search)
{
    free(search->others.list);
    search->others = (struct tune_flags){.list = NULL};
}

const struct tune_choice *tune_search_best(const struct tune_search *search, int load)
{
    const struct tune_choice *best = &search->best[load];
    return best->found && fits(search, load, best->items) ? best : NULL;
}
