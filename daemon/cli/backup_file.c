/* Streams: what tar packs goes through us into the file, and back. Nothing of it is ever whole in memory. */
#include "daemon/cli/backup_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "common/filebytes.h"
#include "daemon/cli/backup_places.h"
#include "daemon/cli/tarball.h"

#define COPY_BYTES  65536
#define GZIP_MAGIC  "\x1f\x8b"
#define MAGIC_BYTES (sizeof SEALED_MAGIC - 1)

static bool say(char *why, const char *path, const char *what)
{
    snprintf(why, BACKUP_WHY_BYTES, "%s: %s", path, what);
    return false;
}

static bool copy(int from, int to, char why[SEALED_WHY_BYTES])
{
    static char bytes[COPY_BYTES];
    long got;
    while ((got = sealed_read_bytes(from, bytes, sizeof bytes)) > 0)
        if (!sealed_write_bytes(to, bytes, (size_t)got)) {
            snprintf(why, SEALED_WHY_BYTES, "%s", errno == EPIPE ? "it cannot be unpacked" : strerror(errno));
            return false;
        }
    if (got < 0)
        snprintf(why, SEALED_WHY_BYTES, "%s", strerror(errno));
    return got == 0;
}

/* The manifest first: whoever unpacks by hand sees it first. Of the settings' folder the names get its own before them. */
static bool pack(struct tarball *tarball, const char *folder, const char *settings)
{
    const char *const words[] = {"--format=pax",
                                 "--directory",
                                 folder,
                                 BACKUP_MANIFEST,
                                 backup_part_name(BACKUP_AUDIT_KEY),
                                 backup_part_name(BACKUP_CASEBOOK),
                                 backup_part_name(BACKUP_ATTENDANCE),
                                 "--transform=s,^\\./,settings/,",
                                 "--directory",
                                 settings,
                                 "./",
                                 NULL};
    return tarball_pack(tarball, words);
}

bool backup_file_write(const char *path, const char *folder, const char *settings, const uint8_t *public_key,
                       struct sealed_opener *opener, char why[BACKUP_WHY_BYTES])
{
    struct tarball tarball;
    char reason[SEALED_WHY_BYTES] = "tar failed";
    unlink(path); /* left by a run that was cut short */
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return say(why, path, strerror(errno));
    bool good = pack(&tarball, folder, settings);
    if (!good)
        snprintf(reason, sizeof reason, "tar cannot be started: %s", strerror(errno));
    else if (public_key != NULL)
        good = sealed_write(tarball.pipe, fd, public_key, opener, reason);
    else
        good = copy(tarball.pipe, fd, reason);
    good = tarball_end(&tarball) && good;
    if (good && fsync(fd) != 0) {
        snprintf(reason, sizeof reason, "%s", strerror(errno));
        good = false;
    }
    close(fd);
    return good || say(why, path, reason);
}

/* Gives the tar file within to `to`. */
static bool open_stream(const char *path, int fd, int to, const struct sealed_opener *opener, char *why)
{
    char magic[MAGIC_BYTES] = "", reason[SEALED_WHY_BYTES] = "";
    long got = sealed_read_bytes(fd, magic, sizeof magic);
    if (got < (long)sizeof magic ||
        (memcmp(magic, SEALED_MAGIC, MAGIC_BYTES) != 0 && memcmp(magic, GZIP_MAGIC, 2) != 0))
        return say(why, path, got < 0 ? strerror(errno) : "no backup, or cut short");
    bool is_sealed = memcmp(magic, SEALED_MAGIC, MAGIC_BYTES) == 0;
    if (is_sealed && opener == NULL)
        return say(why, path, "it is sealed: bring the private key from where it is kept, and say --key FILE");
    bool good = is_sealed ? sealed_read(fd, to, opener, reason)
                          : sealed_write_bytes(to, magic, sizeof magic) && copy(fd, to, reason);
    return good || say(why, path, reason[0] != '\0' ? reason : "it cannot be unpacked");
}

/* Runs tar on it, to its end. What tar says of a damaged file goes to standard error. */
static bool unpack(const char *path, const struct sealed_opener *opener, const char *const *words, int out, char *why)
{
    struct tarball tarball;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return say(why, path, strerror(errno));
    bool started = tarball_unpack(&tarball, words, out);
    bool good = started ? open_stream(path, fd, tarball.pipe, opener, why) : say(why, path, "tar cannot be started");
    close(fd);
    bool ended = tarball_end(&tarball);
    return good && (ended || say(why, path, "it is damaged or cut short, or there is no room for what is in it"));
}

json_t *backup_file_manifest(const char *path, const struct sealed_opener *opener, char why[BACKUP_WHY_BYTES])
{
    static const char *const WORDS[] = {"--to-stdout", BACKUP_MANIFEST, NULL};
    char *text = NULL;
    size_t length = 0;
    json_t *manifest = NULL;
    int memory = memfd_create("manifest", MFD_CLOEXEC);
    if (memory < 0)
        say(why, path, strerror(errno));
    else if (unpack(path, opener, WORDS, memory, why)) {
        if (filebytes_read(memory, BACKUP_MANIFEST_BYTES_MAX, &text, &length))
            manifest = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
        if (manifest == NULL)
            say(why, path, "it has no manifest of a backup");
        free(text);
    }
    if (memory >= 0)
        close(memory);
    return manifest;
}

bool backup_file_unpack(const char *path, const struct sealed_opener *opener, const char *folder,
                        const char *const *parts, char why[BACKUP_WHY_BYTES])
{
    const char *words[3 + BACKUP_PARTS + 1] = {"--directory", folder, "--preserve-permissions"};
    for (int i = 0; i < BACKUP_PARTS && parts[i] != NULL; i++)
        words[3 + i] = parts[i];
    return unpack(path, opener, words, -1, why);
}
