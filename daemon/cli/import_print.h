/* What an import tells (daemon/commands/import.h), for a person at the command line. */
#ifndef DAEMON_CLI_IMPORT_PRINT_H
#define DAEMON_CLI_IMPORT_PRINT_H

#include <jansson.h>

void import_print(const json_t *answer);

#endif
