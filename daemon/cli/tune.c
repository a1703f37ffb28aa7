/* narvaro tune: which thresholds the school's own closed years speak for, beside the rules in force. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/lessons.h"
#include "daemon/cli/options.h"
#include "daemon/cli/rulesfile.h"
#include "daemon/core/detect/preview_json.h"
#include "daemon/core/detect/tune_json.h"

#define PATH_BYTES 4096

struct tune_words {
    const char *socket_path, *rules_path, *folder;
    int capacity, severity;
    bool as_json;
    struct option_words files;
};

static void check(void *into, const struct argp_state *state)
{
    const struct tune_words *words = into;
    if ((words->rules_path == NULL) != (words->files.count == 0))
        argp_error(state, "--rules FILE and an attendance.csv go together; without both the daemon is asked");
}

static void show_progress(const json_t *progress)
{
    static bool shown;
    if (isatty(STDERR_FILENO) == 0)
        return;
    if (progress == NULL) {
        if (shown)
            fputs("\r\033[K", stderr);
        return;
    }
    shown = true;
    json_int_t tried = json_integer_value(json_object_get(progress, "candidates"));
    if (tried == 0)
        fprintf(stderr, "\r\033[Kpupil %lld of %lld",
                (long long)json_integer_value(json_object_get(progress, "pupil_years")),
                (long long)json_integer_value(json_object_get(progress, "of_pupil_years")));
    else
        fprintf(stderr, "\r\033[Kcandidate %lld of at most %lld", (long long)tried,
                (long long)json_integer_value(json_object_get(progress, "of_candidates")));
}

/* From the daemon, which does a little of the work at each question. */
static json_t *ask_daemon(const struct tune_words *words)
{
    json_t *answer;
    for (;;) {
        answer =
            ask(words->socket_path,
                json_pack("{s:s, s:i, s:i}", "do", "tune", "capacity", words->capacity, "severity", words->severity),
                NULL, 0);
        const json_t *progress = json_object_get(answer, "progress");
        show_progress(progress);
        if (progress == NULL)
            return answer;
        json_decref(answer);
    }
}

/* From files. */

static bool take_day(void *tune, uint32_t pupil, uint32_t class, int32_t day, const struct outcome *outcomes,
                     size_t count)
{
    return tune_day(tune, pupil, class, day, outcomes, count);
}

/* NULL: no memory. */
static json_t *tune_lessons(const struct attendance_csv *attendance, const struct rules *rules,
                            const struct tune_words *words)
{
    struct tune *tune = tune_open(rules, words->severity);
    bool room = tune != NULL && attendance_csv_days(attendance, take_day, tune) && tune_begin(tune, words->capacity);
    enum tune_state state = room ? TUNE_WORKING : TUNE_NO_MEMORY;
    while (state == TUNE_WORKING) {
        json_t *progress = tune_progress_json(tune);
        show_progress(progress);
        json_decref(progress);
        state = tune_step(tune);
    }
    show_progress(NULL);
    json_t *answer = state == TUNE_DONE ? tune_json(tune) : NULL;
    tune_close(tune);
    return answer;
}

/* NULL after printing problems: those of rules and lessons together. */
static json_t *tune_files(const struct tune_words *words)
{
    static struct rules rules;
    static struct problems problems;
    struct attendance_csv attendance = {.row_count = 0};
    json_t *answer = NULL;
    rulesfile_read(words->rules_path, &rules, &problems);
    if (lessons_open(&attendance, words->files.list, words->files.count, &problems) && problems.count == 0) {
        answer = tune_lessons(&attendance, &rules, words);
        if (answer == NULL)
            problems_add(&problems, "tune", 0, "out of memory");
    }
    problems_print(&problems, stderr);
    attendance_csv_close(&attendance);
    return answer;
}

/* Each profile as a rules file of its own. False after saying why on standard error. */
static bool write_profiles(const char *folder, const json_t *answer)
{
    size_t index;
    const json_t *profile;
    json_array_foreach(json_object_get(answer, "profiles"), index, profile) {
        char path[PATH_BYTES];
        const char *text = ask_text(profile, "text");
        int length = snprintf(path, sizeof path, "%s/profile-%zu.cfg", folder, index + 1);
        FILE *file = length < PATH_BYTES ? fopen(path, "wxe") : NULL;
        bool written = file != NULL && fputs(text, file) >= 0;
        if (file != NULL && fclose(file) != 0)
            written = false;
        if (!written) {
            fprintf(stderr, "narvaro tune: %s: %s\n", path,
                    file == NULL && length >= PATH_BYTES ? "too long" : strerror(errno));
            return false;
        }
    }
    return true;
}

/* For people. */

static const json_t *in(const json_t *object, const char *key)
{
    return json_object_get(object, key);
}

static long long whole(const json_t *object, const char *key)
{
    return (long long)json_integer_value(in(object, key));
}

static void print_cell(const json_t *value)
{
    if (json_is_real(value))
        printf("%11.1f", json_real_value(value));
    else if (json_is_integer(value))
        printf("%11lld", (long long)json_integer_value(value));
    else
        printf("%11s", "under 5");
}

static void print_row(const char *label, const char *key, const json_t *answer)
{
    size_t index;
    const json_t *profile;
    printf("%-44s", label);
    print_cell(in(in(answer, "in_force"), key));
    json_array_foreach(in(answer, "profiles"), index, profile) {
        print_cell(in(profile, key));
    }
    putchar('\n');
}

