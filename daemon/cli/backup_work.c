/* The lock is flock(2) on a file beside the folder, which the kernel frees however the process ends. */
#include "daemon/cli/backup_work.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define OPEN_FOLDERS 16

static bool say(char *why, const char *path, const char *what)
{
    snprintf(why, BACKUP_WHY_BYTES, "%s: %s", path, what);
    return false;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status;
    (void)kind;
    (void)at;
    return remove(path);
}

bool backup_work_remove(const char *folder)
{
    return nftw(folder, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) == 0 || errno == ENOENT;
}

bool backup_work_begin(struct backup_work *work, const char *path, char why[BACKUP_WHY_BYTES])
{
    char name[PATH_MAX];
    *work = (struct backup_work){.lock = -1};
    if (snprintf(name, sizeof name, "%s/lock", path) >= (int)sizeof name ||
        snprintf(work->folder, sizeof work->folder, "%s/unfinished", path) >= (int)sizeof work->folder)
        return say(why, path, "too long a path");
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return say(why, path, strerror(errno));
    work->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (work->lock < 0)
        return say(why, name, strerror(errno));
    if (flock(work->lock, LOCK_EX | LOCK_NB) != 0) {
        int error = errno;
        close(work->lock);
        work->lock = -1;
        return say(why, path, error == EWOULDBLOCK ? "another backup or restore is at work there" : strerror(error));
    }
    return backup_work_empty(work, why);
}

bool backup_work_empty(struct backup_work *work, char why[BACKUP_WHY_BYTES])
{
    return (backup_work_remove(work->folder) && mkdir(work->folder, 0700) == 0) ||
           say(why, work->folder, strerror(errno));
}

void backup_work_end(struct backup_work *work)
{
    if (work->lock < 0)
        return;
    backup_work_remove(work->folder);
    close(work->lock);
    work->lock = -1;
}
