/* What is wrong with a file that a person wrote, all of it at once: one line each, "file:line: column: what, and what
 * would be right". Bounded: the first PROBLEMS_KEPT are kept, all are counted. */
#ifndef COMMON_PROBLEMS_H
#define COMMON_PROBLEMS_H

#include <stdio.h>

#define PROBLEMS_KEPT 200
#define PROBLEM_BYTES 240

struct problems {
    int count; /* may exceed PROBLEMS_KEPT */
    char lines[PROBLEMS_KEPT][PROBLEM_BYTES];
};

/* `line` 0: the file as a whole. */
void problems_add(struct problems *problems, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Prints the kept lines, and how many more there were. */
void problems_print(const struct problems *problems, FILE *out);

#endif
