/* narvaro preview: what new rules would mean beside the old ones, on lessons in files or on those that the daemon holds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"
#include "daemon/cli/lessons.h"
#include "daemon/cli/rulesfile.h"
#include "daemon/core/school/csv.h"
#include "daemon/core/detect/preview_json.h"

struct preview_words {
    const char *socket_path, *rules_path, *against_path;
    struct preview_limit limit;
    bool as_json;
    struct option_words files;
};

static void check(void *into, const struct argp_state *state)
{
    const struct preview_words *words = into;
    if (words->rules_path == NULL)
        argp_error(state, "--rules FILE is needed");
}

/* From the daemon. */

static json_t *ask_daemon(const struct preview_words *words)
{
    char *rules = rulesfile_text(words->rules_path);
    char *against = words->against_path == NULL ? NULL : rulesfile_text(words->against_path);
    json_t *answer = NULL;
    if (rules != NULL && (against != NULL || words->against_path == NULL)) {
        json_t *request = json_pack("{s:s, s:s, s:i, s:i}", "do", "preview", "rules", rules, "severity",
                                    words->limit.severity, "capacity", words->limit.capacity);
        if (against != NULL)
            json_object_set_new(request, "against", json_string(against));
        answer = ask(words->socket_path, request, NULL, 0);
    }
    free(rules);
    free(against);
    return answer;
}

/* From files. */

struct offline {
    struct attendance_csv attendance;
    struct names years;
    struct preview_pupil *pupils;
    struct preview_school school;
    struct problems problems;
};

static void take_years(struct offline *offline)
{
    for (uint32_t pupil = 0; pupil < offline->school.pupil_count; pupil++) {
        struct text class = names_text(&offline->attendance.classes, offline->pupils[pupil].class);
        offline->pupils[pupil].year = names_add(&offline->years, preview_year_of_class(class));
        if (offline->pupils[pupil].year != NAMES_NONE)
            continue;
        problems_add(&offline->problems, "attendance", 0, "more than %d years", PREVIEW_YEARS_MAX);
        return;
    }
}

/* False: no memory. More weeks or years than a preview has room for are a problem of the files, and true. */
static bool take_school(struct offline *offline)
{
    const struct attendance_csv *attendance = &offline->attendance;
    int32_t first_day = INT32_MAX, last_day = INT32_MIN;
    offline->pupils = calloc(attendance->pupils.count + 1, sizeof *offline->pupils);
    if (offline->pupils == NULL ||
        !names_open(&offline->years, PREVIEW_YEARS_MAX, PREVIEW_YEARS_MAX * CSV_FIELD_BYTES_MAX))
        return false;
    for (size_t i = 0; i < attendance->row_count; i++) {
        first_day = attendance->rows[i].day < first_day ? attendance->rows[i].day : first_day;
        last_day = attendance->rows[i].day > last_day ? attendance->rows[i].day : last_day;
    }
    if (attendance->row_count > 0 && last_day - first_day >= 7 * (PREVIEW_WEEKS_MAX - 1)) {
        problems_add(&offline->problems, "attendance", 0, "more than %d weeks", PREVIEW_WEEKS_MAX - 1);
        return true;
    }
    preview_school_init(&offline->school, offline->pupils, &offline->years);
    for (size_t i = 0; i < attendance->row_count; i++) {
        const struct attendance_csv_row *row = &attendance->rows[i];
        offline->pupils[row->pupil].class = row->class;
        preview_school_day(&offline->school, row->pupil, first_day, row->day);
    }
    offline->school.pupil_count = attendance->pupils.count;
    offline->school.class_count = attendance->classes.count;
    take_years(offline);
    return true;
}

/* What one set of rules comes to; NULL: no memory. */
static json_t *try_rules(struct offline *offline, const struct rules *rules, struct preview_limit limit)
{
    struct detect *detect = detect_open();
    struct preview *preview = malloc(sizeof *preview);
    json_t *told = NULL;
    if (detect != NULL && preview != NULL && detect_add_rules(detect, rules, 1, INT32_MIN) &&
        attendance_csv_feed(&offline->attendance, detect) && preview_run(preview, &offline->school, detect, rules))
        told = preview_json(preview, &offline->school, rules, limit);
    free(preview);
    detect_close(detect);
    return told;
}

