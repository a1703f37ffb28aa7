#include "daemon/cli/rulesfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/filebytes.h"
#include "daemon/core/detect/rules.h"

char *rulesfile_text(const char *path)
{
    static struct rules rules;
    static struct problems problems;
    char *text = NULL;
    size_t length = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || !filebytes_read_any(fd, RULESFILE_BYTES_MAX, &text, &length)) {
        fprintf(stderr, "narvaro: %s: %s\n", path, strerror(errno));
    } else {
        char *terminated = strndup(text, length);
        free(text);
        text = terminated;
    }
    if (fd >= 0)
        close(fd);
    if (text == NULL || rules_read_text(path, text, &rules, &problems))
        return text;
    problems_print(&problems, stderr);
    free(text);
    return NULL;
}
