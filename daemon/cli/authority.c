/* The folder of the authority: its key, its certificate, the register of what it signed and the revocation list. A
 * lock on the folder keeps two commands apart. */
#include "daemon/cli/authority.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "common/certificate.h"
#include "common/filebytes.h"
#include "common/newfile.h"
#include "daemon/cli/authority_sign.h"

#define FILE_BYTES_MAX (1024 * 1024) /* the list of AUTHORITY_ISSUED_MAX certificates is half of it */

_Static_assert(AUTHORITY_NAME_BYTES == CERTIFICATE_NAME_BYTES, "a name fits");
_Static_assert(AUTHORITY_PRINT_BYTES == CERTIFICATE_FINGERPRINT_BYTES, "a fingerprint fits");

static bool path_of(const struct authority *authority, const char *name, char out[PATH_MAX],
                    char why[AUTHORITY_WHY_BYTES])
{
    return snprintf(out, PATH_MAX, "%s/%s", authority->folder, name) < PATH_MAX || AUTHORITY_REFUSE("path too long");
}

static bool read_file(const struct authority *authority, const char *name, char **text, char why[AUTHORITY_WHY_BYTES])
{
    char path[PATH_MAX];
    if (!path_of(authority, name, path, why))
        return false;
    *text = filebytes_text(path, FILE_BYTES_MAX);
    return *text != NULL || AUTHORITY_REFUSE("%s: %s", path, strerror(errno));
}

static bool write_file(const struct authority *authority, const char *name, const char *text, mode_t mode,
                       char why[AUTHORITY_WHY_BYTES])
{
    char path[PATH_MAX];
    return path_of(authority, name, path, why) &&
           (newfile_replace(path, text, strlen(text), mode) || AUTHORITY_REFUSE("%s: %s", path, strerror(errno)));
}

static bool read_key(struct authority *authority, char why[AUTHORITY_WHY_BYTES])
{
    char path[PATH_MAX], *text;
    struct stat status;
    if (!path_of(authority, "ca.key", path, why))
        return false;
    if (stat(path, &status) == 0 && (status.st_mode & 077))
        return AUTHORITY_REFUSE("%s: others may read this key (mode %04o): chmod 600 it, and think of who may have",
                                path, status.st_mode & 07777u);
    if (!read_file(authority, "ca.key", &text, why))
        return false;
    authority->key = authority_sign_key(text);
    explicit_bzero(text, strlen(text));
    free(text);
    return authority->key != NULL || AUTHORITY_REFUSE("%s: not a private key: %s", path, certificate_error());
}

static bool read_own(struct authority *authority, char why[AUTHORITY_WHY_BYTES])
{
    char *text;
    if (!read_key(authority, why) || !read_file(authority, "ca.crt", &text, why))
        return false;
    authority->certificate = certificate_of(text);
    free(text);
    if (authority->certificate == NULL || X509_check_private_key(authority->certificate, authority->key) != 1)
        return AUTHORITY_REFUSE("%s: ca.crt is not the certificate of ca.key: %s", authority->folder,
                                certificate_error());
    if (!read_file(authority, "revoked.crl", &text, why))
        return false;
    authority->list = authority_sign_list_of(text, authority->key);
    free(text);
    return authority->list != NULL || AUTHORITY_REFUSE("%s/revoked.crl: not a list of this authority's: %s",
                                                       authority->folder, certificate_error());
}

static int is_certificate(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 4 && strcmp(entry->d_name + length - 4, ".crt") == 0;
}

static int by_age(const void *left, const void *right)
{
    const struct issued *a = left, *b = right;
    if (a->from_ms != b->from_ms)
        return a->from_ms < b->from_ms ? -1 : 1;
    return (a->revoked_ms == 0) - (b->revoked_ms == 0); /* of the same second: one that another replaced is the older */
}

static bool read_one(struct authority *authority, const char *name, char why[AUTHORITY_WHY_BYTES])
{
    char *text, within[NAME_MAX + 8];
    snprintf(within, sizeof within, "issued/%s", name);
    if (!read_file(authority, within, &text, why))
        return false;
    bool good = authority_sign_read(text, authority->key, authority->list, &authority->issued[authority->issued_count]);
    free(text);
    authority->issued_count += good;
    return good || AUTHORITY_REFUSE("%s/%s: not a certificate of this authority's: %s", authority->folder, within,
                                    certificate_error());
}

