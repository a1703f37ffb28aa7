/* The terminal's identity: a P-256 key that was made here and never leaves, the certificate that the school's
 * authority issued for it, and what is encrypted to it. The only file of the terminal that uses libcrypto's keys.
 *
 * P-256 and not Ed25519, because the bundle's token key is encrypted to the same key, and Ed25519 can only sign. On
 * failure the functions return false or NULL with a sentence in `why`, and have written nothing. */
#ifndef FIRMWARE_TERMINAL_IDENTITY_H
#define FIRMWARE_TERMINAL_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>
#include "common/bundle.h"

#define IDENTITY_WHY_BYTES   4352 /* room for a path */
#define IDENTITY_PRINT_BYTES 96

/* Makes the key, mode 0600, unless there is one: a key is never overwritten. One that others may read is refused. */
bool identity_make_key(const char *key_path, bool *made, char why[IDENTITY_WHY_BYTES]);
/* A certificate request for it (PKCS #10, PEM), to be freed by the caller. */
char *identity_request(const char *key_path, const char *terminal, char why[IDENTITY_WHY_BYTES]);

/* Checks that the bundle's certificate is for our key and in its terminal's name, that its authority issued it and
 * that it has not expired. Then decrypts the token key, to be freed by the caller. `print`: the authority's
 * fingerprint, for people to compare. */
char *identity_accept(const char *key_path, const struct bundle *bundle, char print[IDENTITY_PRINT_BYTES],
                      char why[IDENTITY_WHY_BYTES]);

/* Since when the certificate in a file is valid, which is a time that has certainly passed. INT64_MIN when not
 * known. */
int64_t identity_since_utc_ms(const char *certificate_path);

#endif
