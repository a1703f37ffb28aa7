/* A regular file is read in one buffer of its size; a pipe into a buffer that doubles. */
#include "common/filebytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "common/problems.h"

#define FIRST_BYTES ((size_t)64 * 1024) /* what Linux keeps in a pipe */

bool filebytes_read(int fd, size_t most, char **bytes, size_t *length)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return false;
    if (!S_ISREG(status.st_mode)) {
        errno = EINVAL;
        return false;
    }
    size_t size = (size_t)status.st_size, got = 0;
    if (size > most) {
        errno = EFBIG;
        return false;
    }
    char *buffer = malloc(size + 1); /* never malloc(0), whose NULL would look like no memory */
    if (buffer == NULL)
        return false;
    while (got < size) { /* pread: the descriptor may be another process's too, and its position be anywhere */
        ssize_t n = pread(fd, buffer + got, size - got, (off_t)got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            free(buffer);
            return false;
        }
        if (n == 0) /* it has become shorter: what is left of it */
            break;
        got += (size_t)n;
    }
    *bytes = buffer;
    *length = got;
    return true;
}

/* Doubles the buffer, up to `most` and one byte, which tells a file of `most` bytes from a longer one. */
static bool grow(char **bytes, size_t *capacity, size_t most)
{
    size_t wanted = *capacity == 0 ? FIRST_BYTES : 2 * *capacity;
    char *grown = realloc(*bytes, wanted > most ? most + 1 : wanted);
    if (grown == NULL)
        return false;
    *bytes = grown;
    *capacity = wanted > most ? most + 1 : wanted;
    return true;
}

static bool read_to_end(int fd, size_t most, char **bytes, size_t *length)
{
    size_t capacity = 0;
    for (*length = 0;;) {
        if (*length > most) {
            errno = EFBIG;
            return false;
        }
        if (*length == capacity && !grow(bytes, &capacity, most))
            return false;
        ssize_t n = read(fd, *bytes + *length, capacity - *length);
        if (n == 0)
            return true;
        if (n > 0)
            *length += (size_t)n;
        else if (errno != EINTR)
            return false;
    }
}

bool filebytes_read_any(int fd, size_t most, char **bytes, size_t *length)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return false;
    if (S_ISREG(status.st_mode))
        return filebytes_read(fd, most, bytes, length);
    *bytes = NULL;
    if (read_to_end(fd, most, bytes, length))
        return true;
    free(*bytes);
    return false;
}

char *filebytes_text(const char *path, size_t most)
{
    char *bytes = NULL, *text = NULL;
    size_t length = 0;
    int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    bool read = filebytes_read_any(fd, most, &bytes, &length);
    if (read)
        text = strndup(bytes, length);
    int why = errno;
    close(fd);
    if (read)
        free(bytes);
    errno = why;
    return text;
}

char *filebytes_text_or_say(const char *path, size_t most, struct problems *problems)
{
    char *text = filebytes_text(path, most);
    if (text == NULL)
        problems_add(problems, path, 0, "cannot be read: %s", strerror(errno));
    return text;
}
