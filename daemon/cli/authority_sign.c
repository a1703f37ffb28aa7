#include "daemon/cli/authority_sign.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/ec.h>
#include <openssl/pem.h> /* before cms.h, which else leaves its PEM functions out */
#include <openssl/cms.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "common/certificate.h"
#include "common/filebytes.h"

#define SERIAL_BITS    127
#define DAY_S          86400
#define HOST_BYTES_MAX 253

/* What a kind of certificate may be used for. */
struct use {
    int nid;
    const char *value;
};
static const struct use AUTHORITY_USES[] = {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                            {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                            {NID_subject_key_identifier, "hash"},
                                            {0}};
static const struct use TERMINAL_USES[] = {{NID_basic_constraints, "critical,CA:FALSE"},
                                           {NID_key_usage, "critical,digitalSignature,keyAgreement"},
                                           {NID_ext_key_usage, "clientAuth"},
                                           {NID_subject_key_identifier, "hash"},
                                           {NID_authority_key_identifier, "keyid"},
                                           {0}};
static const struct use BROKER_USES[] = {{NID_basic_constraints, "critical,CA:FALSE"},
                                         {NID_key_usage, "critical,digitalSignature"},
                                         {NID_ext_key_usage, "serverAuth"},
                                         {NID_subject_key_identifier, "hash"},
                                         {NID_authority_key_identifier, "keyid"},
                                         {0}};

EVP_PKEY *authority_sign_key(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)""); /* "": never asks */
    BIO_free(bio);
    return key;
}

static char *key_text(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_secmem());
    return certificate_taken(bio, bio != NULL && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1);
}

static char *certificate_pem(X509 *certificate)
{
    BIO *bio = BIO_new(BIO_s_mem());
    return certificate_taken(bio, bio != NULL && PEM_write_bio_X509(bio, certificate) == 1);
}

