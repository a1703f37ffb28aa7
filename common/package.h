/* A signed update of the terminal's program: the program's own bytes followed by a seal of 144 bytes, so that the
 * file can be run as it is, and program and signature cannot be separated.
 *
 *     0  16  "narvaro-terminal", so that a signature made for anything else never passes for a package
 *    16   4  layout of the seal, 1              numbers are little-endian
 *    20   4  bytes of the program
 *    24   6  version: major, minor, patch, 2 bytes each
 *    30   2  0
 *    32  16  architecture as Debian calls it, padded with zeros
 *    48  32  SHA-256 of the program
 *    80  64  Ed25519 (RFC 8032) signature of the bytes before it
 *
 * Keys are PEM files as `openssl genpkey -algorithm ed25519` and `openssl pkey -pubout` write them. Libcrypto does
 * the cryptography. Version and architecture are read from the program itself, so that nobody can mistype them. */
#ifndef COMMON_PACKAGE_H
#define COMMON_PACKAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACKAGE_SEAL_BYTES         144
#define PACKAGE_BYTES_MAX          (16 * 1024 * 1024) /* with the seal; a static build has 3 MiB */
#define PACKAGE_ARCHITECTURE_BYTES 16
#define PACKAGE_VERSION_BYTES      20 /* "65535.65535.65535" */
#define PACKAGE_WHY_BYTES          256

/* Every program that can be packed holds this text, followed by its version and a zero. */
#define PACKAGE_VERSION_MARK "narvaro-terminal-version="

struct package {
    uint32_t program_bytes;
    uint16_t version[3]; /* major, minor, patch */
    char architecture[PACKAGE_ARCHITECTURE_BYTES];
};

/* All of them say in `why` what is wrong when they return false. `bytes` is a whole file. */

/* Version and architecture of a program; a package is a program too. The architecture is "" when it is not a known
 * one. */
bool package_look(const char *bytes, size_t length, struct package *out, char why[PACKAGE_WHY_BYTES]);
/* Makes the seal of a program that has none. `key_path`: the private key; asks on the terminal when it has a
 * passphrase. */
bool package_seal(const char *bytes, size_t length, const char *key_path, uint8_t seal[PACKAGE_SEAL_BYTES],
                  char why[PACKAGE_WHY_BYTES]);
/* Whether the package is whole and signed with the key whose public half is in `key_path`. */
bool package_check(const char *bytes, size_t length, const char *key_path, struct package *out,
                   char why[PACKAGE_WHY_BYTES]);
/* Negative, zero or positive, as a is older than, the same as, or newer than b. */
int package_compare(const struct package *a, const struct package *b);
void package_version_text(const struct package *package, char out[PACKAGE_VERSION_BYTES]);
/* This machine's architecture. */
const char *package_architecture_here(void);

#endif
