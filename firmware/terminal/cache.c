/* One file a topic. A new version is written beside the old one, synced and renamed. The folder itself is not
 * synced: after a power cut an older message may be there, and the broker sends the newest again. */
#include "firmware/terminal/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".json"

/* The file's name is the topic with '_' for '/': ids hold neither '_' nor '.', so the topic can be read back from
 * it. */
static bool file_name(const char *folder, const char *topic, char out[PATH_MAX])
{
    int length = snprintf(out, PATH_MAX, "%s/", folder);
    if (length < 0 || length >= PATH_MAX)
        return false;
    size_t start = (size_t)length;
    length = snprintf(out + start, PATH_MAX - start, "%s" SUFFIX, topic);
    if (length < 0 || (size_t)length >= PATH_MAX - start || strpbrk(topic, "_.") != NULL)
        return false;
    for (char *at = out + start; *at; at++)
        if (*at == '/')
            *at = '_';
    return true;
}

static bool topic_name(const char *file, char *out, size_t capacity)
{
    size_t length = strlen(file);
    if (length <= sizeof SUFFIX - 1 || length - (sizeof SUFFIX - 1) >= capacity ||
        strcmp(file + length - (sizeof SUFFIX - 1), SUFFIX) != 0)
        return false;
    length -= sizeof SUFFIX - 1;
    for (size_t i = 0; i < length; i++)
        out[i] = file[i] == '_' ? '/' : file[i];
    out[length] = '\0';
    return true;
}

/* Every reconnection brings all messages again, and rewriting them would wear the flash. */
static bool holds_already(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return false;
    bool same = true;
    for (size_t at = 0; at < length && same; at++)
        same = fgetc(file) == (unsigned char)bytes[at];
    same = same && fgetc(file) == EOF;
    fclose(file);
    return same;
}

static bool write_synced(const char *path, const char *bytes, size_t length)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool written = write(fd, bytes, length) == (ssize_t)length && fdatasync(fd) == 0;
    int why = errno;
    close(fd);
    errno = why;
    return written;
}

bool cache_keep(const char *folder, const char *topic, const char *bytes, size_t length)
{
    char path[PATH_MAX], fresh[PATH_MAX + 4];
    if (!file_name(folder, topic, path)) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (length == 0)
        return unlink(path) == 0 || errno == ENOENT;
    if (holds_already(path, bytes, length))
        return true;
    snprintf(fresh, sizeof fresh, "%s.new", path);
    return write_synced(fresh, bytes, length) && rename(fresh, path) == 0;
}

bool cache_recall(const char *folder, char *buffer, size_t capacity, cache_visit *visit, void *context)
{
    DIR *listing = opendir(folder);
    if (listing == NULL)
        return false;
    for (const struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing)) {
        char topic[NAME_MAX + 1];
        if (!topic_name(entry->d_name, topic, sizeof topic))
            continue;
        int fd = openat(dirfd(listing), entry->d_name, O_RDONLY | O_CLOEXEC);
        ssize_t length = fd < 0 ? -1 : read(fd, buffer, capacity);
        if (fd >= 0)
            close(fd);
        if (length > 0 && (size_t)length < capacity)
            visit(context, topic, buffer, (size_t)length);
    }
    closedir(listing);
    return true;
}
