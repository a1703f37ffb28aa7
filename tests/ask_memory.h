/* A test's own question to a database on the memory disk of memory_vfs.h. */
#ifndef TESTS_ASK_MEMORY_H
#define TESTS_ASK_MEMORY_H

#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>

/* The first number that `question` gives of the database `name`; INT64_MIN for null, for no row, and for no answer. */
static int64_t ask_memory(const char *name, const char *question)
{
    sqlite3 *database;
    sqlite3_stmt *statement = NULL;
    int64_t answer = INT64_MIN;
    if (sqlite3_open_v2(name, &database, SQLITE_OPEN_READWRITE, "memory") == SQLITE_OK &&
        sqlite3_prepare_v2(database, question, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        answer = sqlite3_column_int64(statement, 0);
    else if (statement == NULL)
        printf("# %s: %s\n", sqlite3_errmsg(database), question);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return answer;
}

#endif
