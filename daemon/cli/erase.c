/* narvaro erase: one pupil out of both databases, on somebody's decision. Not while the pupil's case is open. */
#include <stdbool.h>
#include <stdio.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"

struct erase_words {
    const char *control_path, *admin_path, *pupil, *why;
    bool commit;
};

static void check(void *into, const struct argp_state *state)
{
    const struct erase_words *words = into;
    if (words->why == NULL)
        argp_error(state, "--why is needed");
}

static bool done(const char *socket_path, json_t *request)
{
    json_t *answer = ask(socket_path, request, NULL, 0);
    json_decref(answer);
    return answer != NULL;
}

/* The casebook first: it decides whether the pupil may be erased, and asking it again after the daemon failed is
 * harmless. */
static bool erase(const struct erase_words *words)
{
    return done(words->admin_path, json_pack("{s:s, s:s, s:s, s:b}", "do", "pupil_erase", "pupil", words->pupil, "why",
                                             words->why, "commit", (int)words->commit)) &&
           (!words->commit ||
            done(words->control_path, json_pack("{s:s, s:s, s:s, s:s}", "do", "erase", "pupil", words->pupil, "author",
                                                "narvaro erase", "why", words->why)));
}

int command_erase(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, "pupil", .offset = offsetof(struct erase_words, pupil)},
        {OPTION_TEXT, "why", 0, "WORD", "moved, protected, mistake or decision: goes into the access log",
         .offset = offsetof(struct erase_words, why)},
        {OPTION_FLAG, "commit", 0, NULL, "Do it; it cannot be taken back",
         .offset = offsetof(struct erase_words, commit)},
        OPTION_CONTROL_SOCKET(offsetof(struct erase_words, control_path)),
        OPTION_ADMIN_SOCKET("admin-socket", 0, offsetof(struct erase_words, admin_path)),
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "PUPIL",
        .doc = "Erases everything about one pupil, now and for good, before retention "
               "would: the school's decision. What remains is "
               "decided anew without the pupil. The access log keeps its rows for their "
               "time. `narvaro extract` first gives the "
               "archive what it is to have.",
    };
    struct erase_words words = {.control_path = ASK_CONTROL_SOCKET, .admin_path = ASK_ADMIN_SOCKET};
    options_read(argc, argv, &OPTIONS, &words);
    if (!erase(&words))
        return COMMAND_FAILED;
    printf(words.commit ? "erased\n" : "nothing was erased; --commit does it\n");
    return COMMAND_OK;
}