char *authority_text(const struct authority *authority)
{
    return certificate_pem(authority->certificate);
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

static bool serial_text(const X509 *certificate, char out[AUTHORITY_SERIAL_BYTES])
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

/* All but its times and the signature. `issuer` NULL: its own. */
static X509 *draft(const char *name, EVP_PKEY *public, X509 *issuer, const struct use *uses)
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
                add_uses(certificate, issuer == NULL ? certificate : issuer, uses);
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

bool authority_sign_own(struct authority_own *own)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = key == NULL ? NULL : draft("Närvaro, the school's authority", key, NULL, AUTHORITY_USES);
    bool good = certificate != NULL && X509_gmtime_adj(X509_getm_notBefore(certificate), 0) != NULL &&
                X509_time_adj_ex(X509_getm_notAfter(certificate), AUTHORITY_YEARS * 365 + AUTHORITY_YEARS / 4, 0,
                                 NULL) != NULL &&
                X509_sign(certificate, key, EVP_sha256()) > 0;
    X509_CRL *list = good ? empty_list(certificate, key) : NULL;
    if (list != NULL)
        *own = (struct authority_own){key_text(key), certificate_pem(certificate), list_text(list)};
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

bool authority_sign_read(const struct authority *authority, const char *pem, struct issued *out)
{
    X509 *certificate = certificate_of(pem);
    X509_REVOKED *entry = NULL;
    bool good =
        certificate != NULL && X509_verify(certificate, authority->key) == 1 && serial_text(certificate, out->serial);
    if (good) {
        certificate_name(X509_get_subject_name(certificate), out->name);
        out->from_ms = certificate_utc_ms(X509_get0_notBefore(certificate));
        out->to_ms = certificate_utc_ms(X509_get0_notAfter(certificate));
        out->is_broker = (X509_get_extended_key_usage(certificate) & XKU_SSL_SERVER) != 0;
        if (X509_CRL_get0_by_cert(authority->list, &entry, certificate) == 1)
            out->revoked_ms = certificate_utc_ms(X509_REVOKED_get0_revocationDate(entry));
    }
    X509_free(certificate);
    return good;
}

bool authority_sign_revoke(struct authority *authority, struct issued *issued)
{
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_TIME *now = X509_gmtime_adj(NULL, 0);
    BIGNUM *serial = NULL;
    ASN1_INTEGER *number = BN_hex2bn(&serial, issued->serial) > 0 ? BN_to_ASN1_INTEGER(serial, NULL) : NULL;
    bool good = entry != NULL && now != NULL && number != NULL && X509_REVOKED_set_serialNumber(entry, number) == 1 &&
                X509_REVOKED_set_revocationDate(entry, now) == 1 && X509_CRL_add0_revoked(authority->list, entry) == 1;
    if (good)
        issued->revoked_ms = certificate_utc_ms(now);
    else
        X509_REVOKED_free(entry);
    ASN1_INTEGER_free(number);
    BN_free(serial);
    ASN1_TIME_free(now);
    return good;
}

char *authority_sign_list(struct authority *authority)
{
    ASN1_TIME *now = X509_gmtime_adj(NULL, 0);
    bool good = now != NULL && X509_CRL_set1_lastUpdate(authority->list, now) == 1 &&
                X509_CRL_sort(authority->list) == 1 && X509_CRL_sign(authority->list, authority->key, EVP_sha256()) > 0;
    ASN1_TIME_free(now);
    return good ? list_text(authority->list) : NULL;
}

static bool within_authority(const struct authority *authority, char why[AUTHORITY_WHY_BYTES])
{
    return authority_to_ms(authority) > (int64_t)time(NULL) * 1000 ||
           AUTHORITY_REFUSE(
               "%s: the authority itself has ended: move the folder away, make a new one (narvaro terminal ca), "
               "and enrol every terminal anew",
               authority->folder);
}

/* Signs and hands out; frees the draft. */
static bool finish(const struct authority *authority, X509 *certificate, struct issue *out,
                   char why[AUTHORITY_WHY_BYTES])
{
    bool good = certificate != NULL && X509_sign(certificate, authority->key, EVP_sha256()) > 0 &&
                serial_text(certificate, out->serial) && (out->certificate = certificate_pem(certificate)) != NULL;
    if (good)
        out->to_ms = certificate_utc_ms(X509_get0_notAfter(certificate));
    X509_free(certificate);
    return good || AUTHORITY_REFUSE("no certificate can be made: %s", certificate_error());
}

static bool is_p256(const EVP_PKEY *key)
{
    char curve[32] = "";
    return EVP_PKEY_get_group_name(key, curve, sizeof curve, NULL) == 1 && strcmp(curve, SN_X9_62_prime256v1) == 0;
}

/* The key of a request that is whole and in the terminal's name. */
static EVP_PKEY *requested_key(const char *path, const char *terminal, char why[AUTHORITY_WHY_BYTES])
{
    char name[CERTIFICATE_NAME_BYTES] = "";
    char *text = filebytes_text(path, CERTIFICATE_PEM_BYTES_MAX);
    if (text == NULL) {
        (void)AUTHORITY_REFUSE("%s: %s", path, strerror(errno));
        return NULL;
    }
    BIO *bio = BIO_new_mem_buf(text, -1);
    X509_REQ *request = bio == NULL ? NULL : PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL);
    EVP_PKEY *key = request == NULL ? NULL : X509_REQ_get_pubkey(request);
    bool good = false;
    if (key == NULL)
        (void)AUTHORITY_REFUSE("%s: not a certificate request: %s", path, certificate_error());
    else if (X509_REQ_verify(request, key) != 1)
        (void)AUTHORITY_REFUSE("%s: the request was changed on its way (its signature does not fit): %s", path,
                               certificate_error());
    else if (!is_p256(key))
        (void)AUTHORITY_REFUSE("%s: the key must be P-256, as narvaro-terminal --enrol makes it", path);
    else {
        certificate_name(X509_REQ_get_subject_name(request), name);
        good = strcmp(name, terminal) == 0 ||
               AUTHORITY_REFUSE("%s: the request is for terminal \"%s\", not \"%s\"", path, name, terminal);
    }
    X509_REQ_free(request);
    BIO_free(bio);
    free(text);
    if (good)
        return key;
    EVP_PKEY_free(key);
    return NULL;
}

static EVP_PKEY *latest_key(const struct authority *authority, const char *terminal)
{
    const struct issued *latest = authority_latest(authority, terminal);
    char path[PATH_MAX];
    if (latest == NULL ||
        snprintf(path, sizeof path, "%s/issued/%s.crt", authority->folder, latest->serial) >= PATH_MAX)
        return NULL;
    char *text = filebytes_text(path, CERTIFICATE_PEM_BYTES_MAX);
    X509 *certificate = text == NULL ? NULL : certificate_of(text);
    EVP_PKEY *key = certificate == NULL ? NULL : X509_get_pubkey(certificate);
    X509_free(certificate);
    free(text);
    return key;
}

static bool set_days(const struct authority *authority, X509 *certificate, int days)
{
    time_t now = time(NULL);
    bool cut = (int64_t)now * 1000 + (int64_t)days * DAY_S * 1000 > authority_to_ms(authority);
    return X509_gmtime_adj(X509_getm_notBefore(certificate), 0) != NULL &&
           (cut ? X509_set1_notAfter(certificate, X509_get0_notAfter(authority->certificate)) == 1
                : X509_time_adj_ex(X509_getm_notAfter(certificate), days, 0, &now) != NULL);
}

