/* All school files of a folder are opened before the first is read; one that cannot be opened refuses the folder. */
#include "daemon/cli/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "common/filebytes.h"

static bool tell(const char *folder, const char *name, const char *why)
{
    fprintf(stderr, "narvaro: %s/%s: %s\n", folder, name, why);
    return false;
}

bool folder_open(struct folder *folder, const char *path)
{
    *folder = (struct folder){.path = path};
    for (int i = 0; i < SCHOOLFILES; i++)
        folder->fds[i] = -1;
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return tell(path, "", strerror(errno));
    bool good = true;
    int found = 0;
    for (int i = 0; i < SCHOOLFILES && good; i++) {
        const char *name = schoolfiles_name((enum schoolfile)i);
        folder->fds[i] = openat(directory, name, O_RDONLY | O_CLOEXEC);
        found += folder->fds[i] >= 0;
        if (folder->fds[i] < 0 && errno != ENOENT)
            good = tell(path, name, strerror(errno));
    }
    close(directory);
    if (good && found == 0)
        good = tell(path, "", "no school file here (pupils.csv, lessons.csv …; see docs/school-files.md)");
    if (!good)
        folder_close(folder);
    return good;
}

bool folder_read(struct folder *folder, struct schoolfiles *files)
{
    for (int i = 0; i < SCHOOLFILES; i++) {
        size_t length = 0;
        if (folder->fds[i] < 0)
            continue;
        const char *name = schoolfiles_name((enum schoolfile)i);
        if (!filebytes_read(folder->fds[i], SCHOOLFILES_BYTES_MAX, &folder->bytes[i], &length) ||
            !schoolfiles_read(files, (enum schoolfile)i, folder->bytes[i], length))
            return tell(folder->path, name, strerror(errno));
    }
    return true;
}

void folder_close(struct folder *folder)
{
    for (int i = 0; i < SCHOOLFILES; i++) {
        if (folder->fds[i] >= 0)
            close(folder->fds[i]);
        free(folder->bytes[i]);
        folder->fds[i] = -1;
        folder->bytes[i] = NULL;
    }
}
