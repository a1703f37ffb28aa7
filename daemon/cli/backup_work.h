/* A folder to work in, of root alone: copies of databases lie there in clear for a moment, so it must be on the machine's own
 * storage. One backup or restore at a time has it. */
#ifndef DAEMON_CLI_BACKUP_WORK_H
#define DAEMON_CLI_BACKUP_WORK_H

#include "daemon/cli/backup_database.h"

#define BACKUP_FOLDER "/var/lib/narvaro-backup"

struct backup_work {
    char folder[PATH_MAX]; /* empty, mode 0700, gone at the end */
    int lock;
};

/* Makes `path` if it is not there, and an empty folder in it; what a run that was cut off left is removed. False: *why says
 * why. */
bool backup_work_begin(struct backup_work *work, const char *path, char why[BACKUP_WHY_BYTES]);
/* Empties it again. */
bool backup_work_empty(struct backup_work *work, char why[BACKUP_WHY_BYTES]);
void backup_work_end(struct backup_work *work);
/* A folder and all that is in it; nothing when it is not there. False with errno set. */
bool backup_work_remove(const char *folder);

#endif
