#include "daemon/cli/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

error_t command_word(int key, char *word, struct argp_state *state, const char *what, const char **out)
{
    if (key == ARGP_KEY_END && *out == NULL)
        argp_error(state, "say which %s", what);
    if (key != ARGP_KEY_ARG)
        return key == ARGP_KEY_END ? 0 : ARGP_ERR_UNKNOWN;
    if (*out != NULL)
        argp_error(state, "one %s at a time", what);
    *out = word;
    return 0;
}

void command_two_words(const char *word, const struct argp_state *state, const char **first, const char **second)
{
    if (state->arg_num > 1)
        argp_error(state, "too many words: %s", word);
    *(state->arg_num == 0 ? first : second) = word;
}

int command_number(struct argp_state *state, const char *name, const char *word, int least, int most)
{
    char *end;
    errno = 0;
    long value = strtol(word, &end, 10);
    if (*word == '\0' || *end != '\0' || errno != 0 || value < least || value > most)
        argp_error(state, "--%s must be between %d and %d", name, least, most);
    return (int)value;
}

int command_printed(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return COMMAND_OK;
    fprintf(stderr, "narvaro: cannot write the answer: %s\n", strerror(errno));
    return COMMAND_FAILED;
}
