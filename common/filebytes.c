#include "common/filebytes.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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
    char *buffer = malloc(size + 1); /* an empty file has bytes too */
    if (buffer == NULL)
        return false;
    while (got < size) {
        ssize_t n = pread(fd, buffer + got, size - got, (off_t)got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            free(buffer);
            return false;
        }
        if (n == 0)
            break;
        got += (size_t)n;
    }
    *bytes = buffer;
    *length = got;
    return true;
}
