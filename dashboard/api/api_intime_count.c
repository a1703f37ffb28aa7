/* Case by case: what the casebook tells of it, the flags that were confirmed first, the first sign of them, and the days before and
 * after each kind of measure. */
#include "dashboard/api/api_intime.h"

#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/log.h"
#include "dashboard/api/api_case.h"
#include "dashboard/api/api_parts.h"
#include "dashboard/casebook/casebook_intime.h"

#define CONFIRMED_RULES_MAX 16  /* that one confirmation saw */
#define CONFIRMATIONS_MAX   64  /* of a case, each once for every rule it saw */
#define DAYS_BACK_MAX       366 /* in which the days before a measure are looked for */

/* Everything that counting goes through, on the heap: a case at a time. */
struct counter {
    struct api_call *call;
    struct figures *periods;
    size_t period_count;
    int32_t decided_day;
    struct schooldays calendar;
    struct casebook_file file;
    struct intime_confirmation confirmations[CONFIRMATIONS_MAX];
    size_t rule_count;
    char rules[CONFIRMED_RULES_MAX][ID_BYTES]; /* of the first confirmation */
    int32_t confirmed_day;
    int64_t confirmed_ms;
    struct case_clock clocks[CASE_CLOCKS];
    struct worked_trial *trials;
    size_t trial_count, trial_room;
};

static void read_confirmations(struct counter *counter, int64_t number, struct intime_case *one)
{
    struct casebook_confirmation row;
    int64_t first = 0;
    counter->rule_count = 0;
    struct query rows = casebook_confirmations(counter->call->book, number);
    while (casebook_next_confirmation(&rows, &row)) {
        if (first == 0) {
            first = row.answer;
            counter->confirmed_day = row.day;
            counter->confirmed_ms = row.at_ms;
        }
        if (row.answer == first && *row.rule && counter->rule_count < CONFIRMED_RULES_MAX)
            snprintf(counter->rules[counter->rule_count++], ID_BYTES, "%s", row.rule);
        if (one->confirmation_count == CONFIRMATIONS_MAX) {
            log_warn("confirmation of a case left out case=%lld limit=%d", (long long)number, CONFIRMATIONS_MAX);
            continue;
        }
        counter->confirmations[one->confirmation_count++] = (struct intime_confirmation){row.severity, row.day};
    }
    one->confirmations = counter->confirmations;
}

/* Was it open when the case was opened, and one of those that were confirmed? */
static bool was_confirmed(const struct counter *counter, const struct attendance_flag *flag)
{
    bool is_rule = false;
    for (size_t i = 0; i < counter->rule_count; i++)
        is_rule |= strcmp(counter->rules[i], flag->rule) == 0;
    return is_rule && flag->raised_day <= counter->confirmed_day &&
           (flag->cleared_day == CIVIL_DAY_NONE || flag->cleared_day >= counter->confirmed_day) &&
           (flag->withdrawn_ms == 0 || flag->withdrawn_ms > counter->confirmed_ms);
}

/* The first day of the earliest window of the flag's evidence. */
static int32_t window_begins(const struct attendance_flag *flag)
{
    int32_t earliest = CIVIL_DAY_NONE, day;
    size_t i;
    json_t *part, *evidence = api_json_stored(flag->evidence);
    json_array_foreach(evidence, i, part) {
        const char *from = json_string_value(json_object_get(part, "from"));
        if (from != NULL && civil_read_date(from, strlen(from), &day) && (earliest == CIVIL_DAY_NONE || day < earliest))
            earliest = day;
    }
    json_decref(evidence);
    return earliest;
}

static bool shows_a_sign(const struct attendance_day *day)
{
    for (int i = 0; i < day->count; i++)
        switch ((enum status)day->outcomes[i].status) {
        case STATUS_LATE:
        case STATUS_REPORTED:
        case STATUS_UNREPORTED:
            return true;
        default:
            break;
        }
    return false;
}

