/* The settings of the roll call as a file gives them: the group `rollcall` of narvarod.cfg. Pure. */
#ifndef DAEMON_CORE_ROLLCALL_SETTINGS_H
#define DAEMON_CORE_ROLLCALL_SETTINGS_H

#include "common/problems.h"
#include "common/settings.h"
#include "daemon/core/rollcall.h"

/* What the file does not say has its default. Adds what is wrong to `problems`. */
void rollcall_settings_read(const struct settings *settings, struct rollcall_settings *out, struct problems *problems);

#endif
