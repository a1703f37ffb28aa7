/* An import asked for over the control socket (import.h), with what follows from it: the rolls that are taken anew, flags and
 * tasks. A dry run does all of it, counts, and gives it back: what it tells is exactly what a commit does.
 *
 *   answer   as in import.h, and "dates":n, "consequences":{"flags_raised":n, "flags_withdrawn":n, "flags_cleared":n,
 *            "tasks":n, "tasks_closed":n, "flags":[{"rule":"unreported-lessons", "change":"raised", "count":n}, …]}
 *            "dates": with lessons, up to today, whose roll is taken anew */
#ifndef DAEMON_IMPORTING_H
#define DAEMON_IMPORTING_H

#include <jansson.h>
#include "common/local.h"

struct daemon;

json_t *importing_answer(struct daemon *daemon, const struct local_request *request, const json_t *object);

#endif
