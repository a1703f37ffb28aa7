/* Somebody has every number that was ever told of a school outside it, and adds and subtracts. Is there a figure of one to four cases
 * to be found? Over random schools of several terms; in the control, where only the numbers under five are left out, there must be. */
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "dashboard/few.h"
#include "dashboard/figures.h"
#include "tests/test.h"

#define SCHOOLS_WHOLE 40000
#define SCHOOLS_SHORT 400
#define TERMS         3
#define CASES_MOST    160
#define OUTCOMES      5
#define TOLD_MAX      8192
#define FIRST_DAY     20301 /* 2025-08-01 */

static uint64_t state;

static int below(int limit)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (int)(state % (uint64_t)limit);
}

static struct step steps[CASES_MOST][2];
static struct case_measure measures[CASES_MOST][2];
static enum agreed_kind kinds[CASES_MOST][2];
static struct intime_confirmation confirmations[CASES_MOST];
static struct case_clock clocks[CASES_MOST];
static struct clock_row clock_rows[2] = {{.kind = CLOCK_FIRST_CONTACT}, {.kind = CLOCK_MAPPING}};
static struct worked_trial trials[CASES_MOST];
static struct schooldays calendar;
static struct figures figures[TERMS];

/* `kind_count` and `outcome_count` small: many cases alike, so that cells are near five. */
static struct figures_case random_case(int i, int kind_count, int outcome_count)
{
    int32_t opened = FIRST_DAY + below(480), contact = opened + below(30), begun = opened + below(60);
    steps[i][0] = (struct step){STEP_CONTACT, opened, contact, false};
    steps[i][1] = (struct step){STEP_MAPPING, opened, contact + below(20), below(4) == 0};
    for (int m = 0; m < 2; m++) {
        measures[i][m] = (struct case_measure){begun + 7 * m, begun + 20 + below(30)};
        kinds[i][m] = (enum agreed_kind)below(kind_count);
    }
    confirmations[i] = (struct intime_confirmation){1 + below(FIGURES_LEVELS), opened};
    clocks[i] = (struct case_clock){.row = &clock_rows[below(2)],
                                    .began_day = opened,
                                    .stopped_day = opened + below(12),
                                    .due = {.day = opened + 7}};
    trials[i] = (struct worked_trial){(int)kinds[i][0], 1U << kinds[i][0], true,      1 + below(2),
                                      100 + below(100), below(150),        begun + 40};
    return (struct figures_case){.one = {.sign_day = opened - 20,
                                         .flag_day = opened - 2,
                                         .opened_day = opened,
                                         .ended_day = below(4) == 0 ? CIVIL_DAY_NONE : opened + 5 + below(120),
                                         .asked_day = below(3) == 0 ? CIVIL_DAY_NONE : contact,
                                         .step_count = 2,
                                         .steps = steps[i],
                                         .measure_count = (size_t)below(3),
                                         .measures = measures[i],
                                         .measure_kinds = kinds[i],
                                         .confirmation_count = 1,
                                         .confirmations = &confirmations[i]},
                                 .outcome = below(outcome_count),
                                 .clock_count = 1,
                                 .clocks = &clocks[i]};
}

static void make_school(void)
{
    int count = 5 + below(CASES_MOST - 5), kind_count = 1 + below(AGREED_KINDS), outcome_count = 1 + below(OUTCOMES);
    struct intime_span span = intime_term(FIRST_DAY);
    memset(figures, 0, sizeof figures);
    for (int t = 0; t < TERMS; t++) {
        figures[t].span = span;
        span = intime_term(span.to_day + 1);
    }
    for (int i = 0; i < count; i++) {
        struct figures_case one = random_case(i, kind_count, outcome_count);
        for (int t = 0; t < TERMS; t++)
            figures_add(&figures[t], &one, &calendar, FIRST_DAY + 1000);
    }
    for (int t = 0; t < TERMS; t++)
        figures_settle(&figures[t], trials, (size_t)count);
}

/* A number as it was told, and what it truly is; told 0: it was not told. */
struct cell {
    int told, truth;
};

/* How a number is told: as the product does, or whole unless it is few. */
enum telling { ROUNDED, WHOLE };

static struct cell cells[TOLD_MAX];
static int cell_count;

static int add_cell(int told, int truth, enum telling telling)
{
    cells[cell_count] = (struct cell){telling == ROUNDED ? told : truth < FEW ? 0 : truth, truth};
    return cell_count++;
}

static int span_low(int cell)
{
    return cells[cell].told;
}

/* What a number can be at most, for who knows how it is told. */
static int span_high(int cell, enum telling telling)
{
    bool exact = telling == WHOLE && cells[cell].told > 0;
    return exact ? cells[cell].told : cells[cell].told + FEW - 1;
}

static int found;

/* What is left of a whole when its told parts are taken from it: is it known to be so many, and are these few? */
static void subtract(int whole, const int *parts, int count, enum telling telling)
{
    int low = span_low(whole), high = span_high(whole, telling), truth = cells[whole].truth;
    for (int i = 0; i < count; i++) {
        if (cells[parts[i]].told == 0)
            continue;
        low -= span_high(parts[i], telling);
        high -= span_low(parts[i]);
        truth -= cells[parts[i]].truth;
    }
    if (cells[whole].told == 0 || low != high || low < 1 || low >= FEW)
        return;
    CHECK(low == truth);
    found++;
}