/* NULL after printing problems. Rules and lessons are both read first, so that one run tells every mistake. */
static json_t *try_all(struct offline *offline, const struct preview_words *words)
{
    static struct rules rules, against;
    struct problems *problems = &offline->problems;
    rulesfile_read(words->rules_path, &rules, problems);
    if (words->against_path != NULL)
        rulesfile_read(words->against_path, &against, problems);
    bool enough =
        !lessons_open(&offline->attendance, words->files.list, words->files.count, problems) || take_school(offline);
    json_t *answer = NULL;
    if (enough && problems->count == 0) {
        json_t *new_side = try_rules(offline, &rules, words->limit);
        answer = json_pack("{s:o, s:o*}", "school", preview_school_json(&offline->school), "new", new_side);
        if (words->against_path != NULL)
            json_object_set_new(answer, "old", try_rules(offline, &against, words->limit));
        enough = new_side != NULL && (words->against_path == NULL || json_object_get(answer, "old") != NULL);
    }
    if (!enough)
        problems_add(problems, "preview", 0, "out of memory");
    problems_print(problems, stderr);
    if (problems->count == 0)
        return answer;
    json_decref(answer);
    return NULL;
}

static json_t *preview_files(const struct preview_words *words)
{
    struct offline *offline = calloc(1, sizeof *offline);
    if (offline == NULL) {
        fputs("narvaro preview: out of memory\n", stderr);
        return NULL;
    }
    json_t *answer = try_all(offline, words);
    attendance_csv_close(&offline->attendance);
    names_close(&offline->years);
    free(offline->pupils);
    free(offline);
    return answer;
}

/* For people: new, and old beside it when it is there. */

static const json_t *at(const json_t *side, const char *list, size_t index, const char *key)
{
    return json_object_get(json_array_get(json_object_get(side, list), index), key);
}

static void print_cell(const json_t *value)
{
    if (json_is_real(value))
        printf("%12.1f", json_real_value(value));
    else if (json_is_integer(value))
        printf("%12lld", (long long)json_integer_value(value));
    else
        printf("%12s", "");
}

static void print_row(const char *label, const json_t *of_new, const json_t *of_old)
{
    printf("%-44s", label);
    print_cell(of_new);
    print_cell(of_old);
    putchar('\n');
}

static void print_head(const char *label, const json_t *old_side)
{
    printf("\n%-44s%12s%12s\n", label, "new", old_side == NULL ? "" : "old");
}

static void print_totals(const json_t *new_side, const json_t *old_side)
{
    static const struct {
        const char *key, *label;
    } ROWS[] = {{"over", "pupils with an open flag on the last day"},
                {"flagged", "pupils who have had a flag"},
                {"flags", "flags"}};
    print_head("", old_side);
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        print_row(ROWS[i].label, json_object_get(new_side, ROWS[i].key), json_object_get(old_side, ROWS[i].key));
}

static void print_severities(const json_t *new_side, const json_t *old_side)
{
    static const struct {
        const char *key, *label;
    } TABLES[] = {{"flags_per_week", "new flags a week"},
                  {"flags_per_1000_week", "new flags a week and 1,000 pupils"},
                  {"items_per_1000_week", "newly flagged a week and 1,000 pupils"}};
    for (size_t table = 0; table < sizeof TABLES / sizeof *TABLES; table++) {
        print_head(TABLES[table].label, old_side);
        for (size_t i = 0; i < PREVIEW_SEVERITIES; i++) {
            char label[64];
            snprintf(label, sizeof label, "  severity %zu%s", i + 1,
                     table == 2 && i + 1 < PREVIEW_SEVERITIES ? " or worse" : "");
            print_row(label, at(new_side, "severities", i, TABLES[table].key),
                      at(old_side, "severities", i, TABLES[table].key));
        }
    }
}

static void group_label(const json_t *group, char *label, size_t bytes)
{
    const char *year = json_string_value(json_object_get(group, "year")), *few = "";
    char pupils[32] = "";
    if (json_object_get(group, "too_few") != NULL)
        few = ", fewer than 5 pupils";
    else
        snprintf(pupils, sizeof pupils, ", %lld pupils",
                 (long long)json_integer_value(json_object_get(group, "pupils")));
    if (year != NULL)
        snprintf(label, bytes, "  year %s%s%s", year[0] == '\0' ? "not told" : year, pupils, few);
    else if (json_object_get(group, "to") != NULL)
        snprintf(label, bytes, "  classes of %lld-%lld%s%s",
                 (long long)json_integer_value(json_object_get(group, "from")),
                 (long long)json_integer_value(json_object_get(group, "to")), pupils, few);
    else
        snprintf(label, bytes, "  larger classes%s%s", pupils, few);
}

