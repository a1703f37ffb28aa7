/* narvaro terminal ca: the school's authority where there is none yet, and for the broker a certificate and the list of who may
 * publish and read what. That list is config/mosquitto.acl with the id of this school, which stands in the daemon's settings alone. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/newfile.h"
#include "common/settings.h"
#include "common/settings_file.h"
#include "common/wire.h"
#include "daemon/cli/authority_issue.h"
#include "daemon/cli/command.h"
#include "daemon/cli/terminal.h"

extern const char acl_begin[] __asm__("_binary_config_mosquitto_acl_start");
extern const char acl_end[] __asm__("_binary_config_mosquitto_acl_end");

#define EXAMPLE_SCHOOL "ekskolan" /* in config/mosquitto.acl */

/* What else stands in the settings is the daemon's to check. */
static bool read_school(const char *path, char school[ID_BYTES], char why[AUTHORITY_WHY_BYTES])
{
    static struct problems problems;
    struct settings *settings = settings_open_file(path, &problems);
    if (settings == NULL) {
        snprintf(why, AUTHORITY_WHY_BYTES, "%s", problems.lines[0]);
        return false;
    }
    const char *id = setting_text(setting_member(settings_root(settings), "school"));
    bool good = id != NULL && wire_id_valid(id);
    if (good)
        snprintf(school, ID_BYTES, "%s", id);
    else
        snprintf(why, AUTHORITY_WHY_BYTES, "%s: school: must be [a-z0-9-], at most %d", path, ID_CHARS_MAX);
    settings_close(settings);
    return good;
}

/* The list for this school, to be freed; NULL: no memory. */
static char *acl_of(const char *school)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (out == NULL)
        return NULL;
    const char *at = acl_begin, *named;
    while ((named = memmem(at, (size_t)(acl_end - at), EXAMPLE_SCHOOL, strlen(EXAMPLE_SCHOOL))) != NULL) {
        fwrite(at, 1, (size_t)(named - at), out);
        fputs(school, out);
        at = named + strlen(EXAMPLE_SCHOOL);
    }
    fwrite(at, 1, (size_t)(acl_end - at), out);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
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

static bool give_list(const char *folder, const char *school, char why[AUTHORITY_WHY_BYTES])
{
    char *acl = acl_of(school);
    if (acl == NULL)
        snprintf(why, AUTHORITY_WHY_BYTES, "no memory");
    bool good = acl != NULL && write_broker(folder, "mosquitto.acl", acl, 0640, why);
    free(acl);
    return good;
}

static bool give_broker(struct authority *authority, const struct terminal_words *words, const char *school,
                        char why[AUTHORITY_WHY_BYTES])
{
    struct issue issue;
    char *key;
    bool good = authority_issue_broker(authority, words->hosts, words->host_count, &issue, &key, why) &&
                authority_keep(authority, &issue, why) && write_broker(words->broker, "broker.key", key, 0640, why) &&
                write_broker(words->broker, "broker.crt", issue.certificate, 0644, why) &&
                authority_revoke(authority, NULL, issue.serial, why) &&
                authority_publish(authority, words->broker, why) && give_list(words->broker, school, why);
    if (key != NULL)
        explicit_bzero(key, strlen(key));
    free(key);
    issue_free(&issue);
    return good;
}

int terminal_ca(const struct terminal_words *words)
{
    char why[AUTHORITY_WHY_BYTES], print[AUTHORITY_PRINT_BYTES], ends[CIVIL_UTC_BYTES], school[ID_BYTES];
    struct authority authority;
    bool made;
    if (!read_school(words->config, school, why) || !authority_make(&authority, words->authority, &made, why))
        return terminal_failed(why);
    bool good = give_broker(&authority, words, school, why);
    authority_print(&authority, print);
    civil_write_utc(authority_to_ms(&authority), ends);
    authority_close(&authority);
    if (!good)
        return terminal_failed(why);
    printf("%s the authority in %s; it ends on %.10s. Keep a copy of the folder where no network reaches it.\n"
           "Its fingerprint: %s\n"
           "The broker's certificate is new, for %s, and its access list is that of the school %s: systemctl restart "
           "narvaro-broker\n",
           made ? "Made" : "Kept", words->authority, ends, print, words->hosts[0], school);
    return command_printed();
}
