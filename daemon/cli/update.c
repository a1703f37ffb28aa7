/* narvaro update: packs and signs a program for the terminals, away from them; the private key never gets near a classroom. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/filebytes.h"
#include "common/package.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"

struct update_words {
    const char *action, *file, *key, *out;
};

static void check(void *into, const struct argp_state *state)
{
    const struct update_words *words = into;
    bool sign = words->action != NULL && strcmp(words->action, "sign") == 0;
    if (!sign && (words->action == NULL || strcmp(words->action, "check") != 0))
        argp_error(state, "say what to do: sign PROGRAM, or check FILE");
    else if (words->file == NULL || words->key == NULL || sign != (words->out != NULL))
        argp_error(state, sign ? "PROGRAM, --key and --out are needed" : "FILE and --key are needed");
}

/* To be freed; NULL when it was said why not. */
static char *read_file(const char *path, size_t *length)
{
    char *bytes = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || !filebytes_read(fd, PACKAGE_BYTES_MAX, &bytes, length))
        fprintf(stderr, "narvaro update: %s: %s\n", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return bytes;
}

static bool write_package(const char *path, const char *program, size_t length, const uint8_t seal[PACKAGE_SEAL_BYTES])
{
    FILE *file = fopen(path, "wxe");
    bool written = file != NULL && fwrite(program, 1, length, file) == length &&
                   fwrite(seal, 1, PACKAGE_SEAL_BYTES, file) == PACKAGE_SEAL_BYTES;
    bool closed = file != NULL && fclose(file) == 0;
    if (written && closed)
        return true;
    fprintf(stderr, "narvaro update: %s: %s\n", path, strerror(errno));
    if (file != NULL)
        unlink(path);
    return false;
}

static int tell(const struct package *package)
{
    char version[PACKAGE_VERSION_BYTES];
    package_version_text(package, version);
    printf("narvaro-terminal %s %s, %u bytes\n", version, package->architecture, package->program_bytes);
    return command_printed();
}

static int refuse(const struct update_words *words, const char *why)
{
    fprintf(stderr, "narvaro update: %s: %s\n", words->file, why);
    return COMMAND_FAILED;
}

static int sign(const struct update_words *words, const char *bytes, size_t length)
{
    struct package package;
    char why[PACKAGE_WHY_BYTES];
    uint8_t seal[PACKAGE_SEAL_BYTES];
    if (!package_look(bytes, length, &package, why))
        return refuse(words, why);
    if (package.architecture[0] == '\0')
        return refuse(words, "must be a program for amd64, armhf or arm64");
    if (!package_seal(bytes, length, words->key, seal, why))
        return refuse(words, why);
    return write_package(words->out, bytes, length, seal) ? tell(&package) : COMMAND_FAILED;
}

static int check_package(const struct update_words *words, const char *bytes, size_t length)
{
    struct package package;
    char why[PACKAGE_WHY_BYTES];
    return package_check(bytes, length, words->key, &package, why) ? tell(&package) : refuse(words, why);
}

int command_update(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_WORD, .offset = offsetof(struct update_words, action)},
        {OPTION_WORD, .offset = offsetof(struct update_words, file)},
        {OPTION_TEXT, "key", 'k', "FILE", "To sign: the private Ed25519 key; to check: the public one; PEM",
         .offset = offsetof(struct update_words, key)},
        {OPTION_TEXT, "out", 'o', "FILE", "The package to write; it must not be there yet",
         .offset = offsetof(struct update_words, out)},
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = check,
        .args_doc = "sign PROGRAM\ncheck FILE",
        .doc = "Signs a narvaro-terminal as an update for terminals, or says what a "
               "package holds and whether it is whole.",
    };
    struct update_words words = {0};
    options_read(argc, argv, &OPTIONS, &words);
    size_t length;
    char *bytes = read_file(words.file, &length);
    if (bytes == NULL)
        return COMMAND_FAILED;
    int status = words.out != NULL ? sign(&words, bytes, length) : check_package(&words, bytes, length);
    free(bytes);
    return status;
}
