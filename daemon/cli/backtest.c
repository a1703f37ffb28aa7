/* narvaro backtest: which flags rules would have raised, and when, on the lessons of attendance.csv. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/civil.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"
#include "daemon/cli/lessons.h"
#include "daemon/cli/rulesfile.h"
#include "daemon/core/school/csv.h"

enum { THREADS_MAX = 64, PUPILS_AT_A_TIME = 64, ROW_BYTES = 2 * CSV_FIELD_BYTES_MAX + 128 };

struct backtest_words {
    const char *rules_path;
    int threads;
    struct option_words files;
};

/* A flag as it will be printed. */
struct found {
    uint32_t pupil;
    struct flag flag;
};

struct worker {
    struct backtest *backtest;
    struct detect_work *work;
    pthread_t thread;
    struct found *found;
    size_t count, capacity;
    bool failed;
};

struct backtest {
    struct attendance_csv attendance;
    struct detect *detect;
    atomic_uint next_pupil;
    struct worker workers[THREADS_MAX];
    int worker_count;
    bool shows_progress;
};

static void check(void *into, const struct argp_state *state)
{
    const struct backtest_words *words = into;
    if (words->rules_path == NULL || words->files.count == 0)
        argp_error(state, "--rules FILE and an attendance.csv are needed");
}

static void progress(const struct backtest *backtest, const char *what, size_t done, size_t of)
{
    if (backtest->shows_progress)
        fprintf(stderr, "\r\033[K%s %zu of %zu", what, done, of);
}

static void progress_over(const struct backtest *backtest)
{
    if (backtest->shows_progress)
        fputs("\r\033[K", stderr);
}

/* Reads rules and files; prints everything that is wrong with any of them. */
static bool read_all(struct backtest *backtest, const struct backtest_words *words)
{
    static struct rules rules;
    static struct problems problems;
    rulesfile_read(words->rules_path, &rules, &problems);
    for (int i = 0; i < words->files.count; i++) {
        progress(backtest, "reading file", (size_t)i + 1, (size_t)words->files.count);
        lessons_read(&backtest->attendance, words->files.list[i], &problems);
    }
    progress_over(backtest);
    if (problems.count == 0) {
        /* Days before rules: setting a day is faster without rules to follow it. */
        bool room = attendance_csv_sort(&backtest->attendance);
        if (room && attendance_csv_check(&backtest->attendance, &problems))
            room = attendance_csv_feed(&backtest->attendance, backtest->detect) &&
                   detect_add_rules(backtest->detect, &rules, 1, INT32_MIN);
        if (!room)
            problems_add(&problems, "backtest", 0, "out of memory");
    }
    problems_print(&problems, stderr);
    return problems.count == 0;
}

static bool keep_flags(struct worker *worker, uint32_t pupil, const struct flag *flags, size_t count)
{
    if (worker->count + count > worker->capacity) {
        size_t capacity = 2 * worker->capacity + count;
        struct found *found = realloc(worker->found, capacity * sizeof *found);
        if (found == NULL)
            return false;
        worker->found = found;
        worker->capacity = capacity;
    }
    for (size_t i = 0; i < count; i++)
        worker->found[worker->count++] = (struct found){pupil, flags[i]};
    return true;
}

static bool evaluate(struct worker *worker, uint32_t from, uint32_t end)
{
    for (uint32_t pupil = from; pupil < end; pupil++) {
        const struct flag *flags;
        size_t count;
        if (!detect_recompute(worker->backtest->detect, worker->work, pupil, INT32_MAX, &flags, &count) ||
            !keep_flags(worker, pupil, flags, count))
            return false;
    }
    return true;
}

static void *work(void *context)
{
    struct worker *worker = context;
    uint32_t pupils = worker->backtest->attendance.pupils.count, from;
    while (!worker->failed && (from = atomic_fetch_add(&worker->backtest->next_pupil, PUPILS_AT_A_TIME)) < pupils) {
        uint32_t end = pupils - from < PUPILS_AT_A_TIME ? pupils : from + PUPILS_AT_A_TIME;
        worker->failed = !evaluate(worker, from, end);
        if (worker == worker->backtest->workers)
            progress(worker->backtest, "pupil", end, pupils);
    }
    return NULL;
}

