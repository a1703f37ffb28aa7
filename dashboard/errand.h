/* Errands to the daemon over its control socket, without holding up the rest: one thread runs them, one after the other; up
 * to ERRANDS_MAX wait, more are turned away. The owner's thread sends one, watches errand_fd, and collects. */
#ifndef DASHBOARD_ERRAND_H
#define DASHBOARD_ERRAND_H

#include <stdbool.h>
#include <stddef.h>
#include "common/local.h"

#define ERRANDS_MAX        16
#define ERRAND_PATIENCE_MS 25000 /* an import or new rules: the roll of many dates */

struct errands;
struct errand;

/* `socket` is the daemon's control socket; it need not be there. NULL: no memory or thread. */
struct errands *errand_open(const char *socket);
void errand_close(struct errands *errands);
int errand_fd(const struct errands *errands);

/* Takes `request` (one line of JSON, heap) and the descriptors over, also when it returns NULL: too many wait. `waiter`
 * comes back from errand_next_done. */
struct errand *errand_send(struct errands *errands, char *request, const int *files, size_t file_count, void *waiter);
/* The waiter of an errand that is done and was not reported before, NULL when there is none. */
void *errand_next_done(struct errands *errands);
/* The daemon's answer, valid until the release; NULL when it did not answer. */
const char *errand_reply(struct errands *errands, const struct errand *errand);
/* Is this one of ours? */
bool errand_is(const struct errands *errands, const void *pending);
/* Forgotten; one that is under way is still carried out. */
void errand_release(struct errands *errands, struct errand *errand);

#endif
