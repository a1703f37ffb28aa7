/* A backup as a file: one tar file of gzip, sealed to a public key (sealed.h) or as it is. */
#ifndef DAEMON_CLI_BACKUP_FILE_H
#define DAEMON_CLI_BACKUP_FILE_H

#include "daemon/cli/backup_database.h"
#include "daemon/cli/sealed.h"

#define BACKUP_MANIFEST           "manifest.json"
#define BACKUP_MANIFEST_BYTES_MAX 65536

/* Writes the backup to the new file `path`, mode 0600, and syncs it: from `folder` the manifest and the parts that are files,
 * and all of the folder `settings`. `public_key` NULL: not sealed. *opener opens it while this process lives. False: *why says
 * why, and the file is not to be used. */
bool backup_file_write(const char *path, const char *folder, const char *settings, const uint8_t *public_key,
                       struct sealed_opener *opener, char why[BACKUP_WHY_BYTES]);
/* Reads the file to its end and gives its manifest, to be freed; nothing is written. `opener` NULL: there is no key. NULL: not
 * whole, not openable, no backup; *why says which. */
json_t *backup_file_manifest(const char *path, const struct sealed_opener *opener, char why[BACKUP_WHY_BYTES]);
/* Unpacks the parts of these names (ended by NULL; none: all that is in it) into `folder`; root gives each file the owner of the
 * same name. */
bool backup_file_unpack(const char *path, const struct sealed_opener *opener, const char *folder,
                        const char *const *parts, char why[BACKUP_WHY_BYTES]);

#endif
