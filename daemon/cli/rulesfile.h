/* A rules file that is to be sent to the daemon. */
#ifndef DAEMON_CLI_RULESFILE_H
#define DAEMON_CLI_RULESFILE_H

#include "common/local.h"

#define RULESFILE_BYTES_MAX (LOCAL_REQUEST_BYTES / 2) /* as JSON it grows, and must fit one request */

/* Its text, when it holds rules; NULL after saying everything that is wrong on standard error. Freed by the caller. */
char *rulesfile_text(const char *path);

#endif
