/* Thin calls of libcrypto that terminal and authority share: see the header. */
#include "common/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

X509 *certificate_of(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *certificate = bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    return certificate;
}

void certificate_name(const X509_NAME *name, char out[CERTIFICATE_NAME_BYTES])
{
    int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    out[0] = '\0';
    /* Two common names are as bad as none: broker and terminal could each believe another one. */
    if (at < 0 || X509_NAME_get_index_by_NID(name, NID_commonName, at) >= 0)
        return;
    const ASN1_STRING *text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
    size_t length = (size_t)ASN1_STRING_length(text);
    const char *bytes = (const char *)ASN1_STRING_get0_data(text);
    /* A NUL inside would make the C string shorter than the name that was signed. */
    if (length < CERTIFICATE_NAME_BYTES && memchr(bytes, '\0', length) == NULL)
        snprintf(out, CERTIFICATE_NAME_BYTES, "%.*s", (int)length, bytes);
}

int64_t certificate_utc_ms(const ASN1_TIME *time)
{
    struct tm parts;
    if (time == NULL || ASN1_TIME_to_tm(time, &parts) != 1)
        return INT64_MIN;
    return (int64_t)timegm(&parts) * 1000;
}

void certificate_fingerprint(const X509 *certificate, char out[CERTIFICATE_FINGERPRINT_BYTES])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    out[0] = '\0';
    if (X509_digest(certificate, EVP_sha256(), digest, &length) != 1 || 3 * length > CERTIFICATE_FINGERPRINT_BYTES)
        return;
    for (unsigned i = 0; i < length; i++) /* each colon overwrites the NUL before it */
        snprintf(out + (i ? 3 * i - 1 : 0), sizeof ":FF", i ? ":%02X" : "%02X", digest[i]);
}

const char *certificate_error(void)
{
    const char *reason = ERR_reason_error_string(ERR_peek_error());
    ERR_clear_error();
    return reason != NULL ? reason : "out of memory";
}

char *certificate_taken(BIO *bio, bool written)
{
    char *bytes = NULL, *text = NULL;
    long length = bio == NULL ? 0 : BIO_get_mem_data(bio, &bytes);
    if (written && length > 0)
        text = strndup(bytes, (size_t)length);
    BIO_free(bio);
    return text;
}
