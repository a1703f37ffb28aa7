/* The options and words of a command, one row each as common/settings.h has it for files; argp reads them.
 *
 * A row says where its value goes in the command's own struct, which holds the defaults before. What is not understood ends
 * the program with COMMAND_USAGE and a line on standard error; --help and --version end it with 0. Texts stay in argv. */
#ifndef DAEMON_CLI_OPTIONS_H
#define DAEMON_CLI_OPTIONS_H

#include <argp.h>
#include <stddef.h>
#include "daemon/cli/ask.h"

#define OPTIONS_MAX 24 /* rows of a command */

enum option_kind {
    OPTION_END,
    OPTION_TEXT,   /* const char * */
    OPTION_NUMBER, /* int; least … most */
    OPTION_FLAG,   /* bool: true when the option is there */
    OPTION_TAKEN,  /* `take` reads it, however often it is there; without a name, each word that is no option */
    OPTION_WORD,   /* const char *: one word that is no option. A row with a name must get one, and is called so */
    OPTION_WORDS   /* struct option_words: all words that are no options, `most` of them */
};

struct option_words {
    const char *const *list;
    int count;
};

struct option_row {
    enum option_kind kind;
    const char *name;
    char letter; /* of the short form; 0 = none */
    const char *arg, *doc;
    size_t offset;
    int least, most;
    /* Of OPTION_TAKEN; refuses by argp_error. */
    void (*take)(void *into, const struct option_row *row, const char *word, const struct argp_state *state);
};

struct options {
    const char *args_doc, *doc;    /* of argp */
    const struct option_row *rows; /* until OPTION_END */
    /* When all is read: refuses by argp_error what does not go together. May be NULL. */
    void (*check)(void *into, const struct argp_state *state);
};

void options_read(int argc, char **argv, const struct options *options, void *into);

#define OPTION_CONTROL_SOCKET(at)                                                                                  \
    {                                                                                                              \
        OPTION_TEXT, "socket", 's', "PATH", "The daemon's control socket (" ASK_CONTROL_SOCKET ")", .offset = (at) \
    }
#define OPTION_ADMIN_SOCKET(word, short_form, at)                                                                    \
    {                                                                                                                \
        OPTION_TEXT, word, short_form, "PATH", "The dashboard's admin socket (" ASK_ADMIN_SOCKET ")", .offset = (at) \
    }

#endif
