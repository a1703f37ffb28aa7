/* Certificates and lists as OpenSSL makes them; the extensions of each kind stand in the table below. */
#include "daemon/cli/authority_sign.h"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/certificate.h"

#define SERIAL_BITS 127

/* What a kind of certificate may be used for. */
struct use {
    int nid;
    const char *value;
};
#define USES_MAX 6
static const struct use USES[][USES_MAX] = {
    [AUTHORITY_SIGN_AUTHORITY] = {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                  {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                  {NID_subject_key_identifier, "hash"},
                                  {0}},
    [AUTHORITY_SIGN_TERMINAL] = {{NID_basic_constraints, "critical,CA:FALSE"},
                                 {NID_key_usage, "critical,digitalSignature,keyAgreement"},
                                 {NID_ext_key_usage, "clientAuth"},
                                 {NID_subject_key_identifier, "hash"},
                                 {NID_authority_key_identifier, "keyid"},
                                 {0}},
    [AUTHORITY_SIGN_SERVER] = {{NID_basic_constraints, "critical,CA:FALSE"},
                               {NID_key_usage, "critical,digitalSignature"},
                               {NID_ext_key_usage, "serverAuth"},
                               {NID_subject_key_identifier, "hash"},
                               {NID_authority_key_identifier, "keyid"},
                               {0}},
};

EVP_PKEY *authority_sign_key(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)""); /* "": never asks */
    BIO_free(bio);
    return key;
}

char *authority_sign_key_text(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_secmem());
    return certificate_taken(bio, bio != NULL && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1);
}

char *authority_sign_text(X509 *certificate)
{
    BIO *bio = BIO_new(BIO_s_mem());
    return certificate_taken(bio, bio != NULL && PEM_write_bio_X509(bio, certificate) == 1);
}

static char *list_text(X509_CRL *list)
{
    BIO *bio = BIO_new(BIO_s_mem());
    return certificate_taken(bio, bio != NULL && PEM_write_bio_X509_CRL(bio, list) == 1);
}

static bool number(X509 *certificate)
{
    BIGNUM *serial = BN_new();
    bool good = serial != NULL && BN_rand(serial, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
                BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate)) != NULL;
    BN_free(serial);
    return good;
}

bool authority_sign_serial(const X509 *certificate, char out[AUTHORITY_SERIAL_BYTES])
{
    BIGNUM *serial = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    char *hex = serial == NULL ? NULL : BN_bn2hex(serial);
    bool good = hex != NULL && snprintf(out, AUTHORITY_SERIAL_BYTES, "%s", hex) < AUTHORITY_SERIAL_BYTES;
    OPENSSL_free(hex);
    BN_free(serial);
    return good;
}

static bool add_uses(X509 *certificate, X509 *issuer, const struct use *uses)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    for (; uses->nid != 0; uses++) {
        X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, uses->nid, uses->value);
        bool good = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
        X509_EXTENSION_free(extension);
        if (!good)
            return false;
    }
    return true;
}

X509 *authority_sign_draft(const char *name, EVP_PKEY *public, X509 *issuer, enum authority_sign_use use)
{
    X509 *certificate = X509_new();
    X509_NAME *subject = X509_NAME_new();
    bool good = certificate != NULL && subject != NULL && X509_set_version(certificate, X509_VERSION_3) == 1 &&
                number(certificate) &&
                X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, (const unsigned char *)name, -1, -1,
                                           0) == 1 &&
                X509_set_subject_name(certificate, subject) == 1 &&
                X509_set_issuer_name(certificate, issuer == NULL ? subject : X509_get_subject_name(issuer)) == 1 &&
                X509_set_pubkey(certificate, public) == 1 &&
                add_uses(certificate, issuer == NULL ? certificate : issuer, USES[use]);
    X509_NAME_free(subject);
    if (good)
        return certificate;
    X509_free(certificate);
    return NULL;
}

static X509_CRL *empty_list(X509 *certificate, EVP_PKEY *key)
{
    X509_CRL *list = X509_CRL_new();
    ASN1_TIME *now = X509_gmtime_adj(NULL, 0);
    bool good = list != NULL && now != NULL && X509_CRL_set_version(list, X509_CRL_VERSION_2) == 1 &&
                X509_CRL_set_issuer_name(list, X509_get_subject_name(certificate)) == 1 &&
                X509_CRL_set1_lastUpdate(list, now) == 1 &&
                X509_CRL_set1_nextUpdate(list, X509_get0_notAfter(certificate)) == 1 &&
                X509_CRL_sign(list, key, EVP_sha256()) > 0;
    ASN1_TIME_free(now);
    if (good)
        return list;
    X509_CRL_free(list);
    return NULL;
}

