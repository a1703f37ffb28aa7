/* The manifest of a backup: which school's it is, when and by which program it was made, and of each part where it belongs,
 * whose it is and, of a database, its version, its rows and its latest moment.
 *
 *   { "format": 1, "made": UTC, "program": VERSION, "school": ID,
 *     "parts": { NAME: { "path": PATH, "owner": USER, "group": GROUP, "mode": N, "told": of a database }, … } } */
#ifndef DAEMON_CLI_BACKUP_MANIFEST_H
#define DAEMON_CLI_BACKUP_MANIFEST_H

#include <sys/types.h>
#include "common/civil.h"
#include "daemon/cli/backup_places.h"

struct backup_manifest {
    json_t *json; /* the texts are its */
    const char *school, *made, *program;
    struct backup_manifest_part {
        const char *path, *owner, *group;
        mode_t mode;
        const json_t *told; /* of a database */
    } parts[BACKUP_PARTS];
};

/* Of the places and of the copies of the databases in `folder`. NULL: *why says why. */
json_t *backup_manifest_make(const struct backup_places *places, const char *folder, char why[BACKUP_WHY_BYTES]);
/* Takes `json` over. False: it is not such a manifest; *why says what is wrong. To be freed in either case. */
bool backup_manifest_read(struct backup_manifest *manifest, json_t *json, char why[BACKUP_WHY_BYTES]);
void backup_manifest_free(struct backup_manifest *manifest);
/* Whether what was unpacked to these places is what the manifest tells, each database looked through. */
bool backup_manifest_holds(const struct backup_manifest *manifest, const struct backup_places *unpacked,
                           char why[BACKUP_WHY_BYTES]);
/* Says on standard output what it tells. */
void backup_manifest_print(const struct backup_manifest *manifest);
/* Of a part that is a database; latest_ms is 0 when nothing ever came. */
json_int_t backup_manifest_version(const struct backup_manifest *manifest, enum backup_database which);
json_int_t backup_manifest_bytes(const struct backup_manifest *manifest, enum backup_database which);
json_int_t backup_manifest_rows(const struct backup_manifest *manifest, enum backup_database which);
json_int_t backup_manifest_latest_ms(const struct backup_manifest *manifest, enum backup_database which);

#endif
