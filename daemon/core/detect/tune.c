/* Three phases, each in small steps: flags of all variants, pupil by pupil; the search; the profiles that it found. */
#include "daemon/core/detect/tune.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "daemon/core/detect/detect.h"
#include "daemon/core/detect/tune_signs.h"

enum {
    PUPILS_AT_A_TIME = 16,
    SPRING_FROM = 153, /* dates of a school year before 1 January */
    KNOWN_PERCENT_LEAST = 80,
    ROWS_STEP = 256,
    DAYS_STEP = 16384
};

struct tune {
    struct rules in_force;
    struct tune_ladder ladder;
    struct detect *detect;
    struct detect_work *work;
    struct tune_row *rows;
    struct tune_own_day *days;
    uint32_t row_count, row_capacity, row_done, day_count, day_capacity;
    struct outcome_minutes spring; /* of the row that is being filled */
    uint32_t spring_days;
    struct tune_flags *flags; /* by variant */
    struct tune_search search;
    struct tune_flags some; /* of a profile */
    uint8_t *flagged[2];    /* by row: by the rules in force, by a profile */
    uint16_t *weeks;
    size_t week_count;
    int load; /* whose profile is counted next */
    enum { FLAGS, SEARCH, PROFILES, DONE } phase;
    struct tune_result result;
};

struct tune *tune_open(const struct rules *in_force, int32_t severity)
{
    struct tune *tune = calloc(1, sizeof *tune);
    if (tune == NULL)
        return NULL;
    tune->in_force = *in_force;
    tune_ladder(&tune->ladder, in_force, severity);
    tune->result =
        (struct tune_result){.severity = severity, .first_day = INT32_MAX, .last_day = INT32_MIN, .best = -1};
    tune->detect = detect_open();
    tune->flags = calloc((size_t)tune->ladder.variants.count + 1, sizeof *tune->flags);
    if (tune->detect != NULL && tune->flags != NULL)
        return tune;
    tune_close(tune);
    return NULL;
}

void tune_close(struct tune *tune)
{
    if (tune == NULL)
        return;
    tune_search_end(&tune->search);
    for (int32_t i = 0; tune->flags != NULL && i < tune->ladder.variants.count; i++)
        free(tune->flags[i].list);
    free(tune->flags);
    free(tune->some.list);
    free(tune->flagged[0]);
    free(tune->flagged[1]);
    free(tune->weeks);
    free(tune->rows);
    free(tune->days);
    detect_work_close(tune->work);
    detect_close(tune->detect);
    free(tune);
}

/* Days. */

/* What the spring of the row that is complete says. */
static void end_row(struct tune *tune)
{
    const struct outcome_minutes *spring = &tune->spring;
    if (tune->row_count == 0)
        return;
    int64_t known = spring->counted + spring->leave;
    struct tune_row *row = &tune->rows[tune->row_count - 1];
    row->spring_known = tune->spring_days >= TUNE_SPRING_DAYS && spring->counted > 0 &&
                        100 * known >= KNOWN_PERCENT_LEAST * (known + spring->unknown);
    row->missed = row->spring_known && 100 * spring->absent >= TUNE_MISSED_PERCENT * spring->counted;
    tune->spring = (struct outcome_minutes){.counted = 0};
    tune->spring_days = 0;
}

static bool begin_row(struct tune *tune, uint32_t pupil, int32_t first_day)
{
    end_row(tune);
    if (tune->row_count == tune->row_capacity) {
        uint32_t capacity = tune->row_capacity + tune->row_capacity / 2 + ROWS_STEP;
        struct tune_row *rows = realloc(tune->rows, capacity * sizeof *rows);
        if (rows == NULL)
            return false;
        tune->rows = rows;
        tune->row_capacity = capacity;
    }
    tune->rows[tune->row_count++] =
        (struct tune_row){.pupil = pupil, .first_day = first_day, .day_from = tune->day_count};
    return true;
}

static bool add_own_day(struct tune *tune, const struct tune_own_day *day)
{
    if (tune->day_count == tune->day_capacity) {
        uint32_t capacity = tune->day_capacity + tune->day_capacity / 2 + DAYS_STEP;
        struct tune_own_day *days = realloc(tune->days, capacity * sizeof *days);
        if (days == NULL)
            return false;
        tune->days = days;
        tune->day_capacity = capacity;
    }
    tune->days[tune->day_count++] = *day;
    tune->rows[tune->row_count - 1].days++;
    return true;
}

