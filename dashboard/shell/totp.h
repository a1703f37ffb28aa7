/* One-time codes of RFC 6238: SHA-1, six digits, 30 s, because that is what every authenticator understands. The HMAC is
 * OpenSSL's (libsodium has no SHA-1, and rightly so). Pure: time is given. */
#ifndef DASHBOARD_TOTP_H
#define DASHBOARD_TOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOTP_SECRET_BYTES 20 /* RFC 4226: 160 bits */
#define TOTP_BASE32_BYTES 33
#define TOTP_DIGITS       6
#define TOTP_STEP_S       30
#define TOTP_SKEW_STEPS   1 /* of the telephone's clock, to either side */

uint32_t totp_code(const uint8_t secret[TOTP_SECRET_BYTES], int64_t step);
/* The step whose code `text` is, around now and later than `after_step` (so that each is good once); 0 when it is none. */
int64_t totp_step(const uint8_t secret[TOTP_SECRET_BYTES], const char *text, int64_t now_ms, int64_t after_step);
/* For typing or a QR code: RFC 4648, no padding is needed for 20 bytes. */
void totp_base32(const uint8_t secret[TOTP_SECRET_BYTES], char out[TOTP_BASE32_BYTES]);

#endif
