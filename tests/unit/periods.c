/* What rows say of periods: a table of what was known, the row, and what is known then. Days are small numbers; today is 100. */
#include "daemon/core/school/periods.h"

#include <stdio.h>
#include <string.h>
#include "common/civil.h"
#include "tests/test.h"

#define TODAY 100
#define NO    CIVIL_DAY_NONE

static struct problems problems;

/* "10-99A 100-B": from-to label, an open end is left out. */
static void write(const struct periods *periods, char out[512])
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < periods->count; i++) {
        const struct period *period = &periods->list[i];
        char from[16] = "", to[16] = "";
        if (period->from_day != PERIOD_ALWAYS)
            snprintf(from, sizeof from, "%d", period->from_day);
        if (period->to_day != PERIOD_FOREVER)
            snprintf(to, sizeof to, "%d", period->to_day);
        used += (size_t)snprintf(out + used, 512 - used, "%s%s-%s%s", i == 0 ? "" : " ", from, to, period->label[0]);
    }
}

static struct periods read(const char *text)
{
    struct periods periods = {0};
    char copy[512], *rest = NULL;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        struct period *period = &periods.list[periods.count++];
        char *dash = strchr(word, '-'), *label = dash + 1 + strspn(dash + 1, "0123456789");
        *period = (struct period){.from_day = PERIOD_ALWAYS, .to_day = PERIOD_FOREVER, .rowid = (int64_t)periods.count};
        if (dash != word)
            sscanf(word, "%d", &period->from_day);
        if (label != dash + 1)
            sscanf(dash + 1, "%d", &period->to_day);
        snprintf(period->label[0], NAME_BYTES, "%s", label);
    }
    return periods;
}

static bool take(struct periods *periods, int32_t from, int32_t to, const char *label, bool first, bool corrects,
                 struct period_changes *changes)
{
    struct period_row row = {.from_day = from,
                             .to_day = to,
                             .label = {text_of(label), text_of("")},
                             .known_ms = 1,
                             .file = "pupils.csv",
                             .line = 2};
    struct period_terms terms = {.today = TODAY, .first = first, .corrects = corrects};
    problems.count = 0;
    return periods_take(periods, &row, &terms, changes, &problems);
}

static const struct {
    const char *known;
    int32_t from, to;
    const char *label, *becomes; /* NULL: refused */
    enum period_change change;
    int32_t day;
} CASES[] = {
    {"", NO, NO, "A", "100-A", PERIOD_NEW, 100},
    {"", 10, 50, "A", "10-50A", PERIOD_NEW, 10},
    {"", NO, 50, "A", NULL, PERIOD_SAME, 0}, /* it would end before it began */
    {"-A", NO, NO, "A", "-A", PERIOD_SAME, 0},
    {"-A", NO, NO, "", "-A", PERIOD_SAME, 0},
    {"-A", NO, NO, "B", "-99A 100-B", PERIOD_MOVED, 100},
    {"10-A", 10, NO, "B", "10-99A 100-B", PERIOD_MOVED, 100},
    {"10-99A 100-B", 10, NO, "B", "10-99A 100-B", PERIOD_SAME, 0}, /* the same file again */
    {"10-89A 90-B", 10, NO, "B", "10-89A 90-B", PERIOD_SAME, 0},   /* and the day after */
    {"10-89A 90-B", NO, NO, "C", "10-89A 90-99B 100-C", PERIOD_MOVED, 100},
    {"10-A", 90, NO, "B", "10-89A 90-B", PERIOD_MOVED, 90},
    {"10-A", 120, NO, "B", "10-119A 120-B", PERIOD_MOVED, 120},
    {"110-A", NO, NO, "B", "110-B", PERIOD_MOVED, 110}, /* nothing of it is past */
    {"10-50A", 60, NO, "A", "10-50A 60-A", PERIOD_CAME_BACK, 60},
    {"10-50A", NO, NO, "A", "10-50A 100-A", PERIOD_CAME_BACK, 100},
    {"10-50A", NO, NO, "B", "10-50A 100-B", PERIOD_CAME_BACK, 100},
    {"10-50A 60-A", NO, NO, "A", "10-50A 60-A", PERIOD_SAME, 0},
    {"60-A", 40, NO, "A", "40-A", PERIOD_LENGTHENED, 40},
    {"60-A", 40, 50, "B", "40-50B 60-A", PERIOD_BEGAN, 40},
    {"10-A", 10, 80, "A", "10-80A", PERIOD_LEFT, 80},
    {"10-A", NO, 80, "A", "10-80A", PERIOD_LEFT, 80},
    {"10-A", NO, 130, "", "10-130A", PERIOD_LEFT, 130},
    {"10-80A", 10, 80, "A", "10-80A", PERIOD_SAME, 0},
    {"10-80A", NO, 80, "A", "10-80A", PERIOD_SAME, 0},
    {"10-80A", 10, NO, "A", "10-80A", PERIOD_SAME, 0}, /* an empty end is not told */
    {"10-120A", 10, 130, "A", "10-130A", PERIOD_ENDS, 130},
    {"10-80A", 10, NO, "B", NULL, PERIOD_SAME, 0}, /* whose class? */
    {"10-A", 10, 5, "A", NULL, PERIOD_SAME, 0},
    {"10-50A 60-A", 10, 70, "A", NULL, PERIOD_SAME, 0}, /* overlaps the next */
    {"10-99A 100-B", 10, 80, "A", "10-80A", PERIOD_LEFT, 80},
};

