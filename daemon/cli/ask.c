/* Sends one request to a program's socket and prints its errors to standard error. */
#include "daemon/cli/ask.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/local.h"

static void print_errors(const json_t *answer)
{
    const json_t *errors = json_object_get(answer, "errors"), *error;
    size_t i;
    json_array_foreach(errors, i, error) {
        fprintf(stderr, "%s\n", json_is_string(error) ? json_string_value(error) : "(not a text)");
    }
    if (json_array_size(errors) == 0)
        fprintf(stderr, "narvaro: the request was refused, without a reason\n");
}

static json_t *ask_watching(const char *socket_path, json_t *request, const int *files, size_t file_count,
                            local_watch *watch)
{
    char *line = json_dumps(request, JSON_COMPACT);
    json_decref(request);
    if (line == NULL) {
        fprintf(stderr, "narvaro: the request is not UTF-8 text\n");
        return NULL;
    }
    char *reply = local_call_watching(socket_path, line, files, file_count, ASK_TIMEOUT_MS, watch);
    int error = errno;
    explicit_bzero(line, strlen(line)); /* it may hold a password */
    free(line);
    if (reply == NULL) {
        fprintf(stderr, "narvaro: %s: %s (is the program running, and are you allowed to use it?)\n", socket_path,
                strerror(error));
        return NULL;
    }
    json_t *answer = json_loads(reply, 0, NULL);
    free(reply);
    if (json_is_true(json_object_get(answer, "ok")))
        return answer;
    print_errors(answer);
    json_decref(answer);
    return NULL;
}

json_t *ask(const char *socket_path, json_t *request, const int *files, size_t file_count)
{
    return ask_watching(socket_path, request, files, file_count, NULL);
}

static void show(const char *line)
{
    json_t *told = json_loads(line, 0, NULL);
    fprintf(stderr, "\r\033[K%s", ask_text(told, "progress"));
    json_decref(told);
}

json_t *ask_patiently(const char *socket_path, json_t *request, const int *files, size_t file_count)
{
    if (!isatty(STDERR_FILENO))
        return ask(socket_path, request, files, file_count);
    json_object_set_new(request, "progress", json_true());
    json_t *answer = ask_watching(socket_path, request, files, file_count, show);
    show("{\"progress\":\"\"}");
    return answer;
}

const char *ask_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}
