/* A secret key in a file of its own: hex digits on one line, as `openssl rand -hex 16` writes them. No message ever
 * holds what is in the file. */
#ifndef COMMON_KEYFILE_H
#define COMMON_KEYFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/problems.h"

#define KEYFILE_BYTES_MAX 64

/* Reads exactly `bytes` bytes, 2 * `bytes` digits of either case. False when it added a problem. */
bool keyfile_read(const char *path, uint8_t *key, size_t bytes, struct problems *problems);
/* False after a problem with the command that mends it: the file is not ours (root may hold anybody's), or its mode lets
 * others at it. One that is not there is no problem of this. */
bool keyfile_is_private(const char *path, struct problems *problems);

#endif
