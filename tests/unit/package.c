/* Signed programs: one made by Node's Ed25519 with the key of RFC 8032, 7.1, test 1, and everything that differs from it by
 * a bit or by its length. */
#include "common/package.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/test.h"

static const char PROGRAM[] = "a program\nnarvaro-terminal-version=1.20.300\0 and more";
#define PROGRAM_BYTES (sizeof PROGRAM - 1)
#define PACKED_BYTES  (PROGRAM_BYTES + PACKAGE_SEAL_BYTES)
static const char SEAL[] =
    "6e61727661726f2d7465726d696e616c0100000035000000010014002c01000000000000000000000000000000000000"
    "9940471b55b61912d7944fadd2bd3b64f14dd3a64afba5aaf4dc7fbe555984040a0ae95531df49f5d97d97f1698869b0"
    "3de6d325f2ea7dc1512e489c557abede81a57d9c4b8c9e5d1aa9fdc4b86d4d1999968808a2a40653413061cf5154e602";
static const char PRIVATE_KEY[] = "-----BEGIN PRIVATE KEY-----\n"
                                  "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                                  "-----END PRIVATE KEY-----\n";
static const char PUBLIC_KEY[] = "-----BEGIN PUBLIC KEY-----\n"
                                 "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
                                 "-----END PUBLIC KEY-----\n";

static char private_path[] = "/tmp/private-XXXXXX", public_path[] = "/tmp/public-XXXXXX";
static char packed[PACKED_BYTES + 1], why[PACKAGE_WHY_BYTES];
static struct package package;

static bool write_file(char *path, const char *text)
{
    int fd = mkstemp(path);
    bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    return close(fd) == 0 && written;
}

static void make(void)
{
    memcpy(packed, PROGRAM, PROGRAM_BYTES);
    for (size_t i = 0; i < PACKAGE_SEAL_BYTES; i++) {
        char digits[3] = {SEAL[2 * i], SEAL[2 * i + 1], '\0'};
        packed[PROGRAM_BYTES + i] = (char)strtol(digits, NULL, 16);
    }
}

static bool taken(const char *bytes, size_t length)
{
    why[0] = '\0';
    return package_check(bytes, length, public_path, &package, why);
}

static void a_package_made_elsewhere_is_taken(void)
{
    char version[PACKAGE_VERSION_BYTES];
    CHECK(taken(packed, PACKED_BYTES) && package.program_bytes == PROGRAM_BYTES);
    package_version_text(&package, version);
    CHECK(strcmp(version, "1.20.300") == 0 && package.architecture[0] == '\0');
}

static void the_same_is_made_here(void)
{
    uint8_t seal[PACKAGE_SEAL_BYTES];
    CHECK(package_seal(PROGRAM, PROGRAM_BYTES, private_path, seal, why));
    CHECK(memcmp(seal, packed + PROGRAM_BYTES, sizeof seal) == 0);
    CHECK(!package_seal(PROGRAM, PROGRAM_BYTES, public_path, seal, why) &&
          strstr(why, "must hold an Ed25519 key") != NULL);
    CHECK(!package_seal(PROGRAM, PROGRAM_BYTES, "/nowhere", seal, why) &&
          strstr(why, "/nowhere: cannot be read") != NULL);
    CHECK(!package_seal(PROGRAM, 10, private_path, seal, why) && strstr(why, "does not say its version") != NULL);
    CHECK(!package_seal(PROGRAM, PACKAGE_BYTES_MAX, private_path, seal, why) && strstr(why, "too large") != NULL);
}

static void every_single_bit_counts(void)
{
    for (size_t bit = 0; bit < 8 * PACKED_BYTES; bit++) {
        packed[bit / 8] = (char)(packed[bit / 8] ^ 1 << bit % 8);
        bool refused = !taken(packed, PACKED_BYTES) && why[0];
        packed[bit / 8] = (char)(packed[bit / 8] ^ 1 << bit % 8);
        CHECK(refused);
        if (!refused)
            printf("# bit %zu\n", bit);
    }
    CHECK(taken(packed, PACKED_BYTES));
}

static void every_byte_less_or_more_counts(void)
{
    for (size_t length = 0; length < PACKED_BYTES; length++)
        CHECK(!taken(packed, length) && !taken(packed + PACKED_BYTES - length, length) && why[0]);
    CHECK(!taken(packed, PACKED_BYTES + 1));
}

static void a_version_is_three_numbers(void)
{
    static const struct {
        const char *text;
        bool right;
    } CASES[] = {{"0.0.0", true},    {"65535.65535.65535", true},
                 {"9.8.7", true},    {"1.2", false},
                 {"1.2.3.4", false}, {"65536.0.0", false},
                 {"-1.0.0", false},  {"1..2", false},
                 {" 1.2.3", false},  {"1.2.3 ", false},
                 {"", false},        {"1.2.a", false},
                 {"+1.2.3", false},  {"1.2.99999999999999999999", false}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char text[64];
        int length = snprintf(text, sizeof text, "x" PACKAGE_VERSION_MARK "%s", CASES[i].text);
        bool right = package_look(text, (size_t)length + 1, &package, why);
        CHECK(right == CASES[i].right);
        CHECK(!package_look(text, (size_t)length, &package, why)); /* it does not end */
        if (right != CASES[i].right)
            printf("# \"%s\"\n", CASES[i].text);
    }
    static const char AGAIN[] = PACKAGE_VERSION_MARK "%s" PACKAGE_VERSION_MARK "3.2.1";
    CHECK(package_look(AGAIN, sizeof AGAIN, &package, why) && package.version[0] == 3);
}

static void versions_have_an_order(void)
{
    static const struct package RISING[] = {{.version = {0, 0, 9}}, {.version = {0, 1, 0}}, {.version = {0, 1, 10}},
                                            {.version = {0, 2, 0}}, {.version = {1, 0, 0}}, {.version = {300, 0, 0}}};
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            int order = package_compare(&RISING[i], &RISING[j]);
            CHECK((order > 0) == (i > j) && (order < 0) == (i < j));
        }
}

static void a_program_for_another_machine_is_known_by_its_header(void)
{
    static const struct {
        unsigned char elf_class, machine;
        const char *name;
    } CASES[] = {{2, 62, "amd64"}, {1, 40, "armhf"}, {2, 183, "arm64"}, {1, 3, ""}, {1, 62, ""}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char program[128] = "\x7f"
                            "ELF";
        program[4] = (char)CASES[i].elf_class;
        program[5] = 1;
        program[18] = (char)CASES[i].machine;
        memcpy(program + 64, PACKAGE_VERSION_MARK "1.0.0", sizeof PACKAGE_VERSION_MARK "1.0.0");
        CHECK(package_look(program, sizeof program, &package, why));
        CHECK(strcmp(package.architecture, CASES[i].name) == 0);
    }
}

int main(void)
{
    if (!write_file(private_path, PRIVATE_KEY) || !write_file(public_path, PUBLIC_KEY))
        return 1;
    make();
    TEST(a_package_made_elsewhere_is_taken);
    TEST(the_same_is_made_here);
    TEST(every_single_bit_counts);
    TEST(every_byte_less_or_more_counts);
    TEST(a_version_is_three_numbers);
    TEST(versions_have_an_order);
    TEST(a_program_for_another_machine_is_known_by_its_header);
    unlink(private_path);
    unlink(public_path);
    return test_done();
}