static void rows_mean_what_the_text_says(void)
{
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char became[512];
        struct periods periods = read(CASES[i].known);
        struct period_changes changes;
        bool taken = take(&periods, CASES[i].from, CASES[i].to, CASES[i].label, false, false, &changes);
        write(&periods, became);
        bool right = taken == (CASES[i].becomes != NULL) && (problems.count == 0) == taken &&
                     strcmp(became, taken ? CASES[i].becomes : CASES[i].known) == 0;
        if (taken && CASES[i].change == PERIOD_SAME)
            right &= changes.count == 0;
        else if (taken)
            right &=
                changes.count == 1 && changes.list[0].change == CASES[i].change && changes.list[0].day == CASES[i].day;
        if (!right)
            printf("# case %zu: \"%s\" became \"%s\"\n", i, CASES[i].known, became);
        CHECK(right);
    }
}

static void first_import_and_corrections_reach_back(void)
{
    char became[512];
    struct period_changes changes;
    struct periods periods = {0};
    CHECK(take(&periods, NO, 50, "A", true, false, &changes) && take(&periods, 51, NO, "B", true, false, &changes));
    write(&periods, became);
    CHECK(strcmp(became, "-50A 51-B") == 0);
    CHECK(take(&periods, NO, NO, "C", false, true, &changes) && changes.list[0].change == PERIOD_CORRECTED);
    write(&periods, became);
    CHECK(strcmp(became, "-50A 51-C") == 0);
}

/* A row that begins earlier, has another label and another end: no row changes more. */
static void one_row_changes_three_things_at_most(void)
{
    char became[512];
    struct period_changes changes;
    struct periods periods = read("60-A");
    CHECK(take(&periods, 40, 120, "B", false, false, &changes) && changes.count == PERIOD_CHANGES_MAX);
    write(&periods, became);
    CHECK(strcmp(became, "40-99A 100-120B") == 0);
}

static void more_periods_than_fit_are_refused(void)
{
    struct period_changes changes;
    struct periods periods = {0};
    for (int i = 0; i < PERIODS_MAX; i++)
        CHECK(take(&periods, 10 * i, 10 * i + 5, "A", false, false, &changes));
    CHECK(!take(&periods, 10 * PERIODS_MAX, NO, "A", false, false, &changes));
    CHECK(periods.count == PERIODS_MAX && strstr(problems.lines[0], "more than 64 periods") != NULL);
}

/* Whatever is told, in whatever order: periods stay in order and apart, and the same row again changes nothing. */
static void random_rows_keep_periods_apart(void)
{
    uint32_t state = 1;
    for (int round = 0; round < 20000; round++) {
        struct periods periods = {0};
        for (int step = 0; step < 6; step++) {
            struct period_changes changes;
            int32_t numbers[4];
            for (int i = 0; i < 4; i++)
                numbers[i] = (int32_t)((state = state * 1664525u + 1013904223u) >> 16) % 200;
            int32_t from = numbers[0] < 50 ? NO : numbers[0], to = numbers[1] < 90 ? NO : numbers[1];
            const char *label = (const char *[]){"", "A", "B", "C"}[numbers[2] % 4];
            if (from != NO && to != NO && to < from)
                continue; /* is refused where the file is read */
            struct periods before = periods;
            bool taken = take(&periods, from, to, label, false, numbers[3] < 20, &changes);
            CHECK(taken || memcmp(&before, &periods, sizeof periods) == 0);
            char was[512], is[512], later[512];
            write(&before, was);
            write(&periods, is);
            for (size_t i = 0; i < periods.count; i++)
                CHECK(periods.list[i].from_day <= periods.list[i].to_day &&
                      (i == 0 || periods.list[i - 1].to_day < periods.list[i].from_day));
            struct periods again = periods;
            if (taken && take(&again, from, to, label, false, false, &changes) && changes.count != 0) {
                write(&again, later);
                printf("# %s; %d-%d%s: %s; again %s\n", was, from, to, label, is, later);
                CHECK(changes.count == 0);
            }
        }
    }
}

int main(void)
{
    TEST(rows_mean_what_the_text_says);
    TEST(first_import_and_corrections_reach_back);
    TEST(one_row_changes_three_things_at_most);
    TEST(more_periods_than_fit_are_refused);
    TEST(random_rows_keep_periods_apart);
    return test_done();
}
