/* narvaro audit head: the last row of the dashboard's audit log, for a timer to keep where the dashboard cannot write. */
#include <stdio.h>
#include <string.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"

struct audit_words {
    const char *socket_path, *action;
};

static void check(void *into, const struct argp_state *state)
{
    const struct audit_words *words = into;
    if (words->action == NULL || strcmp(words->action, "head") != 0)
        argp_error(state, "say what to tell: head");
}

int command_audit(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, .offset = offsetof(struct audit_words, action)},
        OPTION_ADMIN_SOCKET("socket", 's', offsetof(struct audit_words, socket_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "head",
        .doc = "Prints when, the number and the MAC of the audit log's last row. Kept "
               "elsewhere, day by day, it shows whether "
               "the log's end was cut off.",
    };
    struct audit_words words = {.socket_path = ASK_ADMIN_SOCKET};
    options_read(argc, argv, &OPTIONS, &words);
    json_t *answer = ask(words.socket_path, json_pack("{s:s}", "do", "audit_head"), NULL, 0);
    if (answer == NULL)
        return COMMAND_FAILED;
    printf("%s %lld %s\n", json_string_value(json_object_get(answer, "at")),
           (long long)json_integer_value(json_object_get(answer, "sequence")),
           json_string_value(json_object_get(answer, "mac")));
    json_decref(answer);
    return COMMAND_OK;
}
