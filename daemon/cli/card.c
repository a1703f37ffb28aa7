/* narvaro card: gives a pupil the card that is shown at a reader within a minute. */
#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"

#define ASK_EVERY_MS 200

enum { KEY_TERMINAL = 256, KEY_READER, KEY_REPLACE };

struct card_words {
    const char *socket_path, *pupil, *terminal;
    int reader;
    bool replaces;
};

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct card_words *words = state->input;
    switch (key) {
    case 's':
        words->socket_path = word;
        return 0;
    case KEY_TERMINAL:
        words->terminal = word;
        return 0;
    case KEY_READER:
        words->reader = command_number(state, "reader", word, 1, 247);
        return 0;
    case KEY_REPLACE:
        words->replaces = true;
        return 0;
    case ARGP_KEY_SUCCESS:
        if (words->terminal == NULL)
            argp_error(state, "say at which --terminal");
        return 0;
    default:
        return command_word(key, word, state, "pupil", &words->pupil);
    }
}

/* The card has come, or the minute is over, or nobody answers any more. */
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
    static const struct argp_option OPTIONS[] = {
        {.name = "terminal", .key = KEY_TERMINAL, .arg = "ID", .doc = "The terminal where the card will be shown"},
        {.name = "reader", .key = KEY_READER, .arg = "N", .doc = "At this reader alone (any of the terminal's)"},
        {.name = "replace", .key = KEY_REPLACE, .doc = "The pupil's other cards end today: they are lost or broken"},
        {.name = "socket", .key = 's', .arg = "PATH", .doc = "The daemon's control socket (" ASK_CONTROL_SOCKET ")"},
        {0},
    };
    static const struct argp ARGP = {
        .options = OPTIONS,
        .parser = parse,
        .args_doc = "PUPIL",
        .doc = "Gives PUPIL the next card that is shown at the terminal and that nobody has."
               "\vThe reader shows that it waits, for one minute. A card that is somebody's already is "
               "recorded as usual.",
    };
    struct card_words words = {.socket_path = ASK_CONTROL_SOCKET};
    argp_parse(&ARGP, argc, argv, 0, NULL, &words);

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
