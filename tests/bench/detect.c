/* What detection costs on a made-up school, as lines of JSON for tests/bench/detect.mjs:
 *   bench-detect default PUPILS   the default rules: everybody's flags on one thread and on four, one outcome, memory
 *   bench-detect ten PUPILS       the ten measures
 *   bench-detect sqlite PUPILS    the same, here and by SQLite: the same lessons in the same run, the same answers
 *   bench-detect recompute PUPILS RULES TIMES   everybody's flags and nothing else, to count instructions of
 *   bench-detect changes PUPILS TIMES           one outcome changes and the flags are asked for, likewise
 *   bench-detect absences PUPILS TIMES          the same where it concerns the classmates, too
 *   bench-detect tune PUPILS RULES SEVERITY     other thresholds are looked for, likewise; how many choices were tried
 *   bench-detect lessons PUPILS   the lessons as CSV, in the form of the peers' table
 *   bench-detect attendance PUPILS   the lessons as attendance.csv */
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "common/civil.h"
#include "daemon/core/detect/detect.h"
#include "daemon/core/detect/history.h"
#include "daemon/core/detect/tune.h"
#include "tests/bench/school.h"
#include "tests/bench/sqlite.h"
#include "tests/rules_file.h"

enum { CALLS = 200000, ASKED = 200, THREADS = 4 };
/* A small school takes two milliseconds, which one interruption doubles; a country takes seconds. */
enum { REPEATS = 5, REPEATS_MAX = 501, SMALL = 10000, LARGE = 200000 };

static struct rules rules;

/* Of processor time: what else runs on the machine disturbs it less. */
static double bench_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double wall_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void read_rules(const char *path)
{
    static struct problems problems;
    if (read_rules_file(path, &rules, &problems))
        return;
    problems_print(&problems, stderr);
    exit(1);
}

