/* narvaro decisions: the dates that wait for a person before they are decided, and that person's word. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"

struct decisions_words {
    const char *socket_path, *action, *author;
};

static bool confirms(const struct decisions_words *words)
{
    return words->action != NULL && strcmp(words->action, "confirm") == 0;
}

static void check(void *into, const struct argp_state *state)
{
    const struct decisions_words *words = into;
    if (!confirms(words) && (words->action == NULL || strcmp(words->action, "show") != 0))
        argp_error(state, "say what to do: show or confirm");
}

static int show(const struct decisions_words *words)
{
    json_t *answer = ask(words->socket_path, json_pack("{s:s}", "do", "decisions"), NULL, 0);
    if (answer == NULL)
        return COMMAND_FAILED;
    long long dates = (long long)json_integer_value(json_object_get(answer, "dates"));
    printf("now=%s\ndates=%lld\n", ask_text(answer, "now"), dates);
    if (dates > 0)
        printf("first=%s\nlast=%s\n", ask_text(answer, "first"), ask_text(answer, "last"));
    json_decref(answer);
    int status = command_printed();
    return status == COMMAND_OK && dates > 0 ? COMMAND_ATTENTION : status;
}

static int confirm(const struct decisions_words *words)
{
    const char *author = words->author == NULL ? command_own_name() : words->author;
    json_t *answer =
        ask(words->socket_path, json_pack("{s:s, s:s}", "do", "decisions_confirm", "author", author), NULL, 0);
    if (answer == NULL)
        return COMMAND_FAILED;
    printf("dates=%lld\n", (long long)json_integer_value(json_object_get(answer, "dates")));
    json_decref(answer);
    return command_printed();
}

int command_decisions(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, .offset = offsetof(struct decisions_words, action)},
        {OPTION_TEXT, "author", 0, "NAME", "confirm: who looked (you)",
         .offset = offsetof(struct decisions_words, author)},
        OPTION_CONTROL_SOCKET(offsetof(struct decisions_words, socket_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "show\nconfirm",
        .doc =
            "When more than five dates would be decided at once, or no terminal was heard of for four days, the daemon "
            "decides nothing by itself: its clock may be wrong. `show' prints the daemon's time and the dates that "
            "wait; look at them, and then `confirm'.",
    };
    struct decisions_words words = {.socket_path = ASK_CONTROL_SOCKET};
    options_read(argc, argv, &OPTIONS, &words);
    return confirms(&words) ? confirm(&words) : show(&words);
}
