/* Any bytes as any of our settings files. The first byte says which. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "daemon/config.h"
#include "dashboard/web_settings.h"
#include "firmware/terminal/options.h"

#define PATH_BYTES 64

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

static struct problems problems;

static void require(bool condition)
{
    if (!condition)
        abort();
}

static bool read_daemon(const char *path)
{
    static struct config config;
    return config_read(path, &config, &problems);
}

static bool read_web(const char *path)
{
    struct web_settings settings;
    return web_settings_read(path, &settings, &problems);
}

static bool read_terminal(const char *path)
{
    static struct options options;
    bool read = options_load(&options, path, &problems);
    require(!read || (options.terminal.reader_count > 0 && options.terminal.reader_count <= TERMINAL_READERS_MAX &&
                      wire_id_valid(options.terminal.terminal)));
    return read;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    static bool (*const READ[])(const char *) = {read_daemon, read_web, read_terminal};
    char path[PATH_BYTES];
    if (length == 0 || memmem(input, length, "@include", 8) != NULL) /* would read this machine's own files */
        return 0;
    int file = memfd_create("settings", 0);
    require(file >= 0 && write(file, input + 1, length - 1) == (ssize_t)(length - 1));
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    problems.count = 0;
    require(READ[input[0] % (sizeof READ / sizeof READ[0])](path) == (problems.count == 0));
    close(file);
    return 0;
}
