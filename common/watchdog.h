/* Tells the watchdogs over this process that it is alive: systemd, by the datagrams of sd_notify(3) without its
 * library, and a board's watchdog device. The caller decides what alive means: it feeds only when there was
 * progress.
 *
 * Without a watchdog every call does nothing. One thread owns it. */
#ifndef COMMON_WATCHDOG_H
#define COMMON_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct watchdog {
    int socket, device; /* -1: there is none */
    struct sockaddr_un address;
    socklen_t address_bytes;
    int64_t every_ms; /* how often it must be fed; 0 = never */
    int64_t fed_mono_ms;
};

/* systemd is found in the environment (NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID), the board's device is `device`,
 * a path or "". False with errno set when the device cannot be opened; systemd is notified nevertheless. Opening a
 * real device arms it. */
bool watchdog_open(struct watchdog *watchdog, const char *device);
/* Start-up is complete. */
void watchdog_ready(const struct watchdog *watchdog);
/* There was progress. Passes it on at most once in every_ms; returns whether it did so now. */
bool watchdog_feed(struct watchdog *watchdog, int64_t mono_ms);
/* How long until feeding is due; INT64_MAX without a watchdog. */
int64_t watchdog_wait_ms(const struct watchdog *watchdog, int64_t mono_ms);
/* `orderly`: the end was asked for, so the device is disarmed. Otherwise it keeps running, and resets the board
 * unless the next start of this program feeds it in time. */
void watchdog_close(struct watchdog *watchdog, bool orderly);

#endif
