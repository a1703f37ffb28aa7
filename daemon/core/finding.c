/* Keeps a mark of each own day, newest first, and gives the day itself to a detector without rules, which counts. */
#include "daemon/core/finding.h"

#include <assert.h>
#include <stdlib.h>
#include "common/civil.h"

#define YEAR_DAYS 366

struct mark {
    int32_t day;
    bool of_class;
    uint8_t kind; /* enum day_kind */
    int late, lessons, attended;
    struct outcome_minutes minutes;
    uint64_t counted, missed; /* bits by the lesson's place in the day; missed on partial days alone */
};

struct finding {
    struct detect *detect;
    uint32_t pupil;
    int32_t through_day;
    size_t count;
    struct mark marks[YEAR_DAYS];
};

static_assert(OUTCOME_LESSONS_MAX <= 64, "a bit for each lesson of a day");

const char *const FINDING_PATTERN_WORDS[FINDING_PATTERNS] = {
    [FINDING_RUN] = "run",
    [FINDING_UNREPORTED] = "unreported",
    [FINDING_SPELLS] = "spells",
    [FINDING_SCATTERED] = "scattered",
    [FINDING_DAYS_AWAY] = "days_away",
    [FINDING_WEEKDAY] = "weekday",
    [FINDING_SUBJECT] = "subject",
    [FINDING_RISE] = "rise",
    [FINDING_LATE] = "late",
    [FINDING_TERM_START] = "term_start",
    [FINDING_SHARE] = "share",
};

static const enum finding_pattern PATTERN_OF[MEASURES] = {
    [MEASURE_TOTAL_ABSENCE_SHARE] = FINDING_SHARE,
    [MEASURE_ABSENCE_SHARE] = FINDING_SHARE,
    [MEASURE_UNREPORTED_SHARE] = FINDING_UNREPORTED,
    [MEASURE_ABSENCE_RISE] = FINDING_RISE,
    [MEASURE_ABSENT_DAYS] = FINDING_DAYS_AWAY,
    [MEASURE_PARTIAL_DAYS] = FINDING_SCATTERED,
    [MEASURE_SPELLS] = FINDING_SPELLS,
    [MEASURE_UNREPORTED_LESSONS] = FINDING_UNREPORTED,
    [MEASURE_UNREPORTED_DATES] = FINDING_UNREPORTED,
    [MEASURE_LATE_ARRIVALS] = FINDING_LATE,
    [MEASURE_ABSENT_RUN] = FINDING_RUN,
    [MEASURE_TERM_START_ABSENT_DAYS] = FINDING_TERM_START,
    [MEASURE_TERM_START_SPELLS] = FINDING_TERM_START,
    [MEASURE_WEEKDAY_TAIL] = FINDING_WEEKDAY,
    [MEASURE_PARTIAL_TAIL] = FINDING_SCATTERED,
    [MEASURE_SPELLS_TAIL] = FINDING_SPELLS,
    [MEASURE_UNREPORTED_TAIL] = FINDING_UNREPORTED,
    [MEASURE_SUBJECT_MISSED_SHARE] = FINDING_SUBJECT,
};

/* Pattern by level: the least leads. A mentor is helped by where it shows, the head by how much is lost. */
static const uint8_t RANKS[FINDING_PATTERNS][FINDING_LEVELS] = {
    /* level             1   2   3   4 */
    [FINDING_RUN] = {0, 0, 0, 0},         [FINDING_UNREPORTED] = {5, 1, 1, 1}, [FINDING_SPELLS] = {6, 3, 3, 4},
    [FINDING_SCATTERED] = {4, 2, 4, 5},   [FINDING_DAYS_AWAY] = {7, 4, 2, 2},  [FINDING_WEEKDAY] = {2, 5, 5, 6},
    [FINDING_SUBJECT] = {1, 6, 6, 7},     [FINDING_RISE] = {9, 7, 7, 8},       [FINDING_LATE] = {3, 8, 8, 9},
    [FINDING_TERM_START] = {8, 9, 9, 10}, [FINDING_SHARE] = {10, 10, 10, 3},
};

