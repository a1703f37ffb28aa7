/* What the wire's encoders and decoders share on top of jansson: fields with a kind and a range. Only for
 * common/wire*.c.
 *
 * A reader struct carries the first thing that was wrong, so that a decoder is a list of fields and one test at its
 * end. */
#ifndef COMMON_WIRE_JSON_H
#define COMMON_WIRE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire_reader {
    json_t *object;
    const char *why; /* NULL while all is well */
};

/* The object in `bytes`, or NULL and a reason. At most `most` bytes are looked at. Release with json_decref. */
json_t *wire_parse(const char *bytes, size_t length, size_t most, const char **why);
/* Writes and releases `json`; WIRE_TOO_LONG when it does not fit (or when json is NULL: out of memory). */
int wire_write(json_t *json, char *out, size_t capacity);
/* Begins a decoder of an object with "v": 1; the reader notes another version. False and a reason when there is no
 * JSON. */
bool wire_begin(struct wire_reader *reader, const char *bytes, size_t length, size_t most, const char **why);
/* Ends a decoder: releases the document, hands on the reader's verdict. 0 or WIRE_MALFORMED. */
int wire_verdict(const struct wire_reader *reader, const char **why);

/* Each notes `why` when the field is absent, of another kind or out of range, and then returns 0. */
int64_t wire_integer(struct wire_reader *reader, const char *key, int64_t minimum, int64_t maximum, const char *why);
int64_t wire_integer_or(struct wire_reader *reader, const char *key, int64_t absent, int64_t minimum, int64_t maximum,
                        const char *why);
bool wire_boolean(struct wire_reader *reader, const char *key, const char *why);
int wire_word(struct wire_reader *reader, const char *key, const char *const *words, int count, const char *why);
/* 16 lower-case hex digits: generations and tokens, which JSON's numbers cannot carry everywhere. */
uint64_t wire_hex(struct wire_reader *reader, const char *key, const char *why);
json_t *wire_hex_text(uint64_t value);
/* An array of at most `most` hex texts in ascending order. */
size_t wire_hex_list(struct wire_reader *reader, const char *key, uint64_t *out, size_t most, const char *why);
json_t *wire_hex_array(const uint64_t *values, size_t count);

/* Add a value and take over its reference. Out of memory, they release the whole and leave NULL, which every later
 * call and wire_write() pass on: an incomplete message must not be sent. */
void wire_append(json_t **list, json_t *value);
void wire_set(json_t **object, const char *key, json_t *value);

#endif
