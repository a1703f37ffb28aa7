/* narvaro: the command line. Finds the command and lets it read the rest of the words. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/cli/command.h"

const char *argp_program_version = "narvaro " NARVARO_VERSION;

#define COMMAND_LIST_BYTES  2048
#define COMMAND_TITLE_BYTES 64

static const struct command COMMANDS[] = {
    {"audit", "verify the audit log, print its end to be kept elsewhere", command_audit},
    {"backtest", "say which flags rules would have raised on attendance.csv", command_backtest},
    {"backup", "make a sealed backup of all of it, look at one, make its keys", command_backup},
    {"card", "give a pupil the card that is shown at a reader", command_card},
    {"check-config", "tell what is wrong with settings and rules", command_check_config},
    {"decisions", "show or confirm the dates that wait for a person to be decided", command_decisions},
    {"erase", "take one pupil out of everything, on decision (dry run first)", command_erase},
    {"explain", "say why a pupil is flagged, and what would clear it", command_explain},
    {"extract", "print all that is held about one pupil (registerutdrag)", command_extract},
    {"flags", "list the flags, as known now or at a past time", command_flags},
    {"held", "list, accept or refuse taps that came late or from where nobody was expected", command_held},
    {"import", "bring a school in files into the database (dry run first)", command_import},
    {"order", "have a terminal show itself, start anew, or send again", command_order},
    {"preview", "say what new rules would mean before they count", command_preview},
    {"protect", "take a pupil's protected identity away, on decision", command_protect},
    {"restore", "put a backup back: check, stop, move aside, start", command_restore},
    {"retention", "say what is erased when (gallring); --commit does it now", command_retention},
    {"rollcall", "take the roll of a school in files, print attendance.csv", command_rollcall},
    {"rules", "show, compare and change the rules that count", command_rules},
    {"setup", "make this machine the school's: settings, keys, certificates, front", command_setup},
    {"status", "say how the daemon is doing", command_status},
    {"terminal", "say which terminals belong to the school: certificates", command_terminal},
    {"tune", "try other thresholds on the school's own closed years", command_tune},
    {"update", "sign a program for the terminals", command_update},
    {"user", "say who may use the dashboard", command_user},
};
#define COMMAND_COUNT (sizeof COMMANDS / sizeof *COMMANDS)

struct choice {
    const struct command *command;
    int first; /* index in argv of the command's name */
};

/* The table of commands as the last part of --help. Freed by argp. */
static char *list_commands(int key, const char *text, void *input)
{
    (void)input;
    if (key != ARGP_KEY_HELP_POST_DOC)
        return (char *)(size_t)text;
    char *list = malloc(COMMAND_LIST_BYTES);
    if (list == NULL)
        return NULL;
    int used = snprintf(list, COMMAND_LIST_BYTES, "Commands:\n");
    for (size_t i = 0; i < COMMAND_COUNT && used < COMMAND_LIST_BYTES; i++)
        used += snprintf(list + used, (size_t)(COMMAND_LIST_BYTES - used), "  %-14s %s\n", COMMANDS[i].name,
                         COMMANDS[i].summary);
    if (used < COMMAND_LIST_BYTES)
        snprintf(list + used, (size_t)(COMMAND_LIST_BYTES - used), "\n`narvaro COMMAND --help' tells of each.");
    return list;
}

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct choice *choice = state->input;
    if (key == ARGP_KEY_ARG) {
        for (size_t i = 0; i < COMMAND_COUNT; i++)
            if (strcmp(word, COMMANDS[i].name) == 0)
                choice->command = &COMMANDS[i];
        if (choice->command == NULL)
            argp_error(state, "no such command: %s", word);
        choice->first = state->next - 1;
        state->next = state->argc; /* the rest is the command's */
        return 0;
    }
    if (key == ARGP_KEY_NO_ARGS)
        argp_error(state, "say which command");
    return ARGP_ERR_UNKNOWN;
}

int main(int argc, char **argv)
{
    static const struct argp ARGP = {
        .parser = parse,
        .args_doc = "COMMAND [WORD...]",
        .doc = "Närvaro: early warning of problematic school absence.\v ",
        .help_filter = list_commands,
    };
    argp_err_exit_status = COMMAND_USAGE;
    struct choice choice = {NULL, 0};
    if (argp_parse(&ARGP, argc, argv, ARGP_IN_ORDER, NULL, &choice) != 0 || choice.command == NULL)
        return COMMAND_USAGE;
    static char title[COMMAND_TITLE_BYTES];
    snprintf(title, sizeof title, "narvaro %s", choice.command->name);
    argv[choice.first] = title;
    return choice.command->run(argc - choice.first, argv + choice.first);
}
