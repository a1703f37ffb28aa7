/* Reads rules for a command, checked by the same parser as the daemon's. */
#include "daemon/cli/rulesfile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/filebytes.h"

bool rulesfile_read(const char *path, struct rules *rules, struct problems *problems)
{
    char *text = filebytes_text(path, RULES_BYTES_MAX);
    if (text == NULL)
        problems_add(problems, path, 0, "cannot be read: %s", strerror(errno));
    bool read = text != NULL && rules_read_text(path, text, rules, problems);
    free(text);
    return read;
}

char *rulesfile_text(const char *path)
{
    static struct rules rules;
    static struct problems problems;
    char *text = filebytes_text(path, RULESFILE_BYTES_MAX);
    if (text == NULL)
        fprintf(stderr, "narvaro: %s: %s\n", path, strerror(errno));
    if (text == NULL || rules_read_text(path, text, &rules, &problems))
        return text;
    problems_print(&problems, stderr);
    free(text);
    return NULL;
}
