/* The two databases as a backup has them: copied while their programs write, looked through as a whole, described. */
#ifndef DAEMON_CLI_BACKUP_DATABASE_H
#define DAEMON_CLI_BACKUP_DATABASE_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#define BACKUP_WHY_BYTES (2 * PATH_MAX + 512)

enum backup_database { BACKUP_ATTENDANCE, BACKUP_CASEBOOK, BACKUP_DATABASES };

/* Copies the database at `from` as of one moment into the new file `to`, whoever writes it meanwhile. The copy has no identity
 * (common/dbfile.h), so that its program takes it as its first one where no NAME.id lies. False: *why says why. */
bool backup_database_copy(const char *from, const char *to, char why[BACKUP_WHY_BYTES]);
/* Reads all of the file and its indices. { "version": N, "bytes": N, "latest_ms": N, "rows": { TABLE: N, … } }, to be freed; latest_ms as
 * backup_database_latest. NULL: damaged, of another kind, or of a version that this program does not know; *why says so. */
json_t *backup_database_told(enum backup_database which, const char *path, char why[BACKUP_WHY_BYTES]);
/* When its latest check-in was received, or the last row of its log written; 0: never. False: it cannot be read. */
bool backup_database_latest(enum backup_database which, const char *path, int64_t *latest_ms);
/* Whether a pupil with protected identity is in this attendance database, or was and is still held. */
bool backup_database_protects(const char *path, bool *protects, char why[BACKUP_WHY_BYTES]);

#endif
