/* narvaro protect: lowers a pupil's protected identity, which no import does. */
#include <stdbool.h>
#include <stdio.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"

struct protect_words {
    const char *socket_path, *pupil, *author, *why;
    bool lowers;
};

static void check(void *into, const struct argp_state *state)
{
    const struct protect_words *words = into;
    if (!words->lowers || words->author == NULL || words->why == NULL)
        argp_error(state, "--lower, --by and --why are needed; an import raises protection (pupils.csv)");
}

int command_protect(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, "pupil", .offset = offsetof(struct protect_words, pupil)},
        {OPTION_FLAG, "lower", 0, NULL, "The pupil has no protected identity any more",
         .offset = offsetof(struct protect_words, lowers)},
        {OPTION_TEXT, "by", 0, "USER", "Who decides it: goes into the log",
         .offset = offsetof(struct protect_words, author)},
        {OPTION_TEXT, "why", 0, "WORD", "ended, mistake or decision: goes into the log",
         .offset = offsetof(struct protect_words, why)},
        OPTION_CONTROL_SOCKET(offsetof(struct protect_words, socket_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "PUPIL",
        .doc = "Lowers the protected identity of a pupil: everybody who sees the pupil sees the name again. An import "
               "only "
               "ever raises it.",
    };
    struct protect_words words = {.socket_path = ASK_CONTROL_SOCKET};
    options_read(argc, argv, &OPTIONS, &words);

    json_t *answer = ask(words.socket_path,
                         json_pack("{s:s, s:s, s:b, s:s, s:s}", "do", "protect", "pupil", words.pupil, "lower",
                                   (int)words.lowers, "author", words.author, "why", words.why),
                         NULL, 0);
    if (answer == NULL)
        return COMMAND_FAILED;
    json_decref(answer);
    printf("%s has no protected identity any more\n", words.pupil);
    return command_printed();
}
