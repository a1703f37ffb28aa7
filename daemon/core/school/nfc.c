/* Text below U+0300 is recognised by its bytes and returned as it is; only lines with other characters go to
 * utf8proc. */
#include "daemon/core/school/nfc.h"

#include <errno.h>
#include <stdlib.h>
#include <utf8proc.h>

/* All below U+0300 is in NFC whatever stands beside it (Unicode Standard Annex #15), and UTF-8 begins there with 0xCC. */
#define FIRST_LEAD_THAT_MAY_CHANGE 0xCC

static bool may_change(struct text text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.bytes[i] >= FIRST_LEAD_THAT_MAY_CHANGE)
            return true;
    return false;
}

struct output {
    char *bytes;
    size_t length, capacity;
};

static bool append(struct output *output, const char *bytes, size_t length)
{
    if (output->capacity - output->length < length) {
        size_t capacity = 2 * output->capacity + length;
        char *grown = realloc(output->bytes, capacity);
        if (grown == NULL)
            return false;
        output->bytes = grown;
        output->capacity = capacity;
    }
    memcpy(output->bytes + output->length, bytes, length);
    output->length += length;
    return true;
}

/* Invalid UTF-8 is kept as it is; every other error of utf8proc is taken for lack of memory. */
static bool append_line(struct output *output, struct text line)
{
    if (!may_change(line))
        return append(output, line.bytes, line.length);
    utf8proc_uint8_t *composed = NULL;
    utf8proc_ssize_t length = utf8proc_map((const utf8proc_uint8_t *)line.bytes, (utf8proc_ssize_t)line.length,
                                           &composed, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (length == UTF8PROC_ERROR_INVALIDUTF8)
        return append(output, line.bytes, line.length);
    if (length < 0) {
        errno = ENOMEM;
        return false;
    }
    bool appended = append(output, (const char *)composed, (size_t)length);
    free(composed);
    return appended;
}

/* Line by line, so that a line that is not UTF-8 keeps its place and the reader can name it. */
bool nfc_text(struct text text, char **made, size_t *made_length)
{
    *made = NULL;
    *made_length = 0;
    if (!may_change(text))
        return true;
    struct output output = {.bytes = malloc(text.length), .capacity = text.length};
    const char *at = text.bytes, *end = text.bytes + text.length;
    bool good = output.bytes != NULL;
    while (good && at < end) {
        const char *line_feed = memchr(at, '\n', (size_t)(end - at));
        const char *next = line_feed == NULL ? end : line_feed + 1;
        good = append_line(&output, (struct text){at, (size_t)(next - at)});
        at = next;
    }
    if (!good) {
        free(output.bytes);
        return false;
    }
    *made = output.bytes;
    *made_length = output.length;
    return true;
}
