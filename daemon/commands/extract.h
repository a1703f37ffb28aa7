/* A register extract (registerutdrag, subject access), for `narvaro extract`:
 *
 *   {"do": "extract", "pupil"}                    → {"parts": [word…]}
 *   {"do": "extract", "pupil", "part", "offset"}  → {"rows": [{…}…], "more": bool}: a page, oldest first
 *
 * Everything that the attendance database holds about one pupil, whether the pupil is known now or not. The dashboard's
 * program is asked first: it writes the audit row, and knows who has looked. */
#ifndef DAEMON_EXTRACT_H
#define DAEMON_EXTRACT_H

#include <jansson.h>

struct daemon;

#define EXTRACT_PAGE_ROWS 400 /* a school day may take 2 KB */

/* NULL with a sentence in `why`. */
json_t *extract_answer(struct daemon *daemon, const json_t *request, const char **why);

#endif
