/* The socket on which HTTP is spoken: a Unix socket of mode 0660, or loopback TCP for the demonstration. */
#ifndef DASHBOARD_LISTENER_H
#define DASHBOARD_LISTENER_H

/* `address` is "/path/of/a/socket" (a stale socket file is replaced) or "127.0.0.1:PORT" (0: any free port).
 * `port` is the one bound, 0 for a Unix socket. The descriptor does not block; -1 with errno set. */
int listener_open(const char *address, int *port);
/* Takes the socket's file away, if it has one. */
void listener_forget(const char *address);

#endif
