/* narvaro order: has a terminal show itself, start anew, or send all it holds once more. */
#include <argp.h>
#include <stdio.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"

struct order_words {
    const char *socket_path, *terminal, *order;
    int reader;
};

enum { KEY_READER = 256 };

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct order_words *words = state->input;
    switch (key) {
    case 's':
        words->socket_path = word;
        return 0;
    case KEY_READER:
        words->reader = command_number(state, "reader", word, 1, 247);
        return 0;
    case ARGP_KEY_ARG:
        command_two_words(word, state, &words->terminal, &words->order);
        return 0;
    case ARGP_KEY_END:
        if (words->order == NULL)
            argp_error(state, "say which terminal, and what: identify, reboot or resend");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int command_order(int argc, char **argv)
{
    static const struct argp_option OPTIONS[] = {
        {.name = "reader",
         .key = KEY_READER,
         .arg = "N",
         .doc = "Of identify: only this reader (all of the terminal's)"},
        {.name = "socket", .key = 's', .arg = "PATH", .doc = "The daemon's control socket (" ASK_CONTROL_SOCKET ")"},
        {0},
    };
    static const struct argp ARGP = {
        .options = OPTIONS,
        .parser = parse,
        .args_doc = "TERMINAL ORDER",
        .doc = "Has a terminal do something once. ORDER is identify (its readers blink for ten seconds), "
               "reboot (the program "
               "ends and is started anew; nothing is lost), or resend (it sends all that its journal holds "
               "once more)."
               "\vA terminal that hears of it only after a minute does not obey.",
    };
    struct order_words words = {.socket_path = ASK_CONTROL_SOCKET};
    argp_parse(&ARGP, argc, argv, 0, NULL, &words);

    json_t *answer = ask(words.socket_path,
                         json_pack("{s:s, s:s, s:s, s:i}", "do", "terminal_order", "terminal", words.terminal, "order",
                                   words.order, "reader", words.reader),
                         NULL, 0);
    if (answer == NULL)
        return COMMAND_FAILED;
    json_decref(answer);
    printf("%s was told: %s\n", words.terminal, words.order);
    return command_printed();
}