/* From the window's first day on, the first with absence or a late arrival; that first day itself when the flag is of something
 * else. */
static int32_t first_sign(struct counter *counter, const char *pupil, int32_t from, int32_t until)
{
    struct attendance_day day;
    int32_t sign = from;
    struct query rows = attendance_days(counter->call->attendance, pupil, from);
    while (attendance_next_day(&rows, &day) && day.day <= until)
        if (shows_a_sign(&day)) {
            sign = day.day;
            break;
        }
    query_end(&rows);
    return sign;
}

static void read_flags(struct counter *counter, const char *pupil, struct intime_case *one)
{
    struct attendance_flag flag;
    int32_t from = CIVIL_DAY_NONE;
    struct query rows = attendance_pupil_flags(counter->call->attendance, pupil);
    while (attendance_next_flag(&rows, &flag)) {
        if (!was_confirmed(counter, &flag))
            continue;
        int32_t begins = window_begins(&flag);
        if (one->flag_day == CIVIL_DAY_NONE || flag.raised_day < one->flag_day)
            one->flag_day = flag.raised_day;
        if (begins != CIVIL_DAY_NONE && (from == CIVIL_DAY_NONE || begins < from))
            from = begins;
    }
    if (from != CIVIL_DAY_NONE)
        one->sign_day = first_sign(counter, pupil, from, one->flag_day);
}

/* False: the day has no known lesson time, so it is none of the pupil's own. */
static bool own_day(const struct attendance_day *day, struct outcome_minutes *minutes)
{
    *minutes = (struct outcome_minutes){0};
    outcome_add(minutes, day->outcomes, (size_t)day->count);
    return minutes->counted + minutes->leave > 0;
}

static struct worked_effect effect_on(struct counter *counter, const char *pupil, int32_t began)
{
    struct attendance *attendance = counter->call->attendance;
    struct worked_effect effect = {0};
    struct attendance_day day;
    struct outcome_minutes minutes;
    struct query before = attendance_days_between(attendance, pupil, began - DAYS_BACK_MAX, began);
    while (attendance_next_day(&before, &day))
        if (own_day(&day, &minutes) && !worked_before(&effect, minutes.counted, minutes.absent))
            break;
    query_end(&before);
    struct query after = attendance_days(attendance, pupil, began + 1);
    while (attendance_next_day(&after, &day) && day.day <= counter->decided_day)
        if (own_day(&day, &minutes) && !worked_after(&effect, day.day, minutes.counted, minutes.absent))
            break;
    query_end(&after);
    return effect;
}

static void add_trial(struct counter *counter, const char *pupil, int32_t began, struct worked_trial trial)
{
    struct worked_effect effect = effect_on(counter, pupil, began);
    if (!worked_is_whole(&effect))
        return;
    if (counter->trial_count == counter->trial_room) {
        size_t room = 2 * counter->trial_room + 64;
        struct worked_trial *trials = realloc(counter->trials, room * sizeof *trials);
        counter->call->failed |= trials == NULL;
        if (trials == NULL)
            return;
        counter->trials = trials;
        counter->trial_room = room;
    }
    trial.before_permille = worked_before_permille(&effect);
    trial.after_permille = worked_after_permille(&effect);
    trial.whole_day = effect.whole_day;
    counter->trials[counter->trial_count++] = trial;
}

