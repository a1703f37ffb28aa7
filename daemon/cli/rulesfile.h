/* Rules files, for the subcommands. */
#ifndef DAEMON_CLI_RULESFILE_H
#define DAEMON_CLI_RULESFILE_H

#include "common/local.h"
#include "daemon/core/detect/rules.h"

#define RULESFILE_BYTES_MAX (LOCAL_REQUEST_BYTES / 2) /* as JSON it grows, and must fit one request */

/* Reads the rules of a file; "-" is standard input. False after adding everything that is wrong to `problems`. */
bool rulesfile_read(const char *path, struct rules *rules, struct problems *problems);
/* The same for rules that are to be in force (rules_read_wanted). */
bool rulesfile_read_wanted(const char *path, struct rules *rules, struct problems *problems);
/* The text of a file that is to be sent to the daemon, when it holds rules; NULL after saying everything that is wrong on
 * standard error. Freed by the caller. */
char *rulesfile_text(const char *path);
char *rulesfile_text_wanted(const char *path);

#endif
