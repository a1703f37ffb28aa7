/* What is done over the control socket leaves a row in the dashboard's audit log, whoever asked: the dashboard writes its own and
 * says so ("logged":true); of anybody else the daemon keeps the act, which the dashboard takes over. */
#ifndef DAEMON_ACTS_H
#define DAEMON_ACTS_H

#include <jansson.h>
#include "daemon/daemon.h"

/* Into the open transaction. The words of docs/dashboard.md; `object` may be NULL: no memory. False: nothing was written. */
bool acts_keep(struct daemon *daemon, const json_t *request, const char *action, const char *object);

#endif