/* The first measure of each kind; the opening of a case that has none. */
static void add_trials(struct counter *counter, const char *pupil, const struct intime_case *one)
{
    size_t first = intime_first_measure(one), of_kind[AGREED_KINDS] = {0};
    unsigned kinds = 0;
    for (size_t i = 0; i < one->measure_count; i++) {
        enum agreed_kind kind = one->measure_kinds[i];
        if ((kinds >> kind & 1) == 0 || one->measures[i].began_day < one->measures[of_kind[kind]].began_day)
            of_kind[kind] = i;
        kinds |= 1U << kind;
    }
    for (int kind = 0; kind < AGREED_KINDS; kind++) {
        if ((kinds >> kind & 1) == 0)
            continue;
        int32_t began = one->measures[of_kind[kind]].began_day;
        add_trial(counter, pupil, began,
                  (struct worked_trial){kind, kinds, of_kind[kind] == first, intime_level(one, began), 0, 0, 0});
    }
    if (kinds == 0)
        add_trial(counter, pupil, one->opened_day,
                  (struct worked_trial){WORKED_KIND_NONE, 0, true, intime_level(one, one->opened_day), 0, 0, 0});
}

static int place_of_outcome(const char *outcome)
{
    int place = 0;
    const char *word;
    while ((word = triage_reason(TRIAGE_CLOSE, (size_t)place)) != NULL && strcmp(word, outcome) != 0)
        place++;
    return place;
}

/* Protected ones are in no figure: their number alone could point at somebody. */
static bool may_be_counted(struct counter *counter, const char *pupil, struct attendance_person *person)
{
    struct attendance_pupil known;
    struct query rows = attendance_pupil(counter->call->attendance, pupil);
    bool may = attendance_next_known_pupil(&rows, &known) && !known.is_protected;
    query_end(&rows);
    return may && attendance_person(counter->call->attendance, pupil, person);
}

static void count_case(struct counter *counter, const struct casebook_counted_case *row)
{
    struct attendance_person person;
    struct casebook_file *file = &counter->file;
    if (!may_be_counted(counter, row->pupil, &person) ||
        casebook_file(counter->call->book, row->number, "", file) != CASEBOOK_FOUND)
        return;
    const char *pupil = file->one.pupil;
    struct figures_case of = {.one = {.sign_day = CIVIL_DAY_NONE,
                                      .flag_day = CIVIL_DAY_NONE,
                                      .opened_day = file->one.opened_day,
                                      .ended_day = row->ended_day,
                                      .asked_day = row->asked_day,
                                      .step_count = file->facts.step_count,
                                      .measure_count = file->facts.measure_count,
                                      .steps = file->steps,
                                      .measures = file->measures,
                                      .measure_kinds = file->measure_kinds},
                              .outcome = place_of_outcome(row->outcome)};
    struct clock_pupil duties = api_case_duties(counter->call, &person);
    read_confirmations(counter, row->number, &of.one);
    read_flags(counter, pupil, &of.one);
    of.clocks = counter->clocks;
    of.clock_count = case_clocks(counter->call->clocks, &duties, &counter->calendar, &file->facts, counter->call->today,
                                 counter->clocks);
    for (size_t i = 0; i < counter->period_count; i++)
        figures_add(&counter->periods[i], &of, &counter->calendar, counter->call->today);
    add_trials(counter, pupil, &of.one);
}

bool api_intime_count(struct api_call *call, struct figures *periods, size_t count)
{
    struct casebook_counted_case row;
    int counted = 0;
    struct counter *counter = calloc(1, sizeof *counter);
    if (counter == NULL)
        return false;
    counter->call = call;
    counter->periods = periods;
    counter->period_count = count;
    counter->decided_day = attendance_decided_day(call->attendance);
    api_case_calendar(call, &counter->calendar);
    struct query rows = casebook_counted_cases(call->book);
    while (casebook_next_counted_case(&rows, &row)) {
        if (++counted > FIGURES_CASES_MAX)
            log_warn("case left out of support in time case=%lld limit=%d", (long long)row.number, FIGURES_CASES_MAX);
        else
            count_case(counter, &row);
    }
    for (size_t i = 0; i < count; i++) {
        figures_settle(&periods[i], counter->trials, counter->trial_count);
        call->failed |= periods[i].failed;
    }
    call->failed |= !casebook_good(call->book);
    free(counter->trials);
    free(counter);
    return !call->failed;
}
