#include "common/problems.h"

#include <stdarg.h>

void problems_add(struct problems *problems, const char *file, int line, const char *format, ...)
{
    if (problems->count++ >= PROBLEMS_KEPT)
        return;
    char *out = problems->lines[problems->count - 1];
    int length = line > 0 ? snprintf(out, PROBLEM_BYTES, "%s:%d: ", file, line)
                          : snprintf(out, PROBLEM_BYTES, "%s: ", file);
    if (length < 0 || length >= PROBLEM_BYTES)
        return; /* a path longer than the line: what there is of it must do */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out + length, PROBLEM_BYTES - (size_t)length, format, arguments);
    va_end(arguments);
}

void problems_print(const struct problems *problems, FILE *out)
{
    for (int i = 0; i < problems->count && i < PROBLEMS_KEPT; i++)
        fprintf(out, "%s\n", problems->lines[i]);
    if (problems->count > PROBLEMS_KEPT)
        fprintf(out, "… and %d more\n", problems->count - PROBLEMS_KEPT);
}