bool tune_day(struct tune *tune, uint32_t pupil, uint32_t class, int32_t day, const struct outcome *outcomes,
              size_t count)
{
    int32_t first_day = civil_school_year(day);
    const struct tune_row *last = tune->row_count > 0 ? &tune->rows[tune->row_count - 1] : NULL;
    assert(last == NULL || last->pupil < pupil || (last->pupil == pupil && last->first_day <= first_day));
    if (!detect_set_day(tune->detect, pupil, class, day, outcomes, count))
        return false;
    if ((last == NULL || last->pupil != pupil || last->first_day != first_day) && !begin_row(tune, pupil, first_day))
        return false;
    struct outcome_minutes minutes = {.counted = 0};
    struct tune_own_day own;
    outcome_add(&minutes, outcomes, count);
    tune->rows[tune->row_count - 1].class = class;
    tune->result.first_day = day < tune->result.first_day ? day : tune->result.first_day;
    tune->result.last_day = day > tune->result.last_day ? day : tune->result.last_day;
    if (!tune_own_day(&minutes, (uint16_t)(day - first_day), &own))
        return true;
    if (own.date >= SPRING_FROM) {
        tune->spring_days++;
        outcome_add(&tune->spring, outcomes, count);
    }
    return add_own_day(tune, &own);
}

/* Before the first step. */

static int compare_places(const void *left, const void *right, void *context)
{
    const struct tune_row *rows = context, *a = &rows[*(const uint32_t *)left], *b = &rows[*(const uint32_t *)right];
    return a->class != b->class ? (a->class > b->class) - (a->class < b->class)
                                : (a->pupil > b->pupil) - (a->pupil < b->pupil);
}

/* Every other pupil, class by class, so that both halves have as many of each; all years of a pupil are in one half. */
static bool halve(struct tune *tune)
{
    uint32_t *latest = malloc((tune->row_count + 1) * sizeof *latest), pupils = 0;
    if (latest == NULL)
        return false;
    for (uint32_t row = 0; row < tune->row_count; row++)
        if (row + 1 == tune->row_count || tune->rows[row + 1].pupil != tune->rows[row].pupil)
            latest[pupils++] = row;
    qsort_r(latest, pupils, sizeof *latest, compare_places, tune->rows);
    for (uint32_t place = 0; place < pupils; place++)
        for (uint32_t row = latest[place] + 1; row-- > 0 && tune->rows[row].pupil == tune->rows[latest[place]].pupil;)
            tune->rows[row].half = place % TUNE_HALVES;
    free(latest);
    return true;
}

static int32_t monday_of(int32_t day)
{
    return day - civil_weekday(day);
}

/* Weeks with lessons, and school years. False: no memory. */
static bool count_time(struct tune *tune)
{
    struct tune_result *result = &tune->result;
    int32_t first = monday_of(result->first_day), first_year = civil_school_year(result->first_day);
    tune->week_count = (size_t)(monday_of(result->last_day) - first) / 7 + 1;
    tune->weeks = calloc(tune->week_count, sizeof *tune->weeks);
    if (tune->weeks == NULL)
        return false;
    for (uint32_t row = 0; row < tune->row_count; row++)
        for (uint32_t i = 0; i < tune->rows[row].days; i++)
            tune->weeks[(tune->rows[row].first_day + tune->days[tune->rows[row].day_from + i].date - first) / 7] = 1;
    for (size_t week = 0; week < tune->week_count; week++)
        result->weeks += tune->weeks[week];
    for (int32_t year = first_year; year <= result->last_day; year = civil_school_year(year + 370))
        result->years++;
    return true;
}

static void count_halves(struct tune *tune)
{
    struct tune_result *result = &tune->result;
    result->rows = tune->row_count;
    for (uint32_t row = 0; row < tune->row_count; row++) {
        const struct tune_row *of = &tune->rows[row];
        result->half_rows[of->half]++;
        result->missed[of->half] += of->missed;
        result->attended[of->half] += of->spring_known && !of->missed;
    }
    for (int half = 0; half < TUNE_HALVES; half++)
        result->too_few |= result->missed[half] < TUNE_LEAST || result->attended[half] < TUNE_LEAST;
}

