/* narvaro rules apply: a new version of the rules for the daemon, with who decided and why. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"
#include "daemon/cli/rulesfile.h"

struct rules_words {
    const char *socket_path, *action, *file, *why, *author, *from;
};

static void check(void *into, const struct argp_state *state)
{
    const struct rules_words *words = into;
    if (words->action == NULL || strcmp(words->action, "apply") != 0)
        argp_error(state, "say what to do: apply FILE");
    if (words->file == NULL || words->why == NULL || words->why[0] == '\0')
        argp_error(state, "FILE and --why are needed: whoever reads it later must understand");
}

int command_rules(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, .offset = offsetof(struct rules_words, action)},
        {OPTION_WORD, .offset = offsetof(struct rules_words, file)},
        {OPTION_TEXT, "why", 0, "TEXT", "The reason, kept with the version",
         .offset = offsetof(struct rules_words, why)},
        {OPTION_TEXT, "author", 0, "NAME", "Who decided (you)", .offset = offsetof(struct rules_words, author)},
        {OPTION_TEXT, "from", 0, "DATE", "The first date it applies to (today)",
         .offset = offsetof(struct rules_words, from)},
        OPTION_CONTROL_SOCKET(offsetof(struct rules_words, socket_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "apply FILE",
        .doc = "Gives the daemon a new version of the rules. The old one is kept; its flags end where rules change.",
    };
    struct rules_words words = {.socket_path = ASK_CONTROL_SOCKET};
    options_read(argc, argv, &OPTIONS, &words);

    char *text = rulesfile_text(words.file);
    if (text == NULL)
        return COMMAND_FAILED;
    json_t *request = json_pack("{s:s, s:s, s:s, s:s}", "do", "rules_apply", "text", text, "author",
                                words.author == NULL ? command_own_name() : words.author, "why", words.why);
    if (request != NULL && words.from != NULL)
        json_object_set_new(request, "from", json_string(words.from));
    free(text);
    json_t *answer = ask(words.socket_path, request, NULL, 0);
    if (answer == NULL)
        return COMMAND_FAILED;
    printf("version %lld of the rules applies\n", (long long)json_integer_value(json_object_get(answer, "version")));
    json_decref(answer);
    return COMMAND_OK;
}
