/* A copy of a database beside it, through the same VFS: compared row by row, checked and on disk when it is told.
 *
 * The name is the database's with an ending, and when a sound copy of another state has that name already, with -2 to -9 after
 * it: a copy that is whole is never written over. One that is of this very state is taken for the answer, so that a program
 * that is started again and again fills no disk; what a crash left of one is replaced. */
#ifndef COMMON_DBCOPY_H
#define COMMON_DBCOPY_H

#include <sqlite3.h>
#include <stdbool.h>

#define DBCOPY_NAME_BYTES 4096 /* paths are shorter */
#define DBCOPY_WHY_BYTES  256
#define DBCOPIES_MAX      9

/* Of what `database` reads in its open transaction; `ending` as ".before-v2". False: there is no copy (what was begun is
 * removed), and *why says why and what to do: on a full disk too. */
bool dbcopy_make(sqlite3 *database, const char *ending, char name[DBCOPY_NAME_BYTES], char why[DBCOPY_WHY_BYTES]);

#endif
