/* A pupil's finding in the words of the API (docs/api.md), for pages and command line alike. */
#ifndef DAEMON_CORE_FINDING_JSON_H
#define DAEMON_CORE_FINDING_JSON_H

#include <jansson.h>
#include "daemon/core/detect/evidence_json.h"
#include "daemon/core/finding.h"

/* What the caller knows. `context` goes along. */
struct finding_sources {
    void *context;
    /* The rule of that name in that version, or NULL when it is not known; valid until finding_json returns. */
    const struct rule *(*rule)(void *context, const char *id, int version);
    evidence_subject *subject;
    /* The class that the pupil has now, itself too, between two dates, both included. False: nothing is known of it. */
    bool (*class_of)(void *context, int32_t from_day, int32_t to_day, struct finding_class *out);
};

/* `flags`: the pupil's as the API tells them, FLAG of docs/api.md; each open one gets "now" beside its evidence: the same
 * conditions as they are, null where the class decides. JSON null: no open flag, or no own day in this school year. NULL: no memory. */
json_t *finding_json(struct finding *finding, json_t *flags, const struct finding_sources *sources);

#endif
