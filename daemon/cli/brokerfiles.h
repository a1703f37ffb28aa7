/* What the broker is given: a certificate of the school's authority with its key, the authority itself, the list of who is revoked,
 * and the list of who may publish and read what. Each returns false with a sentence in `why`. */
#ifndef DAEMON_CLI_BROKERFILES_H
#define DAEMON_CLI_BROKERFILES_H

#include "common/ids.h"
#include "daemon/cli/authority.h"

struct brokerfiles {
    const char *folder, *school;
    const char *const *hosts; /* the names and addresses by which terminals reach it, the first for its name */
    size_t host_count;
};

/* The school's id in the settings of narvarod, and its line there; what else stands there is the daemon's to check. */
bool brokerfiles_school(const char *path, char school[ID_BYTES], int *line, char why[AUTHORITY_WHY_BYTES]);
/* All of it, with a new key. The certificates of before are revoked. */
bool brokerfiles_give(struct authority *authority, const struct brokerfiles *files, char why[AUTHORITY_WHY_BYTES]);
/* The access list alone. */
bool brokerfiles_list(const char *folder, const char *school, char why[AUTHORITY_WHY_BYTES]);

#endif
