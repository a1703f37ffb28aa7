/* A stream sealed to a public key: whoever has the file and not the private key has nothing. The only file of the command
 * line that knows libsodium.
 *
 * A sealed file is SEALED_MAGIC, the public key it is for (32 bytes), the stream's own random key in a sealed box
 * (crypto_box_seal, 80 bytes), the header of the stream (24 bytes), and then the chunks of
 * crypto_secretstream_xchacha20poly1305: 65,536 bytes of text and 17 more each, the last one shorter (or without text) and
 * tagged FINAL. So a file that was changed, cut short or made longer does not open. Who made it, it does not tell: anybody can
 * seal to a public key.
 *
 * A descriptor of a stream is read or written from where it stands and stays open. */
#ifndef DAEMON_CLI_SEALED_H
#define DAEMON_CLI_SEALED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEALED_MAGIC     "NARVARO SEALED 1\n"
#define SEALED_KEY_BYTES 32
#define SEALED_WHY_BYTES 256

struct sealed_keys {
    uint8_t public_key[SEALED_KEY_BYTES], private_key[SEALED_KEY_BYTES];
};

/* What opens a stream: the private key, or, in the process that sealed it, the stream's own key. */
struct sealed_opener {
    uint8_t key[SEALED_KEY_BYTES];
    bool is_stream_key;
};

bool sealed_start(void);
void sealed_make_keys(struct sealed_keys *keys);
/* One half of a pair, from its file (common/keyfile.h). False: *why says why. */
bool sealed_read_key(const char *path, uint8_t key[SEALED_KEY_BYTES], char why[SEALED_WHY_BYTES]);
void sealed_wipe(void *bytes, size_t length);

/* Seals all that `from` gives until its end. *opener opens what was written. False: *why says why. */
bool sealed_write(int from, int to, const uint8_t public_key[SEALED_KEY_BYTES], struct sealed_opener *opener,
                  char why[SEALED_WHY_BYTES]);
/* Opens what sealed_write wrote, but for SEALED_MAGIC, which was read from `from` already. What is written to `to` before it
 * returns false must not be believed. */
bool sealed_read(int from, int to, const struct sealed_opener *opener, char why[SEALED_WHY_BYTES]);

/* As many bytes as there are, up to `length`; -1 with errno set. */
long sealed_read_bytes(int from, void *bytes, size_t length);
/* All of them, or false with errno set. */
bool sealed_write_bytes(int to, const void *bytes, size_t length);

#endif
