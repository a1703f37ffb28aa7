/* The arithmetic of each kind of measure. Comparisons are cross-multiplied integers, so that no rounding decides a
 * flag; tails, which are probabilities, are the only doubles. */
#include "daemon/core/detect/measure.h"

#include <assert.h>
#include <string.h>
#include "common/civil.h"
#include "common/fault.h"

enum {
    WEEKDAY_DAYS = 6, /* least expected days on a weekday, and least absent ones, for a tail */
    WEEKDAY_ABSENT = MEASURE_PATTERN_LEAST,
    SUBJECT_LESSONS = 6, /* least lessons and missed lessons; its share against that of the rest */
    SUBJECT_MISSED = MEASURE_PATTERN_LEAST,
    SUBJECT_TIMES = 3
};

/* The largest product is that of absence_rise: two windows of the longest days, in hundredths of a percent. */
static_assert(INT64_C(57600) * RULE_DAYS_MAX * 57600 * RULE_DAYS_MAX <= INT64_MAX / HUNDRED_PERCENT,
              "comparisons fit in 64 bits");

const struct value MEASURE_NO_PATTERN = {
    .defined = true, .tail = 1, .denominator = 1, .which = -1, .class_part = -1, .class_whole = -1};

void running_step(struct running *running, uint32_t date, struct day_sums *sums)
{
    bool autumn = date < TERM_AUTUMN_DATES;
    if (running->days == 0 || autumn != running->autumn) {
        running->term_days = running->term_absent_days = running->term_spells = 0;
        running->autumn = autumn;
    }
    running->days++;
    running->term_days++;
    running_go_on(running, sums);
    running->term_absent_days = (uint16_t)(running->term_absent_days + sums->of[COLUMN_ABSENT_DAYS]);
    running->term_spells = (uint16_t)(running->term_spells + sums->of[COLUMN_SPELLS]);
}

/* A share over the window far - near; undefined with too few own days, too little known time, or a whole of 0. */
static bool share(const struct moment *moment, const int32_t *near, const int32_t *far, const struct measure_form *form,
                  int32_t days, int32_t offset, int32_t min_days, struct value *value)
{
    struct window_days window = measure_window(moment->running.days, days, offset);
    int64_t known = far[COLUMN_KNOWN] - near[COLUMN_KNOWN], time = far[COLUMN_TIME] - near[COLUMN_TIME];
    value->numerator = far[form->part] - near[form->part];
    value->denominator = far[form->whole] - near[form->whole];
    bool known_enough = 100 * known >= KNOWN_PERCENT * time || FAULT(undefined_share_holds);
    value->defined = window.end - window.from >= (uint32_t)min_days && known_enough && value->denominator > 0;
    return value->defined;
}

/* The difference of two shares as one fraction, n1/d1 - n2/d2 = (n1 d2 - n2 d1) / (d1 d2), exact in 64 bits. */
static void rise(const struct moment *moment, const struct condition *condition, const struct window_sums *windows,
                 struct value *value)
{
    const struct measure_form *form = &MEASURE_FORMS[condition->measure];
    struct value now, base;
    bool defined =
        share(moment, windows->near, windows->far, form, condition->days, condition->offset, condition->min_days, &now);
    defined = share(moment, windows->far, windows->base, form, condition->baseline_days,
                    condition->offset + condition->days, condition->baseline_min_days, &base) &&
              defined;
    value->defined = defined;
    value->numerator = now.numerator * base.denominator - base.numerator * now.denominator;
    value->denominator = now.denominator * base.denominator;
}

/* Dates of a school year: every one, or those of a weekday. */
struct dates {
    uint32_t from, to; /* both included */
    uint32_t step;     /* 1 or 7 */
};

/* Of a word's bits, those of the dates from … to. */
static uint64_t date_bits(uint64_t bits, uint32_t word, struct dates dates)
{
    if (word == dates.from / 64)
        bits &= ~UINT64_C(0) << dates.from % 64;
    if (word == dates.to / 64)
        bits &= ~UINT64_C(0) >> (63 - dates.to % 64);
    return bits;
}

/* Counts the dates whose bit is set by their phase. */
static void count_phases(const uint64_t bits[YEAR_WORDS], struct dates dates, int32_t counts[7])
{
    for (uint32_t word = dates.from / 64; word <= dates.to / 64; word++)
        for (uint64_t left = date_bits(bits[word], word, dates); left != 0; left &= left - 1)
            counts[(64 * word + (uint32_t)__builtin_ctzll(left)) % 7]++;
}

