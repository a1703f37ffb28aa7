/* Builds and checks the seal. Offsets into it are those of the table in the header. */
#include "common/package.h"

#include <assert.h>
#include <elf.h>
#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/fault.h"

#define MAGIC_BYTES  16
#define LAYOUT       1
#define SIGNED_BYTES 80 /* of the seal, before the signature; the program is in them by its hash */
#define HASH_BYTES   32

static const uint8_t MAGIC[MAGIC_BYTES] = {'n', 'a', 'r', 'v', 'a', 'r', 'o', '-',
                                           't', 'e', 'r', 'm', 'i', 'n', 'a', 'l'};

static_assert(SIGNED_BYTES + 64 == PACKAGE_SEAL_BYTES, "an Ed25519 signature has 64 bytes");

static bool refuse(char why[PACKAGE_WHY_BYTES], const char *text)
{
    snprintf(why, PACKAGE_WHY_BYTES, "%s", text);
    return false;
}

static uint32_t get(const uint8_t *at, size_t count)
{
    uint32_t value = 0;
    for (size_t i = count; i > 0; i--)
        value = value << 8 | at[i - 1];
    return value;
}

static void put(uint8_t *at, size_t count, uint32_t value)
{
    for (size_t i = 0; i < count; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* "1.20.3" and a zero, within `length` bytes; strtoul is safe because the zero has been found first. */
static bool read_version(const char *text, size_t length, uint16_t version[3])
{
    const char *end = memchr(text, '\0', length < PACKAGE_VERSION_BYTES ? length : PACKAGE_VERSION_BYTES);
    for (int i = 0; end != NULL && i < 3; i++) {
        char *rest;
        unsigned long number = strtoul(text, &rest, 10);
        if (text[0] < '0' || text[0] > '9' || number > UINT16_MAX || *rest != (i < 2 ? '.' : '\0'))
            return false;
        version[i] = (uint16_t)number;
        text = rest + 1;
    }
    return end != NULL;
}

/* Leaves `out` as it is, empty, for what is no little-endian ELF file of a known machine. */
static void read_architecture(const char *bytes, size_t length, char out[PACKAGE_ARCHITECTURE_BYTES])
{
    static const struct {
        unsigned machine;
        int elf_class;
        const char *name;
    } KNOWN[] = {{EM_X86_64, ELFCLASS64, "amd64"}, {EM_ARM, ELFCLASS32, "armhf"}, {EM_AARCH64, ELFCLASS64, "arm64"}};
    const uint8_t *header = (const uint8_t *)bytes;
    if (length < sizeof(Elf32_Ehdr) || memcmp(bytes, ELFMAG, SELFMAG) != 0 || header[EI_DATA] != ELFDATA2LSB)
        return;
    unsigned machine = get(header + offsetof(Elf32_Ehdr, e_machine), 2);
    for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++)
        if (KNOWN[i].machine == machine && KNOWN[i].elf_class == header[EI_CLASS])
            strcpy(out, KNOWN[i].name);
}

bool package_look(const char *bytes, size_t length, struct package *out, char why[PACKAGE_WHY_BYTES])
{
    static const char MARK[] = PACKAGE_VERSION_MARK;
    *out = (struct package){.program_bytes = length <= PACKAGE_BYTES_MAX ? (uint32_t)length : 0};
    read_architecture(bytes, length, out->architecture);
    /* The mark alone may stand elsewhere (this function's own copy of it, in a program that checks packages): only
     * one that a version follows counts. */
    const char *end = bytes + length, *at = memmem(bytes, length, MARK, sizeof MARK - 1);
    while (at != NULL) {
        at += sizeof MARK - 1;
        if (read_version(at, (size_t)(end - at), out->version))
            return true;
        at = memmem(at, (size_t)(end - at), MARK, sizeof MARK - 1);
    }
    return refuse(why, "not a narvaro-terminal: it does not say its version");
}

static bool hash(const char *bytes, size_t length, uint8_t out[HASH_BYTES])
{
    return EVP_Digest(bytes, length, out, NULL, EVP_sha256(), NULL) == 1;
}

/* The key in a PEM file, by libcrypto's `read` for private or public keys; NULL and a reason when it is not an
 * Ed25519 key. */
static EVP_PKEY *read_key(const char *path, EVP_PKEY *read(FILE *, EVP_PKEY **, pem_password_cb *, void *),
                          char why[PACKAGE_WHY_BYTES])
{
    FILE *file = fopen(path, "re");
    EVP_PKEY *key = file != NULL ? read(file, NULL, NULL, NULL) : NULL;
    if (file == NULL)
        snprintf(why, PACKAGE_WHY_BYTES, "%.160s: cannot be read: %s", path, strerror(errno));
    else if (key == NULL || EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519) {
        snprintf(why, PACKAGE_WHY_BYTES, "%.160s: must hold a%s Ed25519 key in PEM", path,
                 read == PEM_read_PUBKEY ? " public" : "n");
        EVP_PKEY_free(key);
        key = NULL;
    }
    if (file != NULL)
        fclose(file);
    return key;
}

static bool sign(EVP_PKEY *key, uint8_t seal[PACKAGE_SEAL_BYTES])
{
    size_t length = PACKAGE_SEAL_BYTES - SIGNED_BYTES;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool signed_now = context != NULL && EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
                      EVP_DigestSign(context, seal + SIGNED_BYTES, &length, seal, SIGNED_BYTES) == 1;
    EVP_MD_CTX_free(context);
    return signed_now;
}

static bool signature_holds(EVP_PKEY *key, const uint8_t seal[PACKAGE_SEAL_BYTES])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool holds =
        context != NULL && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
        EVP_DigestVerify(context, seal + SIGNED_BYTES, PACKAGE_SEAL_BYTES - SIGNED_BYTES, seal, SIGNED_BYTES) == 1;
    EVP_MD_CTX_free(context);
    return holds;
}

