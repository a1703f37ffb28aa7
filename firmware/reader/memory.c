/* The part of <string.h> that the core and the compiler need: byte by byte, for the smallest code. */
#include <string.h>

#include <stdint.h>

/* Compiled with -fno-tree-loop-distribute-patterns (Makefile): otherwise gcc replaces these loops by calls of
 * themselves. */

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
    uint8_t *out = to;
    const uint8_t *in = from;

    while (count-- > 0)
        *out++ = *in++;
    return to;
}

void *memmove(void *to, const void *from, size_t count)
{
    uint8_t *out = to;
    const uint8_t *in = from;

    if (out < in)
        return memcpy(to, from, count);
    while (count-- > 0)
        out[count] = in[count];
    return to;
}

void *memset(void *to, int value, size_t count)
{
    uint8_t *out = to;

    while (count-- > 0)
        *out++ = (uint8_t)value;
    return to;
}

int memcmp(const void *left, const void *right, size_t count)
{
    const uint8_t *a = left, *b = right;

    for (size_t i = 0; i < count; i++)
        if (a[i] != b[i])
            return a[i] - b[i];
    return 0;
}

size_t strlen(const char *text)
{
    size_t length = 0;

    while (text[length] != '\0')
        length++;
    return length;
}
