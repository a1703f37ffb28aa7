/* Rules files as JSON and back, in the file's own shape: {"rules": [{"id", "severity", "when": [COND…], "clear": COND}…]},
 * with numbers as they stand in the file (percent or counts). What a rule may be is decided by daemon/core/detect/rules.h. */
#ifndef DAEMON_CORE_RULES_JSON_H
#define DAEMON_CORE_RULES_JSON_H

#include <jansson.h>
#include "daemon/core/detect/rules.h"

/* The array of rules. */
json_t *rules_json(const struct rules *rules);
/* The file that says this array; NULL when something in it can stand in no rules file. To be freed. */
char *rules_json_text(const json_t *array);
/* Does a rule of severity 3 or 4 differ, come or go? */
bool rules_json_is_severe(const struct rules *before, const struct rules *after);

#endif
