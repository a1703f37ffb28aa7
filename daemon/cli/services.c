/* systemctl is looked for along PATH, and waited for. */
#include "daemon/cli/services.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

bool services_are_there(void)
{
    return access("/run/systemd/system", F_OK) == 0; /* as sd_booted(3) has it */
}

bool services_ask(const char *command, const char *verb, const char *unit, const char *until)
{
    pid_t child;
    int status = 0;
    char *const words[] = {"systemctl", (char *)(size_t)verb, (char *)(size_t)unit, NULL};
    int error = posix_spawnp(&child, words[0], NULL, NULL, words, environ);
    while (error == 0 && waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            error = errno;
    if (error == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    fprintf(stderr, "%s: %s was not restarted%s%s: restart it now (systemctl restart %s)%s\n", command, unit,
            error ? ": " : "", error ? strerror(error) : "", unit, until);
    return false;
}
