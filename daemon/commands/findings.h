/* A pupil's finding from the daemon's own facts, for question_explain. */
#ifndef DAEMON_COMMANDS_FINDINGS_H
#define DAEMON_COMMANDS_FINDINGS_H

#include <jansson.h>
#include <stdint.h>

struct daemon;

/* `flags`: all of the pupil's as evidence_explain_json tells them; the open ones get "now" (finding_json.h). JSON null: there is
 * no open flag. NULL: no memory. */
json_t *findings_of(struct daemon *daemon, const char *pupil_id, uint32_t pupil, int32_t through_day, json_t *flags);

#endif
