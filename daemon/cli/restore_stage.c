/* The same file is unpacked three times, each time another part of it: so that no part has to cross from one disk to another
 * when it is put in place. */
#include "daemon/cli/restore_stage.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "daemon/cli/backup_file.h"
#include "daemon/cli/backup_work.h"
#include "daemon/cli/restore_plan.h"

#define PREPARED     "restoring"
#define SPARE_BYTES  ((uint64_t)64 * 1024 * 1024) /* that a restore leaves to programs that write meanwhile */
#define FOLDER_MODE  0750                         /* of a database's folder that was lost */
#define WITHOUT_ROOM (PATH_MAX - 64)              /* for the names that are put after a path */

/* What lies beside a database and belongs to it alone. */
static const char *const ENDINGS[] = {"", "-wal", "-shm", "-journal", ".id"};
#define ENDINGS_COUNT (sizeof ENDINGS / sizeof *ENDINGS)

static bool say(char *why, const char *path, const char *what)
{
    snprintf(why, BACKUP_WHY_BYTES, "%s: %s", path, what);
    return false;
}

static void folder_of(const char *path, char folder[PATH_MAX])
{
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    snprintf(folder, PATH_MAX, "%s", dirname(copy));
}

/* As the backup tells them; a machine that has settings must agree. */
bool restore_stage_places(struct restore_stage *stage, const char *settings, char why[BACKUP_WHY_BYTES])
{
    static struct backup_places here;
    char own[PATH_MAX];
    const struct backup_manifest *manifest = stage->manifest;
    for (int part = 0; part < BACKUP_PARTS; part++) {
        if (strlen(manifest->parts[part].path) > WITHOUT_ROOM)
            return say(why, manifest->parts[part].path, "too long a path");
        snprintf(stage->places.path[part], PATH_MAX, "%s", manifest->parts[part].path);
    }
    if (snprintf(own, sizeof own, "%s/narvarod.cfg", settings) >= PATH_MAX)
        return say(why, settings, "too long a path");
    if (access(own, F_OK) != 0)
        snprintf(here.path[BACKUP_SETTINGS], PATH_MAX, "%s", settings);
    else if (!backup_places_read(settings, &here, why))
        return false;
    else if (strcmp(here.school, manifest->school) != 0) {
        snprintf(why, BACKUP_WHY_BYTES, "the backup is of the school %s, and this machine is of the school %s (%s)",
                 manifest->school, here.school, own);
        return false;
    }
    for (int part = 0; part < BACKUP_PARTS; part++)
        if (here.path[part][0] != '\0' && strcmp(here.path[part], stage->places.path[part]) != 0) {
            snprintf(why, BACKUP_WHY_BYTES, "the backup's %s was %s, and this machine's is %s: make them the same",
                     backup_part_name(part), stage->places.path[part], here.path[part]);
            return false;
        }
    return true;
}

/* Who is not root gets what is his own anyway. */
static bool give(const char *path, const struct backup_manifest_part *part, mode_t mode, char *why)
{
    const struct passwd *user = getpwnam(part->owner);
    const struct group *group = getgrnam(part->group);
    if (geteuid() == 0 && (user == NULL || group == NULL)) {
        snprintf(why, BACKUP_WHY_BYTES,
                 "%s belongs to %s:%s, and this machine has no such user or group: install first", path, part->owner,
                 part->group);
        return false;
    }
    bool good = (geteuid() != 0 || chown(path, user->pw_uid, group->gr_gid) == 0) && chmod(path, mode) == 0;
    return good || say(why, path, strerror(errno));
}

/* The folder that a part belongs into is made when it was lost; in it, an empty one for what is prepared. */
static bool make_folder(const struct restore_stage *stage, int part, char *why)
{
    char folder[PATH_MAX];
    folder_of(stage->places.path[part], folder);
    if (part < BACKUP_DATABASES && mkdir(folder, 0700) == 0 &&
        !give(folder, &stage->manifest->parts[part], FOLDER_MODE, why))
        return false;
    return (backup_work_remove(stage->folders[part]) && mkdir(stage->folders[part], 0700) == 0) ||
           say(why, stage->folders[part], strerror(errno));
}

static bool has_room(const struct restore_stage *stage, int part, char *why)
{
    struct statvfs disk;
    if (statvfs(stage->folders[part], &disk) != 0)
        return say(why, stage->folders[part], strerror(errno));
    uint64_t room = (uint64_t)disk.f_bavail * disk.f_frsize, bytes = 0;
    for (int which = 0; which < BACKUP_DATABASES; which++)
        bytes += (uint64_t)backup_manifest_bytes(stage->manifest, (enum backup_database)which);
    if (room >= bytes + SPARE_BYTES)
        return true;
    snprintf(why, BACKUP_WHY_BYTES, "%s: the disk has %llu MB left and the restore needs %llu MB: make room first",
             stage->folders[part], (unsigned long long)(room >> 20), (unsigned long long)((bytes + SPARE_BYTES) >> 20));
    return false;
}

