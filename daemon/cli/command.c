#include "daemon/cli/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct command COMMANDS[] = {
    {"audit", "print the end of the audit log, to be kept elsewhere", command_audit},
    {"backtest", "say which flags rules would have raised on attendance.csv", command_backtest},
    {"card", "give a pupil the card that is shown at a reader", command_card},
    {"check-config", "tell what is wrong with settings and rules", command_check_config},
    {"erase", "take one pupil out of everything, on decision (dry run first)", command_erase},
    {"explain", "say why a pupil is flagged, and what would clear it", command_explain},
    {"extract", "print all that is held about one pupil (registerutdrag)", command_extract},
    {"flags", "list the flags, as known now or at a past time", command_flags},
    {"import", "bring a school in files into the database (dry run first)", command_import},
    {"order", "have a terminal show itself, start anew, or send again", command_order},
    {"preview", "say what new rules would mean before they count", command_preview},
    {"retention", "say what is erased when (gallring); --commit does it now", command_retention},
    {"rollcall", "take the roll of a school in files, print attendance.csv", command_rollcall},
    {"rules", "give the daemon a new version of the rules", command_rules},
    {"status", "say how the daemon is doing", command_status},
    {"terminal", "say which terminals belong to the school: certificates", command_terminal},
    {"update", "sign a program for the terminals", command_update},
    {"user", "say who may use the dashboard", command_user},
};
const size_t COMMAND_COUNT = sizeof COMMANDS / sizeof *COMMANDS;

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
