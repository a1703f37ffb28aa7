/* A casebook in a folder of its own, which goes with it. */
#ifndef TESTS_CASEBOOK_RIG_H
#define TESTS_CASEBOOK_RIG_H

#include <stdlib.h>
#include <unistd.h>
#include "dashboard/casebook/casebook.h"
#include "tests/test.h"

static char folder[64];
static struct casebook *book;

static inline const char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static inline void open_book(void)
{
    const char *why = "";
    book = casebook_open(folder, &why);
    CHECK(book != NULL);
}

static inline void make_book(void)
{
    snprintf(folder, sizeof folder, "/tmp/narvaro-casebook-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    open_book();
}

static inline void remove_book(void)
{
    static const char *const FILES[] = {"casebook.db", "casebook.db-wal", "casebook.db-shm", "audit.key"};
    casebook_close(book);
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++)
        unlink(path_of(FILES[i]));
    CHECK(rmdir(folder) == 0);
}

#endif
