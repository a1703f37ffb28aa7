/* narvaro status: what the daemon says of itself, one line each. */
#include <argp.h>
#include <stdio.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"

static error_t parse(int key, char *word, struct argp_state *state)
{
    const char **socket_path = state->input;
    if (key != 's')
        return ARGP_ERR_UNKNOWN;
    *socket_path = word;
    return 0;
}

int command_status(int argc, char **argv)
{
    static const struct argp_option OPTIONS[] = {
        {.name = "socket", .key = 's', .arg = "PATH", .doc = "The daemon's control socket (" ASK_CONTROL_SOCKET ")"},
        {0},
    };
    static const struct argp ARGP = {.options = OPTIONS, .parser = parse, .doc = "Says how the daemon is doing."};
    const char *socket_path = ASK_CONTROL_SOCKET;
    argp_parse(&ARGP, argc, argv, 0, NULL, &socket_path);

    json_t *answer = ask(socket_path, json_pack("{s:s}", "do", "status"), NULL, 0);
    if (answer == NULL)
        return COMMAND_FAILED;
    const char *key;
    json_t *value;
    json_object_del(answer, "ok");
    json_object_foreach (answer, key, value) {
        printf("%s=", key);
        if (json_is_string(value))
            printf("%s", json_string_value(value));
        else
            json_dumpf(value, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
        printf("\n");
    }
    json_decref(answer);
    return COMMAND_OK;
}