static void print_groups(const char *list, const json_t *new_side, const json_t *old_side)
{
    for (size_t i = 0; i < json_array_size(json_object_get(new_side, list)); i++) {
        char label[128];
        group_label(json_array_get(json_object_get(new_side, list), i), label, sizeof label);
        print_row(label, at(new_side, list, i, "items_per_1000_week"), at(old_side, list, i, "items_per_1000_week"));
    }
}

static void print_rules(const char *head, const json_t *side)
{
    printf("\n%-36s%8s%12s%12s\n", head, "severity", "flags/week", "pupils");
    for (size_t i = 0; i < json_array_size(json_object_get(side, "rules")); i++)
        printf("  %-34s%8lld%12.1f%12lld\n", json_string_value(at(side, "rules", i, "rule")),
               (long long)json_integer_value(at(side, "rules", i, "severity")),
               json_real_value(at(side, "rules", i, "flags_per_week")),
               (long long)json_integer_value(at(side, "rules", i, "pupils")));
}

static void print_load(const char *which, const json_t *side)
{
    const json_t *load = json_object_get(side, "load");
    if (load == NULL)
        return;
    printf(
        "%s: %.1f newly flagged a week and 1,000 pupils (severity %lld or worse): %s the school's capacity of %lld\n",
        which, json_real_value(json_object_get(load, "items_per_1000_week")),
        (long long)json_integer_value(json_object_get(load, "severity")),
        json_is_true(json_object_get(load, "within")) ? "within" : "OVER",
        (long long)json_integer_value(json_object_get(load, "capacity")));
}

static void print_tables(const json_t *answer)
{
    const json_t *school = json_object_get(answer, "school"), *new_side = json_object_get(answer, "new");
    const json_t *old_side = json_object_get(answer, "old");
    printf("%lld pupils, %lld school weeks, %s to %s\n",
           (long long)json_integer_value(json_object_get(school, "pupils")),
           (long long)json_integer_value(json_object_get(school, "weeks")),
           json_string_value(json_object_get(school, "from")), json_string_value(json_object_get(school, "to")));
    print_load("new", new_side);
    print_load("old", old_side);
    print_totals(new_side, old_side);
    print_severities(new_side, old_side);
    print_head("newly flagged a week and 1,000, by group", old_side);
    print_groups("years", new_side, old_side);
    print_groups("class_sizes", new_side, old_side);
    print_rules("new rules", new_side);
}

int command_preview(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORDS, "files", .offset = offsetof(struct preview_words, files), .most = ATTENDANCE_FILES_MAX},
        {OPTION_TEXT, "rules", 'r', "FILE", "The rules to try, in the form of config/rules.cfg",
         .offset = offsetof(struct preview_words, rules_path)},
        {OPTION_TEXT, "against", 0, "FILE", "The rules to compare with (from the daemon: those in force)",
         .offset = offsetof(struct preview_words, against_path)},
        {OPTION_NUMBER, "capacity", 0, "N",
         "How many newly flagged pupils a week and 1,000 pupils the school can meet (10)",
         .offset = offsetof(struct preview_words, limit.capacity), .least = 1, .most = PREVIEW_CAPACITY_MAX},
        {OPTION_NUMBER, "severity", 0, "N", "… counting flags of this severity or worse (3)",
         .offset = offsetof(struct preview_words, limit.severity), .least = 1, .most = PREVIEW_SEVERITIES},
        {OPTION_FLAG, "json", 0, NULL, "For programs", .offset = offsetof(struct preview_words, as_json)},
        OPTION_CONTROL_SOCKET(offsetof(struct preview_words, socket_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "[attendance.csv...]",
        .doc = "Tells what rules would have meant for the school before they count: pupils over the thresholds, new "
               "flags a "
               "week, by severity, year and class size, and the load against the school's capacity."
               "\vA pupil is newly flagged when a flag comes while no other of that severity or worse is open. Without "
               "files, "
               "the lessons are those that the daemon holds of this school year and the last. Groups of fewer than 5 "
               "pupils have no figures.",
    };
    struct preview_words words = {.socket_path = ASK_CONTROL_SOCKET, .limit = {PREVIEW_SEVERITY, PREVIEW_CAPACITY}};
    options_read(argc, argv, &OPTIONS, &words);

    json_t *answer = words.files.count > 0 ? preview_files(&words) : ask_daemon(&words);
    if (answer == NULL)
        return COMMAND_FAILED;
    json_object_del(answer, "ok");
    if (words.as_json)
        json_dumpf(answer, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(10));
    else
        print_tables(answer);
    json_decref(answer);
    return command_printed();
}
