/* Answers of the control socket that change nothing: what the database and the detector say. One function for each; the
 * request is the client's JSON object, the answer one with "ok": true. NULL: refused, and *why says why in one sentence.
 *
 * An answer fits LOCAL_REPLY_BYTES: what may be longer is told in pages. */
#ifndef DAEMON_QUESTIONS_H
#define DAEMON_QUESTIONS_H

#include <jansson.h>

struct daemon;

#define QUESTION_FLAGS_MAX    2000 /* on a page */
#define QUESTION_UNKNOWN_MAX  500  /* lessons of which nobody can know, the latest */
#define QUESTION_UNKNOWN_DAYS 28   /* the dates of which they are told at least */

/* {"pupil"?, "as_known"?, "after"?}: the flags that stand, or that stood at "as_known" (a date: the end of it; or an
 * instant), in pages: "after" is the last flag of the page before, "more" says whether there are more. */
json_t *question_flags(struct daemon *daemon, const json_t *request, const char **why);

/* {"pupil", "date"?}: the pupil's flags of the school year as they stood on that date (the last decided one), by the facts
 * as they are known now, each as evidence_explain_json tells it. "unknown": {"from", "to", "lessons", "more"}, the pupil's
 * lessons of which nobody can know and so neither attended nor missed, the latest dates first, each {"date", "start", "subject",
 * "group", "room", "why"}: "why" as in docs/api.md, or "marked", the teacher says that nobody knows. They are those of the
 * windows of the open flags, and of QUESTION_UNKNOWN_DAYS at least. */
json_t *question_explain(struct daemon *daemon, const json_t *request, const char **why);

#endif
