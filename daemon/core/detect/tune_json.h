/* What tuning found, in the words of the API (docs/api.md): what the daemon answers, what the command line prints.
 *
 * Counts of pupils and items come in fives, and fewer than PREVIEW_LEAST as null, so that neither a figure nor the difference of
 * two tells of one pupil. Nothing says who it was. */
#ifndef DAEMON_CORE_TUNE_JSON_H
#define DAEMON_CORE_TUNE_JSON_H

#include <jansson.h>
#include "daemon/core/detect/tune.h"

json_t *tune_json(const struct tune *tune); /* after TUNE_DONE; NULL: no memory */
/* {"pupil_years", "of_pupil_years", "candidates", "of_candidates"} */
json_t *tune_progress_json(const struct tune *tune);

#endif
