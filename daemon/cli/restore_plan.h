/* What a restore does to the files that are there, as a list of names to be changed: once it begins it can only be finished, by
 * this process or, after a kill or a power cut, by the next.
 *
 * The list is a file itself, NAME.restoring beside each database (common/dbfile.h), and while one is there no program opens a
 * database. Before the first one is written all is as it was; after the last one is gone all is new. */
#ifndef DAEMON_CLI_RESTORE_PLAN_H
#define DAEMON_CLI_RESTORE_PLAN_H

#include <jansson.h>
#include <stdbool.h>
#include "daemon/cli/backup_database.h"

#define RESTORE_PLAN_BYTES_MAX 262144

enum restored {
    RESTORED,
    RESTORE_NOTHING, /* refused: nothing was moved */
    RESTORE_CUT_OFF, /* failed on the way: the lists are there, and it is to be finished */
};

/* To be freed with json_decref. NULL: no memory. */
json_t *restore_plan_new(void);
/* A database that is put back: its programs are kept out meanwhile. */
void restore_plan_database(json_t *plan, const char *path);
/* `from` is at `to` afterwards, where nothing is before. In the order in which they are added. */
void restore_plan_move(json_t *plan, const char *from, const char *to);
/* A folder that is removed at the end. */
void restore_plan_leftover(json_t *plan, const char *folder);

/* The list that a restore which was cut off left. NULL: *why says why. */
json_t *restore_plan_read(const char *path, char why[BACKUP_WHY_BYTES]);
enum restored restore_plan_do(const json_t *plan, char why[BACKUP_WHY_BYTES]);
/* After RESTORE_NOTHING of a list that was never begun: takes away what was prepared. */
void restore_plan_drop(const json_t *plan);

#endif
