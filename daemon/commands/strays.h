/* Cards that were held to a reader and counted nowhere, as commands of the control socket: listed for staff, and given out to a
 * pupil. A card is named by one of its taps: no token leaves the daemon.
 *
 *   {"do": "strays"} → "from": date, "strays": [{"why": "unknown" | "not_now" | "left" | "two" | "terminal" | "no_lesson",
 *       "terminal", "room": text or null, "at": UTC, "taps", "pupils": [id…]}], "more": bool
 *   {"do": "card_give", "author", "terminal", "at": UTC, "pupil"} → "since": UTC
 *
 * A row is a card: its latest such tap of the last STRAYS_DAYS dates, why that one did not count, how many there were, and whose the
 * card is or was. A card that has become a pupil's since is left out. Nothing is stored for the list: it is what the roll call
 * says of the taps (daemon/core/rollcall.h), which are kept as long as all taps (docs/retention.md).
 * Giving out ends what anybody at whom the card is now holds, and begins now, to the millisecond. A card that a pupil at the
 * school holds is not given out, nor one whose number is zeros or ones alone. */
#ifndef DAEMON_STRAYS_H
#define DAEMON_STRAYS_H

#include <jansson.h>

struct daemon;

#define STRAYS_DAYS   7   /* today and the dates before it */
#define STRAYS_MAX    200 /* cards of an answer; with more, "more" is true */
#define STRAYS_PUPILS 4   /* of one card; the others are not told */

/* NULL: refused, nothing has changed, and *why says why in one sentence. */
json_t *strays_answer(struct daemon *daemon, const json_t *request, const char **why);
json_t *strays_give(struct daemon *daemon, const json_t *request, const char **why);

#endif
