/* make bench: what detection costs, beside SQLite in the same run on the same lessons. Fails when the answers differ. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "daemon/core/detect.h"
#include "tests/bench/school.h"
#include "tests/bench/sqlite.h"

enum { REPEATS = 5, CALLS = 200000 };

static struct rules rules;

static double bench_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void read_rules(const char *path)
{
    static struct problems problems;
    if (rules_read_file(path, &rules, &problems))
        return;
    problems_print(&problems, stderr);
    exit(1);
}

static struct detect *filled(uint32_t pupils)
{
    struct detect *detect = detect_open();
    struct outcome outcomes[BENCH_LESSONS];
    bool room = detect != NULL && detect_add_rules(detect, &rules, 1, INT32_MIN);
    for (uint32_t pupil = 0; pupil < pupils && room; pupil++)
        for (int index = 0; index < BENCH_DATES && room; index++) {
            bench_day(pupil, index, outcomes);
            room = detect_set_day(detect, pupil, pupil / BENCH_CLASS_PUPILS, bench_date(index), outcomes, BENCH_LESSONS);
        }
    if (room)
        return detect;
    fputs("no memory\n", stderr);
    exit(1);
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Everybody's flags from scratch: the median of some runs, in seconds. Counts each rule's flags. */
static double recompute_all(struct detect *detect, uint32_t pupils, uint32_t counts[RULES_MAX])
{
    struct detect_work *work = detect_work_open(detect);
    double seconds[REPEATS];
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        memset(counts, 0, RULES_MAX * sizeof *counts);
        double start = bench_seconds();
        for (uint32_t pupil = 0; pupil < pupils; pupil++) {
            const struct flag *flags;
            size_t count;
            if (!detect_recompute(detect, work, pupil, INT32_MAX, &flags, &count))
                exit(1);
            for (size_t i = 0; i < count; i++)
                for (int32_t rule = 0; rule < rules.count; rule++)
                    counts[rule] += strcmp(flags[i].rule->id, rules.rule[rule].id) == 0;
        }
        seconds[repeat] = bench_seconds() - start;
    }
    detect_work_close(work);
    qsort(seconds, REPEATS, sizeof *seconds, compare_doubles);
    return seconds[REPEATS / 2];
}

/* One outcome of day `index` changes to and fro, and its pupil's flags are asked for: nanoseconds for both calls. */
static double change_one(struct detect *detect, uint32_t pupils, int index, int calls)
{
    struct outcome outcomes[BENCH_LESSONS];
    double start = bench_seconds();
    size_t total = 0;
    for (int call = 0; call < calls; call++) {
        uint32_t pupil = (uint32_t)call * 7919 % pupils;
        const struct flag *flags;
        size_t count;
        bench_day(pupil, index, outcomes);
        outcomes[5].status = call / (int)pupils % 2 == 0 ? STATUS_LATE : STATUS_PRESENT;
        outcomes[5].absent_minutes = call / (int)pupils % 2 == 0 ? 7 : 0;
        if (!detect_set_day(detect, pupil, pupil / BENCH_CLASS_PUPILS, bench_date(index), outcomes, BENCH_LESSONS) ||
            !detect_flags(detect, pupil, INT32_MAX, &flags, &count))
            exit(1);
        total += count;
    }
    double seconds = bench_seconds() - start;
    if (total == 0)
        puts("no flags at all");
    return seconds / calls * 1e9;
}

static void product_row(uint32_t pupils)
{
    static uint32_t counts[RULES_MAX];
    struct detect *detect = filled(pupils);
    double pupil_days = (double)pupils * BENCH_DATES;
    double seconds = recompute_all(detect, pupils, counts);
    double bytes = (double)detect_bytes(detect) / pupils;
    double today = change_one(detect, pupils, BENCH_DATES - 1, (int)pupils + CALLS);
    today = change_one(detect, pupils, BENCH_DATES - 1, CALLS);
    double first = change_one(detect, pupils, 0, CALLS / 10);
    double kept_bytes = (double)detect_bytes(detect) / pupils;
    printf("%9u | %8.4f s %6.1f ns | %7.0f ns %7.0f ns | %5.0f %5.0f\n", pupils, seconds, seconds / pupil_days * 1e9,
           today, first, bytes, kept_bytes);
    detect_close(detect);
}

/* The nine measures against SQLite: equal flags, and how much longer it takes. False: not equal. */
static bool compare_with_sqlite(uint32_t pupils)
{
    static uint32_t ours[RULES_MAX];
    uint32_t theirs[BENCH_MEASURES];
    enum { ASKED = 200 };
    struct detect *detect = filled(pupils);
    struct bench_sqlite *peer = bench_sqlite_open(pupils);
    double seconds = recompute_all(detect, pupils, ours), start = bench_seconds();
    bench_sqlite_flags(peer, theirs);
    double peer_seconds = bench_seconds() - start;
    change_one(detect, pupils, BENCH_DATES - 1, (int)pupils);
    double change = change_one(detect, pupils, BENCH_DATES - 1, CALLS);
    start = bench_seconds();
    for (uint32_t i = 0; i < ASKED; i++)
        bench_sqlite_change(peer, i * 7919 % pupils, i % 2 == 0 ? 7 : 0);
    double peer_change = (bench_seconds() - start) / ASKED * 1e9;
    printf("\nNine measures, %u pupils    | this engine | SQLite %s | times\n", pupils, sqlite3_libversion());
    printf("all flags from scratch      | %9.4f s | %9.3f s   | %.0f\n", seconds, peer_seconds, peer_seconds / seconds);
    printf("one outcome of today        | %8.0f ns | %9.0f ns  | %.0f\n", change, peer_change, peer_change / change);
    bool equal = memcmp(ours, theirs, sizeof theirs) == 0;
    for (int i = 0; i < BENCH_MEASURES; i++)
        printf("%s%s %u", i == 0 ? "flags: " : ", ", rules.rule[i].id, ours[i]);
    puts(equal ? " (equal)" : " NOT EQUAL");
    for (int i = 0; i < BENCH_MEASURES && !equal; i++)
        printf("SQLite: %s %u\n", rules.rule[i].id, theirs[i]);
    bench_sqlite_close(peer);
    detect_close(detect);
    return equal;
}

/* bench [PUPILS of the large row] [PUPILS against SQLite] */
int main(int argc, char **argv)
{
    read_rules("config/rules.cfg");
    puts("Whole default profile, one thread, 178 days of 6 lessons");
    puts("   pupils | all flags, a pupil-day | one outcome of today, of the first day | bytes a pupil: days, with state");
    product_row(1000);
    product_row(argc > 1 ? (uint32_t)atoi(argv[1]) : 50000);
    read_rules("tests/bench/nine.cfg");
    return compare_with_sqlite(argc > 2 ? (uint32_t)atoi(argv[2]) : 1000) ? 0 : 1;
}
