/* One-time codes: the vectors of RFC 6238 appendix B (their last six digits) and RFC 4226 appendix D, and what is
 * accepted when. */
#include "dashboard/shell/totp.h"

#include <stdio.h>
#include <string.h>
#include "tests/test.h"

static const uint8_t SECRET[TOTP_SECRET_BYTES + 1] = "12345678901234567890";

static void rfc_6238(void)
{
    static const struct {
        int64_t at_s;
        uint32_t code;
    } ROWS[] = {{59, 287082},       {1111111109, 81804},  {1111111111, 50471},
                {1234567890, 5924}, {2000000000, 279037}, {20000000000, 353130}};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        CHECK(totp_code(SECRET, ROWS[i].at_s / TOTP_STEP_S) == ROWS[i].code);
}

static void rfc_4226(void)
{
    static const uint32_t CODES[] = {755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489};
    for (int i = 0; i < 10; i++)
        CHECK(totp_code(SECRET, i) == CODES[i]);
}

static void one_step_to_either_side_and_each_once(void)
{
    const int64_t now_ms = 1234567890000, step = 1234567890 / TOTP_STEP_S;
    for (int64_t at = step - 3; at <= step + 3; at++) {
        char text[16];
        snprintf(text, sizeof text, "%06u", (unsigned)totp_code(SECRET, at));
        bool near = at >= step - 1 && at <= step + 1;
        CHECK(totp_step(SECRET, text, now_ms, 0) == (near ? at : 0));
        CHECK(totp_step(SECRET, text, now_ms, at) == 0);
        CHECK(totp_step(SECRET, text, now_ms, at - 1) == (near ? at : 0));
    }
}

static void only_six_digits(void)
{
    static const char *const BAD[] = {"", "5924", "0059240", "+05924", "00592a", " 05924", "005924 "};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK(totp_step(SECRET, BAD[i], 1234567890000, 0) == 0);
    CHECK(totp_step(SECRET, "005924", 1234567890000, 0) != 0);
}

static void base32(void)
{
    char text[TOTP_BASE32_BYTES];
    totp_base32(SECRET, text);
    CHECK(strcmp(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") == 0);
}

int main(void)
{
    TEST(rfc_6238);
    TEST(rfc_4226);
    TEST(one_step_to_either_side_and_each_once);
    TEST(only_six_digits);
    TEST(base32);
    return test_done();
}