/* What the pupils of this half leave open, in points; and what that makes of each. */
static void print_gains(const json_t *answer)
{
    size_t index;
    const json_t *profile;
    printf("%-46s%11s", "gain in points, from … to", "");
    json_array_foreach(in(answer, "profiles"), index, profile) {
        char range[24];
        snprintf(range, sizeof range, "%lld … %lld", whole(in(profile, "gain"), "low"),
                 whole(in(profile, "gain"), "high"));
        printf("%13s", range); /* the dots are three bytes */
    }
    printf("\n%-44s%11s", "beside the rules in force", "");
    json_array_foreach(in(answer, "profiles"), index, profile) {
        printf("%11s", ask_text(in(profile, "gain"), "verdict"));
    }
    putchar('\n');
}

static void print_table(const json_t *answer)
{
    printf("\n%-44s%11s", "", "in force");
    for (size_t i = 0; i < json_array_size(in(answer, "profiles")); i++)
        printf("%8s %2zu", "profile", i + 1);
    putchar('\n');
    print_row("new items a week", "items_per_week", answer);
    print_row("  in the worst week", "worst_week", answer);
    print_row("flagged in autumn, of the half", "flagged_autumn", answer);
    print_row("  who missed 10 % or more in spring", "missed_in_spring", answer);
    print_row("school days missed before the flag", "days_lost", answer);
    print_gains(answer);
}

static void print_changes(const json_t *answer)
{
    size_t index, number;
    const json_t *profile, *change;
    json_array_foreach(in(answer, "profiles"), index, profile) {
        printf("\nprofile %zu\n", index + 1);
        json_array_foreach(in(profile, "changes"), number, change) {
            printf("  %-32s %s %s %g, not %g\n", ask_text(change, "rule"), ask_text(change, "measure"),
                   ask_text(change, "limit"), json_number_value(in(change, "to")),
                   json_number_value(in(change, "from")));
        }
    }
}

static void print_answer(const json_t *answer)
{
    const json_t *school = in(answer, "school"), *best = in(answer, "best");
    if (whole(school, "pupil_years") == 0) {
        puts("There is no closed school year.");
        return;
    }
    printf("%s to %s: %lld school years of pupils in %lld weeks. Chosen on one half, told of the other (%lld), as if "
           "it were the "
           "whole school.\n",
           ask_text(school, "from"), ask_text(school, "to"), whole(school, "pupil_years"), whole(school, "weeks"),
           whole(school, "told_of"));
    if (json_is_true(in(answer, "too_few"))) {
        puts("Too few pupils, or too few who missed 10 % or more of a spring term: nothing can be said.");
        return;
    }
    printf("Items of severity %lld or worse; room for %lld new a week; %lld candidates tried.\n",
           whole(answer, "severity"), whole(answer, "capacity"), whole(answer, "candidates"));
    print_table(answer);
    print_changes(answer);
    if (json_is_integer(best))
        printf("\nProfile %lld is better than the rules in force.\n", (long long)json_integer_value(best) + 1);
    else
        puts("\nNothing is better than the rules in force.");
}

static int tell(json_t *answer, const struct tune_words *words)
{
    json_object_del(answer, "ok");
    bool written = words->folder == NULL || write_profiles(words->folder, answer);
    if (words->as_json)
        json_dumpf(answer, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(10));
    else
        print_answer(answer);
    json_decref(answer);
    return written ? command_printed() : COMMAND_FAILED;
}

int command_tune(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORDS, "files", .offset = offsetof(struct tune_words, files), .most = ATTENDANCE_FILES_MAX},
        {OPTION_TEXT, "rules", 'r', "FILE", "With files: the rules in force, in the form of config/rules.cfg",
         .offset = offsetof(struct tune_words, rules_path)},
        {OPTION_NUMBER, "capacity", 0, "N", "New items a week that the school can meet (10 for each 1,000 pupils)",
         .offset = offsetof(struct tune_words, capacity), .least = 1, .most = TUNE_CAPACITY_MAX},
        {OPTION_NUMBER, "severity", 0, "N", "… of this severity or worse (3); milder rules are left as they are",
         .offset = offsetof(struct tune_words, severity), .least = 1, .most = PREVIEW_SEVERITIES},
        {OPTION_TEXT, "write", 'w', "FOLDER", "Write each profile as FOLDER/profile-1.cfg … ; none may be there yet",
         .offset = offsetof(struct tune_words, folder)},
        {OPTION_FLAG, "json", 0, NULL, "For programs", .offset = offsetof(struct tune_words, as_json)},
        OPTION_CONTROL_SOCKET(offsetof(struct tune_words, socket_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "[attendance.csv...]",
        .doc = "Tries other thresholds of the rules on the school's own closed school years, up to 5,000 choices, and "
               "shows "
               "those that find most of the pupils who went on to miss 10 % or more of the spring term, for a quarter, "
               "half, "
               "three quarters and all of what the school can meet, beside the rules in force."
               "\vThresholds are chosen on one half of the pupils and the figures are those of the other half. A "
               "profile is "
               "called better only when the other half says so beyond chance (docs/detection.md). Without files, the "
               "lessons "
               "are those that the daemon holds of the last three closed school years, and the rules those in force; "
               "in files, "
               "every school year counts as closed. Nothing is changed: read a profile, try it with narvaro preview, "
               "and let "
               "whoever decides apply it with narvaro rules. Figures come in fives, none under 5.",
    };
    struct tune_words words = {.socket_path = ASK_CONTROL_SOCKET, .severity = PREVIEW_SEVERITY};
    options_read(argc, argv, &OPTIONS, &words);
    json_t *answer = words.files.count > 0 ? tune_files(&words) : ask_daemon(&words);
    return answer == NULL ? COMMAND_FAILED : tell(answer, &words);
}
