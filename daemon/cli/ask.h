/* Asks a running program over its local socket (common/local.h) and says what went wrong, once, on standard error. */
#ifndef DAEMON_CLI_ASK_H
#define DAEMON_CLI_ASK_H

#include <jansson.h>
#include <stddef.h>

#define ASK_CONTROL_SOCKET "/run/narvaro/control"        /* narvarod */
#define ASK_ADMIN_SOCKET   "/run/narvaro-web/admin.sock" /* narvaro-web */
#define ASK_TIMEOUT_MS     60000

/* Takes over `request`. Returns the answer, a JSON object with "ok": true, to be released by the caller; NULL after
 * printing the reason: nobody answers, or each of the answer's "errors". */
json_t *ask(const char *socket_path, json_t *request, const int *files, size_t file_count);

/* The same for what takes long: when standard error is a terminal, it shows how far the work has come. */
json_t *ask_patiently(const char *socket_path, json_t *request, const int *files, size_t file_count);

/* The text of an answer's member; empty when it has none. */
const char *ask_text(const json_t *object, const char *key);

#endif
