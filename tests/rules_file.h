/* The rules of a file, for a test. */
#ifndef TESTS_RULES_FILE_H
#define TESTS_RULES_FILE_H

#include <stdlib.h>
#include "common/filebytes.h"
#include "daemon/core/detect/rules.h"

/* False: there is no such file, or what it holds is a problem. */
static inline bool read_rules_file(const char *path, struct rules *rules, struct problems *problems)
{
    char *text = filebytes_text(path, RULES_BYTES_MAX);
    bool read = text != NULL && rules_read_text(path, text, rules, problems);
    free(text);
    return read;
}

#endif
