/* Answers of the control socket that change nothing: what the database and the detector say. One function for each; the
 * request is the client's JSON object, the answer one with "ok": true. NULL: refused, and *why says why in one sentence.
 *
 * An answer fits LOCAL_REPLY_BYTES: what may be longer is told in pages. */
#ifndef DAEMON_QUESTIONS_H
#define DAEMON_QUESTIONS_H

#include <jansson.h>

struct daemon;

#define QUESTION_FLAGS_MAX 2000 /* on a page */

/* {"pupil"?, "as_known"?, "after"?}: the flags that stand, or that stood at "as_known" (a date: the end of it; or an
 * instant), in pages: "after" is the last flag of the page before, "more" says whether there are more. */
json_t *question_flags(struct daemon *daemon, const json_t *request, const char **why);

/* {"pupil", "date"?}: the pupil's flags of the school year as they stood on that date (the last decided one), by the facts
 * as they are known now, each as evidence_explain_json tells it. */
json_t *question_explain(struct daemon *daemon, const json_t *request, const char **why);

#endif
