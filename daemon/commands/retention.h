/* Retention, asked for every night by narvaro-web, which knows whose case is open, and by `narvaro retention`:
 *
 *   {"do": "retention", "held": [pupil…], "commit": bool, "acts_taken": n, "acts_taken_ms": n}
 *   {"do": "erase", "pupil", "author", "why"}
 *
 * Answers {"ok", "on": date, "doubt": sentence or null, "kinds": [{"kind", "school_years"|"days", "due": [{"on", "before", "rows"}…]}…]}: what goes today
 * and at the next two turns of the school year. With "commit" it erases at most STORE_ERASE_ROWS rows, answers
 * {"ok", "erased": {kind: rows}, "more": bool} and is asked again while there is more; it refuses while the clock cannot be
 * believed (daemon/core/retention.h), but for "sure": true, which is somebody's word. "acts_taken" and "acts_taken_ms" are
 * the last act (acts.h) that the dashboard's log has: those of long before go, too; without them none does. "erase" takes one pupil out, on
 * somebody's decision: all who remain are decided anew. Neither says a name. */
#ifndef DAEMON_RETENTION_H
#define DAEMON_RETENTION_H

#include <jansson.h>

struct daemon;

#define RETENTION_HELD_MAX 2000

/* NULL with a sentence in `why`. */
json_t *retention_answer(struct daemon *daemon, const json_t *request, const char **why);
json_t *retention_erase_pupil(struct daemon *daemon, const json_t *request, const char **why);

#endif