bool authority_sign_own(struct authority_own *own, int years)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate =
        key == NULL ? NULL
                    : authority_sign_draft("Närvaro, the school's authority", key, NULL, AUTHORITY_SIGN_AUTHORITY);
    bool good = certificate != NULL && X509_gmtime_adj(X509_getm_notBefore(certificate), 0) != NULL &&
                X509_time_adj_ex(X509_getm_notAfter(certificate), years * 365 + years / 4, 0, NULL) != NULL &&
                X509_sign(certificate, key, EVP_sha256()) > 0;
    X509_CRL *list = good ? empty_list(certificate, key) : NULL;
    if (list != NULL)
        *own = (struct authority_own){authority_sign_key_text(key), authority_sign_text(certificate), list_text(list)};
    X509_CRL_free(list);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return own->key != NULL && own->certificate != NULL && own->list != NULL;
}

void authority_sign_forget(struct authority_own *own)
{
    if (own->key != NULL)
        explicit_bzero(own->key, strlen(own->key));
    free(own->key);
    free(own->certificate);
    free(own->list);
}

X509_CRL *authority_sign_list_of(const char *pem, EVP_PKEY *key)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509_CRL *list = bio == NULL ? NULL : PEM_read_bio_X509_CRL(bio, NULL, NULL, NULL);
    BIO_free(bio);
    if (list == NULL || X509_CRL_verify(list, key) == 1)
        return list;
    X509_CRL_free(list);
    return NULL;
}

bool authority_sign_read(const char *pem, EVP_PKEY *key, X509_CRL *list, struct issued *out)
{
    X509 *certificate = certificate_of(pem);
    X509_REVOKED *entry = NULL;
    bool good =
        certificate != NULL && X509_verify(certificate, key) == 1 && authority_sign_serial(certificate, out->serial);
    if (good) {
        certificate_name(X509_get_subject_name(certificate), out->name);
        out->from_ms = certificate_utc_ms(X509_get0_notBefore(certificate));
        out->to_ms = certificate_utc_ms(X509_get0_notAfter(certificate));
        out->kind = (X509_get_extended_key_usage(certificate) & XKU_SSL_SERVER) == 0 ? ISSUED_TERMINAL
                    : strcmp(out->name, AUTHORITY_FRONT_NAME) == 0                   ? ISSUED_FRONT
                                                                                     : ISSUED_BROKER;
        if (X509_CRL_get0_by_cert(list, &entry, certificate) == 1)
            out->revoked_ms = certificate_utc_ms(X509_REVOKED_get0_revocationDate(entry));
    }
    X509_free(certificate);
    return good;
}

static bool host_of(const GENERAL_NAME *name, char out[AUTHORITY_NAME_BYTES])
{
    int type;
    const ASN1_STRING *value = GENERAL_NAME_get0_value(name, &type);
    const unsigned char *bytes = ASN1_STRING_get0_data(value);
    int length = ASN1_STRING_length(value);
    if (type == GEN_IPADD)
        return inet_ntop(length == (int)sizeof(struct in_addr) ? AF_INET : AF_INET6, bytes, out,
                         AUTHORITY_NAME_BYTES) != NULL;
    return type == GEN_DNS && snprintf(out, AUTHORITY_NAME_BYTES, "%.*s", length, bytes) < AUTHORITY_NAME_BYTES;
}

size_t authority_sign_hosts(const char *pem, char (*hosts)[AUTHORITY_NAME_BYTES], size_t most)
{
    X509 *certificate = certificate_of(pem);
    GENERAL_NAMES *names = certificate == NULL ? NULL : X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    size_t count = names == NULL ? 0 : (size_t)sk_GENERAL_NAME_num(names);
    bool good = count <= most;
    for (size_t i = 0; i < count && good; i++)
        good = host_of(sk_GENERAL_NAME_value(names, (int)i), hosts[i]);
    GENERAL_NAMES_free(names);
    X509_free(certificate);
    return good ? count : 0;
}

bool authority_sign_revoke(X509_CRL *list, struct issued *issued)
{
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_TIME *now = X509_gmtime_adj(NULL, 0);
    BIGNUM *serial = NULL;
    ASN1_INTEGER *number = BN_hex2bn(&serial, issued->serial) > 0 ? BN_to_ASN1_INTEGER(serial, NULL) : NULL;
    bool good = entry != NULL && now != NULL && number != NULL && X509_REVOKED_set_serialNumber(entry, number) == 1 &&
                X509_REVOKED_set_revocationDate(entry, now) == 1 && X509_CRL_add0_revoked(list, entry) == 1;
    if (good)
        issued->revoked_ms = certificate_utc_ms(now);
    else
        X509_REVOKED_free(entry);
    ASN1_INTEGER_free(number);
    BN_free(serial);
    ASN1_TIME_free(now);
    return good;
}

char *authority_sign_list(X509_CRL *list, EVP_PKEY *key)
{
    ASN1_TIME *now = X509_gmtime_adj(NULL, 0);
    bool good = now != NULL && X509_CRL_set1_lastUpdate(list, now) == 1 && X509_CRL_sort(list) == 1 &&
                X509_CRL_sign(list, key, EVP_sha256()) > 0;
    ASN1_TIME_free(now);
    return good ? list_text(list) : NULL;
}
