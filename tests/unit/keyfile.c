#include "common/keyfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

int main(void)
{
    TEST(a_key_is_hex_digits_on_one_line);
    TEST(what_is_in_the_file_is_never_said);
    TEST(a_missing_file_is_named);
    return test_done();
}
