/* Other thresholds tried on the closed school years that the database holds (daemon/core/detect/tune.h). Changes nothing.
 *
 * It takes longer than the loop may wait, so each question does a little of the work, and whoever asks goes on asking until there is
 * an answer. One is under way at a time; it is given up when nobody has asked for TUNING_PATIENCE_MS. */
#ifndef DAEMON_TUNING_H
#define DAEMON_TUNING_H

#include <jansson.h>

#define TUNING_PATIENCE_MS 60000
#define TUNING_YEARS       3 /* the latest closed ones: so long are outcomes kept (docs/retention.md) */

struct daemon;

/* {"capacity"?, "severity"?}: {"progress": {…}} while there is more to do: ask again; then what tune_json tells. NULL: refused, and
 * *why says why. */
json_t *tuning_answer(struct daemon *daemon, const json_t *request, const char **why);
/* Gives up what nobody asks for any more; called with every command. */
void tuning_tidy(const struct daemon *daemon);

#endif
