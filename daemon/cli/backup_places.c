/* Only what names a file or the school is read here; the rest of the settings is their programs' to check. */
#include "daemon/cli/backup_places.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/problems.h"
#include "common/settings.h"
#include "common/settings_file.h"
#include "common/wire.h"

static const char *const NAMES[BACKUP_PARTS] = {"attendance.db", "casebook.db", "audit.key", "settings"};

const char *backup_part_name(int part)
{
    return NAMES[part];
}

void backup_places_in(const char *folder, struct backup_places *places)
{
    *places = (struct backup_places){0};
    for (int part = 0; part < BACKUP_PARTS; part++)
        snprintf(places->path[part], PATH_MAX, "%s/%s", folder, NAMES[part]);
}

static bool say(char *why, const char *file, const char *key, const char *what)
{
    snprintf(why, BACKUP_WHY_BYTES, "%s: %s: %s", file, key, what);
    return false;
}

static struct settings *open_settings(const char *folder, const char *name, char path[PATH_MAX], char *why)
{
    static struct problems problems;
    problems.count = 0;
    struct settings *settings = NULL;
    if (snprintf(path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX)
        settings = settings_open_file(path, &problems);
    if (settings == NULL)
        snprintf(why, BACKUP_WHY_BYTES, "%s", problems.count > 0 ? problems.lines[0] : "the folder's name is too long");
    return settings;
}

static bool read_path(const struct settings *settings, const char *file, const char *key, const char *ending,
                      char path[PATH_MAX], char *why)
{
    const char *text = setting_text(setting_member(settings_root(settings), key));
    if (text == NULL || text[0] != '/' || snprintf(path, PATH_MAX, "%s%s", text, ending) >= PATH_MAX)
        return say(why, file, key, "must be an absolute path");
    return true;
}

/* The file that `key` names, if it names one, is in the folder. */
static bool is_within(const struct settings *settings, const char *file, const char *key, const char *folder, char *why)
{
    char whole[PATH_MAX];
    const char *path = setting_text(setting_member(settings_root(settings), key));
    size_t length = strlen(folder);
    if (path == NULL || (strncmp(path, folder, length) == 0 && path[length] == '/'))
        return true;
    if (realpath(path, whole) == NULL)
        return say(why, file, key, strerror(errno));
    if (strncmp(whole, folder, length) == 0 && whole[length] == '/')
        return true;
    snprintf(why, BACKUP_WHY_BYTES, "%s: %s: %s is not in %s, which is what a backup has: move it there", file, key,
             path, folder);
    return false;
}

static bool read_daemon(const char *folder, struct backup_places *places, char *why)
{
    char file[PATH_MAX];
    struct settings *settings = open_settings(folder, "narvarod.cfg", file, why);
    if (settings == NULL)
        return false;
    const char *school = setting_text(setting_member(settings_root(settings), "school"));
    bool good = (school != NULL && wire_id_valid(school)) || say(why, file, "school", "must be the school's id");
    good = good && read_path(settings, file, "database", "", places->path[BACKUP_ATTENDANCE], why) &&
           is_within(settings, file, "token_key_file", folder, why) && is_within(settings, file, "rules", folder, why);
    if (good)
        snprintf(places->school, sizeof places->school, "%s", school);
    settings_close(settings);
    return good;
}

static bool read_web(const char *folder, struct backup_places *places, char *why)
{
    char file[PATH_MAX];
    struct settings *settings = open_settings(folder, "narvaro-web.cfg", file, why);
    if (settings == NULL)
        return false;
    bool good = read_path(settings, file, "state", "/casebook.db", places->path[BACKUP_CASEBOOK], why) &&
                read_path(settings, file, "state", "/audit.key", places->path[BACKUP_AUDIT_KEY], why) &&
                is_within(settings, file, "support", folder, why) && is_within(settings, file, "clocks", folder, why);
    settings_close(settings);
    return good;
}

bool backup_places_read(const char *folder, struct backup_places *places, char why[BACKUP_WHY_BYTES])
{
    *places = (struct backup_places){0};
    if (realpath(folder, places->path[BACKUP_SETTINGS]) == NULL) {
        snprintf(why, BACKUP_WHY_BYTES, "%s: %s", folder, strerror(errno));
        return false;
    }
    return read_daemon(places->path[BACKUP_SETTINGS], places, why) &&
           read_web(places->path[BACKUP_SETTINGS], places, why);
}