static struct detect *filled(uint32_t pupils)
{
    struct detect *detect = detect_open();
    struct outcome outcomes[BENCH_LESSONS];
    bool room = detect != NULL;
    for (uint32_t pupil = 0; pupil < pupils && room; pupil++)
        for (int index = 0; index < BENCH_DATES && room; index++) {
            bench_day(pupil, index, outcomes);
            room =
                detect_set_day(detect, pupil, pupil / BENCH_CLASS_PUPILS, bench_date(index), outcomes, BENCH_LESSONS);
        }
    if (room && detect_add_rules(detect, &rules, 1, INT32_MIN))
        return detect;
    fputs("no memory\n", stderr);
    exit(1);
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* How many flags each rule raises. */
static void count_flags(struct detect *detect, uint32_t pupils, uint32_t counts[RULES_MAX])
{
    struct detect_work *work = detect_work_open(detect);
    memset(counts, 0, RULES_MAX * sizeof *counts);
    for (uint32_t pupil = 0; pupil < pupils; pupil++) {
        const struct flag *flags;
        size_t count;
        if (!detect_recompute(detect, work, pupil, INT32_MAX, &flags, &count))
            exit(1);
        for (size_t i = 0; i < count; i++)
            for (int32_t rule = 0; rule < rules.count; rule++)
                counts[rule] += strcmp(flags[i].rule->id, rules.rule[rule].id) == 0;
    }
    detect_work_close(work);
}

/* Some runs of the same, in seconds. What else the machine does only makes a run longer: the shortest is for a ratio of two
 * that are both repeated, the median for one with a peer that runs once. */
struct runs {
    double median, shortest;
};

static struct runs sort_runs(double *seconds, int count)
{
    qsort(seconds, (size_t)count, sizeof *seconds, compare_doubles);
    return (struct runs){seconds[count / 2], seconds[0]};
}

/* Everybody's flags from scratch. */
static struct runs recompute_all(struct detect *detect, uint32_t pupils)
{
    struct detect_work *work = detect_work_open(detect);
    double seconds[REPEATS_MAX];
    int repeats = pupils < SMALL ? REPEATS_MAX : pupils < LARGE ? REPEATS : 1;
    for (int repeat = 0; repeat < repeats; repeat++) {
        double start = bench_seconds();
        for (uint32_t pupil = 0; pupil < pupils; pupil++) {
            const struct flag *flags;
            size_t count;
            if (!detect_recompute(detect, work, pupil, INT32_MAX, &flags, &count))
                exit(1);
        }
        seconds[repeat] = bench_seconds() - start;
    }
    detect_work_close(work);
    return sort_runs(seconds, repeats);
}

enum change { CHANGE_LATE, CHANGE_ABSENT };

/* The last lesson of a day becomes another and back again. A lateness is the pupil's own; an absence is seen by its class. */
static void turn(struct outcome *outcome, enum change change, bool away)
{
    outcome->status = !away ? STATUS_PRESENT : change == CHANGE_LATE ? STATUS_LATE : STATUS_UNREPORTED;
    outcome->absent_minutes = !away ? 0 : change == CHANGE_LATE ? 7 : outcome->minutes;
}

static void ask(struct detect *detect, uint32_t pupil)
{
    const struct flag *flags;
    size_t count;
    if (!detect_flags(detect, pupil, INT32_MAX, &flags, &count))
        exit(1);
}

/* One outcome of day `index` changes to and fro, and its pupil's flags are asked for, of an absence also those of all whom it
 * concerns: nanoseconds for all calls. */
static double change_one(struct detect *detect, uint32_t pupils, int index, int calls, enum change change)
{
    struct outcome(*days)[BENCH_LESSONS] = malloc(pupils * sizeof *days);
    if (days == NULL)
        exit(1);
    for (uint32_t pupil = 0; pupil < pupils; pupil++)
        bench_day(pupil, index, days[pupil]);
    double start = bench_seconds();
    for (int call = 0; call < calls; call++) {
        uint32_t pupil = (uint32_t)call * 7919 % pupils;
        turn(&days[pupil][BENCH_LESSONS - 1], change, call / (int)pupils % 2 == 0);
        if (!detect_set_day(detect, pupil, pupil / BENCH_CLASS_PUPILS, bench_date(index), days[pupil], BENCH_LESSONS))
            exit(1);
        if (change == CHANGE_LATE)
            ask(detect, pupil);
        else
            for (uint32_t concerned; detect_next_changed(detect, &concerned);)
                ask(detect, concerned);
    }
    double seconds = bench_seconds() - start;
    free(days);
    return seconds / calls * 1e9;
}

struct share {
    const struct detect *detect;
    struct detect_work *work;
    uint32_t from, end;
};

static void *recompute_share(void *context)
{
    struct share *share = context;
    const struct flag *flags;
    size_t count;
    for (uint32_t pupil = share->from; pupil < share->end; pupil++)
        if (!detect_recompute(share->detect, share->work, pupil, INT32_MAX, &flags, &count))
            exit(1);
    return NULL;
}

/* Everybody's flags on several threads, each with its share of the pupils; the best of some runs, in seconds of the wall and,
 * in `*busy`, of all processors together. */
static double recompute_threads(const struct detect *detect, uint32_t pupils, double *busy)
{
    double best = 1e9;
    struct share shares[THREADS];
    pthread_t threads[THREADS];
    for (uint32_t i = 0; i < THREADS; i++)
        shares[i] = (struct share){detect, detect_work_open(detect), (uint32_t)((uint64_t)pupils * i / THREADS),
                                   (uint32_t)((uint64_t)pupils * (i + 1) / THREADS)};
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        double start = wall_seconds(), busy_start = bench_seconds();
        for (int i = 0; i < THREADS; i++)
            if (pthread_create(&threads[i], NULL, recompute_share, &shares[i]) != 0)
                exit(1);
        for (int i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
        double seconds = wall_seconds() - start;
        if (seconds < best)
            *busy = bench_seconds() - busy_start;
        best = seconds < best ? seconds : best;
    }
    for (int i = 0; i < THREADS; i++)
        detect_work_close(shares[i].work);
    return best;
}

/* A pass that only reads the packed days, the limit of any detector that looks at all of them. */
static struct runs read_days(uint32_t pupils)
{
    struct history history;
    struct history_change change;
    struct outcome outcomes[BENCH_LESSONS];
    double seconds[REPEATS_MAX];
    volatile uint64_t total = 0;
    history_init(&history);
    for (uint32_t pupil = 0; pupil < pupils; pupil++)
        for (int index = 0; index < BENCH_DATES; index++) {
            bench_day(pupil, index, outcomes);
            if (!history_set(&history, pupil, pupil / BENCH_CLASS_PUPILS, bench_date(index), outcomes, BENCH_LESSONS,
                             &change))
                exit(1);
        }
    int repeats = pupils < SMALL ? REPEATS_MAX : REPEATS;
    for (int repeat = 0; repeat < repeats; repeat++) {
        uint64_t sum = 0;
        double start = bench_seconds();
        for (uint32_t pupil = 0; pupil < pupils; pupil++) {
            const struct pupil_year *year = history.years[pupil];
            for (uint32_t day = 0; day < year->day_count; day++)
                sum += year->days[day].date + year->days[day].shape + year->days[day].first_exception;
            for (uint32_t i = 0; i < year->exception_count; i++)
                sum += (uint64_t)year->exceptions[i].lesson + year->exceptions[i].status +
                       year->exceptions[i].absent_minutes;
        }
        seconds[repeat] = bench_seconds() - start;
        total += sum;
    }
    (void)total; /* written only, so that the pass is made */
    history_free(&history);
    return sort_runs(seconds, repeats);
}

static long rss_kb(void)
{
    char line[256];
    long kb = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "VmRSS:", 6) == 0)
            kb = strtol(line + 6, NULL, 10);
    if (file != NULL)
        fclose(file);
    return kb;
}

