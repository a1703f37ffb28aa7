/* The daemon of daemon_rig.h, spoken to as through its control socket. */
#ifndef TESTS_CONTROL_RIG_H
#define TESTS_CONTROL_RIG_H

#include <jansson.h>
#include <string.h>
#include "daemon/commands/control.h"
#include "tests/daemon_rig.h"

static char reply[LOCAL_REPLY_BYTES + 1]; /* the latest, NUL-terminated */

static inline void control(const char *request)
{
    struct local_request local = {.text = request, .length = strlen(request)};
    size_t length = control_answer(daemon_, &local, reply, LOCAL_REPLY_BYTES);
    reply[length] = '\0';
}

/* Takes the request over. */
static inline void control_json(json_t *request)
{
    char *text = json_dumps(request, JSON_COMPACT);
    control(text);
    free(text);
    json_decref(request);
}

#endif
