/* A preview in the words of the API (docs/api.md): what the daemon answers, what the command line prints from files. */
#ifndef DAEMON_CORE_PREVIEW_JSON_H
#define DAEMON_CORE_PREVIEW_JSON_H

#include <jansson.h>
#include "daemon/core/detect/preview.h"

#define PREVIEW_CAPACITY     10 /* new items a week and 1,000 pupils that a school can take (a published rule of thumb) */
#define PREVIEW_CAPACITY_MAX 1000
#define PREVIEW_SEVERITY     3 /* … of this severity or worse: what student health meets for */

/* How the load is judged: items of `severity` or worse against `capacity` of them a week and 1,000 pupils. */
struct preview_limit {
    int severity, capacity;
};

/* {"pupils", "weeks", "from", "to"} of the school that rules were tried on. */
json_t *preview_school_json(const struct preview_school *school);
/* What one set of rules comes to there. */
json_t *preview_json(const struct preview *preview, const struct preview_school *school, const struct rules *rules,
                     struct preview_limit limit);

#endif
