/* The services that a restore takes the files from, by systemctl where systemd runs and the settings are those of its units. */
#ifndef DAEMON_CLI_RESTORE_SERVICES_H
#define DAEMON_CLI_RESTORE_SERVICES_H

#include <stdbool.h>

bool restore_services_are_ours(const char *settings);
/* False after systemctl said why. */
bool restore_services_stop(void);
/* The broker anew, for its keys and lists were put back too; narvarod's start waits until it is ready. */
bool restore_services_start(void);

#endif
