/* The sealed stream, written by the product and read here by libsodium's own calls from the description of the format, and the
 * other way round; at every length near the end of a chunk. */
#include "daemon/cli/sealed.h"

#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "tests/test.h"

#define CHUNK 65536
#define MOST  (3 * CHUNK)
#define MAGIC "NARVARO SEALED 1\n"
#define HEAD  (sizeof MAGIC - 1 + 32 + 80 + 24)

static const size_t LENGTHS[] = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1};
#define LENGTHS_COUNT (sizeof LENGTHS / sizeof *LENGTHS)

static uint8_t text[MOST], sealed[MOST + 4096], opened[MOST];
static struct sealed_keys keys;

static int file_of(const void *bytes, size_t length)
{
    int fd = memfd_create("test", MFD_CLOEXEC);
    CHECK(fd >= 0 && write(fd, bytes, length) == (ssize_t)length && lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

static size_t content(int fd, void *bytes, size_t most)
{
    ssize_t got = pread(fd, bytes, most, 0);
    CHECK(got >= 0);
    return (size_t)got;
}

static size_t seal(size_t length, struct sealed_opener *opener)
{
    char why[SEALED_WHY_BYTES];
    int from = file_of(text, length), to = file_of("", 0);
    CHECK(sealed_write(from, to, keys.public_key, opener, why));
    size_t got = content(to, sealed, sizeof sealed);
    close(from);
    close(to);
    return got;
}

/* What is in `sealed`, by the product. False with `why`. */
static bool unseal(size_t length, const struct sealed_opener *opener, size_t *got, char why[SEALED_WHY_BYTES])
{
    int from = file_of(sealed, length), to = file_of("", 0);
    CHECK(lseek(from, sizeof MAGIC - 1, SEEK_SET) > 0);
    bool good = sealed_read(from, to, opener, why);
    *got = content(to, opened, sizeof opened);
    close(from);
    close(to);
    return good;
}

static void reads_by_the_description(void)
{
    for (size_t i = 0; i < LENGTHS_COUNT; i++) {
        struct sealed_opener opener;
        size_t length = seal(LENGTHS[i], &opener), got = 0;
        const uint8_t *at = sealed + sizeof MAGIC - 1;
        uint8_t key[32], tag = 0;
        crypto_secretstream_xchacha20poly1305_state state;
        CHECK(memcmp(sealed, MAGIC, sizeof MAGIC - 1) == 0 && memcmp(at, keys.public_key, 32) == 0);
        CHECK(crypto_box_seal_open(key, at + 32, 80, keys.public_key, keys.private_key) == 0);
        CHECK(crypto_secretstream_xchacha20poly1305_init_pull(&state, at + 112, key) == 0);
        for (size_t chunk = HEAD; chunk < length; chunk += CHUNK + 17) {
            unsigned long long n = 0;
            size_t bytes = length - chunk < CHUNK + 17 ? length - chunk : CHUNK + 17;
            CHECK(tag == 0);
            CHECK(crypto_secretstream_xchacha20poly1305_pull(&state, opened + got, &n, &tag, sealed + chunk, bytes,
                                                             NULL, 0) == 0);
            got += (size_t)n;
        }
        CHECK(tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL);
        CHECK(got == LENGTHS[i] && memcmp(opened, text, got) == 0);
    }
}

static void opens_what_the_description_writes(void)
{
    uint8_t key[32];
    unsigned long long n = 0, last = 0;
    size_t got = 0;
    char why[SEALED_WHY_BYTES] = "";
    struct sealed_opener opener = {.is_stream_key = false};
    crypto_secretstream_xchacha20poly1305_state state;
    uint8_t *at = sealed + sizeof MAGIC - 1;
    memcpy(sealed, MAGIC, sizeof MAGIC - 1);
    memcpy(at, keys.public_key, 32);
    crypto_secretstream_xchacha20poly1305_keygen(key);
    crypto_box_seal(at + 32, key, 32, keys.public_key);
    crypto_secretstream_xchacha20poly1305_init_push(&state, at + 112, key);
    crypto_secretstream_xchacha20poly1305_push(&state, sealed + HEAD, &n, text, CHUNK, NULL, 0, 0);
    crypto_secretstream_xchacha20poly1305_push(&state, sealed + HEAD + n, &last, text + CHUNK, 7, NULL, 0,
                                               crypto_secretstream_xchacha20poly1305_TAG_FINAL);
    memcpy(opener.key, keys.private_key, 32);
    CHECK(unseal((size_t)(HEAD + n + last), &opener, &got, why));
    CHECK(got == CHUNK + 7 && memcmp(opened, text, got) == 0);
}

static void opens_by_either_key_and_no_other(void)
{
    for (size_t i = 0; i < LENGTHS_COUNT; i++) {
        struct sealed_opener by_stream, by_key = {.is_stream_key = false}, other = {.is_stream_key = true};
        char why[SEALED_WHY_BYTES] = "";
        size_t length = seal(LENGTHS[i], &by_stream), got = 0;
        memcpy(by_key.key, keys.private_key, 32);
        CHECK(unseal(length, &by_stream, &got, why) && got == LENGTHS[i] && memcmp(opened, text, got) == 0);
        CHECK(unseal(length, &by_key, &got, why) && got == LENGTHS[i] && memcmp(opened, text, got) == 0);
        CHECK(!unseal(length, &other, &got, why) && got == 0 && why[0] != '\0');
        other.is_stream_key = false;
        CHECK(!unseal(length, &other, &got, why) && got == 0 && strstr(why, "another one than") != NULL);
    }
}

/* A chunk that is left out, twice there or at another place is as bad as a changed one. */
static void chunks_have_their_order(void)
{
    struct sealed_opener opener;
    char why[SEALED_WHY_BYTES] = "";
    size_t length = seal(2 * CHUNK + 1, &opener), got = 0;
    uint8_t *first = sealed + HEAD, *second = first + CHUNK + 17;
    static uint8_t kept[CHUNK + 17];
    memcpy(kept, first, sizeof kept);
    memcpy(first, second, sizeof kept);
    CHECK(!unseal(length, &opener, &got, why) && strcmp(why, "it is damaged") == 0);
    memcpy(second, kept, sizeof kept);
    CHECK(!unseal(length, &opener, &got, why));
    memcpy(first, kept, sizeof kept);
    CHECK(!unseal(length, &opener, &got, why));
    CHECK(!unseal(HEAD + CHUNK + 17, &opener, &got, why) && strcmp(why, "it was cut short") == 0);
    CHECK(!unseal(HEAD, &opener, &got, why) && strcmp(why, "it was cut short") == 0);
    CHECK(!unseal(HEAD - 1, &opener, &got, why) && strcmp(why, "it was cut short") == 0);
}

int main(void)
{
    CHECK(sealed_start());
    sealed_make_keys(&keys);
    randombytes_buf(text, sizeof text);
    TEST(reads_by_the_description);
    TEST(opens_what_the_description_writes);
    TEST(opens_by_either_key_and_no_other);
    TEST(chunks_have_their_order);
    return test_done();
}
