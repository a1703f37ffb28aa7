/* What the authority does with libcrypto: for authority.c alone. Failures are told by certificate_error(). */
#ifndef DAEMON_CLI_AUTHORITY_SIGN_H
#define DAEMON_CLI_AUTHORITY_SIGN_H

#include <openssl/x509.h>
#include <stdbool.h>
#include "daemon/cli/authority.h"

#define AUTHORITY_SIGN_SERIAL_BYTES 41 /* 20 bytes in hex digits, as RFC 5280 has it */
#define AUTHORITY_REFUSE(...)       (snprintf(why, AUTHORITY_WHY_BYTES, __VA_ARGS__), false)

/* A new authority: key, certificate and an empty list, in PEM. */
struct authority_own {
    char *key, *certificate, *list;
};
bool authority_sign_own(struct authority_own *own);
void authority_sign_forget(struct authority_own *own);

EVP_PKEY *authority_sign_key(const char *pem);
X509_CRL *authority_sign_list_of(const char *pem, EVP_PKEY *key); /* NULL: not signed by this key */
/* Reads a certificate of the register. False when it is not one that this authority signed. */
bool authority_sign_read(const struct authority *authority, const char *pem, struct issued *out);

/* Adds it to the list in memory and marks it; authority_sign_list signs the list anew and gives its PEM. */
bool authority_sign_revoke(struct authority *authority, struct issued *issued);
char *authority_sign_list(struct authority *authority);

#endif
