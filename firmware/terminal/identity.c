/* libcrypto's keys, requests, certificates and CMS messages. What failed in it is read by certificate_error, which
 * empties its error queue, so that no message shows the cause of an earlier failure. */
#include "firmware/terminal/identity.h"

#include <errno.h>
#include <openssl/ec.h>
#include <openssl/pem.h> /* before cms.h, which else leaves its PEM functions out */
#include <openssl/cms.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include "common/certificate.h"
#include "common/filebytes.h"
#include "common/newfile.h"

_Static_assert(IDENTITY_PRINT_BYTES == CERTIFICATE_FINGERPRINT_BYTES, "a fingerprint fits");

/* Writes the reason into the caller's `why`; is false. */
#define REFUSE(...) (snprintf(why, IDENTITY_WHY_BYTES, __VA_ARGS__), false)

/* In libcrypto's secure memory as far as the BIO goes; the caller wipes the text. */
static char *new_key_text(void)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    BIO *bio = BIO_new(BIO_s_secmem());
    bool written = key != NULL && bio != NULL && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1;
    EVP_PKEY_free(key);
    return certificate_taken(bio, written);
}

/* Whether only the owner may read the key. */
static bool is_private(const char *key_path, char why[IDENTITY_WHY_BYTES])
{
    struct stat status;
    if (stat(key_path, &status) != 0)
        return REFUSE("%s: %s", key_path, strerror(errno));
    if (status.st_mode & 077)
        return REFUSE(
            "%s: others may read this key (mode %04o); if nobody has, chmod 600 it, otherwise have the terminal "
            "revoked",
            key_path, status.st_mode & 07777u);
    return true;
}

bool identity_make_key(const char *key_path, bool *made, char why[IDENTITY_WHY_BYTES])
{
    struct stat status;
    *made = false;
    if (stat(key_path, &status) == 0)
        return is_private(key_path, why);
    char *text = new_key_text();
    if (text == NULL)
        return REFUSE("no key can be made: %s", certificate_error());
    *made = newfile_create(key_path, text, strlen(text), 0600);
    int error = errno;
    explicit_bzero(text, strlen(text));
    free(text);
    return *made ? true : REFUSE("%s: the key cannot be written: %s", key_path, strerror(error));
}

static EVP_PKEY *read_key(const char *key_path, char why[IDENTITY_WHY_BYTES])
{
    if (!is_private(key_path, why))
        return NULL;
    FILE *file = fopen(key_path, "re");
    if (file == NULL) {
        (void)REFUSE("%s: %s", key_path, strerror(errno));
        return NULL;
    }
    EVP_PKEY *key = PEM_read_PrivateKey(file, NULL, NULL, (void *)""); /* "": never asks for a password */
    fclose(file);
    if (key == NULL)
        (void)REFUSE("%s: not a private key: %s", key_path, certificate_error());
    return key;
}

char *identity_request(const char *key_path, const char *terminal, char why[IDENTITY_WHY_BYTES])
{
    EVP_PKEY *key = read_key(key_path, why);
    if (key == NULL)
        return NULL;
    X509_REQ *request = X509_REQ_new();
    X509_NAME *name = X509_NAME_new();
    BIO *bio = BIO_new(BIO_s_mem());
    bool made =
        request != NULL && name != NULL && bio != NULL && X509_REQ_set_version(request, X509_REQ_VERSION_1) == 1 &&
        X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC, (const unsigned char *)terminal, -1, -1, 0) ==
            1 &&
        X509_REQ_set_subject_name(request, name) == 1 && X509_REQ_set_pubkey(request, key) == 1 &&
        X509_REQ_sign(request, key, EVP_sha256()) > 0 && PEM_write_bio_X509_REQ(bio, request) == 1;
    if (!made)
        (void)REFUSE("no request can be made: %s", certificate_error());
    X509_NAME_free(name);
    X509_REQ_free(request);
    EVP_PKEY_free(key);
    return certificate_taken(bio, made);
}

