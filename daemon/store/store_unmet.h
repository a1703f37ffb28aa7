/* What of a school does not meet, so that an import can tell it before anything is stored: lessons without members, rooms
 * without a terminal, the same lesson under two ids. */
#ifndef DAEMON_STORE_UNMET_H
#define DAEMON_STORE_UNMET_H

#include "daemon/store/store_import.h"

/* Tells each thing by its name; as known in the open transaction. */
void store_unmet(const struct store_import *import);

#endif
