/* A folder with the files of a school: opens those that are there, by their names. */
#ifndef DAEMON_CLI_FOLDER_H
#define DAEMON_CLI_FOLDER_H

#include "daemon/core/school/schoolfiles.h"

struct folder {
    const char *path;
    int fds[SCHOOLFILES];     /* -1: there is no such file */
    char *bytes[SCHOOLFILES]; /* after folder_read */
};

/* False after saying why on standard error: no such folder, none of the files in it, one that cannot be opened. */
bool folder_open(struct folder *folder, const char *path);
/* Reads and parses every file. False after saying why: a file cannot be read. Problems in it go to the files' problems. */
bool folder_read(struct folder *folder, struct schoolfiles *files);
void folder_close(struct folder *folder);

#endif
