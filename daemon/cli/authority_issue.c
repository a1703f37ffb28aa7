/* Issues certificates for terminals and the broker: checks the request and how long the authority itself lasts, then
 * signs. */
#include "daemon/cli/authority_issue.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/pem.h> /* before cms.h, which else leaves its PEM functions out */
#include <openssl/cms.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "common/civil.h"
#include "common/certificate.h"
#include "common/filebytes.h"
#include "daemon/cli/authority_sign.h"

#define HOST_BYTES_MAX 253

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
                authority_sign_serial(certificate, out->serial) &&
                (out->certificate = authority_sign_text(certificate)) != NULL;
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
    bool cut = (int64_t)now * 1000 + (int64_t)days * CIVIL_S_PER_DAY * 1000 > authority_to_ms(authority);
    return X509_gmtime_adj(X509_getm_notBefore(certificate), 0) != NULL &&
           (cut ? X509_set1_notAfter(certificate, X509_get0_notAfter(authority->certificate)) == 1
                : X509_time_adj_ex(X509_getm_notAfter(certificate), days, 0, &now) != NULL);
}

/* Without a request the terminal's latest key is certified again; same_key tells the caller which it was. */
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
        X509 *certificate = authority_sign_draft(terminal, key, authority->certificate, AUTHORITY_SIGN_TERMINAL);
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

/* A new key pair and a certificate for it, without its times. */
static X509 *draft_server(const struct authority *authority, const char *name, const char *const *hosts, size_t count,
                          EVP_PKEY **pair, char why[AUTHORITY_WHY_BYTES])
{
    *pair = NULL;
    for (size_t i = 0; i < count; i++)
        if (!is_host(hosts[i])) {
            (void)AUTHORITY_REFUSE("\"%s\" is not the name or address of a host", hosts[i]);
            return NULL;
        }
    if (!within_authority(authority, why))
        return NULL;
    *pair = EVP_EC_gen("P-256");
    X509 *certificate =
        *pair == NULL ? NULL : authority_sign_draft(name, *pair, authority->certificate, AUTHORITY_SIGN_SERVER);
    if (certificate != NULL && add_hosts(certificate, hosts, count))
        return certificate;
    (void)AUTHORITY_REFUSE("no certificate can be made: %s", certificate_error());
    X509_free(certificate);
    return NULL;
}

static bool finish_server(const struct authority *authority, X509 *certificate, EVP_PKEY *pair, struct issue *out,
                          char **key, char why[AUTHORITY_WHY_BYTES])
{
    bool good = certificate != NULL && finish(authority, certificate, out, why);
    *key = good ? authority_sign_key_text(pair) : NULL;
    EVP_PKEY_free(pair);
    return *key != NULL;
}

/* It holds since the authority does: a terminal whose clock stopped long ago must still believe a newer one. */
bool authority_issue_broker(struct authority *authority, const char *const *hosts, size_t host_count, struct issue *out,
                            char **key, char why[AUTHORITY_WHY_BYTES])
{
    EVP_PKEY *pair;
    *out = (struct issue){0};
    X509 *certificate = draft_server(authority, hosts[0], hosts, host_count, &pair, why);
    if (certificate != NULL && !(X509_set1_notBefore(certificate, X509_get0_notBefore(authority->certificate)) == 1 &&
                                 X509_set1_notAfter(certificate, X509_get0_notAfter(authority->certificate)) == 1)) {
        X509_free(certificate);
        certificate = NULL;
        (void)AUTHORITY_REFUSE("no certificate can be made: %s", certificate_error());
    }
    return finish_server(authority, certificate, pair, out, key, why);
}

bool authority_issue_front(struct authority *authority, const char *const *hosts, size_t host_count, struct issue *out,
                           char **key, char why[AUTHORITY_WHY_BYTES])
{
    EVP_PKEY *pair;
    *out = (struct issue){0};
    X509 *certificate = draft_server(authority, AUTHORITY_FRONT_NAME, hosts, host_count, &pair, why);
    if (certificate != NULL && !set_days(authority, certificate, AUTHORITY_FRONT_DAYS)) {
        X509_free(certificate);
        certificate = NULL;
        (void)AUTHORITY_REFUSE("no certificate can be made: %s", certificate_error());
    }
    return finish_server(authority, certificate, pair, out, key, why);
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
