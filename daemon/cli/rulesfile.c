/* Reads rules for a command, checked by the same parser as the daemon's. */
#include "daemon/cli/rulesfile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/filebytes.h"

typedef bool reader(const char *name, const char *text, struct rules *rules, struct problems *problems);

static bool read_file(const char *path, reader *reads, struct rules *rules, struct problems *problems)
{
    char *text = filebytes_text_or_say(path, RULES_BYTES_MAX, problems);
    bool read = text != NULL && reads(path, text, rules, problems);
    free(text);
    return read;
}

bool rulesfile_read(const char *path, struct rules *rules, struct problems *problems)
{
    return read_file(path, rules_read_text, rules, problems);
}

bool rulesfile_read_wanted(const char *path, struct rules *rules, struct problems *problems)
{
    return read_file(path, rules_read_wanted, rules, problems);
}

static char *checked_text(const char *path, reader *reads)
{
    static struct rules rules;
    static struct problems problems;
    char *text = filebytes_text(path, RULESFILE_BYTES_MAX);
    if (text == NULL)
        fprintf(stderr, "narvaro: %s: %s\n", path, strerror(errno));
    if (text == NULL || reads(path, text, &rules, &problems))
        return text;
    problems_print(&problems, stderr);
    free(text);
    return NULL;
}

char *rulesfile_text(const char *path)
{
    return checked_text(path, rules_read_text);
}

char *rulesfile_text_wanted(const char *path)
{
    return checked_text(path, rules_read_wanted);
}
