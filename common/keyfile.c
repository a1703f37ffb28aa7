/* Reads the digits and one newline at most; a longer file is refused rather than cut, for it is some other file. */
#include "common/keyfile.h"

#include <assert.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The digit's value, or -1. */
static int digit(char c)
{
    static const char DIGITS[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c ? strchr(DIGITS, c) : NULL;
    return at != NULL ? (int)(at - DIGITS) % 16 : -1;
}

static bool decode(const char *text, uint8_t *key, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        key[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

bool keyfile_read(const char *path, uint8_t *key, size_t bytes, struct problems *problems)
{
    char text[2 * KEYFILE_BYTES_MAX + 2] = "";
    assert(bytes <= KEYFILE_BYTES_MAX);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        problems_add(problems, path, 0, "cannot be read: %s", strerror(errno));
        return false;
    }
    size_t length = fread(text, 1, 2 * bytes + 1, file);
    bool one_line = length >= 2 * bytes && (length == 2 * bytes || text[2 * bytes] == '\n') && fgetc(file) == EOF;
    fclose(file);
    if (one_line && decode(text, key, bytes))
        return true;
    problems_add(problems, path, 1, "must hold a key: %zu hex digits on one line, and nothing else", 2 * bytes);
    return false;
}

bool keyfile_is_private(const char *path, struct problems *problems)
{
    struct stat status;
    uid_t us = geteuid();
    if (stat(path, &status) != 0 || ((us == 0 || status.st_uid == us) && (status.st_mode & 0077) == 0))
        return true;
    const struct passwd *user = getpwuid(us == 0 ? status.st_uid : us);
    const char *owner = user != NULL ? user->pw_name : "USER";
    problems_add(problems, path, 0,
                 "a secret, of uid %ld with mode %04o: who runs the program must own it alone, for %s: chown %s %s && "
                 "chmod 600 %s",
                 (long)status.st_uid, (unsigned)status.st_mode & 07777, owner, owner, path, path);
    return false;
}
