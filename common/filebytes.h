/* The whole content of a file in memory, with a bound. Read, not mapped: a file that shrinks meanwhile cannot hurt. */
#ifndef COMMON_FILEBYTES_H
#define COMMON_FILEBYTES_H

#include <stdbool.h>
#include <stddef.h>

struct problems;

/* Reads regular file `fd` from its beginning to its end. `*bytes` is to be freed by the caller. False with errno set:
 * EFBIG when it holds more than `most` bytes, EINVAL when it is not a regular file. */
bool filebytes_read(int fd, size_t most, char **bytes, size_t *length);
/* The same, and a pipe or a device as well, which is read until its other end closes it: not for a program that must
 * answer others meanwhile. */
bool filebytes_read_any(int fd, size_t most, char **bytes, size_t *length);
/* The same by its path, "-" for standard input, as text: one string, to be freed by the caller. NULL with errno set. */
char *filebytes_text(const char *path, size_t most);
/* The same; what is wrong is added to the problems. */
char *filebytes_text_or_say(const char *path, size_t most, struct problems *problems);

#endif
