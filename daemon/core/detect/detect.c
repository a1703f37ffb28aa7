/* For each pupil and school year a trail is kept up to the day before the last own day, so that the usual question,
 * today again, walks one day. A change before that point drops the kept trail; changed pupils wait in a ring until
 * asked for. */
#include "daemon/core/detect/detect.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/fault.h"
#include "daemon/core/detect/evidence.h"
#include "daemon/core/detect/leaves.h"
#include "daemon/core/detect/vector/vector.h"

enum {
    FLAGS_STEP = 64,
    WALK_DAYS = 8 /* fewer days are walked one by one */
};

struct version {
    uint32_t number;
    int32_t from_day;
    struct rules *rules; /* owned; lives point into it */
};

struct detect_work {
    struct trail trail;
    struct columns *columns;
    struct subject_work subjects;
    uint32_t subject_capacity;
    struct flag *flags;
    size_t flag_count, flag_capacity;
};

struct detect {
    struct history history;
    struct plan plan;
    struct version versions[DETECT_VERSIONS_MAX];
    uint32_t version_count;
    struct detect_work work;
    uint32_t *changed; /* pupils, in a ring as long as the table of pupils */
    bool *is_changed;
    uint32_t changed_first, changed_count, changed_capacity;
    int32_t year_began;          /* the latest known to the caller; INT32_MIN: none */
    struct detect_leave *leaves; /* by pupil and day */
    size_t leave_count;
    size_t kept_bytes;
};

struct detect *detect_open(void)
{
    struct detect *detect = calloc(1, sizeof *detect);
    if (detect == NULL)
        return NULL;
    history_init(&detect->history);
    detect->year_began = INT32_MIN;
    detect->work.columns = vector_open();
    if (detect->work.columns != NULL && trail_open(&detect->work.trail, &detect->plan))
        return detect;
    detect_close(detect);
    return NULL;
}

static void work_free(struct detect_work *work)
{
    trail_close(&work->trail);
    vector_close(work->columns);
    free(work->subjects.of);
    free(work->subjects.touched);
    free(work->flags);
}

static void forget(struct detect *detect, struct pupil_year *year)
{
    if (year->kept == NULL)
        return;
    detect->kept_bytes -= year->kept->bytes;
    free(year->kept);
    year->kept = NULL;
}

static void forget_all(struct detect *detect)
{
    for (uint32_t pupil = 0; pupil < detect->history.pupil_count; pupil++)
        for (struct pupil_year *year = detect->history.years[pupil]; year != NULL; year = year->older)
            forget(detect, year);
}

void detect_close(struct detect *detect)
{
    if (detect == NULL)
        return;
    forget_all(detect);
    work_free(&detect->work);
    for (uint32_t i = 0; i < detect->version_count; i++)
        free(detect->versions[i].rules);
    plan_free(&detect->plan);
    history_free(&detect->history);
    free(detect->changed);
    free(detect->is_changed);
    free(detect->leaves);
    free(detect);
}

/* Pupils whose flags may have changed. */

/* Each pupil is in the ring at most once, so a ring as long as the table of pupils cannot overflow. */
static bool changed_room(struct detect *detect, uint32_t pupils)
{
    if (pupils <= detect->changed_capacity)
        return true;
    uint32_t capacity = pupils + pupils / 2;
    uint32_t *changed = malloc(capacity * sizeof *changed);
    bool *is_changed = calloc(capacity, sizeof *is_changed);
    if (changed == NULL || is_changed == NULL) {
        free(changed);
        free(is_changed);
        return false;
    }
    for (uint32_t i = 0; i < detect->changed_count; i++) {
        changed[i] = detect->changed[(detect->changed_first + i) % detect->changed_capacity];
        is_changed[changed[i]] = true;
    }
    free(detect->changed);
    free(detect->is_changed);
    detect->changed = changed;
    detect->is_changed = is_changed;
    detect->changed_capacity = capacity;
    detect->changed_first = 0;
    return true;
}

static struct pupil_year *years_of(const struct detect *detect, uint32_t pupil)
{
    return pupil < detect->history.pupil_count ? detect->history.years[pupil] : NULL;
}

/* What its classes had a say in is not known until its flags are told anew. */
static void mark_changed(struct detect *detect, uint32_t pupil)
{
    for (struct pupil_year *year = years_of(detect, pupil); year != NULL; year = year->older)
        year->asked = SPAN_YEAR;
    if (detect->is_changed[pupil])
        return;
    assert(detect->changed_count < detect->changed_capacity);
    detect->is_changed[pupil] = true;
    detect->changed[(detect->changed_first + detect->changed_count++) % detect->changed_capacity] = pupil;
}

