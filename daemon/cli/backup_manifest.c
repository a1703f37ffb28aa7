/* Made by jansson, read by jansson; what is unpacked is described anew and compared with what was told. */
#include "daemon/cli/backup_manifest.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define FORMAT       1
#define MODE_MOST    0777
#define NAME_UNKNOWN ""

static bool say(char *why, const char *what)
{
    snprintf(why, BACKUP_WHY_BYTES, "%s", what);
    return false;
}

static json_t *make_part(const struct backup_places *places, const char *folder, int part, char *why)
{
    struct stat status;
    char copy[PATH_MAX];
    json_t *told = NULL;
    if (stat(places->path[part], &status) != 0) {
        snprintf(why, BACKUP_WHY_BYTES, "%s: %s", places->path[part], strerror(errno));
        return NULL;
    }
    if (part < BACKUP_DATABASES) {
        snprintf(copy, sizeof copy, "%s/%s", folder, backup_part_name(part));
        told = backup_database_told((enum backup_database)part, copy, why);
        if (told == NULL)
            return NULL;
    }
    const struct passwd *user = getpwuid(status.st_uid);
    const struct group *group = getgrgid(status.st_gid);
    return json_pack("{s:s, s:s, s:s, s:i, s:o*}", "path", places->path[part], "owner",
                     user != NULL ? user->pw_name : NAME_UNKNOWN, "group",
                     group != NULL ? group->gr_name : NAME_UNKNOWN, "mode", (int)(status.st_mode & MODE_MOST), "told",
                     told);
}

json_t *backup_manifest_make(const struct backup_places *places, const char *folder, char why[BACKUP_WHY_BYTES])
{
    char made[CIVIL_UTC_BYTES];
    civil_write_utc((int64_t)time(NULL) * 1000, made);
    json_t *parts = json_object();
    for (int part = 0; part < BACKUP_PARTS; part++) {
        json_t *one = make_part(places, folder, part, why);
        if (one == NULL) {
            json_decref(parts);
            return NULL;
        }
        json_object_set_new(parts, backup_part_name(part), one);
    }
    json_t *json = json_pack("{s:i, s:s, s:s, s:s, s:o}", "format", FORMAT, "made", made, "program", NARVARO_VERSION,
                             "school", places->school, "parts", parts);
    if (json == NULL)
        say(why, "out of memory");
    return json;
}

static bool read_part(struct backup_manifest *manifest, int part)
{
    int mode = -1;
    struct backup_manifest_part *into = &manifest->parts[part];
    const json_t *one = json_object_get(json_object_get(manifest->json, "parts"), backup_part_name(part));
    if (json_unpack((json_t *)(size_t)one, "{s:s, s:s, s:s, s:i}", "path", &into->path, "owner", &into->owner, "group",
                    &into->group, "mode", &mode) != 0)
        return false;
    into->mode = (mode_t)mode;
    into->told = json_object_get(one, "told");
    return mode >= 0 && mode <= MODE_MOST && into->path[0] == '/' && strlen(into->path) < PATH_MAX &&
           (part >= BACKUP_DATABASES || json_is_object(into->told));
}

bool backup_manifest_read(struct backup_manifest *manifest, json_t *json, char why[BACKUP_WHY_BYTES])
{
    int format = 0;
    *manifest = (struct backup_manifest){.json = json};
    bool good = json_unpack(json, "{s:i, s:s, s:s, s:s}", "format", &format, "made", &manifest->made, "program",
                            &manifest->program, "school", &manifest->school) == 0;
    if (good && format != FORMAT) {
        snprintf(why, BACKUP_WHY_BYTES,
                 "the backup's format is %d, this program knows %d: install the newer program first", format, FORMAT);
        return false;
    }
    for (int part = 0; part < BACKUP_PARTS && good; part++)
        good = read_part(manifest, part);
    return good || say(why, "its manifest is none of a backup");
}

void backup_manifest_free(struct backup_manifest *manifest)
{
    json_decref(manifest->json);
    *manifest = (struct backup_manifest){0};
}

static bool database_holds(const struct backup_manifest *manifest, enum backup_database which, const char *path,
                           char *why)
{
    json_t *told = backup_database_told(which, path, why);
    bool same = told != NULL && json_equal(told, manifest->parts[which].told);
    if (told != NULL && !same)
        snprintf(why, BACKUP_WHY_BYTES, "%s does not hold what the manifest tells of it", path);
    json_decref(told);
    return same;
}

bool backup_manifest_holds(const struct backup_manifest *manifest, const struct backup_places *unpacked,
                           char why[BACKUP_WHY_BYTES])
{
    struct stat status;
    for (int part = 0; part < BACKUP_PARTS; part++) {
        const char *path = unpacked->path[part];
        bool there =
            lstat(path, &status) == 0 && (part == BACKUP_SETTINGS ? S_ISDIR(status.st_mode) : S_ISREG(status.st_mode));
        if (!there) {
            snprintf(why, BACKUP_WHY_BYTES, "%s is not in the backup", backup_part_name(part));
            return false;
        }
        if (part < BACKUP_DATABASES && !database_holds(manifest, (enum backup_database)part, path, why))
            return false;
    }
    return true;
}

static json_int_t told(const struct backup_manifest *manifest, enum backup_database which, const char *key)
{
    return json_integer_value(json_object_get(manifest->parts[which].told, key));
}

json_int_t backup_manifest_version(const struct backup_manifest *manifest, enum backup_database which)
{
    return told(manifest, which, "version");
}

json_int_t backup_manifest_bytes(const struct backup_manifest *manifest, enum backup_database which)
{
    return told(manifest, which, "bytes");
}

json_int_t backup_manifest_rows(const struct backup_manifest *manifest, enum backup_database which)
{
    json_int_t sum = 0;
    const char *table;
    json_t *rows = json_object_get(manifest->parts[which].told, "rows"), *count;
    json_object_foreach(rows, table, count) {
        sum += json_integer_value(count);
    }
    return sum;
}

json_int_t backup_manifest_latest_ms(const struct backup_manifest *manifest, enum backup_database which)
{
    return told(manifest, which, "latest_ms");
}

static void print_database(const struct backup_manifest *manifest, enum backup_database which, const char *latest_word)
{
    char latest[CIVIL_UTC_BYTES] = "never";
    json_int_t latest_ms = backup_manifest_latest_ms(manifest, which);
    if (latest_ms > 0)
        civil_write_utc(latest_ms, latest);
    printf("%s: version %lld, %lld rows, %s: %s\n", backup_part_name((int)which),
           (long long)backup_manifest_version(manifest, which), (long long)backup_manifest_rows(manifest, which),
           latest_word, latest);
}

void backup_manifest_print(const struct backup_manifest *manifest)
{
    printf("made %s by narvaro %s at the school %s\n", manifest->made, manifest->program, manifest->school);
    print_database(manifest, BACKUP_ATTENDANCE, "the latest check-in");
    print_database(manifest, BACKUP_CASEBOOK, "the latest row of the log");
}
