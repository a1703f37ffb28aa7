/* narvaro explain: why a pupil is flagged, with the numbers, and what would clear it. From the daemon, or from files. */
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"
#include "daemon/cli/explain_words.h"
#include "daemon/cli/lessons.h"
#include "daemon/cli/rulesfile.h"
#include "daemon/core/finding_json.h"

struct explain_words {
    const char *socket_path, *pupil, *date, *rules_path;
    const char *files[ATTENDANCE_FILES_MAX];
    int file_count;
    int32_t day; /* of date */
    enum explain_language language;
    bool all, as_json;
};

static void take_date(void *into, const struct option_row *row, const char *word, const struct argp_state *state)
{
    struct explain_words *words = into;
    words->date = word;
    if (!civil_read_date(word, strlen(word), &words->day))
        argp_error(state, "--%s must be a date as 2026-10-01", row->name);
}

static void take_language(void *into, const struct option_row *row, const char *word, const struct argp_state *state)
{
    struct explain_words *words = into;
    words->language = strcmp(word, "en") == 0 ? EXPLAIN_ENGLISH : EXPLAIN_SWEDISH;
    if (strcmp(word, "en") != 0 && strcmp(word, "sv") != 0)
        argp_error(state, "--%s must be sv or en", row->name);
}

static void add_file(void *into, const struct option_row *row, const char *word, const struct argp_state *state)
{
    struct explain_words *words = into;
    (void)row;
    if (words->file_count == ATTENDANCE_FILES_MAX)
        argp_error(state, "at most %d files", ATTENDANCE_FILES_MAX);
    words->files[words->file_count++] = word;
}

static void check(void *into, const struct argp_state *state)
{
    const struct explain_words *words = into;
    if ((words->rules_path == NULL) != (words->file_count == 0))
        argp_error(state, "--rules and --attendance belong together");
}

static json_t *ask_daemon(const struct explain_words *words)
{
    json_t *request = json_pack("{s:s, s:s}", "do", "explain", "pupil", words->pupil);
    if (words->date != NULL)
        json_object_set_new(request, "date", json_string(words->date));
    return ask(words->socket_path, request, NULL, 0);
}

/* From files. */

struct offline {
    struct attendance_csv attendance;
    struct detect *detect;
    struct rules rules;
    struct problems problems;
};

static const char *subject_name(void *context, uint16_t rank, char name[NAME_BYTES])
{
    const struct attendance_csv *attendance = context;
    struct text text = attendance_csv_subject(attendance, rank);
    snprintf(name, NAME_BYTES, "%.*s", (int)text.length, text.bytes);
    return name;
}

static const struct rule *rule_called(void *context, const char *id, int version)
{
    const struct offline *offline = context;
    (void)version; /* a file of rules is one */
    return rules_called(&offline->rules, id);
}

static const char *offline_subject(void *context, uint16_t rank, char name[NAME_BYTES])
{
    struct offline *offline = context;
    return subject_name(&offline->attendance, rank, name);
}

/* Files tell nothing of a class as a whole: several of them may be of parts of it. */
static bool no_class(void *context, int32_t from_day, int32_t to_day, struct finding_class *out)
{
    (void)context, (void)from_day, (void)to_day, (void)out;
    return false;
}

/* Rows are sorted by pupil and date; a finding takes the newest first. */
static bool add_days(struct finding *finding, const struct attendance_csv *attendance, uint32_t pupil)
{
    const struct attendance_csv_row *rows = attendance->rows;
    for (size_t end = attendance->row_count, from; end > 0; end = from) {
        struct outcome outcomes[OUTCOME_LESSONS_MAX];
        size_t count = 0;
        for (from = end;
             from > 0 && rows[from - 1].pupil == rows[end - 1].pupil && rows[from - 1].day == rows[end - 1].day;)
            from--;
        if (rows[from].pupil != pupil)
            continue;
        for (size_t i = from; i < end; i++)
            outcomes[count++] = (struct outcome){.start_minute = rows[i].start_minute,
                                                 .minutes = rows[i].minutes,
                                                 .absent_minutes = rows[i].absent_minutes,
                                                 .subject = rows[i].subject,
                                                 .status = rows[i].status};
        if (!finding_add(finding, rows[from].day, false, outcomes, count))
            return false;
    }
    return true;
}

static json_t *find(struct offline *offline, uint32_t pupil, int32_t through_day, json_t *flags)
{
    const struct finding_sources sources = {offline, rule_called, offline_subject, no_class};
    struct finding *finding = finding_open();
    json_t *told = NULL;
    if (finding != NULL) {
        finding_begin(finding, through_day);
        told = add_days(finding, &offline->attendance, pupil) ? finding_json(finding, flags, &sources) : NULL;
    }
    finding_close(finding);
    return told;
}

