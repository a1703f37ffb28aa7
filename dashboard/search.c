/* Folding texts to small letters, and looking for words in them. */
#include "dashboard/search.h"

#include <locale.h>
#include <string.h>
#include <wctype.h>

bool search_start(void)
{
    return setlocale(LC_CTYPE, "C.UTF-8") != NULL;
}

/* False: longer than SEARCH_CHARS_MAX, or no UTF-8; `out` is what comes before. */
static bool fold(const char *text, wchar_t out[SEARCH_CHARS_MAX + 1])
{
    mbstate_t state = {0};
    size_t left = strlen(text), count = 0;
    while (left > 0 && count < SEARCH_CHARS_MAX) {
        wchar_t letter;
        size_t bytes = mbrtowc(&letter, text, left, &state);
        if (bytes == 0 || bytes > left)
            break;
        out[count++] = (wchar_t)towlower((wint_t)letter);
        text += bytes;
        left -= bytes;
    }
    out[count] = L'\0';
    return left == 0;
}

bool search_set(struct search *search, const char *query)
{
    return fold(query, search->words);
}

bool search_matches(const struct search *search, const char *text)
{
    wchar_t folded[SEARCH_CHARS_MAX + 1], words[SEARCH_CHARS_MAX + 1], *rest;
    fold(text, folded);
    wcscpy(words, search->words);
    for (wchar_t *word = wcstok(words, L" \t", &rest); word != NULL; word = wcstok(NULL, L" \t", &rest))
        if (wcsstr(folded, word) == NULL)
            return false;
    return true;
}
