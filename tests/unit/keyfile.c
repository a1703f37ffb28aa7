#include "common/keyfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tests/test.h"

static uint8_t key[4];
static struct problems problems;

static bool reads(const char *text)
{
    char path[] = "/tmp/keyfile-XXXXXX";
    int fd = mkstemp(path);
    bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    close(fd);
    memset(&problems, 0, sizeof problems);
    bool read = written && keyfile_read(path, key, sizeof key, &problems);
    unlink(path);
    return read;
}

static void a_key_is_hex_digits_on_one_line(void)
{
    CHECK(reads("00fFa901\n") && memcmp(key, "\x00\xff\xa9\x01", 4) == 0);
    CHECK(reads("00010203"));
    static const char *const WRONG[] = {
        "", "\n", "0001020", "0001020g\n", "000102030\n", "00010203\n\n", "00010203 04", "0x010203\n", " 0010203\n"};
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++)
        CHECK(!reads(WRONG[i]) && problems.count == 1 && strstr(problems.lines[0], "8 hex digits") != NULL);
}

static void what_is_in_the_file_is_never_said(void)
{
    CHECK(!reads("secret12secret12\n"));
    CHECK(strstr(problems.lines[0], "secret") == NULL);
}

static void a_missing_file_is_named(void)
{
    memset(&problems, 0, sizeof problems);
    CHECK(!keyfile_read("/nowhere/key", key, sizeof key, &problems));
    CHECK(strstr(problems.lines[0], "/nowhere/key") != NULL);
}

static void the_longest_key_is_read_whole(void)
{
    char path[] = "/tmp/keyfile-XXXXXX";
    uint8_t longest[KEYFILE_BYTES_MAX] = {0};
    FILE *file = fdopen(mkstemp(path), "w");
    for (int i = 0; file != NULL && i < KEYFILE_BYTES_MAX; i++)
        fprintf(file, "%02x", 255 - i);
    CHECK(file != NULL && fputc('\n', file) == '\n' && fclose(file) == 0);
    CHECK(keyfile_read(path, longest, sizeof longest, &problems));
    for (int i = 0; i < KEYFILE_BYTES_MAX; i++)
        CHECK(longest[i] == 255 - i);
    unlink(path);
}

static void only_its_owner_may_open_it(void)
{
    char path[] = "/tmp/keyfile-XXXXXX";
    close(mkstemp(path));
    for (mode_t mode = 0400; mode < 01000; mode++) {
        memset(&problems, 0, sizeof problems);
        CHECK(chmod(path, mode) == 0);
        bool is_private = mode == 0400 || mode == 0500 || mode == 0600 || mode == 0700;
        CHECK(keyfile_is_private(path, &problems) == is_private && problems.count == !is_private);
        CHECK(is_private || strstr(problems.lines[0], "chmod 600 /tmp/keyfile-") != NULL);
    }
    unlink(path);
    CHECK(keyfile_is_private(path, &problems)); /* reading it says what is wrong */
}

int main(void)
{
    TEST(a_key_is_hex_digits_on_one_line);
    TEST(what_is_in_the_file_is_never_said);
    TEST(a_missing_file_is_named);
    TEST(the_longest_key_is_read_whole);
    TEST(only_its_owner_may_open_it);
    return test_done();
}
