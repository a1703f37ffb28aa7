/* Any bytes as an update: what they say of themselves, and that none of them passes for signed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "common/package.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

static void require(bool condition)
{
    if (!condition)
        abort();
}

/* RFC 8032, 7.1, the first test's public key. */
static const char *key_path(void)
{
    static const char KEY[] = "-----BEGIN PUBLIC KEY-----\n"
                              "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
                              "-----END PUBLIC KEY-----\n";
    static char path[64];
    if (path[0])
        return path;
    int fd = memfd_create("key", 0);
    require(write(fd, KEY, sizeof KEY - 1) == sizeof KEY - 1);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return path;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    struct package package;
    char why[PACKAGE_WHY_BYTES] = "";
    const char *bytes = (const char *)input;
    if (package_look(bytes, length, &package, why)) {
        require(memchr(package.architecture, '\0', sizeof package.architecture) != NULL);
    } else {
        require(why[0] != '\0');
    }
    why[0] = '\0';
    require(!package_check(bytes, length, key_path(), &package, why));
    require(why[0] != '\0' && strstr(why, "must hold") == NULL);
    return 0;
}