const enum measure FINDING_MEASURES[FINDING_FIGURES] = {
    [FIGURE_ABSENCE_SHARE] = MEASURE_ABSENCE_SHARE,
    [FIGURE_ABSENT_RUN] = MEASURE_ABSENT_RUN,
    [FIGURE_ABSENT_DAYS] = MEASURE_ABSENT_DAYS,
    [FIGURE_PARTIAL_DAYS] = MEASURE_PARTIAL_DAYS,
    [FIGURE_SPELLS] = MEASURE_SPELLS,
    [FIGURE_UNREPORTED_LESSONS] = MEASURE_UNREPORTED_LESSONS,
    [FIGURE_UNREPORTED_DATES] = MEASURE_UNREPORTED_DATES,
    [FIGURE_LATE_ARRIVALS] = MEASURE_LATE_ARRIVALS,
};

const uint32_t FINDING_TELLS[FINDING_PATTERNS] = {
    [FINDING_RUN] = 1u << FIGURE_ABSENT_RUN,
    [FINDING_UNREPORTED] = 1u << FIGURE_UNREPORTED_LESSONS | 1u << FIGURE_UNREPORTED_DATES,
    [FINDING_SPELLS] = 1u << FIGURE_SPELLS,
    [FINDING_SCATTERED] = 1u << FIGURE_PARTIAL_DAYS,
    [FINDING_DAYS_AWAY] = 1u << FIGURE_ABSENT_DAYS,
    [FINDING_LATE] = 1u << FIGURE_LATE_ARRIVALS,
};

enum finding_pattern finding_pattern_of(enum measure measure)
{
    return measure < MEASURES ? PATTERN_OF[measure] : FINDING_SHARE;
}

int finding_rank(int level, enum measure measure)
{
    assert(level >= 1 && level <= FINDING_LEVELS);
    return RANKS[finding_pattern_of(measure)][level - 1];
}

bool finding_own_condition(const struct condition *condition, struct condition *own)
{
    *own = *condition;
    switch (condition->measure) {
    case MEASURE_PARTIAL_TAIL:
        own->measure = MEASURE_PARTIAL_DAYS;
        break;
    case MEASURE_SPELLS_TAIL:
        own->measure = MEASURE_SPELLS;
        break;
    case MEASURE_UNREPORTED_TAIL:
        own->measure = MEASURE_UNREPORTED_DATES;
        break;
    default:
        return !measure_is_tail(condition->measure);
    }
    return true;
}

struct finding *finding_open(void)
{
    struct finding *finding = calloc(1, sizeof *finding);
    if (finding == NULL)
        return NULL;
    finding->detect = detect_open();
    if (finding->detect != NULL)
        return finding;
    free(finding);
    return NULL;
}

void finding_close(struct finding *finding)
{
    if (finding == NULL)
        return;
    detect_close(finding->detect);
    free(finding);
}

void finding_begin(struct finding *finding, int32_t through_day)
{
    finding->pupil += finding->count > 0;
    finding->count = 0;
    finding->through_day = through_day;
}

static struct mark mark_of(int32_t day, bool of_class, const struct outcome *outcomes, size_t count)
{
    struct mark mark = {.day = day, .of_class = of_class, .kind = (uint8_t)outcome_day(outcomes, count)};
    outcome_add(&mark.minutes, outcomes, count);
    for (size_t i = 0; i < count; i++) {
        enum status status = outcomes[i].status;
        bool attended = status == STATUS_PRESENT || status == STATUS_LATE;
        bool missed = status == STATUS_REPORTED || status == STATUS_UNREPORTED;
        mark.late += status == STATUS_LATE;
        mark.attended += attended;
        mark.lessons += attended || missed;
        mark.counted |= (uint64_t)(attended || missed) << i;
        mark.missed |= (uint64_t)(missed && mark.kind == DAY_PARTIAL) << i;
    }
    return mark;
}

bool finding_add(struct finding *finding, int32_t day, bool of_class, const struct outcome *outcomes, size_t count)
{
    assert(finding->count == 0 || day < finding->marks[finding->count - 1].day);
    if (day > finding->through_day || day < civil_school_year(finding->through_day) || count == 0)
        return true;
    assert(finding->count < YEAR_DAYS);
    finding->marks[finding->count++] = mark_of(day, of_class, outcomes, count);
    return detect_set_day(finding->detect, finding->pupil, finding->pupil, day, outcomes, count);
}

