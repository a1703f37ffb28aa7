/* What the authority does with libcrypto: for authority*.c alone. Failures are told by certificate_error(). What is returned
 * is the caller's; NULL and false: failed. */
#ifndef DAEMON_CLI_AUTHORITY_SIGN_H
#define DAEMON_CLI_AUTHORITY_SIGN_H

#include <openssl/x509.h>
#include <stdbool.h>
#include "daemon/cli/authority_issued.h"

/* A new authority: key, certificate and an empty list, in PEM. */
struct authority_own {
    char *key, *certificate, *list;
};
bool authority_sign_own(struct authority_own *own, int years);
void authority_sign_forget(struct authority_own *own);

EVP_PKEY *authority_sign_key(const char *pem);
char *authority_sign_key_text(EVP_PKEY *key);                     /* PEM */
X509_CRL *authority_sign_list_of(const char *pem, EVP_PKEY *key); /* NULL: not signed by this key */

/* What a certificate may be used for. */
enum authority_sign_use { AUTHORITY_SIGN_AUTHORITY, AUTHORITY_SIGN_TERMINAL, AUTHORITY_SIGN_SERVER };
/* A certificate with a new serial number: all but its times and the signature. `issuer` NULL: its own. */
X509 *authority_sign_draft(const char *name, EVP_PKEY *public, X509 *issuer, enum authority_sign_use use);
bool authority_sign_serial(const X509 *certificate, char out[AUTHORITY_SERIAL_BYTES]);
char *authority_sign_text(X509 *certificate); /* PEM */
/* Reads a certificate of the register. False when it is not one that was signed with this key. */
bool authority_sign_read(const char *pem, EVP_PKEY *key, X509_CRL *list, struct issued *out);

/* The names and addresses that a certificate holds for; 0: none, or more than `most`. */
size_t authority_sign_hosts(const char *pem, char (*hosts)[AUTHORITY_NAME_BYTES], size_t most);

/* Adds it to the list in memory and marks it; authority_sign_list signs the list anew and gives its PEM. */
bool authority_sign_revoke(X509_CRL *list, struct issued *issued);
char *authority_sign_list(X509_CRL *list, EVP_PKEY *key);

#endif