bool detect_next_changed(struct detect *detect, uint32_t *pupil)
{
    if (detect->changed_count == 0)
        return false;
    *pupil = detect->changed[detect->changed_first];
    detect->changed_first = (detect->changed_first + 1) % detect->changed_capacity;
    detect->changed_count--;
    detect->is_changed[*pupil] = false;
    return true;
}

/* Rules. */

static const struct rule *rule_called(const struct rules *rules, const char *id)
{
    for (int32_t i = 0; i < rules->count; i++)
        if (strcmp(rules->rule[i].id, id) == 0)
            return &rules->rule[i];
    return NULL;
}

static bool lives_on(const struct plan *plan, const struct rule *rule)
{
    for (uint32_t i = 0; i < plan->life_count; i++)
        if (plan->lives[i].to_day == INT32_MAX && rule_equal(plan->lives[i].rule, rule))
            return true;
    return false;
}

/* A life ends when the new version changes or drops its rule; an equal rule goes on as the same life. */
static void end_lives(struct plan *plan, const struct rules *rules, int32_t day)
{
    for (uint32_t i = 0; i < plan->life_count; i++) {
        struct life *life = &plan->lives[i];
        if (life->to_day != INT32_MAX)
            continue;
        const struct rule *same = rule_called(rules, life->rule->id);
        if (same == NULL || !rule_equal(same, life->rule))
            life->to_day = day;
    }
}

/* All kept trails are dropped, as their layout follows the plan. */
bool detect_add_rules(struct detect *detect, const struct rules *rules, uint32_t version, int32_t from_day)
{
    assert(detect->version_count == 0 || detect->versions[detect->version_count - 1].from_day <= from_day);
    if (detect->version_count == DETECT_VERSIONS_MAX ||
        detect->plan.life_count + (uint32_t)rules->count > PLAN_LIVES_MAX)
        return false;
    struct rules *copy = malloc(sizeof *copy);
    if (copy == NULL)
        return false;
    *copy = *rules;
    forget_all(detect);
    detect->versions[detect->version_count++] = (struct version){version, from_day, copy};
    end_lives(&detect->plan, copy, from_day);
    for (int32_t i = 0; i < copy->count; i++)
        if (!lives_on(&detect->plan, &copy->rule[i]) && !plan_add(&detect->plan, &copy->rule[i], from_day))
            return false;
    for (uint32_t pupil = 0; pupil < detect->history.pupil_count; pupil++)
        if (detect->history.years[pupil] != NULL)
            mark_changed(detect, pupil);
    trail_close(&detect->work.trail);
    return trail_open(&detect->work.trail, &detect->plan);
}

static uint32_t version_on(const struct detect *detect, int32_t day)
{
    uint32_t i = detect->version_count;
    while (i > 1 && detect->versions[i - 1].from_day > day)
        i--;
    return detect->versions[i - 1].number;
}

/* Days. */

static bool subjects_room(struct detect_work *work, uint32_t subjects)
{
    if (subjects <= work->subject_capacity)
        return true;
    struct subject_sums *of = calloc(subjects, sizeof *of); /* the old ones are all zero */
    uint16_t *touched = calloc(subjects, sizeof *touched);
    if (of == NULL || touched == NULL) {
        free(of);
        free(touched);
        return false;
    }
    free(work->subjects.of);
    free(work->subjects.touched);
    work->subjects.of = of;
    work->subjects.touched = touched;
    work->subject_capacity = subjects;
    return true;
}

/* Drops the kept trail of a year if it has already walked past the changed date. */
static void date_changed(struct detect *detect, struct pupil_year *year, uint16_t date)
{
    uint32_t behind = year->kept == NULL ? 0 : year->kept->running.days;
    /* The kept trail may be longer than the year: after the removal of its two latest days, one after the other. */
    if (behind > 0 && (behind > year->day_count || date <= year->days[behind - 1].date))
        forget(detect, year);
    mark_changed(detect, year->pupil);
}

/* Measures that compare with the class: a change of one pupil can change the flags of every classmate whose flags the class
 * had a say in on that date. The others' are decided without it, now as before. */
static void class_changed(struct detect *detect, const struct class_change *change)
{
    for (uint32_t mate = 0; mate + FAULT(last_classmate_forgotten) < change->class->mate_count; mate++) {
        struct pupil_year *year = change->class->mates[mate];
        if (change->date < year->asked.from || change->date >= year->asked.end)
            continue;
        if (FAULT(classmates_trail_kept))
            mark_changed(detect, year->pupil);
        else
            date_changed(detect, year, change->date);
    }
}

