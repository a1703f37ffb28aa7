/* One chunk more than is needed is always asked for: only so is the last one known to be the last, when it is sealed and when
 * it is opened. */
#include "daemon/cli/sealed.h"

#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "common/keyfile.h"

#define CHUNK_BYTES  65536
#define SEALED_BYTES (CHUNK_BYTES + crypto_secretstream_xchacha20poly1305_ABYTES)
#define BOX_BYTES    (crypto_box_SEALBYTES + crypto_secretstream_xchacha20poly1305_KEYBYTES)
#define STREAM_BYTES crypto_secretstream_xchacha20poly1305_HEADERBYTES

static_assert(SEALED_KEY_BYTES == crypto_box_PUBLICKEYBYTES, "as libsodium has it");
static_assert(SEALED_KEY_BYTES == crypto_box_SECRETKEYBYTES, "as libsodium has it");
static_assert(SEALED_KEY_BYTES == crypto_secretstream_xchacha20poly1305_KEYBYTES, "as libsodium has it");

/* What stands before the chunks, after SEALED_MAGIC. */
struct beginning {
    uint8_t public_key[SEALED_KEY_BYTES], box[BOX_BYTES], stream[STREAM_BYTES];
};

bool sealed_start(void)
{
    return sodium_init() >= 0;
}

void sealed_make_keys(struct sealed_keys *keys)
{
    crypto_box_keypair(keys->public_key, keys->private_key);
}

bool sealed_read_key(const char *path, uint8_t key[SEALED_KEY_BYTES], char why[SEALED_WHY_BYTES])
{
    static_assert((int)SEALED_WHY_BYTES >= PROBLEM_BYTES, "what is wrong with a key fits");
    static struct problems problems;
    problems.count = 0;
    if (keyfile_read(path, key, SEALED_KEY_BYTES, &problems))
        return true;
    snprintf(why, SEALED_WHY_BYTES, "%s", problems.lines[0]);
    return false;
}

void sealed_wipe(void *bytes, size_t length)
{
    sodium_memzero(bytes, length);
}

long sealed_read_bytes(int from, void *bytes, size_t length)
{
    size_t got = 0;
    while (got < length) {
        ssize_t n = read(from, (char *)bytes + got, length - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        got += (size_t)n;
    }
    return (long)got;
}

bool sealed_write_bytes(int to, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t n = write(to, at, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        at += n;
        length -= (size_t)n;
    }
    return true;
}

static bool refuse(char why[SEALED_WHY_BYTES], const char *sentence)
{
    snprintf(why, SEALED_WHY_BYTES, "%s", sentence);
    return false;
}

static bool write_chunks(int from, int to, crypto_secretstream_xchacha20poly1305_state *state)
{
    static uint8_t plain[2][CHUNK_BYTES], sealed[SEALED_BYTES];
    int at = 0;
    long now = sealed_read_bytes(from, plain[at], CHUNK_BYTES);
    bool good = now >= 0, last = false;
    while (good && !last) {
        long next = now == CHUNK_BYTES ? sealed_read_bytes(from, plain[!at], CHUNK_BYTES) : 0;
        unsigned long long length = 0;
        last = next == 0;
        uint8_t tag = last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0;
        crypto_secretstream_xchacha20poly1305_push(state, sealed, &length, plain[at], (size_t)now, NULL, 0, tag);
        good = next >= 0 && sealed_write_bytes(to, sealed, (size_t)length);
        now = next;
        at = !at;
    }
    sodium_memzero(plain, sizeof plain);
    return good;
}

bool sealed_write(int from, int to, const uint8_t public_key[SEALED_KEY_BYTES], struct sealed_opener *opener,
                  char why[SEALED_WHY_BYTES])
{
    crypto_secretstream_xchacha20poly1305_state state;
    struct beginning beginning;
    memcpy(beginning.public_key, public_key, SEALED_KEY_BYTES);
    opener->is_stream_key = true;
    crypto_secretstream_xchacha20poly1305_keygen(opener->key);
    if (crypto_box_seal(beginning.box, opener->key, SEALED_KEY_BYTES, public_key) != 0)
        return refuse(why, "the public key is none");
    crypto_secretstream_xchacha20poly1305_init_push(&state, beginning.stream, opener->key);
    bool good = sealed_write_bytes(to, SEALED_MAGIC, strlen(SEALED_MAGIC)) &&
                sealed_write_bytes(to, &beginning, sizeof beginning) && write_chunks(from, to, &state);
    int error = errno;
    sodium_memzero(&state, sizeof state);
    return good || refuse(why, strerror(error));
}

/* The stream's key, by the private key of the pair that the file is for. */
static bool open_box(const struct beginning *beginning, const struct sealed_opener *opener,
                     uint8_t key[SEALED_KEY_BYTES], char why[SEALED_WHY_BYTES])
{
    uint8_t public_key[SEALED_KEY_BYTES];
    if (opener->is_stream_key) {
        memcpy(key, opener->key, SEALED_KEY_BYTES);
        return true;
    }
    crypto_scalarmult_base(public_key, opener->key);
    if (memcmp(public_key, beginning->public_key, SEALED_KEY_BYTES) != 0) {
        char hex[2 * SEALED_KEY_BYTES + 1];
        sodium_bin2hex(hex, sizeof hex, beginning->public_key, SEALED_KEY_BYTES);
        snprintf(why, SEALED_WHY_BYTES, "the key is another one than it was sealed to; that one's public half is %s",
                 hex);
        return false;
    }
    return crypto_box_seal_open(key, beginning->box, BOX_BYTES, public_key, opener->key) == 0 ||
           refuse(why, "it is damaged at its beginning");
}

static bool read_chunks(int from, int to, crypto_secretstream_xchacha20poly1305_state *state,
                        char why[SEALED_WHY_BYTES])
{
    static uint8_t sealed[SEALED_BYTES], plain[CHUNK_BYTES];
    uint8_t tag = 0;
    while (tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
        unsigned long long length = 0;
        long got = sealed_read_bytes(from, sealed, SEALED_BYTES);
        if (got < 0)
            return refuse(why, strerror(errno));
        if (got == 0)
            return refuse(why, "it was cut short");
        if (crypto_secretstream_xchacha20poly1305_pull(state, plain, &length, &tag, sealed, (size_t)got, NULL, 0) != 0)
            return refuse(why, got < (long)SEALED_BYTES ? "it was cut short, or is damaged" : "it is damaged");
        if (!sealed_write_bytes(to, plain, (size_t)length))
            return refuse(why, errno == EPIPE ? "it cannot be unpacked" : strerror(errno));
    }
    return sealed_read_bytes(from, sealed, 1) == 0 || refuse(why, "there is more after its end");
}

bool sealed_read(int from, int to, const struct sealed_opener *opener, char why[SEALED_WHY_BYTES])
{
    crypto_secretstream_xchacha20poly1305_state state;
    struct beginning beginning;
    uint8_t key[SEALED_KEY_BYTES] = {0};
    if (sealed_read_bytes(from, &beginning, sizeof beginning) != (long)sizeof beginning)
        return refuse(why, "it was cut short");
    bool good = open_box(&beginning, opener, key, why);
    if (good && crypto_secretstream_xchacha20poly1305_init_pull(&state, beginning.stream, key) != 0)
        good = refuse(why, "it is damaged at its beginning");
    good = good && read_chunks(from, to, &state, why);
    sodium_memzero(key, sizeof key);
    sodium_memzero(&state, sizeof state);
    return good;
}
