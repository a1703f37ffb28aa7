/* narvaro rules apply: a new version of the rules for the daemon, with who decided and why. */
#include <argp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/rulesfile.h"

struct rules_words {
    const char *socket_path, *action, *file, *why, *author, *from;
};

enum { KEY_WHY = 256, KEY_AUTHOR, KEY_FROM };

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct rules_words *words = state->input;
    switch (key) {
    case 's':
        words->socket_path = word;
        return 0;
    case KEY_WHY:
        words->why = word;
        return 0;
    case KEY_AUTHOR:
        words->author = word;
        return 0;
    case KEY_FROM:
        words->from = word;
        return 0;
    case ARGP_KEY_ARG:
        command_two_words(word, state, &words->action, &words->file);
        return 0;
    case ARGP_KEY_END:
        if (words->action == NULL || strcmp(words->action, "apply") != 0)
            argp_error(state, "say what to do: apply FILE");
        if (words->file == NULL || words->why == NULL || words->why[0] == '\0')
            argp_error(state, "FILE and --why are needed: whoever reads it later must understand");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const char *own_name(void)
{
    const struct passwd *user = getpwuid(getuid());
    return user == NULL ? "unknown" : user->pw_name;
}

int command_rules(int argc, char **argv)
{
    static const struct argp_option OPTIONS[] = {
        {.name = "why", .key = KEY_WHY, .arg = "TEXT", .doc = "The reason, kept with the version"},
        {.name = "author", .key = KEY_AUTHOR, .arg = "NAME", .doc = "Who decided (you)"},
        {.name = "from", .key = KEY_FROM, .arg = "DATE", .doc = "The first date it applies to (today)"},
        {.name = "socket", .key = 's', .arg = "PATH", .doc = "The daemon's control socket (" ASK_CONTROL_SOCKET ")"},
        {0},
    };
    static const struct argp ARGP = {
        .options = OPTIONS,
        .parser = parse,
        .args_doc = "apply FILE",
        .doc = "Gives the daemon a new version of the rules. The old one is kept; its flags end where rules change.",
    };
    struct rules_words words = {.socket_path = ASK_CONTROL_SOCKET};
    argp_parse(&ARGP, argc, argv, 0, NULL, &words);

    char *text = rulesfile_text(words.file);
    if (text == NULL)
        return COMMAND_FAILED;
    json_t *request = json_pack("{s:s, s:s, s:s, s:s}", "do", "rules_apply", "text", text, "author",
                                words.author == NULL ? own_name() : words.author, "why", words.why);
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