static void default_rules(uint32_t pupils)
{
    read_rules("config/rules.cfg");
    struct detect *detect = filled(pupils);
    struct runs runs = recompute_all(detect, pupils);
    double busy = 0, on_four = recompute_threads(detect, pupils, &busy);
    size_t bytes = detect_bytes(detect) / pupils;
    long rss = rss_kb();
    printf(
        "{\"pupils\":%u,\"seconds\":%.5f,\"seconds_on_four\":%.5f,\"busy_on_four\":%.5f,\"bytes\":%zu,\"rss_kb\":%ld",
        pupils, runs.median, on_four, busy, bytes, rss);
    if (pupils < LARGE)
        printf(",\"shortest_seconds\":%.6f,\"read_seconds\":%.6f", runs.shortest, read_days(pupils).shortest);
    if (pupils < LARGE) { /* the state of everybody is kept once everybody has been asked for */
        change_one(detect, pupils, BENCH_DATES - 1, (int)pupils + CALLS, CHANGE_LATE);
        printf(",\"today_ns\":%.0f", change_one(detect, pupils, BENCH_DATES - 1, CALLS, CHANGE_LATE));
        printf(",\"first_day_ns\":%.0f,\"bytes_with_state\":%zu",
               change_one(detect, pupils, 0, CALLS / 10, CHANGE_LATE), detect_bytes(detect) / pupils);
    }
    puts("}");
    detect_close(detect);
}

static void print_counts(const char *name, const uint32_t *counts)
{
    printf(",\"%s\":[", name);
    for (int i = 0; i < BENCH_MEASURES; i++)
        printf("%s%u", i == 0 ? "" : ",", counts[i]);
    printf("]");
}

