/* narvaro import: hands the files of a school to the daemon. Without --commit it tells what would change. */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "common/filebytes.h"
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/folder.h"
#include "daemon/cli/import_print.h"
#include "daemon/cli/options.h"
#include "daemon/core/school/columnnames.h"

#define COLUMNS_NAME    "columns.cfg"
#define COLUMNS_PATH    "/etc/narvaro/" COLUMNS_NAME
#define PATH_BYTES      4096
#define OTHER_FILES_MAX 64

struct import_words {
    const char *socket_path, *folder, *as_of, *from, *to, *columns;
    bool commit, corrects, any_date;
    struct option_words replaces;
    const char *replaced[3];
};

static void take_replace(void *into, const struct option_row *row, const char *word, const struct argp_state *state)
{
    (void)row;
    struct import_words *words = into;
    if (words->replaces.count == 3)
        argp_error(state, "--replace: lessons, members, absences, each once");
    words->replaced[words->replaces.count++] = word;
}

static void check(void *into, const struct argp_state *state)
{
    const struct import_words *words = into;
    bool dated = words->from != NULL && words->to != NULL;
    if (words->replaces.count > 0 && !dated)
        argp_error(state, "--replace needs the dates of which the file has all: --from and --to");
    if (words->replaces.count == 0 && (words->from != NULL || words->to != NULL))
        argp_error(state, "--from and --to belong to --replace");
}

/* Other files that look as if they were meant: they are told. */
static json_t *other_files(const char *path)
{
    json_t *names = json_array();
    DIR *directory = opendir(path);
    const struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        const char *ending = strrchr(entry->d_name, '.');
        bool table = ending != NULL && strcasecmp(ending, ".csv") == 0;
        if (table && schoolfiles_called(entry->d_name) == SCHOOLFILES && json_array_size(names) < OTHER_FILES_MAX)
            json_array_append_new(names, json_string(entry->d_name)); /* one that is no UTF-8 is left out */
    }
    if (directory != NULL)
        closedir(directory);
    return names;
}

/* The table of names: as asked for, in the folder, or the school's own. False after saying why it cannot be read. */
static bool add_columns(const struct import_words *words, json_t *request)
{
    char beside[PATH_BYTES];
    snprintf(beside, sizeof beside, "%s/" COLUMNS_NAME, words->folder);
    const char *path = words->columns != NULL            ? words->columns
                       : access(beside, F_OK) == 0       ? beside
                       : access(COLUMNS_PATH, F_OK) == 0 ? COLUMNS_PATH
                                                         : NULL;
    char *text = path == NULL ? NULL : filebytes_text(path, COLUMNNAMES_BYTES_MAX);
    if (path != NULL && text == NULL)
        fprintf(stderr, "narvaro: %s: it cannot be read, or is longer than %d bytes\n", path, COLUMNNAMES_BYTES_MAX);
    if (text != NULL)
        json_object_set_new(request, "columns", json_pack("{s:s, s:s}", "name", path, "text", text));
    free(text);
    return path == NULL || text != NULL;
}

static void add_text(json_t *request, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(request, key, json_string(text));
}

static json_t *request_for(const struct folder *folder, const struct import_words *words, int *fds, size_t *fd_count)
{
    json_t *names = json_array(), *replaced = json_array();
    *fd_count = 0;
    for (int i = 0; i < SCHOOLFILES; i++) {
        if (folder->fds[i] < 0)
            continue;
        json_array_append_new(names, json_string(schoolfiles_name((enum schoolfile)i)));
        fds[(*fd_count)++] = folder->fds[i];
    }
    for (int i = 0; i < words->replaces.count; i++)
        json_array_append_new(replaced, json_string(words->replaced[i]));
    json_t *request = json_pack("{s:s, s:b, s:b, s:b, s:o, s:o, s:o}", "do", "import", "commit", (int)words->commit,
                                "correct", (int)words->corrects, "any_date", (int)words->any_date, "files", names,
                                "replace", replaced, "other_files", other_files(words->folder));
    add_text(request, "as_of", words->as_of);
    add_text(request, "from", words->from);
    add_text(request, "to", words->to);
    if (add_columns(words, request))
        return request;
    json_decref(request);
    return NULL;
}

int command_import(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, "folder", .offset = offsetof(struct import_words, folder)},
        {OPTION_FLAG, "commit", 0, NULL, "Do it; without this, only tell what would change",
         .offset = offsetof(struct import_words, commit)},
        {OPTION_TEXT, "as-of", 0, "DATE", "What differs and has no date is so from DATE on (today)",
         .offset = offsetof(struct import_words, as_of)},
        {OPTION_FLAG, "correct", 0, NULL, "What differs was never true: a mistake, put right for the past too",
         .offset = offsetof(struct import_words, corrects)},
        {OPTION_TAKEN, "replace", 0, "FILE",
         "lessons, members or absences: the file has all of --from to --to, and what it "
         "lacks of them ends",
         .take = take_replace},
        {OPTION_TEXT, "from", 0, "DATE", "The first date of --replace", .offset = offsetof(struct import_words, from)},
        {OPTION_TEXT, "to", 0, "DATE", "The last date of --replace", .offset = offsetof(struct import_words, to)},
        {OPTION_FLAG, "any-date", 0, NULL, "Take dates of more than 400 days from today, too",
         .offset = offsetof(struct import_words, any_date)},
        {OPTION_TEXT, "columns", 0, "FILE",
         "What the school calls its columns (" COLUMNS_NAME " in DIR, else " COLUMNS_PATH ")",
         .offset = offsetof(struct import_words, columns)},
        OPTION_CONTROL_SOCKET(offsetof(struct import_words, socket_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "DIR",
        .doc =
            "Brings the school whose files are in DIR (docs/school-files.md) into the database, all of it or nothing: "
            "any error in any file stops it. What a file does not name stays as it is.",
    };
    struct import_words words = {.socket_path = ASK_CONTROL_SOCKET};
    options_read(argc, argv, &OPTIONS, &words);

    struct folder folder;
    if (!folder_open(&folder, words.folder))
        return COMMAND_FAILED;
    int fds[SCHOOLFILES];
    size_t fd_count;
    json_t *request = request_for(&folder, &words, fds, &fd_count);
    json_t *answer = request == NULL ? NULL : ask_patiently(words.socket_path, request, fds, fd_count);
    folder_close(&folder);
    if (answer == NULL)
        return COMMAND_FAILED;
    import_print(answer);
    json_decref(answer);
    return command_printed();
}
