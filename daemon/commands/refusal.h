/* The answer that refuses a command, {"ok": false, "errors": [sentence…]}: nothing has changed then. */
#ifndef DAEMON_REFUSAL_H
#define DAEMON_REFUSAL_H

#include <jansson.h>
#include "common/problems.h"

json_t *refusal_saying(const char *sentence);
/* With everything that is wrong; of more than PROBLEMS_KEPT, how many more there are. */
json_t *refusal_listing(const struct problems *problems);

#endif
