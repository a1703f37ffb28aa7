/* Files and pipes in memory, up to a bound. */
#include "common/filebytes.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/test.h"

#define BYTES ((size_t)300 * 1000) /* more than a pipe holds, and than the first allocation */

static char content[BYTES];
static int pipe_ends[2];

static void *fill(void *unused)
{
    (void)unused;
    for (size_t done = 0; done < BYTES;) {
        ssize_t n = write(pipe_ends[1], content + done, BYTES - done);
        if (n < 0)
            break;
        done += (size_t)n;
    }
    close(pipe_ends[1]);
    return NULL;
}

/* What filebytes_read_any says of the content through a pipe. */
static bool through_pipe(size_t most, char **bytes, size_t *length)
{
    pthread_t writer;
    if (pipe(pipe_ends) != 0 || pthread_create(&writer, NULL, fill, NULL) != 0)
        abort();
    bool read = filebytes_read_any(pipe_ends[0], most, bytes, length);
    int why = errno;
    close(pipe_ends[0]);
    pthread_join(writer, NULL);
    errno = why;
    return read;
}

static void a_pipe_is_read_to_its_end(void)
{
    char *bytes;
    size_t length;
    for (size_t i = 0; i < BYTES; i++)
        content[i] = (char)(i * 7 + i / 256);
    CHECK(through_pipe(BYTES, &bytes, &length));
    CHECK(length == BYTES && memcmp(bytes, content, BYTES) == 0);
    free(bytes);
}

static void a_pipe_with_too_much_is_refused(void)
{
    char *bytes;
    size_t length;
    CHECK(!through_pipe(BYTES - 1, &bytes, &length) && errno == EFBIG);
}

static void a_file_is_read_either_way(void)
{
    char *bytes;
    size_t length;
    FILE *file = tmpfile();
    CHECK(file != NULL && fputs("seven!\n", file) >= 0 && fflush(file) == 0);
    CHECK(filebytes_read(fileno(file), 7, &bytes, &length) && length == 7 && memcmp(bytes, "seven!\n", 7) == 0);
    free(bytes);
    CHECK(filebytes_read_any(fileno(file), 7, &bytes, &length) && length == 7);
    free(bytes);
    CHECK(!filebytes_read_any(fileno(file), 6, &bytes, &length) && errno == EFBIG);
    fclose(file);
}

static void only_any_reads_what_is_no_file(void)
{
    char *bytes;
    size_t length;
    int null = open("/dev/null", O_RDONLY), folder = open("/", O_RDONLY);
    CHECK(!filebytes_read(null, 7, &bytes, &length) && errno == EINVAL);
    CHECK(filebytes_read_any(null, 7, &bytes, &length) && length == 0);
    free(bytes);
    CHECK(!filebytes_read_any(folder, 7, &bytes, &length) && errno == EISDIR);
    close(null);
    close(folder);
}

/* As one that becomes shorter while it is read: the kernel says 4,096 bytes, and there are few. */
static void a_file_with_less_than_its_size_is_what_it_has(void)
{
    char *bytes = NULL;
    size_t length = 0;
    int online = open("/sys/devices/system/cpu/online", O_RDONLY);
    CHECK(online >= 0 && filebytes_read(online, 4096, &bytes, &length));
    CHECK(length > 0 && length < 4096 && bytes[length - 1] == '\n');
    free(bytes);
    close(online);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    TEST(a_pipe_is_read_to_its_end);
    TEST(a_pipe_with_too_much_is_refused);
    TEST(a_file_is_read_either_way);
    TEST(only_any_reads_what_is_no_file);
    TEST(a_file_with_less_than_its_size_is_what_it_has);
    return test_done();
}