/* One step per set bit: mostly few are set. */
static int32_t count_dates(const uint64_t bits[YEAR_WORDS], struct dates dates)
{
    int32_t count = 0;
    for (uint32_t word = dates.from / 64; word <= dates.to / 64; word++)
        for (uint64_t left = date_bits(bits[word], word, dates); left != 0; left &= left - 1)
            count++;
    return count;
}

static int32_t count_phase(const uint64_t bits[YEAR_WORDS], struct dates dates)
{
    int32_t count = 0;
    for (uint32_t date = dates.from; date <= dates.to; date += dates.step)
        count += (int32_t)(bits[date / 64] >> date % 64 & 1);
    return count;
}

/* The first term is built factor by factor, the others by the ratio of neighbours. */
double measure_binomial_tail(int32_t trials, int32_t at_least, double p, double most)
{
    double term = 1;
    for (int32_t i = 0; i < at_least; i++)
        term *= p * (trials - i) / (i + 1);
    for (int32_t i = at_least; i < trials; i++)
        term *= 1 - p;
    double tail = 0, odds = p / (1 - p);
    for (int32_t successes = at_least; successes <= trials && tail <= most; successes++) {
        tail += term;
        term *= odds * (trials - successes) / (successes + 1);
    }
    return tail < 1 ? tail : 1;
}

static enum sign part_of(const struct condition *condition)
{
    return sign_in(MEASURE_FORMS[condition->measure].part);
}
static enum sign whole_of(const struct condition *condition)
{
    return sign_in(MEASURE_FORMS[condition->measure].whole);
}

static bool bit(const uint64_t bits[YEAR_WORDS], uint32_t date)
{
    return (bits[date / 64] >> date % 64 & 1) != 0;
}

/* What a pupil who changed class adds to the class's counts on these dates. */
static struct tally own_in_class(const struct moment *moment, const struct condition *condition,
                                 const struct class_year *class, struct dates dates)
{
    const struct pupil_year *year = moment->year;
    struct tally own = {0, 0};
    for (uint32_t index = moment->running.days; index-- > 0 && year->days[index].date >= dates.from;) {
        uint32_t date = year->days[index].date;
        if (date > dates.to || (date - dates.from) % dates.step != 0 ||
            history_shape(moment->history, year->days[index].shape)->class != class->class)
            continue;
        struct day_sums day;
        history_settled_sums(moment->history, year, index, &day);
        own.part += day.of[MEASURE_FORMS[condition->measure].part] > 0;
        own.whole +=
            whole_of(condition) == SIGN_EXPECTED ? day.of[COLUMN_EXPECTED] > 0 : day.of[COLUMN_ABSENT_DAYS] == 0;
    }
    return own;
}

static struct tally count_class(const struct class_year *class, const struct condition *condition, struct dates dates)
{
    enum sign part = part_of(condition), whole = whole_of(condition);
    struct tally tally = {0, 0};
    for (uint32_t date = dates.from; date <= dates.to; date += dates.step) {
        tally.part += (int32_t) class->counts[part][date];
        tally.whole += (int32_t) class->counts[whole][date];
    }
    return tally;
}

/* The tally of the pupil's current class on these dates without the pupil, whose own tally on them is `own`. */
static struct tally class_rest(const struct moment *moment, const struct condition *condition, struct dates dates,
                               struct tally own)
{
    const struct class_year *class = history_class_on(moment->history, moment->year, moment->running.days - 1U);
    struct tally all = count_class(class, condition, dates);
    if (moment->asked != NULL)
        span_widen(moment->asked, dates.from, dates.to + 1);
    if (moment->year->changes_class)
        own = own_in_class(moment, condition, class, dates);
    if (FAULT(own_days_of_class))
        return all;
    return (struct tally){all.part - own.part, all.whole - own.whole};
}

double measure_chance(struct tally rest)
{
    return (double)(rest.part + !FAULT(rest_without_succession)) / (double)(rest.whole + 2);
}

/* The tail of one weekday; 1 when it has fewer than WEEKDAY_DAYS days. */
static double weekday_tail(const struct moment *moment, const struct condition *condition, struct dates dates,
                           int32_t absent, int32_t *days)
{
    *days = count_phase(moment->year->expected_bits, dates);
    struct tally own = {absent, *days};
    return *days < WEEKDAY_DAYS
               ? 1
               : measure_binomial_tail(*days, absent, measure_chance(class_rest(moment, condition, dates, own)), 1);
}