/* The first worker is this thread. */
static bool evaluate_all(struct backtest *backtest, int threads)
{
    bool failed = false;
    for (int i = 0; i < threads && !failed; i++) {
        struct worker *worker = &backtest->workers[i];
        worker->backtest = backtest;
        worker->work = detect_work_open(backtest->detect);
        failed = worker->work == NULL || (i > 0 && pthread_create(&worker->thread, NULL, work, worker) != 0);
        backtest->worker_count += !failed;
    }
    if (!failed)
        work(&backtest->workers[0]);
    for (int i = 1; i < backtest->worker_count; i++)
        pthread_join(backtest->workers[i].thread, NULL);
    for (int i = 0; i < backtest->worker_count; i++)
        failed = failed || backtest->workers[i].failed;
    progress_over(backtest);
    if (failed)
        fputs("narvaro backtest: out of memory or no thread\n", stderr);
    return !failed;
}

static int compare_found(const void *left, const void *right, void *pupils)
{
    const struct found *a = left, *b = right;
    int order = a->pupil == b->pupil ? 0 : text_compare(names_text(pupils, a->pupil), names_text(pupils, b->pupil));
    if (order == 0)
        order = strcmp(a->flag.rule->id, b->flag.rule->id);
    return order != 0 ? order : (a->flag.raised_day > b->flag.raised_day) - (a->flag.raised_day < b->flag.raised_day);
}

static void print_found(const struct found *found, const struct names *pupils)
{
    char pupil[ROW_BYTES], raised[CIVIL_DATE_BYTES], cleared[CIVIL_DATE_BYTES] = "";
    size_t length = csv_write(names_text(pupils, found->pupil), pupil);
    civil_write_date(found->flag.raised_day, raised);
    if (found->flag.end != FLAG_OPEN)
        civil_write_date(found->flag.ended_day, cleared);
    fwrite(pupil, 1, length, stdout);
    printf(",%s,%s,%s\n", found->flag.rule->id, raised, cleared);
}

static bool print_all(struct backtest *backtest)
{
    struct worker *first = &backtest->workers[0];
    for (int i = 1; i < backtest->worker_count; i++) {
        struct worker *other = &backtest->workers[i];
        struct found *found = realloc(first->found, (first->count + other->count + 1) * sizeof *found);
        if (found == NULL)
            return false;
        first->found = found;
        if (other->count > 0)
            memcpy(found + first->count, other->found, other->count * sizeof *found);
        first->count += other->count;
    }
    if (first->count > 0)
        qsort_r(first->found, first->count, sizeof *first->found, compare_found, &backtest->attendance.pupils);
    puts("pupil_id,rule,raised_on,cleared_on");
    for (size_t i = 0; i < first->count; i++)
        print_found(&first->found[i], &backtest->attendance.pupils);
    return true;
}

static bool run(struct backtest *backtest, const struct backtest_words *words)
{
    backtest->detect = detect_open();
    if (backtest->detect == NULL || !attendance_csv_open(&backtest->attendance)) {
        fputs("narvaro backtest: out of memory\n", stderr);
        return false;
    }
    if (!read_all(backtest, words) || !evaluate_all(backtest, words->threads))
        return false;
    if (print_all(backtest))
        return true;
    fputs("narvaro backtest: out of memory\n", stderr);
    return false;
}

int command_backtest(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORDS, "files", .offset = offsetof(struct backtest_words, files), .most = ATTENDANCE_FILES_MAX},
        {OPTION_TEXT, "rules", 'r', "FILE", "the rules, in the form of config/rules.cfg",
         .offset = offsetof(struct backtest_words, rules_path)},
        {OPTION_NUMBER, "threads", 't', "N", "evaluate pupils on N threads (1)",
         .offset = offsetof(struct backtest_words, threads), .least = 1, .most = THREADS_MAX},
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "attendance.csv...",
        .doc = "Prints the flags that the rules raise on these lessons, as CSV: pupil_id,rule,raised_on,cleared_on."
               "\vAll files together are one school, rows in any order.",
    };
    struct backtest_words words = {.threads = 1};
    options_read(argc, argv, &OPTIONS, &words);
    static struct backtest backtest;
    backtest.shows_progress = isatty(STDERR_FILENO) != 0;
    bool done = run(&backtest, &words);
    for (int i = 0; i < backtest.worker_count; i++) {
        detect_work_close(backtest.workers[i].work);
        free(backtest.workers[i].found);
    }
    attendance_csv_close(&backtest.attendance);
    detect_close(backtest.detect);
    return done ? command_printed() : COMMAND_FAILED;
}
