/* A piece of text that somebody else owns: bytes and a length, not NUL-terminated. Compared bytewise. */
#ifndef DAEMON_CORE_TEXT_H
#define DAEMON_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct text {
    const char *bytes;
    size_t length;
};

static inline struct text text_of(const char *terminated)
{
    return (struct text){terminated, strlen(terminated)};
}
static inline int text_compare(struct text a, struct text b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter == 0 ? 0 : memcmp(a.bytes, b.bytes, shorter);
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}
static inline bool text_equal(struct text a, struct text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}
/* The longest beginning of at most `most` bytes that does not cut a UTF-8 character. */
static inline struct text text_cut(struct text text, size_t most)
{
    if (text.length <= most)
        return text;
    while (most > 0 && ((unsigned char)text.bytes[most] & 0xC0) == 0x80)
        most--;
    return (struct text){text.bytes, most};
}
/* No overlong forms, no surrogates, nothing above U+10FFFF. */
bool text_is_utf8(struct text text);

#endif
