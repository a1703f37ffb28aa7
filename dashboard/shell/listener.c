/* A listening socket from an address in the settings. */
#include "dashboard/shell/listener.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define WAITING_MAX 128 /* connections that the kernel holds until they are accepted */

static const char LOOPBACK[] = "127.0.0.1:";

static bool bind_unix(int fd, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    strcpy(address.sun_path, path);
    struct stat old;
    if (lstat(path, &old) == 0 && S_ISSOCK(old.st_mode))
        unlink(path);
    return bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && chmod(path, 0660) == 0;
}

static bool bind_loopback(int fd, const char *port_text, int *port)
{
    char *end;
    unsigned long wanted = strtoul(port_text, &end, 10);
    if (*end || !isdigit((unsigned char)*port_text) || wanted > UINT16_MAX) {
        errno = EINVAL;
        return false;
    }
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)wanted), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof address;
    int yes = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(fd, (struct sockaddr *)&address, bytes) != 0 || getsockname(fd, (struct sockaddr *)&address, &bytes) != 0)
        return false;
    *port = ntohs(address.sin_port);
    return true;
}

static bool is_loopback(const char *address)
{
    return strncmp(address, LOOPBACK, sizeof LOOPBACK - 1) == 0;
}

int listener_open(const char *address, int *port)
{
    bool loopback = is_loopback(address);
    *port = 0;
    int fd = socket(loopback ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    bool bound = loopback ? bind_loopback(fd, address + sizeof LOOPBACK - 1, port) : bind_unix(fd, address);
    if (bound && listen(fd, WAITING_MAX) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

void listener_forget(const char *address)
{
    if (!is_loopback(address))
        unlink(address);
}