bool package_seal(const char *bytes, size_t length, const char *key_path, uint8_t seal[PACKAGE_SEAL_BYTES],
                  char why[PACKAGE_WHY_BYTES])
{
    struct package package;
    if (length > PACKAGE_BYTES_MAX - PACKAGE_SEAL_BYTES)
        return refuse(why, "the program is too large for a package");
    if (!package_look(bytes, length, &package, why))
        return false;
    memset(seal, 0, PACKAGE_SEAL_BYTES);
    memcpy(seal, MAGIC, MAGIC_BYTES);
    put(seal + 16, 4, LAYOUT);
    put(seal + 20, 4, package.program_bytes);
    for (size_t i = 0; i < 3; i++)
        put(seal + 24 + 2 * i, 2, package.version[i]);
    memcpy(seal + 32, package.architecture, PACKAGE_ARCHITECTURE_BYTES);
    EVP_PKEY *key = read_key(key_path, PEM_read_PrivateKey, why);
    if (key == NULL)
        return false;
    bool done = hash(bytes, length, seal + 48) && sign(key, seal);
    EVP_PKEY_free(key);
    return done || refuse(why, "libcrypto cannot sign");
}

/* Reads the seal; called only after its signature has been verified. */
static bool read_seal(const uint8_t *seal, size_t program_bytes, struct package *out, char why[PACKAGE_WHY_BYTES])
{
    if (get(seal + 16, 4) != LAYOUT)
        return refuse(why, "the seal has a newer layout: install a program in between");
    *out = (struct package){.program_bytes = get(seal + 20, 4)};
    for (size_t i = 0; i < 3; i++)
        out->version[i] = (uint16_t)get(seal + 24 + 2 * i, 2);
    memcpy(out->architecture, seal + 32, PACKAGE_ARCHITECTURE_BYTES);
    if (out->program_bytes != program_bytes || out->architecture[PACKAGE_ARCHITECTURE_BYTES - 1] != '\0')
        return refuse(why, "the seal is of another file");
    return true;
}

/* The signature covers the hash, the hash covers the program. The version is in both, so that they cannot disagree. */
static bool check_program(const char *bytes, const uint8_t *seal, const struct package *sealed,
                          char why[PACKAGE_WHY_BYTES])
{
    uint8_t now[HASH_BYTES];
    struct package own;
    if (!hash(bytes, sealed->program_bytes, now) || memcmp(now, seal + 48, HASH_BYTES) != 0)
        return refuse(why, "the program is not the one that was signed");
    if (!package_look(bytes, sealed->program_bytes, &own, why))
        return false;
    return package_compare(&own, sealed) == 0 || refuse(why, "the program says another version than its seal");
}

bool package_check(const char *bytes, size_t length, const char *key_path, struct package *out,
                   char why[PACKAGE_WHY_BYTES])
{
    if (length > PACKAGE_BYTES_MAX)
        return refuse(why, "larger than a package may be");
    if (length < PACKAGE_SEAL_BYTES)
        return refuse(why, "no package: it has no seal at its end");
    const uint8_t *seal = (const uint8_t *)bytes + length - PACKAGE_SEAL_BYTES;
    if (memcmp(seal, MAGIC, MAGIC_BYTES) != 0)
        return refuse(why, "no package: it has no seal at its end");
    EVP_PKEY *key = read_key(key_path, PEM_read_PUBKEY, why);
    if (key == NULL)
        return false;
    bool holds = signature_holds(key, seal);
    EVP_PKEY_free(key);
    if (!holds && !FAULT(signature_not_asked))
        return refuse(why, "the signature is not of this key");
    return read_seal(seal, length - PACKAGE_SEAL_BYTES, out, why) && check_program(bytes, seal, out, why);
}

int package_compare(const struct package *a, const struct package *b)
{
    for (int i = 0; i < 3; i++)
        if (a->version[i] != b->version[i])
            return a->version[i] < b->version[i] ? -1 : 1;
    return 0;
}

void package_version_text(const struct package *package, char out[PACKAGE_VERSION_BYTES])
{
    snprintf(out, PACKAGE_VERSION_BYTES, "%u.%u.%u", package->version[0], package->version[1], package->version[2]);
}

const char *package_architecture_here(void)
{
#if defined(__x86_64__)
    return "amd64";
#elif defined(__aarch64__)
    return "arm64";
#elif defined(__arm__)
    return "armhf";
#else
    return "unknown";
#endif
}
