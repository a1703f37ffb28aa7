/* What a restore prepares beside what is there, touching none of it: each part unpacked in the folder, and so on the disk, where it
 * belongs, looked through, with its owner and mode. */
#ifndef DAEMON_CLI_RESTORE_STAGE_H
#define DAEMON_CLI_RESTORE_STAGE_H

#include "daemon/cli/backup_manifest.h"
#include "daemon/cli/sealed.h"

#define RESTORE_STAMP_BYTES 32

struct restore_stage {
    const char *file;
    const struct sealed_opener *opener; /* NULL: there is no key */
    const struct backup_manifest *manifest;
    struct backup_places places;   /* where the parts belong */
    struct backup_places prepared; /* where they are until then */
    char folders[BACKUP_PARTS][PATH_MAX];
    char stamp[RESTORE_STAMP_BYTES]; /* of the names under which the old ones stay: "replaced-20261130T235500" */
};

/* `settings`: the folder on this machine. False: the machine's own settings do not fit this backup; *why says why. */
bool restore_stage_places(struct restore_stage *stage, const char *settings, char why[BACKUP_WHY_BYTES]);
/* False: nothing is left of it, and *why says why. */
bool restore_stage_prepare(struct restore_stage *stage, char why[BACKUP_WHY_BYTES]);
void restore_stage_remove(const struct restore_stage *stage);
/* What is to be done from there (restore_plan.h); makes the folders for what is there now. NULL: *why says why. */
json_t *restore_stage_plan(const struct restore_stage *stage, char why[BACKUP_WHY_BYTES]);

#endif
