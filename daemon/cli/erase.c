/* narvaro erase: one pupil out of both databases, on somebody's decision. Not while the pupil's case is open. */
#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include "daemon/cli/ask.h"
#include "daemon/cli/command.h"

struct erase_words {
    const char *control_path, *admin_path, *pupil, *why;
    bool commit;
};

enum { KEY_ADMIN = 256, KEY_COMMIT, KEY_WHY };

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct erase_words *words = state->input;
    switch (key) {
    case 's':
        words->control_path = word;
        return 0;
    case KEY_ADMIN:
        words->admin_path = word;
        return 0;
    case KEY_COMMIT:
        words->commit = true;
        return 0;
    case KEY_WHY:
        words->why = word;
        return 0;
    case ARGP_KEY_SUCCESS:
        if (words->why == NULL)
            argp_error(state, "--why is needed");
        return 0;
    default:
        return command_word(key, word, state, "pupil", &words->pupil);
    }
}

static bool done(const char *socket_path, json_t *request)
{
    json_t *answer = ask(socket_path, request, NULL, 0);
    json_decref(answer);
    return answer != NULL;
}

/* The casebook first: it says whether it may be, and asked again after the daemon failed it does no harm. */
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
    static const struct argp_option OPTIONS[] = {
        {.name = "why",
         .key = KEY_WHY,
         .arg = "WORD",
         .doc = "moved, protected, mistake or decision: goes into the access log"},
        {.name = "commit", .key = KEY_COMMIT, .doc = "Do it; it cannot be taken back"},
        {.name = "socket", .key = 's', .arg = "PATH", .doc = "The daemon's control socket (" ASK_CONTROL_SOCKET ")"},
        {.name = "admin-socket",
         .key = KEY_ADMIN,
         .arg = "PATH",
         .doc = "The dashboard's admin socket (" ASK_ADMIN_SOCKET ")"},
        {0},
    };
    static const struct argp ARGP = {.options = OPTIONS,
                                     .parser = parse,
                                     .args_doc = "PUPIL",
                                     .doc = "Erases everything about one pupil, now and for good, before retention "
                                            "would: the school's decision. What remains is "
                                            "decided anew without the pupil. The access log keeps its rows for their "
                                            "time. `narvaro extract` first gives the "
                                            "archive what it is to have."};
    struct erase_words words = {.control_path = ASK_CONTROL_SOCKET, .admin_path = ASK_ADMIN_SOCKET};
    argp_parse(&ARGP, argc, argv, 0, NULL, &words);
    if (!erase(&words))
        return COMMAND_FAILED;
    printf(words.commit ? "erased\n" : "nothing was erased; --commit does it\n");
    return COMMAND_OK;
}
