/* Evidence in the words of the API (docs/api.md): the value of each condition of a flag, and what would clear it. */
#ifndef DAEMON_CORE_EVIDENCE_JSON_H
#define DAEMON_CORE_EVIDENCE_JSON_H

#include <jansson.h>
#include "common/ids.h"
#include "daemon/core/detect/detect.h"
#include "daemon/core/school/school.h"

/* Fills in the name of a subject number and returns it. */
typedef const char *evidence_subject(void *context, uint16_t subject, char name[NAME_BYTES]);

/* The value of a condition at the pupil's latest own day not after `day`. NULL: there is no such day, or no memory. */
json_t *evidence_json(struct detect *detect, uint32_t pupil, int32_t day, const struct condition *condition,
                      evidence_subject *subject, void *context);

/* The same with whether it is "defined" and "holds". Null: there is no such day; NULL: no memory. */
json_t *evidence_live_json(struct detect *detect, uint32_t pupil, int32_t day, const struct condition *condition,
                           evidence_subject *subject, void *context);

/* What would clear a flag of that rule raised on raised_day, as it stands on through_day: the live value of the clear condition,
 * whether it is "defined" and "holds", "for_days", and how many of these are "counted". Null: no own day up to there. */
json_t *evidence_clear_json(struct detect *detect, uint32_t pupil, int32_t through_day, int32_t raised_day,
                            const struct rule *rule, evidence_subject *subject, void *context);

/* One flag as it stands on through_day: why it was raised, and for an open one "clear", as above. NULL: no memory. */
json_t *evidence_explain_json(struct detect *detect, uint32_t pupil, int32_t through_day, const struct flag *flag,
                              evidence_subject *subject, void *context);

#endif
