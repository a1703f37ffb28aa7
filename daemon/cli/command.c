/* An answer that could not be written is a failure, too: a full disk must not look like an empty list. */
#include "daemon/cli/command.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int command_printed(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return COMMAND_OK;
    fprintf(stderr, "narvaro: cannot write the answer: %s\n", strerror(errno));
    return COMMAND_FAILED;
}

int command_failed(const char *command, const char *why)
{
    fprintf(stderr, "%s: %s\n", command, why);
    return COMMAND_FAILED;
}

const char *command_own_name(void)
{
    const struct passwd *user = getpwuid(getuid());
    return user == NULL ? "unknown" : user->pw_name;
}
