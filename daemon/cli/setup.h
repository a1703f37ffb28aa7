/* What the parts of `narvaro setup` share: the words, what is known, and how a step looks, tells and does. Settings and keys are in
 * setup.c, certificates and the front in setup_certificates.c, what all steps do in setup_step.c. Each returns false with a
 * sentence in `why`; what came before it stays, and the next run goes on from there. */
#ifndef DAEMON_CLI_SETUP_H
#define DAEMON_CLI_SETUP_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "common/ids.h"
#include "daemon/cli/authority.h"

#define SETUP_ETC            "/etc/narvaro"
#define SETUP_FRONT          "/etc/nginx/conf.d/narvaro.conf"
#define SETUP_FILE_BYTES_MAX (1024 * 1024) /* of a settings file that is read */
#define SETUP_RENEW_DAYS     90            /* the front's certificate is made anew when it ends within this */

enum setup_deed { SETUP_MADE, SETUP_CHANGED, SETUP_LEFT };
/* Whom a change concerns: bits. */
enum { SETUP_BROKER = 1, SETUP_WEB_FRONT = 2, SETUP_DAEMON = 4 };

struct setup {
    const char *school, *etc, *front, *user, *group;
    const char *hosts[AUTHORITY_HOSTS_MAX];
    size_t host_count;
    bool dry_run;

    char known_school[ID_BYTES]; /* in the settings; empty: there are none yet */
    int school_line;
    char known_hosts[AUTHORITY_HOSTS_MAX][AUTHORITY_NAME_BYTES];
    struct authority authority;
    bool has_authority;
    uid_t key_owner;
    gid_t broker_group;
    unsigned touched;
    char why[AUTHORITY_WHY_BYTES];
};

/* In setup_step.c. `why` becomes what errno says of `what`; false. */
bool setup_refuse(struct setup *setup, const char *what);
void setup_tell(const struct setup *setup, enum setup_deed deed, const char *path);
bool setup_path(struct setup *setup, const char *name, char out[PATH_MAX]); /* in the folder of settings */
bool setup_is(const char *path, const char *text);
/* Tells that the file is made or changed, and does it unless it is a dry run. */
bool setup_write(struct setup *setup, const char *path, const char *text, mode_t mode);
void setup_leave(const struct setup *setup, const char *path, const char *because);

/* Opens the authority where there is one; takes the broker's hosts when none were given; refuses a new id when terminals have
 * certificates, for they would all be refused under it. */
bool setup_learn_authority(struct setup *setup);
/* The authority where there is none, and what the broker is given by it. */
bool setup_broker(struct setup *setup);
/* A certificate that somebody else signed is the school's own choice, and stays. */
bool setup_front_certificate(struct setup *setup);
bool setup_front_site(struct setup *setup);
void setup_close(struct setup *setup);

#endif