/* Marks all pupils with an earlier school year: their open flags end once the year is over, and are open again if
 * it turns out not to be. */
static void years_before_changed(struct detect *detect, int32_t first_day)
{
    for (uint32_t pupil = 0; pupil < detect->history.pupil_count; pupil++) {
        const struct pupil_year *year = detect->history.years[pupil];
        while (year != NULL && year->first_day >= first_day)
            year = year->older;
        if (year != NULL)
            mark_changed(detect, pupil);
    }
}

bool detect_set_day(struct detect *detect, uint32_t pupil, uint32_t class, int32_t day, const struct outcome *outcomes,
                    size_t count)
{
    assert(pupil < DETECT_PUPILS_MAX && class < DETECT_CLASSES_MAX);
    struct history_change change;
    if (!changed_room(detect, pupil + 1) || !history_set(&detect->history, pupil, class, day, outcomes, count, &change))
        return false;
    if (change.year == NULL)
        return true;
    date_changed(detect, change.year, change.date);
    if (change.year_begins)
        years_before_changed(detect, change.year->first_day);
    for (uint32_t i = 0; i < change.class_count && !FAULT(classmates_forgotten); i++)
        if ((change.classes[i].signs & detect->plan.class_signs) != 0 &&
            !(FAULT(left_class_forgotten) && change.classes[i].class != change.year->class_year))
            class_changed(detect, &change.classes[i]);
    return true;
}

/* Years and leaves. */

void detect_year_began(struct detect *detect, int32_t first_day)
{
    int32_t before = detect->year_began;
    detect->year_began = first_day;
    if (first_day != before)
        years_before_changed(detect, first_day > before ? first_day : before);
}

/* Marks the pupils whose leaves differ between the two lists: a merge of both, which are sorted by pupil and day. */
static void mark_leaves(struct detect *detect, const struct detect_leave *leaves, size_t count)
{
    /* By index, because either list may be NULL when it is empty. */
    for (size_t old = 0, new = 0; old < detect->leave_count || new < count;) {
        int order = old == detect->leave_count ? 1
                    : new == count             ? -1
                                               : leaves_compare(&detect->leaves[old], &leaves[new]);
        if (order != 0)
            mark_changed(detect, order < 0 ? detect->leaves[old].pupil : leaves[new].pupil);
        old += order <= 0;
        new += order >= 0;
    }
}

bool detect_set_leaves(struct detect *detect, const struct detect_leave *leaves, size_t count)
{
    struct detect_leave *copy = malloc((count + 1) * sizeof *copy);
    if (copy == NULL || (count > 0 && !changed_room(detect, leaves[count - 1].pupil + 1))) {
        free(copy);
        return false;
    }
    mark_leaves(detect, leaves, count);
    if (count > 0)
        memcpy(copy, leaves, count * sizeof *copy);
    free(detect->leaves);
    detect->leaves = copy;
    detect->leave_count = count;
    return true;
}

/* Flags. */

/* The day from which the pupil's school year is over: a later year has rows by through_day, or the caller said that
 * one began (detect_year_began). INT32_MAX: it is not over. */
static int32_t next_year_begins(const struct detect *detect, const struct pupil_year *year, int32_t through_day)
{
    int32_t begins = history_later_year_begins(&detect->history, year->first_day);
    int32_t last_day = year->first_day + year->days[year->day_count - 1].date;
    if (year->first_day < detect->year_began && last_day <= through_day)
        return begins < detect->year_began ? begins : detect->year_began;
    return begins <= through_day ? begins : INT32_MAX;
}

/* Of a rule that ended and a year that ended, the earlier one decides how the flag ends. */
static void end_open_flag(struct flag *flag, int32_t rule_ends, int32_t next_year, int32_t last_day,
                          int32_t through_day)
{
    if (rule_ends != INT32_MAX && rule_ends <= through_day && rule_ends <= next_year) {
        flag->end = FLAG_RULE_ENDED;
        flag->ended_day = rule_ends;
    } else if (next_year != INT32_MAX) {
        flag->end = FLAG_YEAR_ENDED;
        flag->ended_day = last_day;
    }
}

static int compare_flags(const void *left, const void *right)
{
    const struct trail_flag *a = left, *b = right;
    return a->life != b->life ? a->life - b->life : a->raised - b->raised;
}

