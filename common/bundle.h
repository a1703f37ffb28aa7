/* What the school's machine answers a new terminal's request with: one file of JSON, carried by hand or by mail.
 *
 * It holds no secret in the clear: the school's token key is encrypted to the terminal's own key (CMS, RFC 5652).
 * Whoever reads it learns where the broker is and which room the terminal is in. */
#ifndef COMMON_BUNDLE_H
#define COMMON_BUNDLE_H

#include <stdbool.h>

#define BUNDLE_BYTES_MAX 65536

struct bundle {
    const char *school, *terminal, *room;
    const char *host; /* of the broker, as its certificate has it */
    int port;
    const char *certificate, *authority; /* PEM: the terminal's, and its issuer's */
    const char *token_key;               /* PEM of a CMS message that the terminal's key opens: the token key as hex */
    const char *update_key;              /* PEM: the public key that updates are signed with; NULL: none given */
    struct json_t *whole;                /* after bundle_read: the document, which owns these texts */
};

/* The file's text, to be freed by the caller; NULL: no memory. */
char *bundle_write(const struct bundle *bundle);
/* False, and what is wrong, when it is no bundle; then there is nothing to free. */
bool bundle_read(const char *text, struct bundle *bundle, const char **why);
void bundle_free(struct bundle *bundle);

#endif
