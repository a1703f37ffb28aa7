/* Reads the whole file into memory, as attendance_csv_read takes it. */
#include "daemon/cli/lessons.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/filebytes.h"

#define FILE_BYTES_MAX (UINT64_C(1) << 36) /* all of Sweden in a year is 80 GB of rows */

void lessons_read(struct attendance_csv *attendance, const char *path, struct problems *problems)
{
    size_t length;
    char *bytes;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || !filebytes_read_any(file, FILE_BYTES_MAX, &bytes, &length)) {
        problems_add(problems, path, 0, "cannot be read: %s", strerror(errno));
    } else {
        attendance_csv_read(attendance, path, bytes, length, problems);
        free(bytes);
    }
    if (file >= 0)
        close(file);
}

bool lessons_open(struct attendance_csv *attendance, const char *const *paths, int path_count,
                  struct problems *problems)
{
    int before = problems->count;
    if (!attendance_csv_open(attendance)) {
        problems_add(problems, "attendance", 0, "out of memory");
        return false;
    }
    for (int i = 0; i < path_count; i++)
        lessons_read(attendance, paths[i], problems);
    if (problems->count > before)
        return false;
    if (attendance_csv_sort(attendance))
        return attendance_csv_check(attendance, problems);
    problems_add(problems, "attendance", 0, "out of memory");
    return false;
}
