/* narvaro import: hands the files of a school to the daemon. Without --commit it tells what would change. */
#include <stdbool.h>
#include <stdio.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"
#include "daemon/cli/folder.h"

struct import_words {
    const char *socket_path, *folder;
    bool commit;
};

static json_t *request_for(const struct folder *folder, bool commit, int *fds, size_t *fd_count)
{
    json_t *names = json_array();
    *fd_count = 0;
    for (int i = 0; i < SCHOOLFILES; i++) {
        if (folder->fds[i] < 0)
            continue;
        json_array_append_new(names, json_string(schoolfiles_name((enum schoolfile)i)));
        fds[(*fd_count)++] = folder->fds[i];
    }
    return json_pack("{s:s, s:b, s:o}", "do", "import", "commit", commit, "files", names);
}

static long long number(const json_t *object, const char *key)
{
    return (long long)json_integer_value(json_object_get(object, key));
}

static void print(const json_t *answer)
{
    const json_t *files = json_object_get(answer, "files"), *file;
    size_t i;
    bool committed = json_is_true(json_object_get(answer, "committed"));
    printf("%-15s %9s %9s %9s %9s %12s\n", "file", "rows", "new", "changed", "unchanged", "not in file");
    json_array_foreach(files, i, file) {
        const char *name = json_string_value(json_object_get(file, "file"));
        printf("%-15s %9lld %9lld %9lld %9lld %12lld\n", name == NULL ? "" : name, number(file, "rows"),
               number(file, "new"), number(file, "changed"), number(file, "unchanged"), number(file, "not_in_file"));
    }
    printf("%lld dates %s\n", number(answer, "dates"),
           committed ? "are taken the roll of anew" : "would be taken the roll of anew");
    printf(committed ? "committed\n" : "nothing was changed: this was a dry run, say --commit to do it\n");
}

int command_import(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, "folder", .offset = offsetof(struct import_words, folder)},
        {OPTION_FLAG, "commit", 0, NULL, "Do it; without this, only tell what would change",
         .offset = offsetof(struct import_words, commit)},
        OPTION_CONTROL_SOCKET(offsetof(struct import_words, socket_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
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
    json_t *request = request_for(&folder, words.commit, fds, &fd_count);
    json_t *answer = ask(words.socket_path, request, fds, fd_count);
    folder_close(&folder);
    if (answer == NULL)
        return COMMAND_FAILED;
    print(answer);
    json_decref(answer);
    return COMMAND_OK;
}
