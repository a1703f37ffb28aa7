/* Which terminals belong to the school, as commands of the control socket. The school's authority is not here: whoever
 * asks has signed, and tells until when.
 *
 *   {"do": "terminal_add", "terminal", "room"?, "certificate_to": UTC, "dry_run": bool}   → "school", "room", "is_new"
 *   {"do": "terminal_revoke", "terminal", "why"}                                          → "revoked_before"
 *
 * Without "room" the terminal must be listed already (a renewal). A revoked terminal is believed nothing from that moment on,
 * whatever still arrives, and never gets its name back. */
#ifndef DAEMON_PROVISIONING_H
#define DAEMON_PROVISIONING_H

#include <jansson.h>
#include <stdbool.h>

struct daemon;

#define PROVISIONING_WHY_CHARS 200

bool provisioning_is(const char *what);
/* NULL: refused, nothing has changed, and *why says why in one sentence, valid until the next call. */
json_t *provisioning_answer(struct daemon *daemon, const json_t *request, const char **why);

#endif
