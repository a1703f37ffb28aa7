/* Failures to notify are not reported: the watcher's answer to silence, a restart, is the right answer to them too. */
#include "common/watchdog.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FEEDS_PER_DEADLINE 4    /* so that some may come late or be lost */
#define DEVICE_EVERY_MS    1000 /* boards reset after 10 s or more */
#define DISARM             "V"  /* Linux, Documentation/watchdog/watchdog-api.rst: the magic close */

/* "@name" is an abstract socket (unix(7)): its address is a zero byte and the name. */
static bool read_address(struct watchdog *watchdog, const char *name)
{
    size_t length = name != NULL ? strlen(name) : 0;
    if (length < 2 || length >= sizeof watchdog->address.sun_path || strchr("/@", name[0]) == NULL)
        return false;
    watchdog->address.sun_family = AF_UNIX;
    memcpy(watchdog->address.sun_path, name, length);
    if (name[0] == '@')
        watchdog->address.sun_path[0] = '\0';
    watchdog->address_bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    return true;
}

/* Milliseconds within which systemd must hear from this process; 0 = it does not watch it. */
static int64_t deadline_ms(void)
{
    const char *microseconds = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
    if (microseconds == NULL || (pid != NULL && strtoll(pid, NULL, 10) != getpid()))
        return 0;
    return strtoll(microseconds, NULL, 10) / 1000;
}

bool watchdog_open(struct watchdog *watchdog, const char *device)
{
    *watchdog = (struct watchdog){.socket = -1, .device = -1};
    if (read_address(watchdog, getenv("NOTIFY_SOCKET"))) {
        watchdog->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        watchdog->every_ms = deadline_ms() / FEEDS_PER_DEADLINE;
    }
    if (!device[0])
        return true;
    watchdog->device = open(device, O_WRONLY | O_CLOEXEC);
    if (watchdog->device >= 0 && (watchdog->every_ms == 0 || watchdog->every_ms > DEVICE_EVERY_MS))
        watchdog->every_ms = DEVICE_EVERY_MS;
    return watchdog->device >= 0;
}

/* sd_notify(3). Not sent is no error: the next message makes up for it, or systemd restarts us. */
static void notify(const struct watchdog *watchdog, const char *word)
{
    if (watchdog->socket >= 0)
        sendto(watchdog->socket, word, strlen(word), MSG_DONTWAIT | MSG_NOSIGNAL,
               (const struct sockaddr *)&watchdog->address, watchdog->address_bytes);
}

static void write_device(const struct watchdog *watchdog, const char *byte)
{
    ssize_t written = watchdog->device >= 0 ? write(watchdog->device, byte, 1) : 0;
    (void)written; /* a device that is not fed resets the board */
}

void watchdog_ready(const struct watchdog *watchdog)
{
    notify(watchdog, "READY=1");
}

bool watchdog_feed(struct watchdog *watchdog, int64_t mono_ms)
{
    if (watchdog_wait_ms(watchdog, mono_ms) > 0)
        return false;
    notify(watchdog, "WATCHDOG=1");
    write_device(watchdog, "\n");
    watchdog->fed_mono_ms = mono_ms;
    return true;
}

int64_t watchdog_wait_ms(const struct watchdog *watchdog, int64_t mono_ms)
{
    if (watchdog->every_ms == 0)
        return INT64_MAX;
    int64_t due_ms = watchdog->fed_mono_ms + watchdog->every_ms;
    return due_ms > mono_ms ? due_ms - mono_ms : 0;
}

void watchdog_close(struct watchdog *watchdog, bool orderly)
{
    notify(watchdog, "STOPPING=1");
    if (orderly)
        write_device(watchdog, DISARM);
    if (watchdog->device >= 0)
        close(watchdog->device);
    if (watchdog->socket >= 0)
        close(watchdog->socket);
}