/* With the casebook comes what belongs beside it. */
static bool unpack(const struct restore_stage *stage, int part, char *why)
{
    const char *parts[] = {backup_part_name(part), NULL, NULL};
    if (part == BACKUP_CASEBOOK)
        parts[1] = backup_part_name(BACKUP_AUDIT_KEY);
    return make_folder(stage, part, why) && has_room(stage, part, why) &&
           backup_file_unpack(stage->file, stage->opener, stage->folders[part], parts, why);
}

static bool sync_all(const char *folder, char *why)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && syncfs(fd) == 0;
    if (!good)
        say(why, folder, strerror(errno));
    if (fd >= 0)
        close(fd);
    return good;
}

/* The settings' files have their owners from tar; the parts get theirs by the names in the manifest. */
static bool finish(const struct restore_stage *stage, char *why)
{
    if (!backup_manifest_holds(stage->manifest, &stage->prepared, why))
        return false;
    for (int part = 0; part < BACKUP_PARTS; part++)
        if (!give(stage->prepared.path[part], &stage->manifest->parts[part], stage->manifest->parts[part].mode, why) ||
            !sync_all(stage->folders[part], why))
            return false;
    return true;
}

static void name_folders(struct restore_stage *stage)
{
    char folder[PATH_MAX], prepared[PATH_MAX]; /* not read in the struct that is written: gcc takes the two for one */
    for (int part = 0; part < BACKUP_PARTS; part++) {
        folder_of(stage->places.path[part], folder);
        if (part == BACKUP_SETTINGS)
            snprintf(prepared, PATH_MAX, "%.*s." PREPARED, WITHOUT_ROOM, stage->places.path[part]);
        else
            snprintf(prepared, PATH_MAX, "%.*s/%s." PREPARED ".d", WITHOUT_ROOM, folder,
                     backup_part_name(part == BACKUP_AUDIT_KEY ? BACKUP_CASEBOOK : part));
        strcpy(stage->folders[part], prepared);
        snprintf(stage->prepared.path[part], PATH_MAX, "%.*s/%s", WITHOUT_ROOM, prepared, backup_part_name(part));
    }
}

bool restore_stage_prepare(struct restore_stage *stage, char why[BACKUP_WHY_BYTES])
{
    static const int UNPACKED[] = {BACKUP_SETTINGS, BACKUP_CASEBOOK, BACKUP_ATTENDANCE};
    bool good = true;
    name_folders(stage);
    for (size_t i = 0; good && i < sizeof UNPACKED / sizeof *UNPACKED; i++)
        good = unpack(stage, UNPACKED[i], why);
    good = good && finish(stage, why);
    if (!good)
        restore_stage_remove(stage);
    return good;
}

void restore_stage_remove(const struct restore_stage *stage)
{
    for (int part = 0; part < BACKUP_PARTS; part++)
        backup_work_remove(stage->folders[part]);
}

/* A move whose end is there already would count as done. */
static bool plan_move(json_t *plan, const char *from, const char *to, char *why)
{
    struct stat status;
    if (lstat(to, &status) == 0)
        return say(why, to, "is there already, from a restore in this second: try again");
    restore_plan_move(plan, from, to);
    return true;
}

/* `ending` of the part is moved aside, if it is there, into a folder beside it. */
static bool plan_aside(const struct restore_stage *stage, json_t *plan, int part, const char *ending, char *why)
{
    struct stat status;
    char folder[PATH_MAX], old[PATH_MAX + 16], aside[2 * PATH_MAX];
    snprintf(old, sizeof old, "%s%s", stage->places.path[part], ending);
    if (lstat(old, &status) != 0)
        return true;
    if (part == BACKUP_SETTINGS) {
        snprintf(aside, sizeof aside, "%s.%s", old, stage->stamp);
        return plan_move(plan, old, aside, why);
    }
    folder_of(stage->places.path[part], folder);
    snprintf(aside, sizeof aside, "%s/%s", folder, stage->stamp);
    if (mkdir(aside, 0700) != 0 && errno != EEXIST)
        return say(why, aside, strerror(errno));
    snprintf(aside, sizeof aside, "%s/%s/%s", folder, stage->stamp, strrchr(old, '/') + 1);
    return plan_move(plan, old, aside, why);
}

/* The settings first: where they cannot be moved, which a mount point could not, nothing else was. */
json_t *restore_stage_plan(const struct restore_stage *stage, char why[BACKUP_WHY_BYTES])
{
    json_t *plan = restore_plan_new();
    bool good = plan != NULL || say(why, stage->file, "out of memory");
    for (int part = BACKUP_PARTS - 1; good && part >= 0; part--) {
        size_t endings = part < BACKUP_DATABASES ? ENDINGS_COUNT : 1;
        for (size_t i = 0; good && i < endings; i++)
            good = plan_aside(stage, plan, part, ENDINGS[i], why);
        restore_plan_move(plan, stage->prepared.path[part], stage->places.path[part]);
        restore_plan_leftover(plan, stage->folders[part]);
        if (part < BACKUP_DATABASES)
            restore_plan_database(plan, stage->places.path[part]);
    }
    if (good)
        return plan;
    json_decref(plan);
    return NULL;
}
