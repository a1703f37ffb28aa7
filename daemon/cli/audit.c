/* narvaro audit head: the last row of the dashboard's audit log, for a timer to keep where the dashboard cannot write. */
#include <argp.h>
#include <stdio.h>
#include <string.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"

struct audit_words {
    const char *socket_path, *action;
};

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct audit_words *words = state->input;
    switch (key) {
    case 's':
        words->socket_path = word;
        return 0;
    case ARGP_KEY_ARG:
        if (words->action != NULL)
            argp_error(state, "too many words: %s", word);
        words->action = word;
        return 0;
    case ARGP_KEY_END:
        if (words->action == NULL || strcmp(words->action, "head") != 0)
            argp_error(state, "say what to tell: head");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int command_audit(int argc, char **argv)
{
    static const struct argp_option OPTIONS[] = {
        {.name = "socket", .key = 's', .arg = "PATH", .doc = "The dashboard's admin socket (" ASK_ADMIN_SOCKET ")"},
        {0},
    };
    static const struct argp ARGP = {.options = OPTIONS,
                                     .parser = parse,
                                     .args_doc = "head",
                                     .doc = "Prints when, the number and the MAC of the audit log's last row. Kept "
                                            "elsewhere, day by day, it shows whether "
                                            "the log's end was cut off."};
    struct audit_words words = {.socket_path = ASK_ADMIN_SOCKET};
    argp_parse(&ARGP, argc, argv, 0, NULL, &words);
    json_t *answer = ask(words.socket_path, json_pack("{s:s}", "do", "audit_head"), NULL, 0);
    if (answer == NULL)
        return COMMAND_FAILED;
    printf("%s %lld %s\n", json_string_value(json_object_get(answer, "at")),
           (long long)json_integer_value(json_object_get(answer, "sequence")),
           json_string_value(json_object_get(answer, "mac")));
    json_decref(answer);
    return COMMAND_OK;
}
