/* Reads the table of routes and programmes from its text (config/support.cfg explains each key). Pure. */
#ifndef DAEMON_CORE_SUPPORT_ROUTESFILE_H
#define DAEMON_CORE_SUPPORT_ROUTESFILE_H

#include "common/problems.h"
#include "daemon/core/support/routes.h"

#define SUPPORTFILE_BYTES_MAX (1024 * 1024)

/* Tells everything that is wrong at once, with file, line and key; of a row with unknown or missing keys only these. `support` is
 * whole when it returns true; otherwise nothing of it may be used. `name` stands for the file in what is told. */
bool supportfile_read(const char *name, const char *text, struct support *support, struct problems *problems);

#endif
