/* Secrets and their stand-ins: random ids, hashes, the audit log's MAC, password hashes. The only file that
 * knows libsodium. Everything here but secret_start and the two password functions takes no noticeable time.
 */
#ifndef DASHBOARD_SECRET_H
#define DASHBOARD_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECRET_ID_BYTES       16 /* 128 bits: a session */
#define SECRET_ID_HEX_BYTES   33
#define SECRET_HASH_BYTES     32
#define SECRET_KEY_BYTES      32
#define SECRET_MAC_BYTES      32
#define SECRET_MAC_HEX_BYTES  65
#define SECRET_PASSWORD_BYTES 128 /* a password's hash as text */

struct secret_part {
    const void *bytes;
    size_t length;
};

bool secret_start(void);
void secret_random(uint8_t *out, size_t bytes);
void secret_hex(const uint8_t id[SECRET_ID_BYTES], char out[SECRET_ID_HEX_BYTES]);
/* False unless `hex` is exactly such an id. */
bool secret_from_hex(const char *hex, uint8_t out[SECRET_ID_BYTES]);
/* BLAKE2b; what is stored of a session. */
void secret_hash(const void *bytes, size_t length, uint8_t out[SECRET_HASH_BYTES]);
/* A session's token against forged requests: derived from its id, so there is nothing more to store. */
void secret_csrf(const uint8_t id[SECRET_ID_BYTES], char out[SECRET_ID_HEX_BYTES]);
/* A number for a place in a table: who does not know the key cannot choose two that meet. */
uint64_t secret_place(const uint8_t key[SECRET_ID_BYTES], const void *bytes, size_t length);
/* Takes as long for any two texts of the expected length. */
bool secret_same(const char *given, const char *expected);
/* HMAC-SHA-256 of the parts, one after the other. */
void secret_mac(const uint8_t key[SECRET_KEY_BYTES], const struct secret_part *parts, size_t count,
                uint8_t out[SECRET_MAC_BYTES]);
void secret_mac_hex(const uint8_t mac[SECRET_MAC_BYTES], char out[SECRET_MAC_HEX_BYTES]);
bool secret_mac_from_hex(const char *hex, uint8_t out[SECRET_MAC_BYTES]);
/* argon2id with 64 MiB and two passes: about 0.1 s, and that memory, each. False when the memory is not to be
 * had. */
bool secret_password_hash(const char *password, char out[SECRET_PASSWORD_BYTES]);
bool secret_password_right(const char *hash, const char *password);
void secret_wipe(void *bytes, size_t length);

#endif
