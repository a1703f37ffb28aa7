/* Evaluates the rules for every pupil with detect_recompute and counts the flags and items per group of pupils. */
#include "daemon/core/detect/preview.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"

const uint32_t PREVIEW_SIZE_ENDS[PREVIEW_SIZES] = {10, 20, 30, UINT32_MAX};

void preview_school_init(struct preview_school *school, struct preview_pupil *pupils, const struct names *years)
{
    *school = (struct preview_school){.pupils = pupils, .years = years, .first_day = INT32_MAX, .last_day = INT32_MIN};
}

void preview_school_day(struct preview_school *school, uint32_t pupil, int32_t first_possible, int32_t day)
{
    struct preview_pupil *of = &school->pupils[pupil];
    int32_t monday = day - civil_weekday(day);
    int32_t week = (monday - (first_possible - civil_weekday(first_possible))) / 7;
    assert(day >= first_possible && week < PREVIEW_WEEKS_MAX);
    school->weeks[week / 64] |= UINT64_C(1) << week % 64;
    of->weeks += of->weeks == 0 || of->last_monday != monday;
    of->last_monday = monday;
    if (day < school->first_day)
        school->first_day = day;
    if (day > school->last_day)
        school->last_day = day;
}

uint32_t preview_weeks(const struct preview_school *school)
{
    uint32_t weeks = 0;
    for (size_t i = 0; i < sizeof school->weeks / sizeof *school->weeks; i++)
        weeks += (uint32_t)__builtin_popcountll(school->weeks[i]);
    return weeks;
}

struct text preview_year_of_class(struct text class_name)
{
    size_t digits = 0;
    while (digits < class_name.length && class_name.bytes[digits] >= '0' && class_name.bytes[digits] <= '9')
        digits++;
    return (struct text){class_name.bytes, digits};
}

/* Where one pupil is counted. */
struct places {
    struct preview_count *of[3]; /* all, year, class size */
};

static void count_flags(struct places *places, const struct flag *flags, size_t count)
{
    bool over = false;
    for (size_t i = 0; i < count; i++) {
        over |= flags[i].end == FLAG_OPEN;
        for (size_t place = 0; place < 3; place++)
            places->of[place]->flags[flags[i].rule->severity - 1]++;
    }
    for (size_t place = 0; place < 3; place++) {
        places->of[place]->over += over;
        places->of[place]->flagged += count > 0;
    }
}

static int32_t end_of(const struct flag *flag)
{
    return flag->end == FLAG_OPEN ? INT32_MAX : flag->ended_day;
}

/* The next date after `day` on which a flag of that severity or worse is raised; INT32_MAX = none. */
static int32_t next_raised(const struct flag *flags, size_t count, int severity, int32_t day)
{
    int32_t next = INT32_MAX;
    for (size_t i = 0; i < count; i++)
        if (flags[i].rule->severity >= severity && flags[i].raised_day > day && flags[i].raised_day < next)
            next = flags[i].raised_day;
    return next;
}

/* The end of an item that begins on `day`: extended while a flag raised within it ends later. Flags are not in
 * order of date, so the list is searched until nothing changes. */
static int32_t item_end(const struct flag *flags, size_t count, int severity, int32_t day)
{
    int32_t end = day;
    for (bool longer = true; longer;) {
        longer = false;
        for (size_t i = 0; i < count; i++)
            if (flags[i].rule->severity >= severity && flags[i].raised_day >= day && flags[i].raised_day <= end &&
                end_of(&flags[i]) > end) {
                end = end_of(&flags[i]);
                longer = true;
            }
    }
    return end;
}

/* Items of a severity: stretches of days covered by overlapping flags of it or worse, each counted once. */
static void count_items(struct places *places, const struct flag *flags, size_t count)
{
    for (int severity = 1; severity <= PREVIEW_SEVERITIES; severity++) {
        int32_t day = INT32_MIN;
        while ((day = next_raised(flags, count, severity, day)) != INT32_MAX) {
            for (size_t place = 0; place < 3; place++)
                places->of[place]->items[severity - 1]++;
            day = item_end(flags, count, severity, day);
            if (day == INT32_MAX)
                break;
        }
    }
}

/* Flags refer to the copy of the rule that the detector keeps, hence the match by id. */
static void count_rules(struct preview *preview, const struct rules *rules, const struct flag *flags, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool again = false;
        for (size_t before = 0; before < i; before++)
            again |= flags[before].rule == flags[i].rule;
        for (int32_t rule = 0; rule < rules->count; rule++)
            if (strcmp(rules->rule[rule].id, flags[i].rule->id) == 0) {
                preview->rules[rule].flags++;
                preview->rules[rule].pupils += !again;
            }
    }
}

/* Counts the pupils of each class. False: no memory. */
static bool class_sizes(const struct preview_school *school, uint32_t **sizes)
{
    *sizes = calloc(school->class_count + 1, sizeof **sizes);
    if (*sizes == NULL)
        return false;
    for (uint32_t pupil = 0; pupil < school->pupil_count; pupil++)
        (*sizes)[school->pupils[pupil].class]++;
    return true;
}

static uint32_t size_group(uint32_t size)
{
    uint32_t group = 0;
    while (size >= PREVIEW_SIZE_ENDS[group])
        group++;
    return group;
}

/* Every pupil counts in three places at once: the school, the year, the size of the class. */
bool preview_run(struct preview *preview, const struct preview_school *school, const struct detect *detect,
                 const struct rules *rules)
{
    uint32_t *sizes = NULL;
    struct detect_work *work = detect_work_open(detect);
    bool good = work != NULL && class_sizes(school, &sizes);
    memset(preview, 0, sizeof *preview);
    for (uint32_t pupil = 0; good && pupil < school->pupil_count; pupil++) {
        const struct flag *flags;
        size_t count;
        const struct preview_pupil *of = &school->pupils[pupil];
        struct places places = {
            {&preview->all, &preview->years[of->year], &preview->sizes[size_group(sizes[of->class])]}};
        for (size_t place = 0; place < 3; place++) {
            places.of[place]->pupils++;
            places.of[place]->pupil_weeks += of->weeks;
        }
        good = detect_recompute(detect, work, pupil, INT32_MAX, &flags, &count);
        if (!good)
            break;
        count_flags(&places, flags, count);
        count_items(&places, flags, count);
        count_rules(preview, rules, flags, count);
    }
    free(sizes);
    detect_work_close(work);
    return good;
}
