#include "daemon/cli/lessons.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file's bytes, ours to change without changing the file; NULL when it cannot be read. */
static char *map_file(const char *path, size_t *length)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return NULL;
    struct stat status;
    char *bytes = NULL;
    if (fstat(file, &status) == 0) {
        *length = (size_t)status.st_size;
        bytes = mmap(NULL, *length, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
        if (bytes == MAP_FAILED)
            bytes = NULL;
    }
    close(file);
    return bytes;
}

void lessons_read(struct attendance *attendance, const char *path, struct problems *problems)
{
    size_t length = 0;
    char *bytes = map_file(path, &length);
    if (bytes == NULL) {
        problems_add(problems, path, 0, "cannot be read: %s", strerror(errno));
        return;
    }
    madvise(bytes, length, MADV_SEQUENTIAL);
    attendance_read(attendance, path, bytes, length, problems);
    munmap(bytes, length);
}

bool lessons_open(struct attendance *attendance, char *const *paths, int path_count, struct problems *problems)
{
    int before = problems->count;
    if (!attendance_open(attendance)) {
        problems_add(problems, "attendance", 0, "no memory");
        return false;
    }
    for (int i = 0; i < path_count; i++)
        lessons_read(attendance, paths[i], problems);
    if (problems->count > before)
        return false;
    if (attendance_sort(attendance))
        return attendance_check(attendance, problems);
    problems_add(problems, "attendance", 0, "no memory");
    return false;
}
