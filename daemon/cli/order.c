/* narvaro order: has a terminal show itself, start anew, or send all it holds once more. */
#include <stdio.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"

struct order_words {
    const char *socket_path, *terminal, *order;
    int reader;
};

static void check(void *into, const struct argp_state *state)
{
    const struct order_words *words = into;
    if (words->order == NULL)
        argp_error(state, "say which terminal, and what: identify, reboot or resend");
}

int command_order(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, .offset = offsetof(struct order_words, terminal)},
        {OPTION_WORD, .offset = offsetof(struct order_words, order)},
        {OPTION_NUMBER, "reader", 0, "N", "Of identify: only this reader (all of the terminal's)",
         .offset = offsetof(struct order_words, reader), .least = 1, .most = 247},
        OPTION_CONTROL_SOCKET(offsetof(struct order_words, socket_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "TERMINAL ORDER",
        .doc = "Has a terminal do something once. ORDER is identify (its readers blink for ten seconds), "
               "reboot (the program "
               "ends and is started anew; nothing is lost), or resend (it sends all that its journal holds "
               "once more)."
               "\vA terminal that hears of it only after a minute does not obey.",
    };
    struct order_words words = {.socket_path = ASK_CONTROL_SOCKET};
    options_read(argc, argv, &OPTIONS, &words);

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
