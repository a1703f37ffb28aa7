/* `narvaro COMMAND …`: one function and one file for each command, one table that names them (main.c), and what several of
 * them share (command.c).
 *
 * A command gets its own words as argc and argv (argv[0] is "narvaro COMMAND", for messages), reads them (options.h), and
 * returns the program's exit status. */
#ifndef DAEMON_CLI_COMMAND_H
#define DAEMON_CLI_COMMAND_H

#include <stddef.h>

/* ATTENTION: the answer was printed, and something in it needs somebody. */
enum { COMMAND_OK = 0, COMMAND_FAILED = 1, COMMAND_USAGE = 2, COMMAND_ATTENTION = 3 };

struct command {
    const char *name, *summary;
    int (*run)(int argc, char **argv);
};

/* The status of a command that has printed its answer: a failure when it did not reach standard output. */
int command_printed(void);
/* Says "COMMAND: WHY" on standard error and gives COMMAND_FAILED. */
int command_failed(const char *command, const char *why);
/* Of the account that runs the program, for what is kept with who decided it. */
const char *command_own_name(void);

int command_audit(int argc, char **argv);
int command_backtest(int argc, char **argv);
int command_backup(int argc, char **argv);
int command_card(int argc, char **argv);
int command_check_config(int argc, char **argv);
int command_decisions(int argc, char **argv);
int command_erase(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_extract(int argc, char **argv);
int command_flags(int argc, char **argv);
int command_held(int argc, char **argv);
int command_import(int argc, char **argv);
int command_order(int argc, char **argv);
int command_preview(int argc, char **argv);
int command_protect(int argc, char **argv);
int command_restore(int argc, char **argv);
int command_retention(int argc, char **argv);
int command_rollcall(int argc, char **argv);
int command_rules(int argc, char **argv);
int command_setup(int argc, char **argv);
int command_status(int argc, char **argv);
int command_terminal(int argc, char **argv);
int command_tune(int argc, char **argv);
int command_update(int argc, char **argv);
int command_user(int argc, char **argv);

#endif