static int gcd(int a, int b)
{
    return b == 0 ? a : gcd(b, a % b);
}

/* The sums and differences of numbers, however many are taken, are the multiples of their greatest common divisor: when that is few,
 * some of them are. */
static void combine(void)
{
    int divisor = 0;
    for (int i = 0; i < cell_count; i++)
        divisor = gcd(cells[i].told, divisor);
    found += divisor > 0 && divisor < FEW;
}

/* Each outcome is the sum of its rows: told ones, and those that are not. */
static void attack_outcome(const struct figures *told, const struct figures *truth, int outcome, enum telling telling)
{
    int parts[FIGURES_LEVELS * FIGURES_MEASURES * INTIME_DURATIONS], count = 0;
    int whole = add_cell(told->outcomes[outcome], truth->outcomes[outcome], telling);
    for (int level = 0; level < FIGURES_LEVELS; level++)
        for (int kind = 0; kind < FIGURES_MEASURES; kind++)
            for (int duration = 0; duration < INTIME_DURATIONS; duration++) {
                size_t row = figures_row(level, kind, duration, outcome);
                if (truth->rows[row].cases > 0)
                    parts[count++] = add_cell(told->rows[row].cases, truth->rows[row].cases, telling);
            }
    subtract(whole, parts, count, telling);
}

static void attack_part(int told_whole, int whole_truth, int told_part, int part_truth, enum telling telling)
{
    int whole = add_cell(told_whole, whole_truth, telling), part = add_cell(told_part, part_truth, telling);
    subtract(whole, &part, 1, telling);
}

static void attack_term(const struct figures *told, const struct figures *truth, enum telling telling)
{
    for (int outcome = 0; outcome < OUTCOMES; outcome++)
        attack_outcome(told, truth, outcome, telling);
    attack_part(told->first_measures, truth->first_measures, told->early, truth->early, telling);
    attack_part(told->open, truth->open, told->asked, truth->asked, telling);
    for (int kind = 0; kind < CLOCK_KINDS; kind++)
        attack_part(told->clocks[kind].due, truth->clocks[kind].due, told->clocks[kind].missed,
                    truth->clocks[kind].missed, telling);
    for (int kind = 0; kind < AGREED_KINDS; kind++) {
        add_cell(told->worked[kind].with.count, truth->worked[kind].with.count, telling);
        add_cell(told->worked[kind].without.count, truth->worked[kind].without.count, telling);
    }
    for (enum intime_lag lag = 0; lag < INTIME_LAGS; lag++)
        add_cell((int)told->lags[lag].count, (int)truth->lags[lag].count, telling);
}

/* How much is found in a school, of all its terms together. */
static int attack(enum telling telling)
{
    static struct figures told[TERMS];
    found = 0;
    cell_count = 0;
    for (int t = 0; t < TERMS; t++) {
        told[t] = figures[t];
        figures_tell_few(&told[t]);
        attack_term(&told[t], &figures[t], telling);
    }
    combine();
    return found;
}

static int schools_count(void)
{
    return test_fewer() == 1 ? SCHOOLS_WHOLE : SCHOOLS_SHORT;
}

static void nothing_is_found_in_what_is_told(void)
{
    int schools = schools_count(), told = 0;
    state = 88172645463325252U;
    for (int i = 0; i < schools; i++) {
        make_school();
        CHECK(attack(ROUNDED) == 0);
        for (int c = 0; c < cell_count; c++)
            told += cells[c].told > 0;
        for (int t = 0; t < TERMS; t++)
            figures_free(&figures[t]);
    }
    CHECK(told > 20 * schools); /* enough is told that there is something to attack */
}

static void much_is_found_where_only_few_are_left_out(void)
{
    int schools = SCHOOLS_SHORT, broken = 0;
    state = 88172645463325252U;
    for (int i = 0; i < schools; i++) {
        make_school();
        broken += attack(WHOLE) > 0;
        for (int t = 0; t < TERMS; t++)
            figures_free(&figures[t]);
    }
    CHECK(broken > schools / 2);
}

/* The shares that are told are of groups; none keeps more than whole per cent. */
static void shares_are_whole_per_cent(void)
{
    state = 5;
    make_school();
    for (int t = 0; t < TERMS; t++) {
        figures_tell_few(&figures[t]);
        for (int kind = 0; kind < AGREED_KINDS; kind++) {
            CHECK(figures[t].worked[kind].with.before_permille % 10 == 0);
            CHECK(figures[t].worked[kind].without.after_permille % 10 == 0);
        }
        for (enum intime_lag lag = 0; lag < INTIME_LAGS; lag++)
            CHECK(figures[t].lags[lag].count > 0 || figures[t].lags[lag].ninety == 0);
        figures_free(&figures[t]);
    }
}

int main(void)
{
    TEST(nothing_is_found_in_what_is_told);
    TEST(much_is_found_where_only_few_are_left_out);
    TEST(shares_are_whole_per_cent);
    return test_done();
}