/* Windows of consecutive days often begin and end on the same dates of a weekday; the latest tail of each weekday
 * is reused then. Not for a pupil who changes class, whose comparison may change without the dates. */
static double remembered_tail(const struct moment *moment, const struct condition *condition, uint32_t phase,
                              struct dates dates, int32_t absent, int32_t *days)
{
    struct dates on = {dates.from + (phase + 7 - dates.from % 7) % 7, dates.to - (dates.to + 7 - phase) % 7, 7};
    struct tail_memo *memo = moment->tails;
    if (memo == NULL || moment->year->changes_class)
        return weekday_tail(moment, condition, on, absent, days);
    if ((memo->held >> phase & 1) == 0 || memo->of[phase].first != on.from || memo->of[phase].last != on.to) {
        memo->held |= 1U << phase;
        memo->of[phase].first = (uint16_t)on.from;
        memo->of[phase].last = (uint16_t)on.to;
        memo->of[phase].tail = weekday_tail(moment, condition, on, absent, &memo->of[phase].days);
    }
    *days = memo->of[phase].days;
    return memo->of[phase].tail;
}

/* The weekday with the smallest tail, among those with at least half of the absent days of the window. */
static void measure_weekday(const struct moment *moment, const struct condition *condition, int32_t absent_days,
                            struct value *value)
{
    const struct pupil_year *year = moment->year;
    struct window_days window = measure_window(moment->running.days, condition->days, condition->offset);
    struct dates dates = {year->days[window.from].date, year->days[window.end - 1].date, 1};
    int32_t absences[7] = {0};
    count_phases(year->absent_bits, dates, absences);
    for (uint32_t phase = 0; phase < 7; phase++) {
        int32_t absent = absences[phase], days;
        if (absent < WEEKDAY_ABSENT || 2 * absent < absent_days)
            continue;
        double tail = remembered_tail(moment, condition, phase, dates, absent, &days);
        if (days >= WEEKDAY_DAYS && (value->which < 0 || tail < value->tail)) {
            value->numerator = absent;
            value->denominator = days;
            value->tail = tail;
            value->which = civil_weekday(year->first_day + (int32_t)phase);
        }
    }
}

/* The tallies of a class tail, of the pupil and of the rest of the class. False: too few days to compare. */
static bool class_days(const struct moment *moment, const struct condition *condition, int32_t part, struct tally *own,
                       struct tally *rest)
{
    const struct pupil_year *year = moment->year;
    struct window_days window = measure_window(moment->running.days, condition->days, condition->offset);
    *own = (struct tally){part, (int32_t)(window.end - window.from)};
    if (part < CLASS_SIGNS - FAULT(two_signs_compared) || own->whole < CLASS_DAYS - FAULT(nine_days_compared))
        return false;
    struct dates dates = {year->days[window.from].date, year->days[window.end - 1].date, 1};
    if (part_of(condition) == SIGN_SPELL &&
        !FAULT(spells_for_days)) /* its column counts spells, which may be several a day */
        own->part = count_dates(year->spell_bits, dates);
    if (whole_of(condition) == SIGN_NOT_ABSENT)
        own->whole -= FAULT(absent_days_in_base) ? 0 : count_dates(year->absent_bits, dates);
    else if (year->idle_days > 0 && !FAULT(leave_days_in_base))
        own->whole = count_dates(year->expected_bits, dates);
    if (own->part < CLASS_SIGNS - FAULT(two_signs_compared) || own->whole < CLASS_DAYS - FAULT(nine_days_compared))
        return false;
    dates.to -= FAULT(class_without_last_date);
    *rest = class_rest(moment, condition, dates, *own);
    return true;
}

static void measure_class(const struct moment *moment, const struct condition *condition, int32_t part,
                          struct value *value)
{
    struct tally own, rest;
    if (!class_days(moment, condition, part, &own, &rest))
        return;
    value->numerator = own.part;
    value->denominator = own.whole;
    value->tail = measure_binomial_tail(own.whole, own.part, measure_chance(rest),
                                        moment->compares ? condition->threshold_tail : 1);
    value->class_part = rest.part;
    value->class_whole = rest.whole;
}

