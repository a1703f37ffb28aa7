/* The services of this machine, through systemctl. */
#ifndef DAEMON_CLI_SERVICES_H
#define DAEMON_CLI_SERVICES_H

#include <stdbool.h>

#define SERVICES_BROKER "narvaro-broker.service"
#define SERVICES_DAEMON "narvarod.service"
#define SERVICES_FRONT  "nginx.service"

bool services_are_there(void); /* whether systemd runs this machine */
/* `verb` (restart, try-restart, …) for the unit. False after saying on standard error, as `command` ("narvaro terminal"), what
 * to do by hand, and why: `until` ends that sentence. */
bool services_ask(const char *command, const char *verb, const char *unit, const char *until);

#endif