/* By rule and date. vector_walk adds them in this order already, and trail_walk mostly does, hence the check first. */
static void sort_flags(struct trail_flag *flags, uint32_t count)
{
    uint32_t sorted = 1;
    while (sorted < count && compare_flags(&flags[sorted - 1], &flags[sorted]) < 0)
        sorted++;
    if (sorted < count)
        qsort(flags, count, sizeof *flags, compare_flags);
}

/* Appends the flags of one year; detect_flags calls it from the oldest year to the latest. */
static bool tell_flags(const struct detect *detect, struct detect_work *work, const struct pupil_year *year,
                       struct trail *trail, int32_t through_day)
{
    if (work->flag_count + trail->flag_count > work->flag_capacity) {
        size_t capacity = work->flag_count + trail->flag_count + FLAGS_STEP;
        struct flag *flags = realloc(work->flags, capacity * sizeof *flags);
        if (flags == NULL)
            return false;
        work->flags = flags;
        work->flag_capacity = capacity;
    }
    if (trail->flag_count == 0)
        return true;
    int32_t next_year = next_year_begins(detect, year, through_day);
    sort_flags(trail->flags, trail->flag_count);
    for (uint32_t i = 0; i < trail->flag_count; i++) {
        const struct trail_flag *from = &trail->flags[i];
        const struct life *life = &detect->plan.lives[from->life];
        struct flag *flag = &work->flags[work->flag_count++];
        *flag = (struct flag){.rule = life->rule, .raised_day = year->first_day + from->raised, .end = FLAG_OPEN};
        flag->version = version_on(detect, flag->raised_day);
        if (from->cleared != TRAIL_OPEN) {
            flag->end = from->left ? FLAG_LEFT : FLAG_CLEARED;
            flag->ended_day = year->first_day + from->cleared;
        } else {
            end_open_flag(flag, life->to_day, next_year, year->first_day + year->days[year->day_count - 1].date,
                          through_day);
        }
    }
    return true;
}

/* Advances the working trail to `days` own days. Vectorised only from the start of a year and over more than a few
 * days: below that, filling the columns costs more than it saves. */
static bool walk_year(const struct detect *detect, struct detect_work *work, const struct pupil_year *year,
                      uint32_t days)
{
    struct trail *trail = &work->trail;
    return trail->running.days == 0 && days > WALK_DAYS
               ? vector_walk(work->columns, trail, &detect->plan, &detect->history, year, days, &work->subjects)
               : trail_walk(trail, &detect->plan, &detect->history, year, days, &work->subjects);
}

/* As walk_year, from the year's first day, with a stop at each leave. A leave after all of the pupil's own days
 * counts even when it lies after through_day: nothing can change between. */
static bool walk_with_leaves(const struct detect *detect, struct detect_work *work, const struct pupil_year *year,
                             uint32_t days, int32_t through_day)
{
    const struct detect_leave *leaves;
    size_t count = leaves_of(detect->leaves, detect->leave_count, year->pupil, year->first_day, &leaves);
    for (size_t i = 0; i < count; i++) {
        uint32_t before = history_days_through(year, leaves[i].day - year->first_day);
        if (leaves[i].day > through_day && days < year->day_count)
            break; /* the question is about a time before this leave */
        if (!walk_year(detect, work, year, before))
            return false;
        trail_leave(&work->trail, &detect->plan, year, leaves[i].day);
    }
    return walk_year(detect, work, year, days);
}

static bool tell_year_afresh(const struct detect *detect, struct detect_work *work, const struct pupil_year *year,
                             int32_t through_day)
{
    uint32_t days = history_days_through(year, through_day - year->first_day);
    trail_clear(&work->trail, &detect->plan);
    return walk_with_leaves(detect, work, year, days, through_day) &&
           tell_flags(detect, work, year, &work->trail, through_day);
}

static bool recompute_years(const struct detect *detect, struct detect_work *work, const struct pupil_year *year,
                            int32_t through_day)
{
    if (year->older != NULL && !recompute_years(detect, work, year->older, through_day))
        return false;
    return year->first_day > through_day || tell_year_afresh(detect, work, year, through_day);
}

/* Advances the working trail to `days` own days and stores a copy with the year. */
static bool keep_days(struct detect *detect, struct pupil_year *year, uint32_t days)
{
    struct detect_work *work = &detect->work;
    if (!walk_year(detect, work, year, days))
        return false;
    uint32_t bytes = year->kept == NULL ? 0 : year->kept->bytes;
    struct kept *kept = trail_keep(&work->trail, &detect->plan, year->kept);
    if (kept == NULL)
        return false;
    year->kept = kept;
    detect->kept_bytes += kept->bytes - (size_t)bytes;
    return true;
}

