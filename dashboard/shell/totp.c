/* RFC 6238 over OpenSSL's HMAC-SHA-1. */
#include "dashboard/shell/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define MODULUS 1000000 /* TOTP_DIGITS digits */

uint32_t totp_code(const uint8_t secret[TOTP_SECRET_BYTES], int64_t step)
{
    uint8_t counter[8], mac[EVP_MAX_MD_SIZE] = {0};
    unsigned length = 0;
    for (int i = 0; i < 8; i++)
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    HMAC(EVP_sha1(), secret, TOTP_SECRET_BYTES, counter, sizeof counter, mac, &length);
    const uint8_t *at = mac + (mac[19] & 0x0f); /* dynamic truncation, RFC 4226 5.3 */
    uint32_t number = (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    return number % MODULUS;
}

static bool read_code(const char *text, uint32_t *out)
{
    *out = 0;
    if (strlen(text) != TOTP_DIGITS || strspn(text, "0123456789") != TOTP_DIGITS)
        return false;
    for (int i = 0; i < TOTP_DIGITS; i++)
        *out = 10 * *out + (uint32_t)(text[i] - '0');
    return true;
}

int64_t totp_step(const uint8_t secret[TOTP_SECRET_BYTES], const char *text, int64_t now_ms, int64_t after_step)
{
    int64_t now = now_ms / (1000 * TOTP_STEP_S), found = 0;
    uint32_t code;
    if (!read_code(text, &code))
        return 0;
    for (int64_t step = now - TOTP_SKEW_STEPS; step <= now + TOTP_SKEW_STEPS; step++)
        if (step > after_step && !found && totp_code(secret, step) == code)
            found = step;
    return found;
}

void totp_base32(const uint8_t secret[TOTP_SECRET_BYTES], char out[TOTP_BASE32_BYTES])
{
    for (int i = 0; i < TOTP_BASE32_BYTES - 1; i++) {
        int bit = 5 * i;
        unsigned pair = (unsigned)secret[bit / 8] << 8 | (bit / 8 + 1 < TOTP_SECRET_BYTES ? secret[bit / 8 + 1] : 0u);
        out[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[pair >> (11 - bit % 8) & 31];
    }
    out[TOTP_BASE32_BYTES - 1] = '\0';
}
