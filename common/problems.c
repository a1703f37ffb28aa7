/* Lines are formatted at once into the caller's memory: nothing is allocated while things are going wrong. */
#include "common/problems.h"

#include <stdarg.h>
#include <string.h>

/* A line that was cut inside a UTF-8 character loses the part that is left of it: the lines are sent as JSON, which
 * must be valid UTF-8. */
static void drop_cut_character(char *line)
{
    size_t length = strlen(line);
    while (length > 0 && ((unsigned char)line[length - 1] & 0xC0) == 0x80)
        length--;
    if (length > 0 && (unsigned char)line[length - 1] >= 0xC0)
        length--;
    line[length] = '\0';
}

void problems_add(struct problems *problems, const char *file, int line, const char *format, ...)
{
    if (problems->count++ >= PROBLEMS_KEPT)
        return;
    char *out = problems->lines[problems->count - 1];
    int length =
        line > 0 ? snprintf(out, PROBLEM_BYTES, "%s:%d: ", file, line) : snprintf(out, PROBLEM_BYTES, "%s: ", file);
    if (length < 0 || length >= PROBLEM_BYTES)
        return; /* the path alone fills the line */
    va_list arguments;
    va_start(arguments, format);
    int rest = vsnprintf(out + length, PROBLEM_BYTES - (size_t)length, format, arguments);
    va_end(arguments);
    if (rest >= PROBLEM_BYTES - length)
        drop_cut_character(out);
}

void problems_print(const struct problems *problems, FILE *out)
{
    for (int i = 0; i < problems->count && i < PROBLEMS_KEPT; i++)
        fprintf(out, "%s\n", problems->lines[i]);
    if (problems->count > PROBLEMS_KEPT)
        fprintf(out, "… and %d more\n", problems->count - PROBLEMS_KEPT);
}
