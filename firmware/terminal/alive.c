/* A line of fixed length, overwritten in place: one small write a minute, and a torn one is recognised by its form. */
#include "firmware/terminal/alive.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_CHARS 14 /* thirteen digits, milliseconds until the year 2286, and a newline */

static int open_line(const char *folder, int flags)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/alive", folder);
    return length < 0 || length >= PATH_MAX ? -1 : open(path, flags | O_CLOEXEC, 0600);
}

int64_t alive_read(const char *folder)
{
    char line[LINE_CHARS + 1] = "";
    int fd = open_line(folder, O_RDONLY);
    if (fd < 0)
        return 0;
    bool whole = read(fd, line, LINE_CHARS) == LINE_CHARS && strspn(line, "0123456789") == LINE_CHARS - 1;
    close(fd);
    return whole ? strtoll(line, NULL, 10) : 0;
}

void alive_write(const char *folder, int64_t utc_ms)
{
    char line[LINE_CHARS + 8];
    int fd = open_line(folder, O_WRONLY | O_CREAT);
    if (fd < 0)
        return;
    int length = snprintf(line, sizeof line, "%013lld\n", (long long)utc_ms);
    ssize_t written = pwrite(fd, line, (size_t)length, 0);
    (void)written; /* see the header: a failure costs only precision */
    close(fd);
}
