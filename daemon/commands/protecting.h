/* Lowers a pupil's protected identity: an act of a named person, logged, since no import does it.
 *
 *   request  {"do":"protect", "pupil":"p01", "lower":true, "author":"kim", "why":"ended"}     ended, mistake, decision */
#ifndef DAEMON_PROTECTING_H
#define DAEMON_PROTECTING_H

#include <jansson.h>

struct daemon;

/* NULL: refused, and *why says why; nothing has changed. */
json_t *protecting_answer(struct daemon *daemon, const json_t *request, const char **why);

#endif