/* Every file must be a certificate of this authority: one that cannot be read could not be revoked. */
static bool read_register(struct authority *authority, char why[AUTHORITY_WHY_BYTES])
{
    char path[PATH_MAX];
    struct dirent **names;
    if (!path_of(authority, "issued", path, why))
        return false;
    int count = scandir(path, &names, is_certificate, alphasort);
    if (count < 0)
        return AUTHORITY_REFUSE("%s: %s", path, strerror(errno));
    authority->issued = calloc((size_t)count + 1, sizeof *authority->issued);
    bool good = (authority->issued != NULL && count <= AUTHORITY_ISSUED_MAX) ||
                AUTHORITY_REFUSE("%s: %d certificates are too many", path, count);
    for (int i = 0; i < count; i++) {
        good = good && read_one(authority, names[i]->d_name, why);
        free(names[i]);
    }
    free(names);
    if (good)
        qsort(authority->issued, authority->issued_count, sizeof *authority->issued, by_age);
    return good;
}

static bool lock(struct authority *authority, const char *folder, char why[AUTHORITY_WHY_BYTES])
{
    *authority = (struct authority){.lock = -1};
    if (snprintf(authority->folder, sizeof authority->folder, "%s", folder) >= PATH_MAX)
        return AUTHORITY_REFUSE("path too long");
    authority->lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (authority->lock < 0)
        return AUTHORITY_REFUSE("%s: %s%s", folder, strerror(errno),
                                errno == ENOENT ? "; make the authority first: narvaro terminal ca" : "");
    return flock(authority->lock, LOCK_EX | LOCK_NB) == 0 ||
           AUTHORITY_REFUSE("%s: another command is at work here", folder);
}

static bool load(struct authority *authority, char why[AUTHORITY_WHY_BYTES])
{
    if (read_own(authority, why) && read_register(authority, why))
        return true;
    authority_close(authority);
    return false;
}

bool authority_open(struct authority *authority, const char *folder, char why[AUTHORITY_WHY_BYTES])
{
    if (lock(authority, folder, why))
        return load(authority, why);
    authority_close(authority);
    return false;
}

/* The key comes last: while there is none, everything may be made anew. */
static bool make_own(struct authority *authority, char why[AUTHORITY_WHY_BYTES])
{
    char path[PATH_MAX];
    struct authority_own own = {0};
    if (!path_of(authority, "issued", path, why))
        return false;
    bool good = (mkdir(path, 0700) == 0 || errno == EEXIST || AUTHORITY_REFUSE("%s: %s", path, strerror(errno))) &&
                (authority_sign_own(&own, AUTHORITY_YEARS) ||
                 AUTHORITY_REFUSE("no authority can be made: %s", certificate_error())) &&
                write_file(authority, "ca.crt", own.certificate, 0644, why) &&
                write_file(authority, "revoked.crl", own.list, 0644, why) &&
                write_file(authority, "ca.key", own.key, 0600, why);
    authority_sign_forget(&own);
    return good;
}

bool authority_make(struct authority *authority, const char *folder, bool *made, char why[AUTHORITY_WHY_BYTES])
{
    char path[PATH_MAX];
    *made = false;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return AUTHORITY_REFUSE("%s: %s", folder, strerror(errno));
    bool good = lock(authority, folder, why) && path_of(authority, "ca.key", path, why);
    *made = good && access(path, F_OK) != 0 && errno == ENOENT;
    if (good && (!*made || make_own(authority, why)))
        return load(authority, why);
    authority_close(authority);
    return false;
}

void authority_close(struct authority *authority)
{
    EVP_PKEY_free(authority->key);
    X509_free(authority->certificate);
    X509_CRL_free(authority->list);
    free(authority->issued);
    if (authority->lock >= 0)
        close(authority->lock);
    *authority = (struct authority){.lock = -1};
}

char *authority_text(const struct authority *authority)
{
    return authority_sign_text(authority->certificate);
}

int64_t authority_to_ms(const struct authority *authority)
{
    return certificate_utc_ms(X509_get0_notAfter(authority->certificate));
}

void authority_print(const struct authority *authority, char out[AUTHORITY_PRINT_BYTES])
{
    certificate_fingerprint(authority->certificate, out);
}