static bool is_own(const struct mark *mark)
{
    return mark->kind != DAY_NONE && mark->kind != DAY_UNKNOWN;
}

static void add_mark(struct finding_recent *recent, const struct mark *mark)
{
    recent->known_minutes += mark->minutes.counted + mark->minutes.leave;
    recent->minutes += mark->minutes.counted + mark->minutes.leave + mark->minutes.unknown;
    if (!is_own(mark))
        return;
    recent->to_day = recent->days++ == 0 ? mark->day : recent->to_day;
    recent->from_day = mark->day;
    if (mark->of_class) {
        recent->class_absent += mark->minutes.absent;
        recent->class_expected += mark->minutes.counted;
    }
    if (recent->well_days == FINDING_WELL_DAYS || mark->lessons == 0)
        return;
    recent->well_days++;
    recent->well_attended += mark->attended;
    recent->well_lessons += mark->lessons;
}

/* Where the weeks' lessons were missed most on days of which a part was missed; two places that are alike do not stand out. */
struct finding_most finding_most(const struct finding *finding)
{
    struct finding_most all[7][OUTCOME_LESSONS_MAX] = {0}, most = {0};
    bool alone = false;
    const struct mark *mark = finding->marks, *end = mark + finding->count;
    for (int days = 0; mark < end && days < FINDING_DAYS; days += is_own(mark++))
        for (int place = 0; place < OUTCOME_LESSONS_MAX; place++) {
            struct finding_most *here = &all[civil_weekday(mark->day)][place];
            here->of += (int)(mark->counted >> place & 1);
            here->missed += (int)(mark->missed >> place & 1);
        }
    for (int weekday = 0; weekday < 7; weekday++)
        for (int place = 0; place < OUTCOME_LESSONS_MAX; place++) {
            const struct finding_most *here = &all[weekday][place];
            if (here->missed < most.missed)
                continue;
            alone = here->missed > most.missed;
            most = (struct finding_most){place + 1, weekday, here->missed, here->of};
        }
    return alone && most.missed >= FINDING_MOST_LEAST ? most : (struct finding_most){0};
}

int32_t finding_run_from(const struct finding *finding, int32_t through_day)
{
    int32_t from_day = CIVIL_DAY_NONE;
    for (size_t i = 0; i < finding->count; i++) {
        enum day_kind kind = finding->marks[i].kind;
        if (finding->marks[i].day > through_day)
            continue;
        if (kind == DAY_ABSENT)
            from_day = finding->marks[i].day;
        else if (kind != DAY_LEAVE && is_own(&finding->marks[i]))
            break;
    }
    return from_day;
}

struct finding_recent finding_recent(const struct finding *finding)
{
    struct finding_recent recent = {0};
    for (size_t i = 0; i < finding->count && recent.days < FINDING_DAYS; i++)
        add_mark(&recent, &finding->marks[i]);
    return recent;
}

bool finding_figure(struct finding *finding, enum finding_figure figure, struct evidence *out)
{
    struct condition condition = {
        .measure = FINDING_MEASURES[figure], .days = FINDING_DAYS, .min_days = 1, .threshold_hundredths = 0};
    return detect_evidence(finding->detect, finding->pupil, finding->through_day, &condition, out);
}

int32_t finding_first_sign(const struct finding *finding, int32_t from_day)
{
    int32_t first = CIVIL_DAY_NONE;
    for (size_t i = 0; i < finding->count && finding->marks[i].day >= from_day; i++)
        if (finding->marks[i].kind == DAY_ABSENT || finding->marks[i].kind == DAY_PARTIAL || finding->marks[i].late > 0)
            first = finding->marks[i].day;
    return first;
}

struct detect *finding_detect(struct finding *finding, uint32_t *pupil, int32_t *through_day)
{
    *pupil = finding->pupil;
    *through_day = finding->through_day;
    return finding->detect;
}
