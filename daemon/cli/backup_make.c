/* narvaro backup: copies, describes, packs, seals, and believes nothing before the written file was read again, unpacked and
 * looked through. Only then does it get its name; so a file with a name is a whole one. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "common/filebytes.h"
#include "common/newfile.h"
#include "daemon/cli/backup.h"
#include "daemon/cli/backup_file.h"
#include "daemon/cli/backup_work.h"
#include "daemon/cli/command.h"

#define NAME_MOST 128 /* of a backup: narvaro-, the school's id, the time, the ending */
#define BEGINNING "narvaro-"

struct making {
    const struct backup_words *words;
    struct backup_places places;
    struct backup_work work;
    bool sealed;
    uint8_t public_key[SEALED_KEY_BYTES];
    struct sealed_opener opener;
    char fresh[PATH_MAX], path[PATH_MAX]; /* before it is verified, and after */
    char *why;
};

static bool say(const struct making *making, const char *path, const char *what)
{
    snprintf(making->why, BACKUP_WHY_BYTES, "%s: %s", path, what);
    return false;
}

static bool join(char out[PATH_MAX], const char *folder, const char *name, const char *ending)
{
    return snprintf(out, PATH_MAX, "%s/%s%s", folder, name, ending) < PATH_MAX;
}

/* --to-key, or the one among the settings. Without any the backup is not sealed, which a protected identity forbids. */
static bool choose_key(struct making *making)
{
    char own[PATH_MAX] = "";
    bool protects = false;
    const char *path = making->words->to_key;
    if (path == NULL && join(own, making->places.path[BACKUP_SETTINGS], BACKUP_PUBLIC_KEY, "") &&
        access(own, F_OK) == 0)
        path = own;
    making->sealed = path != NULL;
    if (making->sealed)
        return sealed_read_key(path, making->public_key, making->why);
    if (!backup_database_protects(making->places.path[BACKUP_ATTENDANCE], &protects, making->why))
        return false;
    if (protects)
        return say(
            making, "a pupil of this school has protected identity",
            "a backup that anybody can read is refused. Make a pair of keys (narvaro backup key) and say --to-key");
    fprintf(stderr,
            "narvaro: the backup is not sealed: whoever gets the file can read all of it (narvaro backup key)\n");
    return true;
}

/* The casebook first: what the command line did in between is then in the attendance database, which tells the casebook of it
 * again after a restore. */
static bool copy_parts(const struct making *making)
{
    char to[PATH_MAX], *key = NULL;
    const char *folder = making->work.folder;
    for (int part = BACKUP_CASEBOOK; part >= BACKUP_ATTENDANCE; part--)
        if (!join(to, folder, backup_part_name(part), "") ||
            !backup_database_copy(making->places.path[part], to, making->why))
            return false;
    size_t length = 0;
    const char *from = making->places.path[BACKUP_AUDIT_KEY];
    int fd = open(from, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && filebytes_read(fd, SEALED_KEY_BYTES, &key, &length) &&
                join(to, folder, backup_part_name(BACKUP_AUDIT_KEY), "") && newfile_create(to, key, length, 0600);
    if (!good)
        say(making, from, strerror(errno));
    if (fd >= 0)
        close(fd);
    if (key != NULL)
        sealed_wipe(key, length);
    free(key);
    return good;
}

static bool write_manifest(const struct making *making)
{
    char path[PATH_MAX];
    json_t *manifest = backup_manifest_make(&making->places, making->work.folder, making->why);
    if (manifest == NULL)
        return false;
    bool good =
        join(path, making->work.folder, BACKUP_MANIFEST, "") && json_dump_file(manifest, path, JSON_INDENT(2)) == 0;
    json_decref(manifest);
    return good || say(making, making->work.folder, "the manifest cannot be written: is the disk full?");
}

/* From the file alone, by the same way as a restore. */
static bool verify(struct making *making)
{
    static const char *const ALL[] = {NULL};
    static struct backup_places unpacked;
    struct backup_manifest manifest = {0};
    backup_places_in(making->work.folder, &unpacked);
    json_t *json = backup_file_manifest(making->fresh, &making->opener, making->why);
    bool good = json != NULL && backup_manifest_read(&manifest, json, making->why) &&
                backup_work_empty(&making->work, making->why) &&
                backup_file_unpack(making->fresh, &making->opener, making->work.folder, ALL, making->why) &&
                backup_manifest_holds(&manifest, &unpacked, making->why);
    backup_manifest_free(&manifest);
    return good;
}

static bool sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

static bool name_files(struct making *making)
{
    char name[NAME_MOST], made[CIVIL_UTC_BYTES];
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(made, sizeof made, "%Y%m%dT%H%M%SZ", &utc);
    snprintf(name, sizeof name, BEGINNING "%s-%s", making->places.school, made);
    return (join(making->path, making->words->to, name, making->sealed ? BACKUP_SEALED_ENDING : BACKUP_PLAIN_ENDING) &&
            join(making->fresh, making->words->to, "." BEGINNING, "new")) ||
           say(making, making->words->to, "too long a path");
}

static bool write_file(struct making *making)
{
    bool good = backup_file_write(making->fresh, making->work.folder, making->places.path[BACKUP_SETTINGS],
                                  making->sealed ? making->public_key : NULL, &making->opener, making->why) &&
                verify(making);
    if (good && renameat2(AT_FDCWD, making->fresh, AT_FDCWD, making->path, RENAME_NOREPLACE) != 0)
        good = say(making, making->path, strerror(errno));
    if (good && !sync_folder(making->words->to))
        good = say(making, making->words->to, strerror(errno));
    sealed_wipe(&making->opener, sizeof making->opener);
    if (!good)
        unlink(making->fresh);
    return good;
}

static bool ends_with(const char *name, const char *ending)
{
    size_t length = strlen(name), end = strlen(ending);
    return length > end && strcmp(name + length - end, ending) == 0;
}

static int by_name(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name);
}

/* Of this school alone, named as we name them; the time in the name sorts them. */
static void throw_oldest_away(const struct making *making)
{
    char beginning[NAME_MOST], path[PATH_MAX];
    struct dirent **names = NULL;
    int found = scandir(making->words->to, &names, NULL, by_name), kept = 0;
    int length = snprintf(beginning, sizeof beginning, BEGINNING "%s-2", making->places.school);
    for (int i = found - 1; i >= 0; i--) {
        const char *name = names[i]->d_name;
        bool ours = strncmp(name, beginning, (size_t)length) == 0 &&
                    (ends_with(name, BACKUP_SEALED_ENDING) || ends_with(name, BACKUP_PLAIN_ENDING));
        if (ours && ++kept > making->words->keep && join(path, making->words->to, name, ""))
            printf(unlink(path) == 0 ? "thrown away: %s\n" : "cannot be thrown away: %s\n", path);
        free(names[i]);
    }
    free(names);
}

int backup_make(const struct backup_words *words)
{
    static char why[BACKUP_WHY_BYTES];
    static struct making making;
    making = (struct making){.words = words, .why = why, .work = {.lock = -1}};
    umask(0077);
    bool good = backup_places_read(words->settings, &making.places, why) &&
                backup_work_begin(&making.work, words->work, why) && choose_key(&making) && name_files(&making) &&
                copy_parts(&making) && write_manifest(&making) && write_file(&making);
    backup_work_end(&making.work);
    if (!good) {
        fprintf(stderr, "narvaro: no backup was made: %s\n", why);
        return COMMAND_FAILED;
    }
    printf("%s\n", making.path);
    throw_oldest_away(&making);
    return command_printed();
}
