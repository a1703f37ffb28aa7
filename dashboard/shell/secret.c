/* The calls to libsodium. */
#include "dashboard/shell/secret.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>
#include "common/fault.h"

static_assert(SECRET_PASSWORD_BYTES == crypto_pwhash_STRBYTES, "as libsodium has it");
static_assert(SECRET_KEY_BYTES == crypto_auth_hmacsha256_KEYBYTES, "as libsodium has it");
static_assert(SECRET_MAC_BYTES == crypto_auth_hmacsha256_BYTES, "as libsodium has it");
static_assert(SECRET_ID_BYTES == crypto_shorthash_KEYBYTES && sizeof(uint64_t) == crypto_shorthash_BYTES,
              "as libsodium has it");
static_assert(SECRET_ID_BYTES >= crypto_generichash_BYTES_MIN && SECRET_ID_BYTES >= crypto_generichash_KEYBYTES_MIN,
              "a session's id can be a key and a hash");

#define PASSWORD_MEMORY_BYTES (64U * 1024 * 1024)
#define PASSWORD_PASSES       2

bool secret_start(void)
{
    return sodium_init() >= 0;
}

void secret_random(uint8_t *out, size_t bytes)
{
    randombytes_buf(out, bytes);
}

void secret_hex(const uint8_t id[SECRET_ID_BYTES], char out[SECRET_ID_HEX_BYTES])
{
    sodium_bin2hex(out, SECRET_ID_HEX_BYTES, id, SECRET_ID_BYTES);
}

static bool from_hex(const char *hex, uint8_t *out, size_t bytes)
{
    size_t length;
    return strlen(hex) == 2 * bytes && sodium_hex2bin(out, bytes, hex, 2 * bytes, NULL, &length, NULL) == 0 &&
           length == bytes;
}

bool secret_from_hex(const char *hex, uint8_t out[SECRET_ID_BYTES])
{
    return from_hex(hex, out, SECRET_ID_BYTES);
}

void secret_hash(const void *bytes, size_t length, uint8_t out[SECRET_HASH_BYTES])
{
    crypto_generichash(out, SECRET_HASH_BYTES, bytes, length, NULL, 0);
}

void secret_csrf(const uint8_t id[SECRET_ID_BYTES], char out[SECRET_ID_HEX_BYTES])
{
    static const uint8_t purpose[] = "csrf";
    uint8_t token[SECRET_ID_BYTES];
    crypto_generichash(token, sizeof token, purpose, sizeof purpose - 1, id, SECRET_ID_BYTES);
    secret_hex(token, out);
}

uint64_t secret_place(const uint8_t key[SECRET_ID_BYTES], const void *bytes, size_t length)
{
    uint64_t place;
    crypto_shorthash((unsigned char *)&place, bytes, length, key);
    return place;
}

bool secret_same(const char *given, const char *expected)
{
    size_t length = strlen(expected);
    if (FAULT(token_by_its_beginning))
        return strncmp(given, expected, 1) == 0;
    return strlen(given) == length && sodium_memcmp(given, expected, length) == 0;
}

void secret_mac(const uint8_t key[SECRET_KEY_BYTES], const struct secret_part *parts, size_t count,
                uint8_t out[SECRET_MAC_BYTES])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, SECRET_KEY_BYTES);
    for (size_t i = 0; i < count; i++)
        crypto_auth_hmacsha256_update(&state, parts[i].bytes, parts[i].length);
    crypto_auth_hmacsha256_final(&state, out);
}

void secret_mac_hex(const uint8_t mac[SECRET_MAC_BYTES], char out[SECRET_MAC_HEX_BYTES])
{
    sodium_bin2hex(out, SECRET_MAC_HEX_BYTES, mac, SECRET_MAC_BYTES);
}

bool secret_mac_from_hex(const char *hex, uint8_t out[SECRET_MAC_BYTES])
{
    return from_hex(hex, out, SECRET_MAC_BYTES);
}

bool secret_password_hash(const char *password, char out[SECRET_PASSWORD_BYTES])
{
    return crypto_pwhash_str_alg(out, password, strlen(password), PASSWORD_PASSES, PASSWORD_MEMORY_BYTES,
                                 crypto_pwhash_ALG_ARGON2ID13) == 0;
}

bool secret_password_right(const char *hash, const char *password)
{
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

void secret_wipe(void *bytes, size_t length)
{
    sodium_memzero(bytes, length);
}
