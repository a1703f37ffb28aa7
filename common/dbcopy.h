/* A copy of a database beside it, through the same VFS: on disk, checked for integrity and compared row by row before
 * dbcopy_make returns true.
 *
 * The name is the database's with an ending; when a sound copy of another state has that name already, -2 to -9 is
 * appended: a whole copy is never overwritten. One of this very state is reused, so that a program that is started
 * again and again does not fill the disk; what a crash left of one is replaced. */
#ifndef COMMON_DBCOPY_H
#define COMMON_DBCOPY_H

#include <sqlite3.h>
#include <stdbool.h>

#define DBCOPY_NAME_BYTES 4096 /* paths are shorter */
#define DBCOPY_WHY_BYTES  256
#define DBCOPIES_MAX      9

/* Copies what `database` reads in its open transaction; `ending` is like ".before-v2". False: there is no copy (a
 * partial one is removed), and *why says why and what to do; a full disk is one such reason. */
bool dbcopy_make(sqlite3 *database, const char *ending, char name[DBCOPY_NAME_BYTES], char why[DBCOPY_WHY_BYTES]);

#endif
