/* "decisions": which dates wait for a person before they are decided (daemon/deciding.h). "decisions_confirm", with author:
 * that person has looked, and they are decided now. With "last", the last of the dates that the person saw, not when others wait by then. */
#ifndef DAEMON_DECISIONS_H
#define DAEMON_DECISIONS_H

#include <jansson.h>

struct daemon;

/* NULL: refused, nothing has changed, and *why says why in one sentence. */
json_t *decisions_answer(struct daemon *daemon, const json_t *request, const char **why);
json_t *decisions_confirm(struct daemon *daemon, const json_t *request, const char **why);

#endif
