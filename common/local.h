/* Commands between our own programs on one machine: a Unix stream socket, one line of JSON each way per connection,
 * files handed over as descriptors.
 *
 * The server runs in its owner's poll loop and never blocks: it accepts at most LOCAL_CLIENTS_MAX at once (more wait
 * in the kernel's queue), reads at most LOCAL_REQUEST_BYTES, closes a client that takes longer than LOCAL_PATIENCE_MS,
 * and refuses a peer whose uid is not allowed before it reads a byte. */
#ifndef COMMON_LOCAL_H
#define COMMON_LOCAL_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define LOCAL_CLIENTS_MAX   8
#define LOCAL_REQUEST_BYTES 65536
#define LOCAL_REPLY_BYTES   (1024 * 1024)
#define LOCAL_FILES_MAX     16
#define LOCAL_UIDS_MAX      8
#define LOCAL_PATIENCE_MS   5000

struct local_request {
    uid_t uid;        /* of the peer, from the kernel (SO_PEERCRED) */
    const char *text; /* without the newline, NUL-terminated */
    size_t length;
    int files[LOCAL_FILES_MAX]; /* closed after the answer, unless set to -1 */
    size_t file_count;
    int socket; /* local_tell's */
};

/* Tells the client, before the answer, how far the work has come: one line of JSON that begins with {"progress" (no newline).
 * Never blocks: one that finds no room is lost. For requests that ask for it. */
void local_tell(const struct local_request *request, const char *line);

/* Writes the reply (no newline) into `reply`, returns its length ≤ capacity. */
typedef size_t local_answer(void *context, struct local_request *request, char *reply, size_t capacity);

struct local_server;

/* Binds `path` with mode 0660 (a stale socket file is replaced). The server's own uid and root are always allowed.
 * NULL with errno set. */
struct local_server *local_server_open(const char *path, const uid_t *uids, size_t uid_count, local_answer *answer,
                                       void *context);
void local_server_close(struct local_server *server);
/* At most LOCAL_CLIENTS_MAX + 1 entries; returns how many were filled. */
size_t local_server_poll(const struct local_server *server, struct pollfd *fds);
/* Does what the descriptors filled by local_server_poll allow, answers complete requests. */
void local_server_step(struct local_server *server, const struct pollfd *fds, size_t count, int64_t mono_ms);

/* What is told before the answer, for local_call_watching: valid during the call. */
typedef void local_watch(const char *line);

/* The other side, blocking up to `timeout_ms`. Returns the reply, NUL-terminated, to be freed by the caller; NULL with
 * errno set. */
char *local_call(const char *path, const char *request, const int *files, size_t file_count, int timeout_ms);

/* The same; each line of local_tell goes to `watch` as it comes, and patience begins anew. */
char *local_call_watching(const char *path, const char *request, const int *files, size_t file_count, int timeout_ms,
                          local_watch *watch);

#endif
