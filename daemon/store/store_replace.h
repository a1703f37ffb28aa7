/* What a file does not have: told by name, or, in a time that the file owns, ended. */
#ifndef DAEMON_STORE_REPLACE_H
#define DAEMON_STORE_REPLACE_H

#include "daemon/store/store_keeping.h"

/* After the file's rows are in; of lessons, members and absences. False when there is no memory. */
bool store_replace(struct file_work *work, const struct schoolfiles *files);

#endif