/* A trail is kept up to the day before the pupil's last own day; the last one is walked again at every question,
 * because it is the one that still changes. Questions about earlier days, and years with leaves, are walked from
 * the start. */
static bool tell_year(struct detect *detect, struct pupil_year *year, int32_t through_day)
{
    struct detect_work *work = &detect->work;
    uint32_t days = history_days_through(year, through_day - year->first_day);
    const struct detect_leave *leaves;
    if (days == 0 || (year->kept != NULL && year->kept->running.days > days) ||
        leaves_of(detect->leaves, detect->leave_count, year->pupil, year->first_day, &leaves) > 0)
        return tell_year_afresh(detect, work, year, through_day);
    if (year->kept == NULL)
        trail_clear(&work->trail, &detect->plan);
    else
        trail_resume(&work->trail, &detect->plan, year->kept);
    return (work->trail.running.days + 1U >= days || keep_days(detect, year, days - 1)) &&
           trail_walk(&work->trail, &detect->plan, &detect->history, year, days, &work->subjects) &&
           tell_flags(detect, work, year, &work->trail, through_day);
}

/* Of a question through an earlier day than the last, what the class has a say in later is not known. */
static bool tell_years(struct detect *detect, struct pupil_year *year, int32_t through_day)
{
    if (year->older != NULL && !tell_years(detect, year->older, through_day))
        return false;
    if (year->first_day > through_day)
        return true;
    bool told = tell_year(detect, year, through_day);
    bool whole = told && detect->work.trail.running.days == year->day_count;
    year->asked = whole ? detect->work.trail.asked : SPAN_YEAR;
    return told;
}

bool detect_flags(struct detect *detect, uint32_t pupil, int32_t through_day, const struct flag **flags, size_t *count)
{
    struct detect_work *work = &detect->work;
    struct pupil_year *year = years_of(detect, pupil);
    work->flag_count = 0;
    if (!subjects_room(work, detect->history.subject_end) || (year != NULL && !tell_years(detect, year, through_day)))
        return false;
    *flags = work->flags;
    *count = work->flag_count;
    return true;
}

struct detect_work *detect_work_open(const struct detect *detect)
{
    struct detect_work *work = calloc(1, sizeof *work);
    if (work == NULL)
        return NULL;
    work->columns = vector_open();
    if (work->columns != NULL && trail_open(&work->trail, &detect->plan) &&
        subjects_room(work, detect->history.subject_end))
        return work;
    detect_work_close(work);
    return NULL;
}

void detect_work_close(struct detect_work *work)
{
    if (work != NULL)
        work_free(work);
    free(work);
}

bool detect_recompute(const struct detect *detect, struct detect_work *work, uint32_t pupil, int32_t through_day,
                      const struct flag **flags, size_t *count)
{
    assert(work->subject_capacity >= detect->history.subject_end);
    const struct pupil_year *year = years_of(detect, pupil);
    work->flag_count = 0;
    if (year != NULL && !recompute_years(detect, work, year, through_day))
        return false;
    *flags = work->flags;
    *count = work->flag_count;
    return true;
}

bool detect_evidence(struct detect *detect, uint32_t pupil, int32_t day, const struct condition *condition,
                     struct evidence *evidence)
{
    const struct pupil_year *year = history_year(&detect->history, pupil, civil_school_year(day));
    uint32_t days = year == NULL ? 0 : history_days_through(year, day - civil_school_year(day));
    if (days == 0 || !subjects_room(&detect->work, detect->history.subject_end))
        return false;
    evidence_collect(&detect->history, year, days, condition, &detect->work.subjects, evidence);
    return true;
}

bool detect_own_day(const struct detect *detect, uint32_t pupil, int32_t day, int32_t *own_day)
{
    int32_t first_day = civil_school_year(day);
    const struct pupil_year *year = history_year(&detect->history, pupil, first_day);
    uint32_t days = year == NULL ? 0 : history_days_through(year, day - first_day);
    if (days == 0)
        return false;
    *own_day = first_day + year->days[days - 1].date;
    return true;
}

size_t detect_bytes(const struct detect *detect)
{
    return sizeof *detect + detect->history.bytes + detect->kept_bytes +
           detect->version_count * sizeof *detect->versions[0].rules +
           detect->changed_capacity * (sizeof *detect->changed + sizeof *detect->is_changed);
}
