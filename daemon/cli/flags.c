/* narvaro flags: the flags that stand, or that stood at a past time, as CSV. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"
#include "daemon/core/school/csv.h"

enum { FIELDS_BYTES = 2 * CSV_FIELD_BYTES_MAX + 3 };

struct flags_words {
    const char *socket_path, *pupil, *as_known;
};

static long long number_of_member(const json_t *object, const char *key)
{
    return (long long)json_integer_value(json_object_get(object, key));
}

/* All pages in one array; NULL after saying why not. */
static json_t *ask_all(const struct flags_words *words)
{
    json_t *all = json_array();
    long long after = 0;
    for (bool more = true; more;) {
        json_t *request = json_pack("{s:s, s:I}", "do", "flags", "after", (json_int_t)after);
        if (words->pupil != NULL)
            json_object_set_new(request, "pupil", json_string(words->pupil));
        if (words->as_known != NULL)
            json_object_set_new(request, "as_known", json_string(words->as_known));
        json_t *answer = ask(words->socket_path, request, NULL, 0);
        if (answer == NULL) {
            json_decref(all);
            return NULL;
        }
        const json_t *page = json_object_get(answer, "flags");
        more = json_is_true(json_object_get(answer, "more")) && json_array_size(page) > 0;
        if (more)
            after = number_of_member(json_array_get(page, json_array_size(page) - 1), "flag");
        json_array_extend(all, (json_t *)page);
        json_decref(answer);
    }
    return all;
}

struct row {
    const json_t *flag;
};

static int compare_rows(const void *left, const void *right)
{
    const json_t *a = ((const struct row *)left)->flag, *b = ((const struct row *)right)->flag;
    static const char *const KEYS[] = {"pupil", "rule", "raised_on"};
    int order = 0;
    for (size_t i = 0; i < 3 && order == 0; i++)
        order = strcmp(ask_text(a, KEYS[i]), ask_text(b, KEYS[i]));
    if (order == 0)
        order = number_of_member(a, "flag") < number_of_member(b, "flag") ? -1 : 1;
    return order;
}

static void print_flag(const json_t *flag)
{
    char pupil[FIELDS_BYTES];
    size_t length = csv_write(text_of(ask_text(flag, "pupil")), pupil);
    fwrite(pupil, 1, length, stdout);
    printf(",%s,%s,%s,%lld,%lld\n", ask_text(flag, "rule"), ask_text(flag, "raised_on"), ask_text(flag, "cleared_on"),
           number_of_member(flag, "severity"), number_of_member(flag, "rules_version"));
}

static bool print_all(const json_t *flags)
{
    size_t count = json_array_size(flags);
    struct row *rows = calloc(count + 1, sizeof *rows);
    if (rows == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        rows[i].flag = json_array_get(flags, i);
    qsort(rows, count, sizeof *rows, compare_rows);
    puts("pupil_id,rule,raised_on,cleared_on,severity,rules_version");
    for (size_t i = 0; i < count; i++)
        print_flag(rows[i].flag);
    free(rows);
    return true;
}

int command_flags(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_TEXT, "pupil", 0, "ID", "Only this pupil's", .offset = offsetof(struct flags_words, pupil)},
        {OPTION_TEXT, "as-known", 0, "WHEN",
         "What the database said at the end of this date (2026-10-01), or at this time (2026-10-01T14:30:00Z)",
         .offset = offsetof(struct flags_words, as_known)},
        OPTION_CONTROL_SOCKET(offsetof(struct flags_words, socket_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .doc = "Prints the flags that stand, open and cleared, as CSV: pupil_id,rule,raised_on,cleared_on,severity,"
               "rules_version."
               "\vWith --as-known, it is exactly what stood in the database then: a correction that came later changes "
               "nothing, a flag withdrawn later is there, one raised later for an earlier date is not. Nothing is "
               "computed anew from the facts of that time.",
    };
    struct flags_words words = {.socket_path = ASK_CONTROL_SOCKET};
    options_read(argc, argv, &OPTIONS, &words);

    json_t *flags = ask_all(&words);
    if (flags == NULL)
        return COMMAND_FAILED;
    bool printed = print_all(flags);
    json_decref(flags);
    if (printed)
        return command_printed();
    fputs("narvaro flags: out of memory\n", stderr);
    return COMMAND_FAILED;
}
