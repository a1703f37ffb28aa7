/* Who this terminal is: a P-256 key that was made here and never leaves, the certificate that the school's authority gave
 * for it, and what is sealed to it. The only file of the terminal that knows libcrypto's keys.
 *
 * P-256 and not Ed25519, because the bundle's token key is sealed to the same key, and Ed25519 can only sign. Returns
 * false, or NULL, with a sentence in `why`; nothing is written then. */
#ifndef FIRMWARE_TERMINAL_IDENTITY_H
#define FIRMWARE_TERMINAL_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>
#include "common/bundle.h"

#define IDENTITY_WHY_BYTES   4352 /* room for a path */
#define IDENTITY_PRINT_BYTES 96

/* Makes the key, mode 0600, unless it is there: a key is never overwritten. One that others may read is refused. */
bool identity_make_key(const char *key_path, bool *made, char why[IDENTITY_WHY_BYTES]);
/* A certificate request for it (PKCS #10, PEM), to be freed by the caller. */
char *identity_request(const char *key_path, const char *terminal, char why[IDENTITY_WHY_BYTES]);

/* Is the bundle's certificate for our key, in the bundle's terminal's name, by the bundle's authority, and not over? Then
 * opens the token key, to be freed by the caller. `print`: the authority's fingerprint, for people to compare. */
char *identity_accept(const char *key_path, const struct bundle *bundle, char print[IDENTITY_PRINT_BYTES],
                      char why[IDENTITY_WHY_BYTES]);

/* Since when the certificate in a file holds: it was not earlier than that when we got it. INT64_MIN when nobody knows. */
int64_t identity_since_utc_ms(const char *certificate_path);

#endif
