/* narvaro extract: everything that is held about one pupil (registerutdrag), who looked included, as text or JSON. The
 * dashboard is asked first: it writes down that the extract was given out, or there is none. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"

struct extract_words {
    const char *control_path, *admin_path, *pupil;
    bool as_json;
};

/* All pages of one part. NULL: the reason has been printed. */
static json_t *read_part(const char *socket_path, const char *pupil, const char *part)
{
    json_t *all = json_array();
    for (bool more = true; more;) {
        json_t *answer = ask(socket_path,
                             json_pack("{s:s, s:s, s:s, s:I}", "do", "extract", "pupil", pupil, "part", part, "offset",
                                       (json_int_t)json_array_size(all)),
                             NULL, 0);
        more = json_is_true(json_object_get(answer, "more"));
        bool good = answer != NULL && json_array_extend(all, json_object_get(answer, "rows")) == 0;
        json_decref(answer);
        if (!good) {
            json_decref(all);
            return NULL;
        }
    }
    return all;
}

static bool read_parts(const char *socket_path, const char *pupil, json_t *into)
{
    size_t i;
    json_t *part, *answer = ask(socket_path, json_pack("{s:s, s:s}", "do", "extract", "pupil", pupil), NULL, 0);
    bool good = answer != NULL;
    json_array_foreach(json_object_get(answer, "parts"), i, part) {
        json_t *rows = good ? read_part(socket_path, pupil, json_string_value(part)) : NULL;
        good = good && rows != NULL && json_object_set_new(into, json_string_value(part), rows) == 0;
    }
    json_decref(answer);
    return good;
}

static void print_row(const json_t *row)
{
    const char *key, *separator = "  ";
    json_t *value;
    json_object_foreach((json_t *)row, key, value) {
        if (json_is_null(value))
            continue;
        char *text = json_is_string(value) ? NULL : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        printf("%s%s=%s", separator, key, text == NULL ? json_string_value(value) : text);
        separator = ", ";
        free(text);
    }
    printf("\n");
}

/* False: there is nothing to print. */
static bool print_parts(const struct extract_words *words, json_t *parts)
{
    const char *part;
    json_t *rows;
    size_t count = 0, i;
    json_t *row;
    json_object_foreach(parts, part, rows) {
        if (strcmp(part, "looks") != 0) /* this look is one */
            count += json_array_size(rows);
    }
    if (count == 0)
        return false;
    if (words->as_json) {
        json_dumpf(parts, stdout, JSON_INDENT(1));
        printf("\n");
        return true;
    }
    json_object_foreach(parts, part, rows) {
        printf("%s (%zu)\n", part, json_array_size(rows));
        json_array_foreach(rows, i, row) {
            print_row(row);
        }
    }
    return true;
}

int command_extract(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, "pupil", .offset = offsetof(struct extract_words, pupil)},
        {OPTION_FLAG, "json", 0, NULL, "For programs, and for the archive",
         .offset = offsetof(struct extract_words, as_json)},
        OPTION_CONTROL_SOCKET(offsetof(struct extract_words, control_path)),
        OPTION_ADMIN_SOCKET("admin-socket", 0, offsetof(struct extract_words, admin_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .args_doc = "PUPIL",
        .doc = "Prints everything that is held about one pupil: register, check-ins, "
               "lessons, flags, answers, cases, and who has "
               "looked. The access log says that it was given out.",
    };
    struct extract_words words = {.control_path = ASK_CONTROL_SOCKET, .admin_path = ASK_ADMIN_SOCKET};
    options_read(argc, argv, &OPTIONS, &words);
    json_t *own = json_object(), *parts = json_object();
    int status = COMMAND_FAILED;
    if (read_parts(words.admin_path, words.pupil, own) && read_parts(words.control_path, words.pupil, parts) &&
        json_object_update(parts, own) == 0) {
        if (print_parts(&words, parts))
            status = command_printed();
        else
            fprintf(stderr, "narvaro extract: nothing is held about that pupil\n");
    }
    json_decref(own);
    json_decref(parts);
    return status;
}
