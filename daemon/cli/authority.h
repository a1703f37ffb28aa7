/* The school's own certificate authority: one folder, which nobody but root may enter.
 *
 *   ca.key, ca.crt       its key (0600) and its own certificate
 *   issued/SERIAL.crt    every certificate that it ever signed: the register of serial numbers
 *   revoked.crl          which of them no longer hold; without an end of its own, for an outdated list would keep everybody out
 *
 * What is known of a certificate is what stands in these files; there is no index that could disagree with them. A folder
 * that is open is locked against a second command. authority*.c and common/certificate.c are the only files of `narvaro`
 * that know libcrypto. Each function returns false with a sentence in `why`, and has changed nothing then. */
#ifndef DAEMON_CLI_AUTHORITY_H
#define DAEMON_CLI_AUTHORITY_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/event.h"
#include "daemon/cli/authority_issued.h"

#define AUTHORITY_FOLDER      "/etc/narvaro/ca"
#define AUTHORITY_BROKER      "/etc/narvaro/broker" /* where the broker finds its own certificate and the list */
#define AUTHORITY_WHY_BYTES   4608
#define AUTHORITY_PRINT_BYTES 96
#define AUTHORITY_ISSUED_MAX  10000
#define AUTHORITY_YEARS       20   /* the authority and the broker's certificate */
#define AUTHORITY_DAYS        1096 /* a terminal's certificate, unless said otherwise: three years */
#define AUTHORITY_DAYS_MAX    3660
#define AUTHORITY_FRONT_DAYS  800 /* Safari takes no server's certificate for more than 825 days */
#define AUTHORITY_HOSTS_MAX   8

struct authority {
    char folder[PATH_MAX];
    int lock;
    struct evp_pkey_st *key;
    struct x509_st *certificate;
    struct X509_crl_st *list;
    struct issued *issued; /* oldest first */
    size_t issued_count;
};

/* For authority*.c: false, after saying why. */
#define AUTHORITY_REFUSE(...) (snprintf(why, AUTHORITY_WHY_BYTES, __VA_ARGS__), false)

bool authority_open(struct authority *authority, const char *folder, char why[AUTHORITY_WHY_BYTES]);
/* Makes the folder and the authority in it when there is none. */
bool authority_make(struct authority *authority, const char *folder, bool *made, char why[AUTHORITY_WHY_BYTES]);
void authority_close(struct authority *authority);
int64_t authority_to_ms(const struct authority *authority);
char *authority_text(const struct authority *authority); /* its certificate, PEM, to be freed; NULL: no memory */
void authority_print(const struct authority *authority, char out[AUTHORITY_PRINT_BYTES]); /* its fingerprint */

/* The newest certificate of that name; NULL: it never had one. A terminal is revoked when this one is. */
const struct issued *authority_latest(const struct authority *authority, const char *terminal);
/* The newest of the broker's or the front's; NULL: none yet. */
const struct issued *authority_server(const struct authority *authority, enum issued_kind kind);
bool authority_has_terminals(const struct authority *authority); /* one at least, whose certificate was not revoked */
/* Whether this authority signed the certificate in PEM, and what is known of it. */
bool authority_signed(const struct authority *authority, const char *pem, struct issued *out);
/* The names and addresses that it holds for, in their order; 0: it cannot be read, or has none. */
size_t authority_hosts(const struct authority *authority, const struct issued *issued,
                       char hosts[AUTHORITY_HOSTS_MAX][AUTHORITY_NAME_BYTES]);

/* A certificate that was signed (authority_issue.h) and is not in the register yet. */
struct issue {
    char serial[AUTHORITY_SERIAL_BYTES];
    char *certificate; /* PEM */
    int64_t to_ms;
    bool same_key; /* as the terminal's latest one */
};

/* Into the register, and out again (when what should have followed failed). */
bool authority_keep(struct authority *authority, const struct issue *issue, char why[AUTHORITY_WHY_BYTES]);
void authority_forget(struct authority *authority, const struct issue *issue);

/* Puts all certificates of the terminal (NULL: of the broker) onto the list but the one with serial `except` (NULL: none). */
bool authority_revoke(struct authority *authority, const char *terminal, const char *except,
                      char why[AUTHORITY_WHY_BYTES]);
/* Gives the broker the authority's certificate and the list. */
bool authority_publish(const struct authority *authority, const char *broker_folder, char why[AUTHORITY_WHY_BYTES]);

#endif
