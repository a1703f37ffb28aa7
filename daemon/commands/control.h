/* Commands from the command line and the dashboard over the control socket: one JSON object each way.
 *
 *   {"do": "status"}
 *   {"do": "import", "commit": bool, "files": [name…]}                 with one descriptor for each name
 *   {"do": "rules_apply", "text": libconfig, "author", "why", "from": date (optional: today), "approver"?}
 *   the corrections of daemon/commands/corrections.h, the terminals of daemon/commands/provisioning.h
 *   {"do": "explain" | "flags" | "preview", …}                          see questions.h, previewing.h
 *   {"do": "tune", …}                                                   see tuning.h
 *   {"do": "terminal_order" | "card_enrol" | "card_enrolled", …}        see orders.h
 *   {"do": "strays" | "card_give", …}                                see strays.h
 *   {"do": "rules" | "rules_text", …}                                   see rulesets.h
 *   {"do": "decisions" | "decisions_confirm", …}                        see decisions.h
 *   {"do": "retention" | "erase" | "extract", …}                        see retention.h, extract.h
 *
 * Answers {"ok": true, …}, or {"ok": false, "errors": [sentence…]} and then nothing has changed. */
#ifndef DAEMON_CONTROL_H
#define DAEMON_CONTROL_H

#include <stddef.h>
#include "common/local.h"

struct daemon;

/* A step of the daemon: commits what came before, does what is asked, commits that, and writes the answer into `reply`.
 * Returns its length; 0 when the daemon has failed before. */
size_t control_answer(struct daemon *daemon, struct local_request *request, char *reply, size_t capacity);

#endif
