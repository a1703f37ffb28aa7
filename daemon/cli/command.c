#include "daemon/cli/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int command_printed(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return COMMAND_OK;
    fprintf(stderr, "narvaro: cannot write the answer: %s\n", strerror(errno));
    return COMMAND_FAILED;
}