/* Times are not checked: a board without a clock may believe that it is 1970. */
static bool signed_by(X509 *certificate, X509 *authority, const char **reason)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *check = X509_STORE_CTX_new();
    bool good = store != NULL && check != NULL && X509_STORE_add_cert(store, authority) == 1 &&
                X509_STORE_CTX_init(check, store, certificate, NULL) == 1;
    if (good) {
        X509_STORE_CTX_set_flags(check, X509_V_FLAG_NO_CHECK_TIME);
        X509_STORE_CTX_set_purpose(check, X509_PURPOSE_SSL_CLIENT);
        good = X509_verify_cert(check) == 1;
        *reason = X509_verify_cert_error_string(X509_STORE_CTX_get_error(check));
    } else {
        *reason = certificate_error();
    }
    X509_STORE_CTX_free(check);
    X509_STORE_free(store);
    return good;
}

/* Everything that could make the bundle another terminal's; the first mismatch is reported. */
static bool matches(X509 *certificate, X509 *authority, EVP_PKEY *key, const char *terminal,
                    char why[IDENTITY_WHY_BYTES])
{
    char name[CERTIFICATE_NAME_BYTES];
    const char *reason = "";
    if (certificate == NULL || authority == NULL)
        return REFUSE("a certificate in the bundle cannot be read: %s", certificate_error());
    certificate_name(X509_get_subject_name(certificate), name);
    if (strcmp(name, terminal) != 0)
        return REFUSE("the certificate is for \"%s\", this terminal is \"%s\"", name, terminal);
    if (X509_check_private_key(certificate, key) != 1) {
        (void)certificate_error();
        return REFUSE("the certificate is for another key: the request came from another machine, or an earlier key");
    }
    if (!signed_by(certificate, authority, &reason))
        return REFUSE("the bundle's authority has not signed the certificate: %s", reason);
    if (certificate_utc_ms(X509_get0_notAfter(certificate)) < (int64_t)time(NULL) * 1000)
        return REFUSE("the certificate has ended: ask for a new one (narvaro terminal renew %s)", terminal);
    return true;
}

static char *decrypt_token_key(const char *sealed, EVP_PKEY *key, X509 *certificate, char why[IDENTITY_WHY_BYTES])
{
    BIO *in = BIO_new_mem_buf(sealed, -1), *out = BIO_new(BIO_s_secmem());
    CMS_ContentInfo *message = in == NULL ? NULL : PEM_read_bio_CMS(in, NULL, NULL, NULL);
    bool opened = message != NULL && out != NULL && CMS_decrypt(message, key, certificate, NULL, out, 0) == 1;
    if (!opened)
        (void)REFUSE("the token key in the bundle cannot be opened with this terminal's key: %s", certificate_error());
    CMS_ContentInfo_free(message);
    BIO_free(in);
    return certificate_taken(out, opened);
}

char *identity_accept(const char *key_path, const struct bundle *bundle, char print[IDENTITY_PRINT_BYTES],
                      char why[IDENTITY_WHY_BYTES])
{
    EVP_PKEY *key = read_key(key_path, why);
    if (key == NULL)
        return NULL;
    X509 *certificate = certificate_of(bundle->certificate), *authority = certificate_of(bundle->authority);
    char *token_key = NULL;
    if (matches(certificate, authority, key, bundle->terminal, why)) {
        certificate_fingerprint(authority, print);
        token_key = decrypt_token_key(bundle->token_key, key, certificate, why);
    }
    X509_free(certificate);
    X509_free(authority);
    EVP_PKEY_free(key);
    return token_key;
}

int64_t identity_since_utc_ms(const char *certificate_path)
{
    char *text = filebytes_text(certificate_path, CERTIFICATE_PEM_BYTES_MAX);
    if (text == NULL)
        return INT64_MIN;
    X509 *certificate = certificate_of(text);
    int64_t since_ms = certificate == NULL ? INT64_MIN : certificate_utc_ms(X509_get0_notBefore(certificate));
    (void)certificate_error();
    X509_free(certificate);
    free(text);
    return since_ms;
}
