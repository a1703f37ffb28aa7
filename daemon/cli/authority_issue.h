/* The authority signs: certificates for terminals and for the broker. What it signs comes into the register by
 * authority_keep. Each returns false with a sentence in `why`, and has changed nothing then. */
#ifndef DAEMON_CLI_AUTHORITY_ISSUE_H
#define DAEMON_CLI_AUTHORITY_ISSUE_H

#include "daemon/cli/authority.h"

/* For the terminal whose request is in file `request`, after checking that the request is whole and in its name; NULL: for
 * the key of its latest certificate. */
bool authority_issue(struct authority *authority, const char *terminal, const char *request, int days,
                     struct issue *out, char why[AUTHORITY_WHY_BYTES]);
/* For the broker, by the names and addresses under which terminals reach it, with a new key (PEM, to be freed). */
bool authority_issue_broker(struct authority *authority, const char *const *hosts, size_t host_count, struct issue *out,
                            char **key, char why[AUTHORITY_WHY_BYTES]);
/* The same for the front: what browsers see. */
bool authority_issue_front(struct authority *authority, const char *const *hosts, size_t host_count, struct issue *out,
                           char **key, char why[AUTHORITY_WHY_BYTES]);
void issue_free(struct issue *issue);
/* `text` so that only the key of that certificate opens it (CMS, PEM, to be freed); NULL: failed. */
char *authority_seal(const struct issue *issue, const char *text);

#endif
