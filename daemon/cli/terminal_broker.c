/* What the parts of `narvaro terminal` share: how they fail, and the broker that must hear of a change. */
#include "daemon/cli/terminal.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "daemon/cli/command.h"

#define BROKER_UNIT "narvaro-broker.service"

int terminal_failed(const char *why)
{
    fprintf(stderr, "narvaro terminal: %s\n", why);
    return COMMAND_FAILED;
}

bool terminal_restart_broker(void)
{
    pid_t child;
    int status = 0;
    char *words[] = {"systemctl", "restart", BROKER_UNIT, NULL};
    int error = posix_spawnp(&child, words[0], NULL, NULL, words, environ);
    while (error == 0 && waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            error = errno;
    if (error == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    fprintf(stderr,
            "narvaro terminal: the broker was not restarted%s%s: restart it now (systemctl restart " BROKER_UNIT
            "), until then open sessions go on\n",
            error ? ": " : "", error ? strerror(error) : "");
    return false;
}