static void set_loads(struct tune *tune, int capacity)
{
    struct tune_result *result = &tune->result;
    uint32_t pupils = result->rows / result->years;
    int usual = (int)((TUNE_CAPACITY_1000 * pupils + 500) / 1000);
    result->capacity = capacity > 0 ? capacity : usual > 1 ? usual : 1;
    for (int load = 0; load < TUNE_LOADS; load++)
        tune->search.items_most[load] = (uint64_t)(load + 1) * (uint64_t)result->capacity * result->weeks *
                                        result->half_rows[TUNE_CHOSEN_ON] / TUNE_LOADS / result->rows;
}

bool tune_begin(struct tune *tune, int capacity)
{
    struct tune_search *search = &tune->search;
    end_row(tune);
    tune->result.capacity = capacity;
    tune->result.variants = (uint32_t)tune->ladder.variants.count;
    if (tune->row_count == 0) {
        tune->result.too_few = true;
        tune->phase = DONE;
        return true;
    }
    tune->flagged[0] = calloc(tune->row_count, 1);
    tune->flagged[1] = calloc(tune->row_count, 1);
    if (tune->flagged[0] == NULL || tune->flagged[1] == NULL || !halve(tune) || !count_time(tune) ||
        !detect_add_rules(tune->detect, &tune->ladder.variants, 1, INT32_MIN) ||
        (tune->work = detect_work_open(tune->detect)) == NULL)
        return false;
    count_halves(tune);
    set_loads(tune, capacity);
    search->ladder = &tune->ladder;
    search->flags = tune->flags;
    search->counting = (struct tune_counting){.rows = tune->rows, .first_monday = monday_of(tune->result.first_day)};
    search->half = TUNE_CHOSEN_ON;
    search->missed = tune->result.missed[TUNE_CHOSEN_ON];
    search->attended = tune->result.attended[TUNE_CHOSEN_ON];
    return true;
}

/* Flags of all variants. */

/* The row of a pupil's flag, from its first row on, and the own day on which it was raised. */
static struct tune_flag flag_of(const struct tune *tune, uint32_t first_row, const struct flag *flag, uint32_t *index)
{
    uint32_t row = first_row;
    while (tune->rows[row].first_day != civil_school_year(flag->raised_day))
        row++;
    const struct tune_row *of = &tune->rows[row];
    uint16_t raised = (uint16_t)(flag->raised_day - of->first_day);
    *index = 0;
    while (tune->days[of->day_from + *index].date != raised)
        ++*index;
    return (struct tune_flag){.row = row,
                              .raised = raised,
                              .ended =
                                  flag->end == FLAG_OPEN ? UINT16_MAX : (uint16_t)(flag->ended_day - of->first_day)};
}

