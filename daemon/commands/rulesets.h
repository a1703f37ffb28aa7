/* Which versions of the rules there are. Questions that change nothing, as questions.h has them. */
#ifndef DAEMON_RULESETS_H
#define DAEMON_RULESETS_H

#include <jansson.h>

struct daemon;

/* {}: "versions", every one, the one that applies last first: {"version", "from", "author", "approver", "why", "recorded_at",
 * "in_force"}. "in_force" is true of the one that holds today. */
json_t *rulesets_answer(struct daemon *daemon, const json_t *request, const char **why);

/* {"version"?}: one of them, or the one in force, with its "text". */
json_t *rulesets_text(struct daemon *daemon, const json_t *request, const char **why);

#endif
