/* Commands to the daemon, over dashboard/errand.h. */
#ifndef DASHBOARD_API_DAEMON_H
#define DASHBOARD_API_DAEMON_H

#include "dashboard/api/api_call.h"

/* A command to the daemon. First time: sends it (taken over; NULL means there was no memory) and puts the call off; the call
 * is then made again with request->pending set, and api_told answers it: `status` with the answer's `key` (NULL: {}, "*": all),
 * 422 with the daemon's reasons, or 503. */
enum http_verdict api_tell_daemon(struct api_call *call, json_t *command);
enum http_verdict api_told(struct api_call *call, unsigned status, const char *key);
/* Sends what is already a text (taken over; NULL: there was no memory), with descriptors that are taken over, too. */
enum http_verdict api_send(struct api_call *call, char *command, const int *files, size_t file_count);
/* The daemon's answer to a call that was put off; NULL when it did not answer. */
json_t *api_reply(struct api_call *call);

#endif