static const struct issued *latest(const struct authority *authority, const char *name, enum issued_kind kind)
{
    const struct issued *found = NULL;
    for (size_t i = 0; i < authority->issued_count; i++) {
        const struct issued *one = &authority->issued[i];
        if (one->kind == kind && (name == NULL || strcmp(one->name, name) == 0))
            found = one;
    }
    return found;
}

const struct issued *authority_latest(const struct authority *authority, const char *terminal)
{
    return latest(authority, terminal, ISSUED_TERMINAL);
}

const struct issued *authority_server(const struct authority *authority, enum issued_kind kind)
{
    return latest(authority, NULL, kind);
}

static void register_name(const char *serial, char out[AUTHORITY_SERIAL_BYTES + 12])
{
    snprintf(out, AUTHORITY_SERIAL_BYTES + 12, "issued/%s.crt", serial);
}

bool authority_has_terminals(const struct authority *authority)
{
    for (size_t i = 0; i < authority->issued_count; i++)
        if (authority->issued[i].kind == ISSUED_TERMINAL && authority->issued[i].revoked_ms == 0)
            return true;
    return false;
}

bool authority_signed(const struct authority *authority, const char *pem, struct issued *out)
{
    *out = (struct issued){0};
    return authority_sign_read(pem, authority->key, authority->list, out);
}

size_t authority_hosts(const struct authority *authority, const struct issued *issued,
                       char hosts[AUTHORITY_HOSTS_MAX][AUTHORITY_NAME_BYTES])
{
    char name[AUTHORITY_SERIAL_BYTES + 12], why[AUTHORITY_WHY_BYTES], *text;
    register_name(issued->serial, name);
    if (!read_file(authority, name, &text, why))
        return 0;
    size_t count = authority_sign_hosts(text, hosts, AUTHORITY_HOSTS_MAX);
    free(text);
    return count;
}

bool authority_keep(struct authority *authority, const struct issue *issue, char why[AUTHORITY_WHY_BYTES])
{
    char name[AUTHORITY_SERIAL_BYTES + 12], path[PATH_MAX];
    register_name(issue->serial, name);
    if (authority->issued_count >= AUTHORITY_ISSUED_MAX)
        return AUTHORITY_REFUSE("%s/issued: %d certificates are all that it holds", authority->folder,
                                AUTHORITY_ISSUED_MAX);
    return path_of(authority, name, path, why) &&
           (newfile_create(path, issue->certificate, strlen(issue->certificate), 0644) ||
            AUTHORITY_REFUSE("%s: %s", path, strerror(errno)));
}

void authority_forget(struct authority *authority, const struct issue *issue)
{
    char name[AUTHORITY_SERIAL_BYTES + 12], path[PATH_MAX], why[AUTHORITY_WHY_BYTES];
    register_name(issue->serial, name);
    if (path_of(authority, name, path, why))
        unlink(path);
}

bool authority_revoke(struct authority *authority, const char *terminal, const char *except,
                      char why[AUTHORITY_WHY_BYTES])
{
    bool good = true;
    for (size_t i = 0; i < authority->issued_count && good; i++) {
        struct issued *one = &authority->issued[i];
        bool meant = terminal == NULL ? one->kind == ISSUED_BROKER
                                      : one->kind == ISSUED_TERMINAL && strcmp(one->name, terminal) == 0;
        if (meant && one->revoked_ms == 0 && (except == NULL || strcmp(one->serial, except) != 0))
            good = authority_sign_revoke(authority->list, one);
    }
    char *text = good ? authority_sign_list(authority->list, authority->key) : NULL;
    if (text == NULL)
        return AUTHORITY_REFUSE("no new list can be made: %s", certificate_error());
    good = write_file(authority, "revoked.crl", text, 0644, why);
    free(text);
    return good;
}

bool authority_publish(const struct authority *authority, const char *broker_folder, char why[AUTHORITY_WHY_BYTES])
{
    static const char *const NAMES[] = {"ca.crt", "revoked.crl"};
    struct authority broker = {.lock = -1};
    snprintf(broker.folder, sizeof broker.folder, "%s", broker_folder);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        char *text;
        if (!read_file(authority, NAMES[i], &text, why))
            return false;
        bool good = write_file(&broker, NAMES[i], text, 0644, why);
        free(text);
        if (!good)
            return false;
    }
    return true;
}