bool authority_issue(struct authority *authority, const char *terminal, const char *request, int days,
                     struct issue *out, char why[AUTHORITY_WHY_BYTES])
{
    *out = (struct issue){0};
    if (!within_authority(authority, why))
        return false;
    EVP_PKEY *latest = latest_key(authority, terminal);
    EVP_PKEY *key = request == NULL ? latest : requested_key(request, terminal, why);
    if (request == NULL && key == NULL)
        (void)AUTHORITY_REFUSE("%s never had a certificate; give its request with --csr", terminal);
    bool good = key != NULL;
    if (good) {
        out->same_key = latest != NULL && EVP_PKEY_eq(latest, key) == 1;
        X509 *certificate = draft(terminal, key, authority->certificate, TERMINAL_USES);
        if (certificate != NULL && !set_days(authority, certificate, days)) {
            X509_free(certificate);
            certificate = NULL;
        }
        good = finish(authority, certificate, out, why);
    }
    if (key != latest)
        EVP_PKEY_free(key);
    EVP_PKEY_free(latest);
    return good;
}

static bool add_host(GENERAL_NAMES *names, const char *host)
{
    struct in6_addr address;
    bool is_address = inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
    GENERAL_NAME *name = a2i_GENERAL_NAME(NULL, NULL, NULL, is_address ? GEN_IPADD : GEN_DNS, host, 0);
    if (name != NULL && sk_GENERAL_NAME_push(names, name) > 0)
        return true;
    GENERAL_NAME_free(name);
    return false;
}

static bool is_host(const char *host)
{
    size_t length = strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-");
    return length > 0 && host[length] == '\0' && length < AUTHORITY_NAME_BYTES && length <= HOST_BYTES_MAX;
}

static bool add_hosts(X509 *certificate, const char *const *hosts, size_t count)
{
    GENERAL_NAMES *names = GENERAL_NAMES_new();
    bool good = names != NULL;
    for (size_t i = 0; i < count && good; i++)
        good = add_host(names, hosts[i]);
    good = good && X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) == 1;
    GENERAL_NAMES_free(names);
    return good;
}

/* It holds since the authority does: a terminal whose clock stopped long ago must still believe a newer one. */
bool authority_issue_broker(struct authority *authority, const char *const *hosts, size_t host_count, struct issue *out,
                            char **key, char why[AUTHORITY_WHY_BYTES])
{
    *out = (struct issue){0};
    *key = NULL;
    for (size_t i = 0; i < host_count; i++)
        if (!is_host(hosts[i]))
            return AUTHORITY_REFUSE("\"%s\" is not the name or address of a host", hosts[i]);
    if (!within_authority(authority, why))
        return false;
    EVP_PKEY *pair = EVP_EC_gen("P-256");
    X509 *certificate = pair == NULL ? NULL : draft(hosts[0], pair, authority->certificate, BROKER_USES);
    if (certificate != NULL && !(X509_set1_notBefore(certificate, X509_get0_notBefore(authority->certificate)) == 1 &&
                                 X509_set1_notAfter(certificate, X509_get0_notAfter(authority->certificate)) == 1 &&
                                 add_hosts(certificate, hosts, host_count))) {
        X509_free(certificate);
        certificate = NULL;
    }
    bool good = finish(authority, certificate, out, why);
    *key = good ? key_text(pair) : NULL;
    EVP_PKEY_free(pair);
    return *key != NULL;
}

void issue_free(struct issue *issue)
{
    free(issue->certificate);
    *issue = (struct issue){0};
}

char *authority_seal(const struct issue *issue, const char *text)
{
    X509 *certificate = certificate_of(issue->certificate);
    STACK_OF(X509) *readers = sk_X509_new_null();
    BIO *in = BIO_new_mem_buf(text, -1), *out = BIO_new(BIO_s_mem());
    CMS_ContentInfo *message = NULL;
    if (certificate != NULL && readers != NULL && in != NULL && sk_X509_push(readers, certificate) > 0)
        message = CMS_encrypt(readers, in, EVP_aes_256_cbc(), CMS_BINARY);
    bool written = message != NULL && out != NULL && PEM_write_bio_CMS(out, message) == 1;
    CMS_ContentInfo_free(message);
    sk_X509_free(readers);
    X509_free(certificate);
    BIO_free(in);
    return certificate_taken(out, written);
}
