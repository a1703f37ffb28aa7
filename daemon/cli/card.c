/* narvaro card: gives a pupil the card that is shown at a reader within a minute. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"

#define ASK_EVERY_MS 200

struct card_words {
    const char *socket_path, *pupil, *terminal;
    int reader;
    bool replaces;
};

static void check(void *into, const struct argp_state *state)
{
    const struct card_words *words = into;
    if (words->terminal == NULL)
        argp_error(state, "say at which --terminal");
}

/* Waits until the card has come, a minute is over, or the daemon no longer answers. */
static int wait_for_card(const struct card_words *words)
{
    const struct timespec pause = {.tv_nsec = ASK_EVERY_MS * 1000000L};
    for (;;) {
        json_t *answer = ask(words->socket_path, json_pack("{s:s}", "do", "card_enrolled"), NULL, 0);
        const char *got = json_string_value(json_object_get(answer, "state"));
        char state[sizeof "waiting"];
        snprintf(state, sizeof state, "%s", got == NULL ? "" : got);
        json_decref(answer);
        if (answer == NULL)
            return COMMAND_FAILED;
        if (strcmp(state, "done") == 0) {
            printf("%s has the card from today on\n", words->pupil);
            return command_printed();
        }
        if (strcmp(state, "waiting") != 0) {
            fputs("narvaro card: no card that nobody has was shown in time; nothing was changed\n", stderr);
            return COMMAND_FAILED;
        }
        nanosleep(&pause, NULL);
    }
}

int command_card(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, "pupil", .offset = offsetof(struct card_words, pupil)},
        {OPTION_TEXT, "terminal", 0, "ID", "The terminal where the card will be shown",
         .offset = offsetof(struct card_words, terminal)},
        {OPTION_NUMBER, "reader", 0, "N", "At this reader alone (any of the terminal's)",
         .offset = offsetof(struct card_words, reader), .least = 1, .most = 247},
        {OPTION_FLAG, "replace", 0, NULL, "The pupil's other cards end now: they are lost or broken",
         .offset = offsetof(struct card_words, replaces)},
        OPTION_CONTROL_SOCKET(offsetof(struct card_words, socket_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "PUPIL",
        .doc =
            "Gives PUPIL the next card that is shown at the terminal and that nobody has."
            "\vThe reader shows that it waits, for one minute. A card that is somebody's already is "
            "recorded as usual; a phone or another number that is nobody's card is refused, and the reader waits on.",
    };
    struct card_words words = {.socket_path = ASK_CONTROL_SOCKET};
    options_read(argc, argv, &OPTIONS, &words);

    json_t *answer = ask(words.socket_path,
                         json_pack("{s:s, s:s, s:s, s:i, s:b}", "do", "card_enrol", "pupil", words.pupil, "terminal",
                                   words.terminal, "reader", words.reader, "replace", (int)words.replaces),
                         NULL, 0);
    if (answer == NULL)
        return COMMAND_FAILED;
    json_decref(answer);
    fprintf(stderr, "hold the new card against a reader of %s\n", words.terminal);
    return wait_for_card(&words);
}