/* A variant's id is its number. */
static bool take_pupil(struct tune *tune, uint32_t first_row)
{
    const struct flag *flags;
    size_t count;
    if (!detect_recompute(tune->detect, tune->work, tune->rows[first_row].pupil, INT32_MAX, &flags, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        uint32_t index;
        struct tune_flag flag = flag_of(tune, first_row, &flags[i], &index);
        flag.lost = tune_lost(tune->days + tune->rows[flag.row].day_from, index, flags[i].rule);
        if (!tune_flags_add(&tune->flags[strtol(flags[i].rule->id, NULL, 10)], flag))
            return false;
    }
    return true;
}

static bool take_pupils(struct tune *tune)
{
    for (int i = 0; i < PUPILS_AT_A_TIME && tune->row_done < tune->row_count; i++) {
        uint32_t first = tune->row_done;
        if (!take_pupil(tune, first))
            return false;
        while (tune->row_done < tune->row_count && tune->rows[tune->row_done].pupil == tune->rows[first].pupil)
            tune->row_done++;
    }
    if (tune->row_done < tune->row_count)
        return true;
    tune->phase = tune->result.too_few ? PROFILES : SEARCH;
    return tune->result.too_few || tune_search_begin(&tune->search);
}

/* Profiles. */

/* Counts a choice on the half that is told of. */
static bool count_told(struct tune *tune, const uint16_t *chosen, uint8_t *flagged, struct tune_figures *figures)
{
    static const struct tune_flags NONE = {.list = NULL};
    struct tune_counting counting = tune->search.counting;
    counting.weeks = tune->weeks;
    counting.flagged = flagged;
    memset(tune->weeks, 0, tune->week_count * sizeof *tune->weeks);
    memset(flagged, 0, tune->row_count);
    if (!tune_search_flags(&tune->search, chosen, TUNE_TOLD_OF, &tune->some))
        return false;
    tune_count(&counting, &tune->some, &NONE, TUNE_TOLD_OF, figures);
    return true;
}

static bool count_in_force(struct tune *tune)
{
    uint16_t home[RULES_MAX] = {0};
    for (int32_t i = 0; i < tune->ladder.count; i++)
        home[i] = (uint16_t)tune->ladder.home[i];
    return count_told(tune, home, tune->flagged[0], &tune->result.in_force);
}

/* Twice the same choice is one profile, and the rules in force are none. */
static bool is_new(const struct tune *tune, const struct tune_choice *choice)
{
    const struct tune_result *result = &tune->result;
    for (int i = 0; i < result->profile_count; i++)
        if (memcmp(result->profiles[i].chosen, choice->chosen, sizeof choice->chosen) == 0)
            return false;
    return choice->moved > 0;
}

static double yield_of(const struct tune_result *result, const struct tune_figures *figures)
{
    return (double)figures->found / result->missed[TUNE_TOLD_OF] -
           (double)(figures->flagged - figures->found) / result->attended[TUNE_TOLD_OF];
}

static bool add_profile(struct tune *tune, const struct tune_choice *choice, int load)
{
    struct tune_result *result = &tune->result;
    struct tune_profile *profile = &result->profiles[result->profile_count];
    memcpy(profile->chosen, choice->chosen, sizeof profile->chosen);
    profile->load = load;
    if (!count_told(tune, choice->chosen, tune->flagged[1], &profile->figures) ||
        !tune_gain(tune->rows, tune->row_count, TUNE_TOLD_OF, tune->flagged[0], tune->flagged[1], &profile->gain))
        return false;
    if (profile->gain.verdict == TUNE_BETTER &&
        (result->best < 0 ||
         yield_of(result, &profile->figures) > yield_of(result, &result->profiles[result->best].figures)))
        result->best = result->profile_count;
    result->profile_count++;
    return true;
}

static bool take_profile(struct tune *tune)
{
    if (tune->load == 0 && !count_in_force(tune))
        return false;
    tune->result.tried = tune->search.tried;
    const struct tune_choice *best = tune->result.too_few ? NULL : tune_search_best(&tune->search, tune->load);
    int load = tune->load++;
    if (tune->load == TUNE_LOADS)
        tune->phase = DONE;
    return best == NULL || !is_new(tune, best) || add_profile(tune, best, load);
}

enum tune_state tune_step(struct tune *tune)
{
    bool room = true;
    switch (tune->phase) {
    case FLAGS:
        room = take_pupils(tune);
        break;
    case SEARCH:
        if (!tune_search_step(&tune->search, &room) && room)
            tune->phase = PROFILES;
        break;
    case PROFILES:
        room = take_profile(tune);
        break;
    case DONE:
        break;
    }
    return !room ? TUNE_NO_MEMORY : tune->phase == DONE ? TUNE_DONE : TUNE_WORKING;
}

struct tune_progress tune_progress(const struct tune *tune)
{
    return (struct tune_progress){tune->row_done, tune->row_count, tune->search.tried};
}

const struct tune_result *tune_result(const struct tune *tune)
{
    return &tune->result;
}

const struct rules *tune_in_force(const struct tune *tune)
{
    return &tune->in_force;
}

void tune_rules(const struct tune *tune, const struct tune_profile *profile, struct rules *out)
{
    tune_ladder_choose(&tune->ladder, &tune->in_force, profile->chosen, out);
}

const struct tune_row *tune_row(const struct tune *tune, uint32_t row)
{
    return row < tune->row_count ? &tune->rows[row] : NULL;
}
