/* narvaro retention: what is erased when (gallring), and with --commit the night's run at once. Both programs are asked: the
 * dashboard knows whose case is open and holds its own part, the daemon the rest. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"

#define POLL_MS 100

struct retention_words {
    const char *control_path, *admin_path;
    bool commit;
};

static void print_kinds(const json_t *kinds)
{
    const json_t *kind, *due;
    size_t i, j;
    json_array_foreach(kinds, i, kind) {
        printf("%-10s", ask_text(kind, "kind"));
        json_array_foreach(json_object_get(kind, "due"), j, due) {
            printf(" %s: %lld before %s%s", ask_text(due, "on"),
                   (long long)json_integer_value(json_object_get(due, "rows")), ask_text(due, "before"),
                   j + 1 < json_array_size(json_object_get(kind, "due")) ? "," : "\n");
        }
    }
}

static int tell_due(const struct retention_words *words)
{
    json_t *own = ask(words->admin_path, json_pack("{s:s}", "do", "retention_due"), NULL, 0);
    json_t *command = json_incref(json_object_get(own, "command"));
    json_t *daemon = own == NULL ? NULL : ask(words->control_path, command, NULL, 0);
    int status = daemon == NULL ? COMMAND_FAILED : COMMAND_OK;
    if (daemon != NULL) {
        printf("pupils held by an open case: %zu\n", json_array_size(json_object_get(command, "held")));
        print_kinds(json_object_get(daemon, "kinds"));
        print_kinds(json_object_get(own, "kinds"));
        printf("nothing was erased; --commit does what stands under today\n");
        if (*ask_text(daemon, "doubt") != '\0')
            printf("the nights erase nothing: %s\n", ask_text(daemon, "doubt"));
    }
    json_decref(daemon);
    json_decref(own);
    return status;
}

static int print_receipt(const json_t *run)
{
    const char *kind;
    json_t *rows;
    json_object_foreach(json_object_get(run, "erased"), kind, rows) {
        printf("%-10s %lld\n", kind, (long long)json_integer_value(rows));
    }
    if (json_is_true(json_object_get(run, "complete")))
        return COMMAND_OK;
    fprintf(stderr,
            "narvaro retention: the daemon gave up on the way; it is tried again within a quarter of an hour\n");
    return COMMAND_FAILED;
}

static long long number_of(const json_t *last)
{
    return (long long)json_integer_value(json_object_get(json_array_get(json_object_get(last, "runs"), 0), "run"));
}

/* A run is carried out by the dashboard's program; its receipt says when it is done. */
static int run_now(const struct retention_words *words)
{
    json_t *last = ask(words->admin_path, json_pack("{s:s}", "do", "retention_last"), NULL, 0);
    long long before = number_of(last);
    json_decref(last);
    json_t *begun = last == NULL ? NULL : ask(words->admin_path, json_pack("{s:s}", "do", "retention_run"), NULL, 0);
    if (begun == NULL)
        return COMMAND_FAILED;
    json_decref(begun);
    for (bool running = true; running;) {
        nanosleep(&(struct timespec){.tv_nsec = POLL_MS * 1000000L}, NULL);
        last = ask(words->admin_path, json_pack("{s:s}", "do", "retention_last"), NULL, 0);
        if (last == NULL)
            return COMMAND_FAILED;
        running = json_is_true(json_object_get(last, "running"));
        if (running)
            json_decref(last);
    }
    int status = COMMAND_FAILED;
    if (number_of(last) > before)
        status = print_receipt(json_array_get(json_object_get(last, "runs"), 0));
    else
        fprintf(stderr, "narvaro retention: the daemon did not answer, or refused; nothing was erased\n");
    json_decref(last);
    return status;
}

int command_retention(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_FLAG, "commit", 0, NULL, "Do now what the coming night would do",
         .offset = offsetof(struct retention_words, commit)},
        OPTION_CONTROL_SOCKET(offsetof(struct retention_words, control_path)),
        OPTION_ADMIN_SOCKET("admin-socket", 0, offsetof(struct retention_words, admin_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .doc = "Says what is erased when: for each kind of data how many rows today and "
               "at the next two turns of the school year. "
               "Nothing is erased without --commit.",
    };
    struct retention_words words = {.control_path = ASK_CONTROL_SOCKET, .admin_path = ASK_ADMIN_SOCKET};
    options_read(argc, argv, &OPTIONS, &words);
    return words.commit ? run_now(&words) : tell_due(&words);
}