/* The same of a pupil's measures hold here as there? Both have had the change. */
static void compare_holds(struct detect *detect, uint32_t pupil, const bool holds[BENCH_MEASURES])
{
    for (int i = 0; i < BENCH_MEASURES; i++) {
        struct evidence evidence;
        if (!detect_evidence(detect, pupil, bench_date(BENCH_DATES - 1), &rules.rule[i].when[0], &evidence) ||
            evidence.holds != holds[i]) {
            fprintf(stderr, "pupil %u, %s: not the same\n", pupil, rules.rule[i].id);
            exit(1);
        }
    }
}

/* The median time of one change and its answer by SQLite, in nanoseconds. */
static double ask_sqlite(struct bench_sqlite *peer, struct detect *detect, uint32_t pupils)
{
    double seconds[ASKED];
    for (uint32_t i = 0; i < ASKED; i++) {
        uint32_t pupil = i * 7919 % pupils;
        struct outcome day[BENCH_LESSONS];
        bool holds[BENCH_MEASURES];
        uint16_t late_minutes = i % 2 == 0 ? 7 : 0;
        double start = bench_seconds();
        bench_sqlite_change(peer, pupil, late_minutes, holds);
        seconds[i] = bench_seconds() - start;
        bench_day(pupil, BENCH_DATES - 1, day);
        day[BENCH_LESSONS - 1].status = late_minutes > 0 ? STATUS_LATE : STATUS_PRESENT;
        day[BENCH_LESSONS - 1].absent_minutes = late_minutes;
        if (!detect_set_day(detect, pupil, pupil / BENCH_CLASS_PUPILS, bench_date(BENCH_DATES - 1), day, BENCH_LESSONS))
            exit(1);
        compare_holds(detect, pupil, holds);
    }
    qsort(seconds, ASKED, sizeof *seconds, compare_doubles);
    return seconds[ASKED / 2] * 1e9;
}

static void beside_sqlite(struct detect *detect, uint32_t pupils)
{
    uint32_t flags[BENCH_MEASURES];
    struct bench_sqlite *peer = bench_sqlite_open(pupils);
    double start = bench_seconds();
    bench_sqlite_flags(peer, flags);
    double seconds = bench_seconds() - start;
    printf(",\"sqlite\":\"%s\",\"sqlite_seconds\":%.4f,\"sqlite_change_ns\":%.0f", sqlite3_libversion(), seconds,
           ask_sqlite(peer, detect, pupils));
    print_counts("sqlite_flags", flags);
    bench_sqlite_close(peer);
}

static void ten_measures(uint32_t pupils, bool with_sqlite)
{
    static uint32_t flags[RULES_MAX];
    read_rules("tests/bench/ten.cfg");
    struct detect *detect = filled(pupils);
    double seconds = recompute_all(detect, pupils).median;
    count_flags(detect, pupils, flags);
    change_one(detect, pupils, BENCH_DATES - 1, (int)pupils, CHANGE_LATE);
    printf("{\"pupils\":%u,\"seconds\":%.6f,\"change_ns\":%.0f", pupils, seconds,
           change_one(detect, pupils, BENCH_DATES - 1, CALLS, CHANGE_LATE));
    print_counts("flags", flags);
    if (with_sqlite)
        beside_sqlite(detect, pupils);
    puts("}");
    detect_close(detect);
}

/* Counted are tune_begin and tune_step: as in a recomputation, the days are there before. */
static void tune(const char *path, uint32_t pupils, int severity)
{
    read_rules(path);
    struct tune *tune = tune_open(&rules, severity);
    struct outcome outcomes[BENCH_LESSONS];
    bool room = tune != NULL;
    for (uint32_t pupil = 0; pupil < pupils && room; pupil++)
        for (int index = 0; index < BENCH_DATES && room; index++) {
            bench_day(pupil, index, outcomes);
            room = tune_day(tune, pupil, pupil / BENCH_CLASS_PUPILS, bench_date(index), outcomes, BENCH_LESSONS);
        }
    enum tune_state state = room && tune_begin(tune, 0) ? TUNE_WORKING : TUNE_NO_MEMORY;
    while (state == TUNE_WORKING)
        state = tune_step(tune);
    if (state == TUNE_NO_MEMORY)
        exit(1);
    printf("{\"variants\":%u,\"tried\":%u}\n", tune_result(tune)->variants, tune_result(tune)->tried);
    tune_close(tune);
}