/* The detector's answer is valid until it is asked for evidence, so each flag is taken from an answer of its own. */
static json_t *explain_pupil(struct offline *offline, uint32_t pupil, const struct explain_words *words)
{
    int32_t through_day = INT32_MIN;
    char date[CIVIL_DATE_BYTES];
    for (size_t i = 0; i < offline->attendance.row_count; i++)
        if (offline->attendance.rows[i].day > through_day)
            through_day = offline->attendance.rows[i].day;
    if (words->date != NULL && words->day < through_day)
        through_day = words->day;
    civil_write_date(through_day, date);
    json_t *told = json_array();
    size_t count = 1;
    for (size_t i = 0; i < count; i++) {
        const struct flag *flags;
        if (!detect_flags(offline->detect, pupil, through_day, &flags, &count) || i >= count)
            break;
        struct flag flag = flags[i];
        if (flag.raised_day >= civil_school_year(through_day))
            json_array_append_new(told, evidence_explain_json(offline->detect, pupil, through_day, &flag, subject_name,
                                                              &offline->attendance));
    }
    json_t *finding = find(offline, pupil, through_day, told);
    return json_pack("{s:s, s:s, s:o, s:o}", "pupil", words->pupil, "date", date, "finding", finding, "flags", told);
}

static json_t *read_and_explain(struct offline *offline, struct explain_words *words)
{
    struct problems *problems = &offline->problems;
    offline->detect = detect_open();
    rulesfile_read(words->rules_path, &offline->rules, problems);
    if (!lessons_open(&offline->attendance, words->files, words->file_count, problems) || problems->count > 0)
        return NULL;
    if (offline->detect == NULL || !detect_add_rules(offline->detect, &offline->rules, 1, INT32_MIN) ||
        !attendance_csv_feed(&offline->attendance, offline->detect)) {
        problems_add(problems, "explain", 0, "out of memory");
        return NULL;
    }
    uint32_t pupil = names_find(&offline->attendance.pupils, text_of(words->pupil));
    if (pupil != NAMES_NONE)
        return explain_pupil(offline, pupil, words);
    problems_add(problems, "attendance", 0, "has no pupil %s", words->pupil);
    return NULL;
}

static json_t *explain_files(struct explain_words *words)
{
    struct offline *offline = calloc(1, sizeof *offline);
    if (offline == NULL) {
        fputs("narvaro explain: out of memory\n", stderr);
        return NULL;
    }
    json_t *answer = read_and_explain(offline, words);
    problems_print(&offline->problems, stderr);
    attendance_csv_close(&offline->attendance);
    detect_close(offline->detect);
    free(offline);
    return answer;
}

static void keep_open(json_t *flags)
{
    for (size_t i = json_array_size(flags); i > 0; i--)
        if (json_string_length(json_object_get(json_array_get(flags, i - 1), "cleared_on")) > 0)
            json_array_remove(flags, i - 1);
}

int command_explain(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, "pupil", .offset = offsetof(struct explain_words, pupil)},
        {OPTION_TAKEN, "date", 0, "DATE", "As it stood on this date (the last one decided)", .take = take_date},
        {OPTION_TAKEN, "language", 0, "sv|en", "Swedish (sv, otherwise) or English", .take = take_language},
        {OPTION_FLAG, "all", 0, NULL, "Also the flags of the school year that were cleared",
         .offset = offsetof(struct explain_words, all)},
        {OPTION_TEXT, "rules", 0, "FILE", "With --attendance: from files instead of the daemon",
         .offset = offsetof(struct explain_words, rules_path)},
        {OPTION_TAKEN, "attendance", 0, "FILE", "attendance.csv; may be given several times", .take = add_file},
        {OPTION_FLAG, "json", 0, NULL, "For programs", .offset = offsetof(struct explain_words, as_json)},
        OPTION_CONTROL_SOCKET(offsetof(struct explain_words, socket_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "PUPIL",
        .doc =
            "Says why each flag of a pupil was raised, with the numbers, and what would clear it; asked of the daemon "
            "also "
            "of which lessons nobody can know, and why."
            "\vThe facts are those known now, also with --date; what the database said at a past time is told by "
            "narvaro flags --as-known.",
    };
    static struct explain_words words = {.socket_path = ASK_CONTROL_SOCKET};
    options_read(argc, argv, &OPTIONS, &words);

    json_t *answer = words.file_count > 0 ? explain_files(&words) : ask_daemon(&words);
    if (answer == NULL)
        return COMMAND_FAILED;
    json_object_del(answer, "ok");
    if (!words.all)
        keep_open(json_object_get(answer, "flags"));
    if (words.as_json)
        json_dumpf(answer, stdout, JSON_INDENT(2));
    else
        explain_print(answer, words.language, stdout);
    json_decref(answer);
    return command_printed();
}
