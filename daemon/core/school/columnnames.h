/* What a school calls the columns of its files (config/columns.cfg): for each file a group, in which a column of
 * docs/school-files.md has the name that stands in the school's header. The names of docs/school-files.md are read, too.
 * Pure: the caller brings the text. */
#ifndef DAEMON_CORE_COLUMNNAMES_H
#define DAEMON_CORE_COLUMNNAMES_H

#include "common/ids.h"
#include "daemon/core/school/schoolfiles.h"

#define COLUMNNAMES_BYTES_MAX 16384 /* of the table's text */

struct columnnames {
    char called[SCHOOLFILES][SCHOOLFILES_COLUMNS_MAX][NAME_BYTES]; /* "": as here */
};

/* Adds to `names`. `file` is for messages. False after adding what is wrong, all of it. */
bool columnnames_read(struct columnnames *names, const char *file, const char *text, struct problems *problems);
/* "" takes the name away. False: the file has no such column, or the name is too long. */
bool columnnames_set(struct columnnames *names, enum schoolfile which, const char *column, const char *called);
/* Of the column at that place of schoolfiles_columns; NULL: it has no other name. */
static inline const char *columnnames_of(const struct columnnames *names, enum schoolfile which, size_t place)
{
    return names->called[which][place][0] == '\0' ? NULL : names->called[which][place];
}

#endif
