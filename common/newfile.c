/* The new file is PATH.new in the same folder, so that rename(2) can put it in place in one step. */
#include "common/newfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".new"

static int open_folder(const char *path)
{
    char folder[PATH_MAX] = ".";
    const char *slash = strrchr(path, '/');
    if (slash != NULL)
        snprintf(folder, sizeof folder, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes += n;
        length -= (size_t)n;
    }
    return true;
}

/* Does nothing unless we are root. */
static bool chown_to_folder_owner(int fd, int folder)
{
    struct stat status;
    return geteuid() != 0 || (fstat(folder, &status) == 0 && fchown(fd, status.st_uid, status.st_gid) == 0);
}

/* The mode is widened last: until the file belongs to the right user only we may read it. */
static bool fill(const char *fresh, int folder, const void *bytes, size_t length, mode_t mode)
{
    unlink(fresh); /* left by a run that was cut short */
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool good =
        write_all(fd, bytes, length) && chown_to_folder_owner(fd, folder) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
    int why = errno;
    close(fd);
    errno = why;
    return good;
}

static bool put(const char *path, const void *bytes, size_t length, mode_t mode, unsigned flags)
{
    char fresh[PATH_MAX];
    if ((size_t)snprintf(fresh, sizeof fresh, "%s" SUFFIX, path) >= sizeof fresh) {
        errno = ENAMETOOLONG;
        return false;
    }
    int folder = open_folder(path);
    if (folder < 0)
        return false;
    bool good = fill(fresh, folder, bytes, length, mode) && renameat2(AT_FDCWD, fresh, AT_FDCWD, path, flags) == 0;
    int why = errno;
    if (good)
        fsync(folder); /* its failure is not reported, because false means that nothing has changed */
    else
        unlink(fresh);
    close(folder);
    errno = why;
    return good;
}

bool newfile_replace(const char *path, const void *bytes, size_t length, mode_t mode)
{
    return put(path, bytes, length, mode, 0);
}

bool newfile_create(const char *path, const void *bytes, size_t length, mode_t mode)
{
    return put(path, bytes, length, mode, RENAME_NOREPLACE);
}
