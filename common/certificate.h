/* What the terminal and the school's authority both need to know of X.509 certificates. Together with
 * firmware/terminal/identity.c and daemon/cli/authority*.c the only files that use libcrypto's certificates; nothing
 * of ASN.1 or cryptography is our own. */
#ifndef COMMON_CERTIFICATE_H
#define COMMON_CERTIFICATE_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CERTIFICATE_NAME_BYTES        128   /* of a common name; a longer one reads as empty */
#define CERTIFICATE_FINGERPRINT_BYTES 96    /* SHA-256 as "AB:CD:…" */
#define CERTIFICATE_PEM_BYTES_MAX     16384 /* of any file that is read */

/* From PEM text; NULL when there is none in it. To be freed by the caller. */
X509 *certificate_of(const char *pem);
/* The common name, the only part of a name that we use; empty when there is none, or more than one. */
void certificate_name(const X509_NAME *name, char out[CERTIFICATE_NAME_BYTES]);
int64_t certificate_utc_ms(const ASN1_TIME *time); /* INT64_MIN when it is no time */
/* For people who compare two screens. */
void certificate_fingerprint(const X509 *certificate, char out[CERTIFICATE_FINGERPRINT_BYTES]);
/* The oldest error that libcrypto has queued, as text valid until the next call; empties the queue. */
const char *certificate_error(void);
/* What a memory BIO holds, as text to be freed by the caller; frees the BIO. NULL: no memory, or `written` is false. */
char *certificate_taken(BIO *bio, bool written);

#endif
