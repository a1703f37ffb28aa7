/* Puts a file in place whole or not at all: written under another name, synced, renamed. A power cut leaves the old
 * file or the new one. */
#ifndef COMMON_NEWFILE_H
#define COMMON_NEWFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Both make `path` with exactly `mode`. When root writes, the file is given to the owner of its folder, who is to
 * use it. False with errno set, and then nothing has changed: ENAMETOOLONG, ENOSPC, EACCES … */
bool newfile_replace(const char *path, const void *bytes, size_t length, mode_t mode);
bool newfile_create(const char *path, const void *bytes, size_t length, mode_t mode); /* EEXIST: it is there already */

#endif
