/* What belongs to a school's machine, and where it is: the settings say. */
#ifndef DAEMON_CLI_BACKUP_PLACES_H
#define DAEMON_CLI_BACKUP_PLACES_H

#include <limits.h>
#include <stdbool.h>
#include "common/ids.h"
#include "daemon/cli/backup_database.h"

#define BACKUP_SETTINGS_FOLDER "/etc/narvaro"

/* The first ones are the databases. The settings are a folder, with all that is in it: keys and the authority too. */
enum backup_part { BACKUP_AUDIT_KEY = BACKUP_DATABASES, BACKUP_SETTINGS, BACKUP_PARTS };

struct backup_places {
    char school[ID_BYTES];
    char path[BACKUP_PARTS][PATH_MAX];
};

/* Its name in a backup: attendance.db, casebook.db, audit.key, settings. */
const char *backup_part_name(int part);

/* The parts where a backup is unpacked into one folder, whose path is so short that they fit: PATH_MAX - 32. */
void backup_places_in(const char *folder, struct backup_places *places);
/* By narvarod.cfg and narvaro-web.cfg in `folder`. False: *why says why; also when a file that they name lies elsewhere, for a
 * backup would not have it. */
bool backup_places_read(const char *folder, struct backup_places *places, char why[BACKUP_WHY_BYTES]);

#endif
