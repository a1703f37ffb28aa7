/* attendance.csv as it comes to a daemon, and not as a file: day by day in any order, some of them wrong first, in another class or another
 * pupil's, some taken back and brought again, and after some of them the changed pupils asked for their flags. Prints the flags that have been followed in
 * this way, in the form of narvaro backtest but in the order of pupils: tests/detect.test.mjs holds them against the backtest and the naive detector.
 *
 *   replay-lessons RULES ATTENDANCE SEED */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "daemon/cli/lessons.h"
#include "daemon/core/detect/detect.h"
#include "tests/rules_file.h"

enum {
    WRONG_FIRST = 30, /* percent of the days */
    WRONG_LATER = 3,
    TAKEN_BACK = 3,
    FOLLOWED = 5,   /* percent of the deliveries after which the changed pupils are asked */
    NEIGHBOURS = 30 /* how far a day is out of its order where the order is nearly that of the dates */
};

struct day {
    size_t from, end; /* rows */
};
struct followed {
    struct flag *flags;
    size_t count;
};

static struct attendance_csv attendance;
static struct detect *detect;
static struct day *days;
static size_t day_count;
static struct followed *followed;
static uint64_t random_state;

static size_t random_below(size_t end)
{
    uint64_t z = random_state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (size_t)((z ^ z >> 31) >> 32) % end;
}

static bool chance(size_t percent)
{
    return random_below(100) < percent;
}

static void demand(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "replay-lessons: %s\n", what);
    exit(1);
}

static int by_date(const void *left, const void *right)
{
    const struct attendance_csv_row *a = &attendance.rows[((const struct day *)left)->from],
                                    *b = &attendance.rows[((const struct day *)right)->from];
    return a->day != b->day ? (a->day > b->day) - (a->day < b->day) : (a->pupil > b->pupil) - (a->pupil < b->pupil);
}

/* Rows are in the order of pupils and days. Nearly in the order of dates, or in none at all. */
static void find_days(void)
{
    days = calloc(attendance.row_count + 1, sizeof *days);
    demand(days != NULL, "out of memory");
    for (size_t i = 0; i < attendance.row_count; i++) {
        const struct attendance_csv_row *row = &attendance.rows[i];
        if (i == 0 || row->pupil != row[-1].pupil || row->day != row[-1].day)
            days[day_count++].from = i;
        days[day_count - 1].end = i + 1;
    }
    qsort(days, day_count, sizeof *days, by_date);
    size_t disorder = chance(50) ? NEIGHBOURS : day_count;
    for (size_t i = 0; i < day_count; i++) {
        size_t left = day_count - i, other = i + random_below(left < disorder ? left : disorder);
        struct day swapped = days[i];
        days[i] = days[other];
        days[other] = swapped;
    }
}

/* The lessons of `what`, as if they had been those of the pupil and date of `whose`. */
static void deliver(const struct day *whose, const struct day *what)
{
    struct attendance_csv part = attendance;
    part.row_count = what->end - what->from;
    part.rows = malloc(part.row_count * sizeof *part.rows);
    demand(part.rows != NULL, "out of memory");
    memcpy(part.rows, attendance.rows + what->from, part.row_count * sizeof *part.rows);
    for (size_t i = 0; i < part.row_count; i++) {
        part.rows[i].pupil = attendance.rows[whose->from].pupil;
        part.rows[i].day = attendance.rows[whose->from].day;
    }
    demand(attendance_csv_feed(&part, detect), "out of memory");
    free(part.rows);
}

static void follow(void)
{
    uint32_t pupil;
    while (detect_next_changed(detect, &pupil)) {
        const struct flag *flags;
        struct followed *into = &followed[pupil];
        demand(detect_flags(detect, pupil, INT32_MAX, &flags, &into->count), "out of memory");
        into->flags = realloc(into->flags, (into->count + 1) * sizeof *flags);
        demand(into->flags != NULL, "out of memory");
        if (into->count > 0)
            memcpy(into->flags, flags, into->count * sizeof *flags);
    }
}

static void follow_sometimes(void)
{
    if (chance(FOLLOWED))
        follow();
}

static void replay(void)
{
    for (size_t i = 0; i < day_count; i++) {
        if (chance(WRONG_FIRST)) {
            deliver(&days[i], &days[random_below(day_count)]);
            follow_sometimes();
        }
        deliver(&days[i], &days[i]);
        follow_sometimes();
        const struct day *earlier = &days[random_below(i + 1)];
        const struct attendance_csv_row *row = &attendance.rows[earlier->from];
        if (chance(WRONG_LATER)) {
            deliver(earlier, &days[random_below(day_count)]);
            follow_sometimes();
            deliver(earlier, earlier);
        }
        if (chance(TAKEN_BACK)) {
            demand(detect_set_day(detect, row->pupil, row->class, row->day, NULL, 0), "out of memory");
            follow_sometimes();
            deliver(earlier, earlier);
        }
    }
    follow();
}

static void print_flags(void)
{
    puts("pupil_id,rule,raised_on,cleared_on");
    for (uint32_t pupil = 0; pupil < attendance.pupils.count; pupil++) {
        struct text name = names_text(&attendance.pupils, pupil);
        for (size_t i = 0; i < followed[pupil].count; i++) {
            const struct flag *flag = &followed[pupil].flags[i];
            char raised[CIVIL_DATE_BYTES], ended[CIVIL_DATE_BYTES] = "";
            civil_write_date(flag->raised_day, raised);
            if (flag->end != FLAG_OPEN)
                civil_write_date(flag->ended_day, ended);
            printf("%.*s,%s,%s,%s\n", (int)name.length, name.bytes, flag->rule->id, raised, ended);
        }
        free(followed[pupil].flags);
    }
}

int main(int argc, char **argv)
{
    static struct rules rules;
    static struct problems problems;
    demand(argc == 4, "RULES ATTENDANCE SEED");
    random_state = strtoull(argv[3], NULL, 10);
    if (!read_rules_file(argv[1], &rules, &problems) ||
        !lessons_open(&attendance, (const char *const[]){argv[2]}, 1, &problems)) {
        problems_print(&problems, stderr);
        return 1;
    }
    find_days();
    detect = detect_open();
    followed = calloc(attendance.pupils.count + 1U, sizeof *followed);
    demand(detect != NULL && followed != NULL && detect_add_rules(detect, &rules, 1, INT32_MIN), "out of memory");
    replay();
    print_flags();
    detect_close(detect);
    attendance_csv_close(&attendance);
    free(followed);
    free(days);
    return 0;
}
