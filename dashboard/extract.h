/* What the casebook holds about one pupil, for a register extract (registerutdrag, subject access) and erasure on decision; commands of the
 * admin socket (docs/api.md). NULL, or what is wrong. */
#ifndef DASHBOARD_EXTRACT_H
#define DASHBOARD_EXTRACT_H

#include <jansson.h>

struct web;

/* Without "part" it writes to the audit log that everything about the pupil is given out, and answers "parts"; with it, a
 * page of "rows" and whether there are "more". */
const char *extract_tell(struct web *web, const json_t *request, json_t *answer);
/* Erases the pupil from the casebook; without "commit" it only says whether that can be. Not while a case is open. */
const char *extract_erase(struct web *web, const json_t *request, json_t *answer);

#endif
