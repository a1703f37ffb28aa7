/* A word that must be one of a table's, as enums are written in files, commands, messages and databases. */
#ifndef COMMON_CHOICE_H
#define COMMON_CHOICE_H

#include <string.h>

/* The word's place in the table; -1: it is none of these, or NULL. */
static inline int choice_of(const char *word, const char *const *words, int count)
{
    for (int i = 0; word != NULL && i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    return -1;
}

#endif
