/* The part of text.h that is too long for a header: the check for UTF-8. */
#include "daemon/core/text.h"

/* Length of the UTF-8 sequence at `at`, 0 when it is none: no overlong forms, no surrogates, nothing above U+10FFFF. */
static size_t utf8_length(const unsigned char *at, size_t left)
{
    if (at[0] < 0x80)
        return 1;
    size_t length = at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : 2;
    if (at[0] < 0xC2 || at[0] > 0xF4 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    bool second_out = (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) ||
                      (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F);
    return second_out ? 0 : length;
}

bool text_is_utf8(struct text text)
{
    const unsigned char *at = (const unsigned char *)text.bytes;
    for (size_t i = 0; i < text.length;) {
        size_t length = utf8_length(at + i, text.length - i);
        if (length == 0)
            return false;
        i += length;
    }
    return true;
}
