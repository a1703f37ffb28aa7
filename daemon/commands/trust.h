/* What does not count by itself, as commands of the control socket: taps that wait for a person, and terminals that are
 * distrusted.
 *
 *   {"do": "held"}                                                                    → "held": [{"terminal", "date",
 *       "why": "late" or "unexpected", "taps", "first", "last", "received": UTC}], "more": bool
 *   {"do": "held_decide", "terminal", "date"?, "accept": bool, "author"}              → "taps"
 *   {"do": "terminal_distrust", "terminal", "since": UTC, "author", "why", "dry_run"?} → "since", "dates"
 *   {"do": "terminal_trust", "terminal", "author"}                                    → "since"
 *
 * "dates": how many dates have their roll taken anew; with "dry_run": would have, and nothing is changed. Of a distrusted terminal neither taps nor signs of life count that happened or came from then on; it counts as out. Who
 * decided stays in the database. */
#ifndef DAEMON_TRUST_H
#define DAEMON_TRUST_H

#include <jansson.h>
#include <stdbool.h>

struct daemon;

#define TRUST_HELD_MAX  500 /* rows of an answer; with more, "more" is true */
#define TRUST_WHY_CHARS 200

bool trust_is(const char *what);
/* NULL: refused, nothing has changed, and *why says why in one sentence. */
json_t *trust_answer(struct daemon *daemon, const json_t *request, const char **why);

#endif