void measure_tail(const struct moment *moment, const struct condition *condition, int32_t part, struct value *value)
{
    *value = MEASURE_NO_PATTERN;
    if (MEASURE_FORMS[condition->measure].kind == MEASURE_KIND_CLASS)
        measure_class(moment, condition, part, value);
    else if (part >= WEEKDAY_ABSENT)
        measure_weekday(moment, condition, part, value);
}

/* Absent days, and days of leave from the first lesson to the last, do not count for subjects. */
static bool left_out(const struct pupil_year *year, uint32_t index)
{
    uint32_t first = year->days[index].first_exception;
    return bit(year->absent_bits, year->days[index].date) ||
           (first != history_exceptions_end(year, index) && year->exceptions[first].lesson == EXCEPTION_ALL);
}

/* Adds up the window's missed lessons by subject; returns how many subjects have any. In `all`, missed is the
 * largest number of one subject, missed_minutes the total. */
static uint32_t sum_missed(const struct moment *moment, struct window_days window, struct subject_sums *all)
{
    const struct pupil_year *year = moment->year;
    struct subject_work *work = moment->subjects;
    uint32_t touched = 0;
    for (uint32_t index = window.from; index < window.end; index++) {
        uint32_t at = year->days[index].first_exception, end = history_exceptions_end(year, index);
        if (at == end || left_out(year, index))
            continue;
        const struct shape *shape = history_shape(moment->history, year->days[index].shape);
        for (; at < end; at++) {
            if (!status_absent(year->exceptions[at].status))
                continue;
            struct subject_sums *sums = &work->of[shape->lessons[year->exceptions[at].lesson].subject];
            if (sums->missed++ == 0)
                work->touched[touched++] = shape->lessons[year->exceptions[at].lesson].subject;
            sums->missed_minutes += year->exceptions[at].absent_minutes;
            all->missed_minutes += year->exceptions[at].absent_minutes;
            all->missed = sums->missed > all->missed ? sums->missed : all->missed;
        }
    }
    return touched;
}

/* Adds `days` days of a shape to `all`, and to those of its subjects that have missed lessons. */
static void add_shape(const struct moment *moment, uint32_t number, int32_t days, struct subject_sums *all)
{
    const struct shape *shape = history_shape(moment->history, number);
    all->minutes += days * shape_minutes(shape);
    for (uint32_t i = 1; i <= shape->count; i++) {
        struct subject_sums *sums = &moment->subjects->of[shape->lessons[i].subject];
        if (sums->missed == 0)
            continue;
        sums->lessons += days;
        sums->minutes += days * shape->lessons[i].minutes;
    }
}

/* Unknown lessons and leave are not expected of the pupil: subtracts what add_shape counts of them. */
static void take_excused(const struct moment *moment, uint32_t index, struct subject_sums *all)
{
    const struct pupil_year *year = moment->year;
    const struct shape *shape = history_shape(moment->history, year->days[index].shape);
    for (uint32_t at = year->days[index].first_exception; at < history_exceptions_end(year, index); at++) {
        const struct shape_lesson *lesson = &shape->lessons[year->exceptions[at].lesson];
        struct subject_sums *sums = &moment->subjects->of[lesson->subject];
        if (year->exceptions[at].status != STATUS_UNKNOWN && year->exceptions[at].status != STATUS_LEAVE)
            continue;
        all->minutes -= lesson->minutes;
        sums->lessons -= sums->missed > 0;
        sums->minutes -= sums->missed > 0 ? lesson->minutes : 0;
    }
}

/* Adds what was expected in the window, in all and of the subjects with missed lessons. Days are counted by shape
 * first and the lessons of a shape added once: a class has few shapes, about one a weekday. */
static void sum_expected(const struct moment *moment, struct window_days window, struct subject_sums *all)
{
    enum { COUNTED = 16 };
    struct {
        uint32_t shape;
        int32_t days;
    } counted[COUNTED] = {{0, 0}};
    for (uint32_t index = window.from; index < window.end; index++) {
        if (left_out(moment->year, index))
            continue;
        uint32_t shape = moment->year->days[index].shape, at = shape % COUNTED;
        if (counted[at].shape != shape && counted[at].days > 0) {
            add_shape(moment, counted[at].shape, counted[at].days, all);
            counted[at].days = 0;
        }
        counted[at].shape = shape;
        counted[at].days++;
        take_excused(moment, index, all);
    }
    for (uint32_t i = 0; i < COUNTED; i++)
        if (counted[i].days > 0)
            add_shape(moment, counted[i].shape, counted[i].days, all);
}

