/* narvaro held: the taps that wait for a person, and what that person says. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"

struct held_words {
    const char *socket_path, *action, *terminal, *date, *author;
};

static void check(void *into, const struct argp_state *state)
{
    const struct held_words *words = into;
    bool lists = words->action != NULL && strcmp(words->action, "list") == 0;
    if (words->action == NULL ||
        (!lists && strcmp(words->action, "accept") != 0 && strcmp(words->action, "refuse") != 0))
        argp_error(state, "say what to do: list, accept TERMINAL or refuse TERMINAL");
    if (lists == (words->terminal != NULL))
        argp_error(state, lists ? "too many words: %s" : "say which terminal's", words->terminal);
}

static int list(const struct held_words *words)
{
    json_t *answer = ask(words->socket_path, json_pack("{s:s}", "do", "held"), NULL, 0);
    const json_t *one;
    size_t i;
    if (answer == NULL)
        return COMMAND_FAILED;
    puts("terminal_id,date,why,taps,first,last,received");
    json_array_foreach(json_object_get(answer, "held"), i, one) {
        printf("%s,%s,%s,%lld,%s,%s,%s\n", ask_text(one, "terminal"), ask_text(one, "date"), ask_text(one, "why"),
               (long long)json_integer_value(json_object_get(one, "taps")), ask_text(one, "first"),
               ask_text(one, "last"), ask_text(one, "received"));
    }
    if (json_is_true(json_object_get(answer, "more")))
        fputs("narvaro held: there are more; decide about these first\n", stderr);
    json_decref(answer);
    return command_printed();
}

static int decide(const struct held_words *words)
{
    bool accepts = strcmp(words->action, "accept") == 0;
    json_t *request = json_pack("{s:s, s:s, s:b, s:s}", "do", "held_decide", "terminal", words->terminal, "accept",
                                accepts, "author", words->author == NULL ? command_own_name() : words->author);
    if (words->date != NULL)
        json_object_set_new(request, "date", json_string(words->date));
    json_t *answer = ask(words->socket_path, request, NULL, 0);
    if (answer == NULL)
        return COMMAND_FAILED;
    printf("%lld taps of %s %s\n", (long long)json_integer_value(json_object_get(answer, "taps")), words->terminal,
           accepts ? "count now" : "will not count");
    json_decref(answer);
    return command_printed();
}

int command_held(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, .offset = offsetof(struct held_words, action)},
        {OPTION_WORD, .offset = offsetof(struct held_words, terminal)},
        {OPTION_TEXT, "date", 0, "DATE", "accept, refuse: only the taps of this date",
         .offset = offsetof(struct held_words, date)},
        {OPTION_TEXT, "author", 0, "NAME", "accept, refuse: who decided (you)",
         .offset = offsetof(struct held_words, author)},
        OPTION_CONTROL_SOCKET(offsetof(struct held_words, socket_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "list\naccept TERMINAL\nrefuse TERMINAL",
        .doc = "Taps that came more than fourteen days late, or that say of a decided date that a pupil was in a room "
               "where nobody expected it, are stored and count nowhere until a person has accepted them. `list' prints "
               "them as CSV, by terminal and date.",
    };
    struct held_words words = {.socket_path = ASK_CONTROL_SOCKET};
    options_read(argc, argv, &OPTIONS, &words);
    return strcmp(words.action, "list") == 0 ? list(&words) : decide(&words);
}
