/* The product's malloc, calloc and realloc ask the test first: for programs that the Makefile links with --wrap. Included by
 * one file of a program, which says when. Libraries have their own memory, unless a test gives them __wrap_malloc. */
#ifndef TESTS_REFUSED_MEMORY_H
#define TESTS_REFUSED_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

static bool memory_refused(void);

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *old, size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *old, size_t bytes);

void *__wrap_malloc(size_t bytes)
{
    return memory_refused() ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes)
{
    return memory_refused() ? NULL : __real_calloc(count, bytes);
}

void *__wrap_realloc(void *old, size_t bytes)
{
    return memory_refused() ? NULL : __real_realloc(old, bytes);
}

#endif