/* Everybody's flags from scratch, so many times, and nothing else: to count instructions of, and to look where they go. */
static void recompute(const char *path, uint32_t pupils, int repeats)
{
    read_rules(path);
    struct detect *detect = filled(pupils);
    struct detect_work *work = detect_work_open(detect);
    for (int repeat = 0; repeat < repeats; repeat++) {
        struct share share = {detect, work, 0, pupils};
        recompute_share(&share);
    }
    detect_work_close(work);
    detect_close(detect);
}

static void changes(uint32_t pupils, int calls, enum change change)
{
    read_rules("config/rules.cfg");
    struct detect *detect = filled(pupils);
    for (uint32_t pupil = 0; pupil < pupils; pupil++)
        ask(detect, pupil);
    change_one(detect, pupils, BENCH_DATES - 1, (int)pupils, change);
    change_one(detect, pupils, BENCH_DATES - 1, calls, change);
    detect_close(detect);
}

static void print_lessons(uint32_t pupils)
{
    puts("pupil,day,start,minutes,subject,status,absent");
    for (uint32_t pupil = 0; pupil < pupils; pupil++)
        for (int index = 0; index < BENCH_DATES; index++) {
            struct outcome outcomes[BENCH_LESSONS];
            bench_day(pupil, index, outcomes);
            for (int i = 0; i < BENCH_LESSONS; i++)
                printf("%u,%d,%u,%u,%u,%u,%u\n", pupil, bench_date(index), outcomes[i].start_minute,
                       outcomes[i].minutes, outcomes[i].subject, outcomes[i].status, outcomes[i].absent_minutes);
        }
}

static void print_attendance(uint32_t pupils)
{
    puts("pupil_id,class,date,start,minutes,subject,status,absent_minutes");
    for (uint32_t pupil = 0; pupil < pupils; pupil++)
        for (int index = 0; index < BENCH_DATES; index++) {
            struct outcome outcomes[BENCH_LESSONS];
            char date[CIVIL_DATE_BYTES];
            civil_write_date(bench_date(index), date);
            bench_day(pupil, index, outcomes);
            for (int i = 0; i < BENCH_LESSONS; i++)
                printf("p%07u,class-%u,%s,%02u:%02u,%u,subject-%u,%s,%u\n", pupil, pupil / BENCH_CLASS_PUPILS, date,
                       outcomes[i].start_minute / 60U, outcomes[i].start_minute % 60U, outcomes[i].minutes,
                       outcomes[i].subject, STATUS_WORDS[outcomes[i].status], outcomes[i].absent_minutes);
        }
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    uint32_t pupils = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 1000;
    if (strcmp(what, "default") == 0)
        default_rules(pupils);
    else if (strcmp(what, "ten") == 0)
        ten_measures(pupils, false);
    else if (strcmp(what, "sqlite") == 0)
        ten_measures(pupils, true);
    else if (strcmp(what, "recompute") == 0 && argc > 4)
        recompute(argv[3], pupils, atoi(argv[4]));
    else if (strcmp(what, "tune") == 0 && argc > 4)
        tune(argv[3], pupils, atoi(argv[4]));
    else if (strcmp(what, "changes") == 0 && argc > 3)
        changes(pupils, atoi(argv[3]), CHANGE_LATE);
    else if (strcmp(what, "absences") == 0 && argc > 3)
        changes(pupils, atoi(argv[3]), CHANGE_ABSENT);
    else if (strcmp(what, "lessons") == 0)
        print_lessons(pupils);
    else if (strcmp(what, "attendance") == 0)
        print_attendance(pupils);
    else
        return 2;
    return 0;
}
