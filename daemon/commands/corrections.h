/* What people report and correct, as commands of the control socket. The dashboard has decided that its user may; here the
 * facts are checked. Each is one transaction, and the roll of the dates is taken before the answer, so that flags and tasks
 * follow at once.
 *
 *   {"do": "absence_report", "author", "pupil", "type": "reported"|"leave", "from": UTC, "to": UTC}   → "absence": n
 *   {"do": "absence_withdraw", "author", "absence": n}
 *   {"do": "marks", "author", "lesson": n, "marks": [{"pupil", "status": "present"|"late"|"absent", "absent_minutes"?, "source"?}…]} → "marks": n
 *   {"do": "forgotten_card", "author", "pupil", "lessons": [n…]}                                      → "marks": n
 *   {"do": "forgotten_card_undo", "author", "pupil"}                                                  → "marks": n
 *
 * A forgotten card ("source" of a mark that says present, or a command of its own for one pupil and lessons of today that have
 * begun) says that the author has seen the pupil. It counts as any mark does; the undo takes all of today's back, so that
 * what was known before counts again.
 * A mark "absent" becomes leave or reported when absences of that type cover half of the lesson, else unreported; an
 * absence that is reported or taken back later adds a mark that says so, by whoever did that. */
#ifndef DAEMON_CORRECTIONS_H
#define DAEMON_CORRECTIONS_H

#include <jansson.h>
#include <stdbool.h>

struct daemon;

#define CORRECTION_DAYS_MAX  400 /* of one absence */
#define CORRECTION_MARKS_MAX 200 /* of one command */

bool correction_is(const char *what);
/* NULL: refused, nothing has changed, and *why says why in one sentence. */
json_t *correction_answer(struct daemon *daemon, const json_t *request, const char **why);

#endif