bool measure_stands_out(const struct subject_sums *subject, const struct subject_sums *all)
{
    if (subject->lessons < SUBJECT_LESSONS || subject->missed < SUBJECT_MISSED)
        return false;
    int64_t rest = all->minutes - subject->minutes, rest_missed = all->missed_minutes - subject->missed_minutes;
    return subject->missed_minutes * rest >= SUBJECT_TIMES * rest_missed * subject->minutes;
}

/* The subject with the largest share among those that stand out. Leaves the sums by subject zeroed, as it found
 * them. */
static void measure_subject(const struct moment *moment, const struct condition *condition, int32_t missed,
                            struct value *value)
{
    *value = MEASURE_NO_PATTERN;
    if (missed < SUBJECT_MISSED)
        return;
    struct window_days window = measure_window(moment->running.days, condition->days, condition->offset);
    struct subject_sums all = {0, 0, 0, 0};
    uint32_t touched = sum_missed(moment, window, &all);
    if (all.missed >= SUBJECT_MISSED) /* the most of one subject */
        sum_expected(moment, window, &all);
    for (uint32_t i = 0; i < touched; i++) {
        uint16_t subject = moment->subjects->touched[i];
        struct subject_sums *sums = &moment->subjects->of[subject];
        if (measure_stands_out(sums, &all) &&
            (value->which < 0 || sums->missed * value->denominator > value->numerator * sums->lessons))
            *value = (struct value){true, sums->missed, sums->lessons, 0, subject, -1, -1};
        *sums = (struct subject_sums){0, 0, 0, 0};
    }
}

static uint16_t since_term_began(const struct running *running, uint8_t part)
{
    assert(part == COLUMN_ABSENT_DAYS || part == COLUMN_SPELLS);
    return part == COLUMN_SPELLS ? running->term_spells : running->term_absent_days;
}

/* One case per kind. The tail is 0 unless the kind is a tail; counts have the denominator 1. */
void measure_value(const struct moment *moment, const struct condition *condition, const struct window_sums *windows,
                   struct value *value)
{
    const struct measure_form *form = &MEASURE_FORMS[condition->measure];
    const struct running *running = &moment->running;
    *value = MEASURE_NO_PATTERN;
    value->tail = 0;
    switch (form->kind) {
    case MEASURE_KIND_COUNT:
        value->numerator = windows->far[form->part] - windows->near[form->part];
        break;
    case MEASURE_KIND_SHARE:
        share(moment, windows->near, windows->far, form, condition->days, condition->offset, condition->min_days,
              value);
        break;
    case MEASURE_KIND_RISE:
        rise(moment, condition, windows, value);
        break;
    case MEASURE_KIND_RUN:
        value->numerator = running->absent_run;
        break;
    case MEASURE_KIND_TERM_START:
        value->numerator = running->term_days <= condition->days ? since_term_began(running, form->part) : 0;
        break;
    case MEASURE_KIND_WEEKDAY:
    case MEASURE_KIND_CLASS:
        measure_tail(moment, condition, windows->far[form->part] - windows->near[form->part], value);
        break;
    case MEASURE_KIND_SUBJECT:
        measure_subject(moment, condition, windows->far[form->part] - windows->near[form->part], value);
        break;
    case MEASURE_KINDS:
        assert(false && "a kind of measure");
    }
}

bool measure_compares(enum comparison comparison, int order)
{
    switch (comparison) {
    case COMPARISON_AT_LEAST:
        return order >= 0;
    case COMPARISON_AT_MOST:
        return order <= 0;
    case COMPARISON_BELOW:
        return order < 0;
    case COMPARISON_ABOVE:
        return order > 0;
    case COMPARISONS:
        break;
    }
    assert(false && "a comparison");
    return false;
}

bool measure_holds(const struct condition *condition, const struct value *value)
{
    if (!value->defined)
        return false;
    if (measure_is_tail(condition->measure))
        return measure_compares(condition->comparison,
                                (value->tail > condition->threshold_tail) - (value->tail < condition->threshold_tail));
    int64_t scale = measure_is_share(condition->measure) ? HUNDRED_PERCENT : 100;
    int64_t left = scale * value->numerator, right = condition->threshold_hundredths * value->denominator;
    return measure_compares(condition->comparison, (left > right) - (left < right));
}
