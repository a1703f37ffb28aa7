/* Counting pupils into classes, years and the school, and then deciding for each figure whether it may be told. */
#include "dashboard/groups.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static_assert(GROUPS_YEARS_MAX <= 64, "a bit for each year");

struct group *groups_class(struct groups *groups, const char *class)
{
    for (size_t i = 0; i < groups->class_count; i++)
        if (strcmp(groups->classes[i].name, class) == 0)
            return &groups->classes[i];
    return NULL;
}

/* -1: pupils without a year; more years than there is room for no school has. */
static int year_index(struct groups *groups, const char *year)
{
    for (size_t i = 0; i < groups->year_count; i++)
        if (strcmp(groups->years[i].name, year) == 0)
            return (int)i;
    if (!*year || groups->year_count == GROUPS_YEARS_MAX)
        return -1;
    snprintf(groups->years[groups->year_count].name, NAME_BYTES, "%s", year);
    return (int)groups->year_count++;
}

static struct group *class_of(struct groups *groups, const char *class, int year)
{
    struct group *group = groups_class(groups, class);
    if (group != NULL || groups->class_count == GROUPS_CLASSES_MAX)
        return group;
    group = &groups->classes[groups->class_count++];
    snprintf(group->name, sizeof group->name, "%s", class);
    group->year = year;
    return group;
}

static void add_minutes(struct outcome_minutes *sum, const struct outcome_minutes *minutes)
{
    sum->counted += minutes->counted;
    sum->absent += minutes->absent;
    sum->unreported += minutes->unreported;
    sum->leave += minutes->leave;
    sum->on_leave += minutes->on_leave;
    sum->unknown += minutes->unknown;
}

void groups_pupil(struct groups *groups, const char *class, const char *year, const struct outcome_minutes *recent)
{
    int year_of = year_index(groups, year);
    struct group *group = class_of(groups, class, year_of);
    if (group == NULL)
        return;
    if (group->year != year_of)
        group->year = -1;
    if (year_of >= 0)
        group->years |= UINT64_C(1) << year_of;
    add_minutes(&group->recent, recent);
    if (recent->counted == 0)
        return;
    int64_t band = 100 * recent->absent / recent->counted / GROUPS_BAND_PERCENT;
    group->pupils++;
    group->bands[band < GROUPS_BANDS ? band : GROUPS_BANDS - 1]++;
}

static void add_group(struct group *sum, const struct group *group)
{
    sum->pupils += group->pupils;
    add_minutes(&sum->recent, &group->recent);
    sum->year_expected += group->year_expected;
    sum->year_absent += group->year_absent;
    for (int i = 0; i < GROUPS_BANDS; i++)
        sum->bands[i] += group->bands[i];
    for (int i = 0; i < GROUPS_NUMBERS; i++)
        sum->numbers[i] += group->numbers[i];
}

/* The untold parts of a sum together. Each of them is at most GROUPS_PUPILS_MIN - 1, so a rest of `parts` times that
 * would tell every one. */
struct rest {
    int parts, number;
    bool holds_more; /* some untold part may be larger than that: then the sum is never told */
};

static bool may_tell(int number, struct rest rest)
{
    return number >= GROUPS_PUPILS_MIN && !rest.holds_more &&
           (rest.parts == 0 ||
            (rest.number >= GROUPS_PUPILS_MIN && rest.number < rest.parts * (GROUPS_PUPILS_MIN - 1)));
}

/* Of a year, or with year -1 of the classes that are of none. */
static struct rest rest_of(const struct groups *groups, enum groups_number number, int year)
{
    struct rest rest = {0};
    for (size_t i = 0; i < groups->class_count; i++) {
        const struct group *class = &groups->classes[i];
        if (!class->is_told || class->year != year || class->number_is_told[number])
            continue;
        rest.parts++;
        rest.number += class->numbers[number];
    }
    return rest;
}

/* From the bottom up: a year may be told when its untold classes cannot be found from it, the school when its untold
 * years and the classes without a year cannot. */
static void settle_number(struct groups *groups, enum groups_number number)
{
    for (size_t i = 0; i < groups->class_count; i++)
        groups->classes[i].number_is_told[number] = may_tell(groups->classes[i].numbers[number], (struct rest){0});
    struct rest beyond = rest_of(groups, number, -1);
    for (size_t i = 0; i < groups->year_count; i++) {
        struct group *year = &groups->years[i];
        struct rest rest = rest_of(groups, number, (int)i);
        year->number_is_told[number] = may_tell(year->numbers[number], rest);
        if (year->number_is_told[number])
            continue;
        beyond.parts += rest.parts > 0;
        beyond.number += rest.number;
        beyond.holds_more |= rest.number >= GROUPS_PUPILS_MIN;
    }
    groups->school.number_is_told[number] = may_tell(groups->school.numbers[number], beyond);
}

void groups_settle(struct groups *groups)
{
    for (size_t i = 0; i < groups->class_count; i++) {
        struct group *class = &groups->classes[i];
        class->is_told = class->pupils >= GROUPS_PUPILS_MIN;
        if (!class->is_told)
            continue;
        add_group(&groups->school, class);
        if (class->year >= 0)
            add_group(&groups->years[class->year], class);
    }
    for (size_t i = 0; i < groups->year_count; i++)
        groups->years[i].is_told = groups->years[i].pupils > 0;
    groups->school.is_told = groups->school.pupils > 0;
    for (enum groups_number number = 0; number < GROUPS_NUMBERS; number++)
        settle_number(groups, number);
}

bool groups_is_whole(const struct groups *groups, const char *year)
{
    for (size_t y = 0; y < groups->year_count; y++) {
        if (strcmp(groups->years[y].name, year) != 0)
            continue;
        bool whole = true;
        for (size_t i = 0; i < groups->class_count; i++)
            whole &= (groups->classes[i].years >> y & 1) == 0 ||
                     (groups->classes[i].is_told && groups->classes[i].year == (int)y);
        return whole;
    }
    return false;
}

/* Merges bands from the highest share down, because pupils are fewest there, until each holds GROUPS_PUPILS_MIN. */
size_t groups_spread(const struct groups *groups, struct groups_band out[GROUPS_BANDS])
{
    struct groups_band found[GROUPS_BANDS], open = {0};
    size_t count = 0;
    for (int i = GROUPS_BANDS - 1; i >= 0; i--) {
        open.pupils += groups->school.bands[i];
        open.from_percent = i * GROUPS_BAND_PERCENT;
        if (open.pupils < GROUPS_PUPILS_MIN)
            continue;
        found[count++] = open;
        open = (struct groups_band){.to_percent = open.from_percent};
    }
    if (count > 0) { /* what is left below belongs to the lowest */
        found[count - 1].from_percent = 0;
        found[count - 1].pupils += open.pupils;
    }
    for (size_t i = 0; i < count; i++)
        out[i] = found[count - 1 - i];
    return count;
}
