/* What an import does and what it meets, gathered for its answer. Each kind of change is one entry with the names of all that it
 * happens to, as many as IMPORT_TOLD_NAMES_MAX; what does not meet has its count and the first ten names.
 *
 *   "changes": [{"what":"moved","file":"pupils.csv","to":"7B","date":"2026-11-03","count":2,"names":["p00","p01"]}, …]
 *   "unmet":   [{"what":"lessons_without_members","file":"lessons.csv","count":12,"names":["L1 (7A …)", …]}, …] */
#ifndef DAEMON_IMPORT_TOLD_H
#define DAEMON_IMPORT_TOLD_H

#include <jansson.h>
#include "daemon/core/school/schoolfiles.h"

#define IMPORT_TOLD_FIRST     10   /* names of what does not meet */
#define IMPORT_TOLD_NAMES_MAX 4096 /* names of changes in all: further ones are counted */

struct import_told {
    json_t *changes, *unmet;
    size_t names; /* of changes */
};

void import_told_init(struct import_told *told);
/* store_import_tell: `context` is the import_told. */
void import_told_add(void *context, enum schoolfile which, const char *what, struct text name, const char *to,
                     int32_t day);
/* About a file of that name, which need not be a school's. */
void import_told_file(struct import_told *told, const char *file, const char *what, const char *to);

#endif
