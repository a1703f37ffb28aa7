/* The flash operations on a file. Programming does not enforce that bits only change from one to zero: the journal
 * never needs more (firmware/core/flash.h). */
#include "firmware/terminal/flashfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool file_read(void *device, uint32_t offset, void *bytes, size_t length)
{
    const struct flashfile *file = device;
    return pread(file->fd, bytes, length, (off_t)offset) == (ssize_t)length;
}

static bool file_program(void *device, uint32_t offset, const void *bytes, size_t length)
{
    struct flashfile *file = device;
    return !file->failed && pwrite(file->fd, bytes, length, (off_t)offset) == (ssize_t)length;
}

static bool file_erase(void *device, uint32_t sector)
{
    uint8_t blank[FLASH_SECTOR_BYTES];
    memset(blank, 0xff, sizeof blank);
    return file_program(device, sector * FLASH_SECTOR_BYTES, blank, sizeof blank);
}

static bool file_sync(void *device)
{
    struct flashfile *file = device;
    file->failed = file->failed || fdatasync(file->fd) != 0;
    return !file->failed;
}

/* The new file's name must survive a power cut as well as its bytes. */
static bool sync_folder(const char *path)
{
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return false;
    bool synced = fsync(folder) == 0;
    close(folder);
    return synced;
}

/* Writes 0xff over the whole length: allocates every block, and what is there is not a journal. */
static bool fill(struct flashfile *file, const char *path, uint32_t sector_count)
{
    for (uint32_t sector = 0; sector < sector_count; sector++)
        if (!file_erase(file, sector))
            return false;
    return fsync(file->fd) == 0 && sync_folder(path);
}

/* The lock comes first: a second terminal must not fill a file that the first has just created. */
static bool prepare(struct flashfile *file, const char *path, uint32_t sector_count)
{
    struct stat status;
    if (flock(file->fd, LOCK_EX | LOCK_NB) != 0 || fstat(file->fd, &status) != 0)
        return false;
    if (status.st_size == 0)
        return fill(file, path, sector_count);
    if (status.st_size == (off_t)sector_count * FLASH_SECTOR_BYTES)
        return true;
    errno = EFBIG;
    return false;
}

bool flashfile_open(struct flashfile *file, const char *path, uint32_t sector_count, struct flash *out)
{
    *file = (struct flashfile){.fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (file->fd < 0)
        return false;
    if (!prepare(file, path, sector_count)) {
        int why = errno;
        close(file->fd);
        errno = why;
        return false;
    }
    *out = (struct flash){.read = file_read,
                          .program = file_program,
                          .erase = file_erase,
                          .sync = file_sync,
                          .device = file,
                          .sector_count = sector_count};
    return true;
}

void flashfile_close(struct flashfile *file)
{
    close(file->fd);
}
