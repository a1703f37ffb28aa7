/* Finding people by what they are called: every word of a query stands somewhere in the text, letters alike
 * whether small or large (Å and å too). Pure, but for the C.UTF-8 locale that search_start loads once. */
#ifndef DASHBOARD_SEARCH_H
#define DASHBOARD_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

#define SEARCH_CHARS_MAX 480 /* of a text or query; every pupil's names and class fit */

struct search {
    wchar_t words[SEARCH_CHARS_MAX + 1]; /* folded */
};

bool search_start(void);
/* False: longer than SEARCH_CHARS_MAX, or no UTF-8; then nothing is found. */
bool search_set(struct search *search, const char *query);
bool search_matches(const struct search *search, const char *text);

#endif
