/* Findings of pupils (daemon/core/finding.h) from the attendance database, as of the last decided day. Between
 * api_begin_reading and _end; one pupil after the other. */
#ifndef DASHBOARD_API_FINDING_H
#define DASHBOARD_API_FINDING_H

#include "daemon/core/finding.h"
#include "dashboard/api/api_call.h"

struct api_findings;

struct api_findings *api_findings_open(struct api_call *call); /* NULL: no memory; the call has failed */
void api_findings_close(struct api_findings *findings);        /* may be NULL */

/* The pupil's days of this school year. `class`: the one it has now, which is borrowed until the next pupil. */
void api_findings_read(struct api_findings *findings, const char *pupil, const char *class);
struct finding_recent api_findings_recent(const struct api_findings *findings);
/* Of the pupil read last; finding_json says what it does to the flags. */
json_t *api_findings_json(struct api_findings *findings, json_t *flags);

#endif
