/* rename(2) alone, which is whole or not at all. Where something is at its end already it was done before. */
#include "daemon/cli/restore_plan.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "common/dbfile.h"
#include "common/filebytes.h"
#include "common/newfile.h"
#include "daemon/cli/backup_work.h"

static bool say(char *why, const char *path, const char *what)
{
    snprintf(why, BACKUP_WHY_BYTES, "%s: %s", path, what);
    return false;
}

json_t *restore_plan_new(void)
{
    return json_pack("{s:[], s:[], s:[]}", "databases", "moves", "leftovers");
}

void restore_plan_database(json_t *plan, const char *path)
{
    json_array_append_new(json_object_get(plan, "databases"), json_string(path));
}

void restore_plan_move(json_t *plan, const char *from, const char *to)
{
    json_array_append_new(json_object_get(plan, "moves"), json_pack("[s, s]", from, to));
}

void restore_plan_leftover(json_t *plan, const char *folder)
{
    json_array_append_new(json_object_get(plan, "leftovers"), json_string(folder));
}

json_t *restore_plan_read(const char *path, char why[BACKUP_WHY_BYTES])
{
    char *text = filebytes_text(path, RESTORE_PLAN_BYTES_MAX);
    if (text == NULL) {
        say(why, path, strerror(errno));
        return NULL;
    }
    json_t *plan = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    free(text);
    bool good = json_is_array(json_object_get(plan, "databases")) && json_is_array(json_object_get(plan, "moves")) &&
                json_is_array(json_object_get(plan, "leftovers"));
    if (good)
        return plan;
    say(why, path, "not what a restore leaves that was cut off");
    json_decref(plan);
    return NULL;
}

static bool sync_folder_of(const char *path)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    int fd = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

static bool mark_name(const json_t *database, char name[PATH_MAX])
{
    return snprintf(name, PATH_MAX, "%s" DBFILE_RESTORING, json_string_value(database)) < PATH_MAX;
}

static bool mark(const json_t *plan, char *why)
{
    size_t i;
    const json_t *database;
    char name[PATH_MAX], *text = json_dumps(plan, JSON_INDENT(1));
    bool good = text != NULL;
    json_array_foreach(json_object_get(plan, "databases"), i, database) {
        if (good && (!mark_name(database, name) || !newfile_replace(name, text, strlen(text), 0644)))
            good = say(why, name, strerror(errno));
    }
    free(text);
    return good;
}

static void unmark(const json_t *plan)
{
    size_t i;
    const json_t *database;
    char name[PATH_MAX];
    json_array_foreach(json_object_get(plan, "databases"), i, database) {
        if (mark_name(database, name) && unlink(name) == 0)
            sync_folder_of(name);
    }
}

static bool nobody_has_them(const json_t *plan, char *why)
{
    size_t i;
    const json_t *database;
    json_array_foreach(json_object_get(plan, "databases"), i, database) {
        pid_t holder = dbfile_holder(json_string_value(database));
        if (holder != 0) {
            snprintf(why, BACKUP_WHY_BYTES, "process %ld has %s open: stop it first", (long)holder,
                     json_string_value(database));
            return false;
        }
    }
    return true;
}

static bool move(const json_t *one, char *why)
{
    const char *from = json_string_value(json_array_get(one, 0)), *to = json_string_value(json_array_get(one, 1));
    struct stat status;
    if (from == NULL || to == NULL)
        return say(why, "the list", "not what a restore leaves that was cut off");
    bool done = lstat(to, &status) == 0;
    if (!done && renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) != 0)
        return say(why, from, strerror(errno));
    return ((done || sync_folder_of(from)) && sync_folder_of(to)) || say(why, to, strerror(errno));
}

static bool move_all(const json_t *plan, char *why)
{
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(plan, "moves"), i, one) {
        if (!move(one, why))
            return false;
    }
    return true;
}

static void remove_leftovers(const json_t *plan)
{
    size_t i;
    const json_t *folder;
    json_array_foreach(json_object_get(plan, "leftovers"), i, folder) {
        backup_work_remove(json_string_value(folder));
    }
}

enum restored restore_plan_do(const json_t *plan, char why[BACKUP_WHY_BYTES])
{
    if (!mark(plan, why) || !nobody_has_them(plan, why))
        return RESTORE_NOTHING;
    if (!move_all(plan, why))
        return RESTORE_CUT_OFF;
    remove_leftovers(plan);
    unmark(plan);
    return RESTORED;
}

void restore_plan_drop(const json_t *plan)
{
    remove_leftovers(plan);
    unmark(plan);
}
