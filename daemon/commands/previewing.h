/* Rules tried on the lessons that the database holds, before they count (daemon/core/detect/preview.h). Changes nothing. */
#ifndef DAEMON_PREVIEWING_H
#define DAEMON_PREVIEWING_H

#include <jansson.h>

struct daemon;

/* {"rules": text, "against"?: text (else the rules in force), "capacity"?, "severity"?}: both on the same decided days, this
 * school year's and the last one's. NULL: refused, and *why says why. */
json_t *previewing_answer(struct daemon *daemon, const json_t *request, const char **why);

#endif
