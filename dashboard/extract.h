/* What the casebook holds about one pupil, for a register extract (registerutdrag, subject access) and erasure on decision; commands of the
 * admin socket (docs/api.md). NULL, or what is wrong. */
#ifndef DASHBOARD_EXTRACT_H
#define DASHBOARD_EXTRACT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct casebook;

/* Without "part" it writes to the audit log that everything about the pupil is given out, and answers "parts"; with it, a
 * page of "rows" and whether there are "more". */
const char *extract_tell(struct casebook *book, const json_t *request, int64_t now_ms, json_t *answer);
/* Erases the pupil from the casebook; without "commit" it only says whether that can be. Not while a case is open.
 * `erased`: it was done. */
const char *extract_erase(struct casebook *book, const json_t *request, int64_t now_ms, bool *erased);

#endif
