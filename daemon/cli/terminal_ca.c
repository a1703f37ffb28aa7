/* narvaro terminal ca: the school's authority where there is none yet, and a certificate for the broker. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/newfile.h"
#include "daemon/cli/authority_issue.h"
#include "daemon/cli/command.h"
#include "daemon/cli/terminal.h"

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

static bool give_broker(struct authority *authority, const struct terminal_words *words, char why[AUTHORITY_WHY_BYTES])
{
    struct issue issue;
    char *key;
    bool good = authority_issue_broker(authority, words->hosts, words->host_count, &issue, &key, why) &&
                authority_keep(authority, &issue, why) && write_broker(words->broker, "broker.key", key, 0640, why) &&
                write_broker(words->broker, "broker.crt", issue.certificate, 0644, why) &&
                authority_revoke(authority, NULL, issue.serial, why) &&
                authority_publish(authority, words->broker, why);
    if (key != NULL)
        explicit_bzero(key, strlen(key));
    free(key);
    issue_free(&issue);
    return good;
}

int terminal_ca(const struct terminal_words *words)
{
    char why[AUTHORITY_WHY_BYTES], print[AUTHORITY_PRINT_BYTES], ends[CIVIL_UTC_BYTES];
    struct authority authority;
    bool made;
    if (!authority_make(&authority, words->authority, &made, why))
        return terminal_failed(why);
    bool good = give_broker(&authority, words, why);
    authority_print(&authority, print);
    civil_write_utc(authority_to_ms(&authority), ends);
    authority_close(&authority);
    if (!good)
        return terminal_failed(why);
    printf("%s the authority in %s; it ends on %.10s. Keep a copy of the folder where no network reaches it.\n"
           "Its fingerprint: %s\n"
           "The broker's certificate is new, for %s: systemctl restart narvaro-broker\n",
           made ? "Made" : "Kept", words->authority, ends, print, words->hosts[0]);
    return command_printed();
}
