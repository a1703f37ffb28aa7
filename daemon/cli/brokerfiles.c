/* The broker's list is config/mosquitto.acl with the id of this school, which stands in the daemon's settings alone. */
#include "daemon/cli/brokerfiles.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/newfile.h"
#include "common/settings.h"
#include "common/settings_file.h"
#include "common/wire.h"
#include "daemon/cli/authority_issue.h"
#include "daemon/cli/examples.h"

/* What else stands in the settings is the daemon's to check. */
bool brokerfiles_school(const char *path, char school[ID_BYTES], int *line, char why[AUTHORITY_WHY_BYTES])
{
    static struct problems problems;
    struct settings *settings = settings_open_file(path, &problems);
    if (settings == NULL) {
        snprintf(why, AUTHORITY_WHY_BYTES, "%s", problems.lines[0]);
        return false;
    }
    const struct setting *setting = setting_member(settings_root(settings), "school");
    const char *id = setting_text(setting);
    bool good = id != NULL && wire_id_valid(id);
    if (good)
        snprintf(school, ID_BYTES, "%s", id);
    else
        snprintf(why, AUTHORITY_WHY_BYTES, "%s: school: must be [a-z0-9-], at most %d", path, ID_CHARS_MAX);
    *line = setting == NULL ? 0 : setting_line(setting);
    settings_close(settings);
    return good;
}

/* The broker's folder belongs to its group, and so does what is made in it (docs/operating.md): the group may read. */
static bool write_broker(const char *folder, const char *name, const char *text, mode_t mode,
                         char why[AUTHORITY_WHY_BYTES])
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) < PATH_MAX &&
        newfile_replace(path, text, strlen(text), mode))
        return true;
    snprintf(why, AUTHORITY_WHY_BYTES, "%s/%s: %s", folder, name, strerror(errno));
    return false;
}

bool brokerfiles_list(const char *folder, const char *school, char why[AUTHORITY_WHY_BYTES])
{
    char *acl = example_text(EXAMPLE_LIST, EXAMPLE_SCHOOL, school);
    if (acl == NULL)
        snprintf(why, AUTHORITY_WHY_BYTES, "no memory");
    bool good = acl != NULL && write_broker(folder, "mosquitto.acl", acl, 0640, why);
    free(acl);
    return good;
}

bool brokerfiles_give(struct authority *authority, const struct brokerfiles *files, char why[AUTHORITY_WHY_BYTES])
{
    struct issue issue;
    char *key;
    bool good = authority_issue_broker(authority, files->hosts, files->host_count, &issue, &key, why) &&
                authority_keep(authority, &issue, why) && write_broker(files->folder, "broker.key", key, 0640, why) &&
                write_broker(files->folder, "broker.crt", issue.certificate, 0644, why) &&
                authority_revoke(authority, NULL, issue.serial, why) &&
                authority_publish(authority, files->folder, why) && brokerfiles_list(files->folder, files->school, why);
    if (key != NULL)
        explicit_bzero(key, strlen(key));
    free(key);
    issue_free(&issue);
    return good;
}
