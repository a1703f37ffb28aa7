/* Flags in plain Swedish or English: from the numbers of their evidence (docs/api.md) to sentences. Rules are data, so nothing
 * here knows a rule: a condition is told by its measure, its window and its numbers. Events are described, never the child. */
#ifndef DAEMON_CLI_EXPLAIN_WORDS_H
#define DAEMON_CLI_EXPLAIN_WORDS_H

#include <jansson.h>
#include <stdio.h>

enum explain_language { EXPLAIN_SWEDISH, EXPLAIN_ENGLISH, EXPLAIN_LANGUAGES };

/* `answer`: {"pupil", "date", "flags": [evidence_explain_json…], "unknown"?} as question_explain tells it; files do not say why
 * a lesson is unknown, so that of them there is no "unknown". */
void explain_print(const json_t *answer, enum explain_language language, FILE *out);

#endif
