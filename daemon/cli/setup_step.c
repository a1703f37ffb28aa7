/* How a step of `narvaro setup` looks, tells and does. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/filebytes.h"
#include "common/newfile.h"
#include "daemon/cli/setup.h"

bool setup_refuse(struct setup *setup, const char *what)
{
    snprintf(setup->why, sizeof setup->why, "%s: %s", what, strerror(errno));
    return false;
}

void setup_tell(const struct setup *setup, enum setup_deed deed, const char *path)
{
    static const char *const DONE[] = {[SETUP_MADE] = "made", [SETUP_CHANGED] = "changed", [SETUP_LEFT] = "left alone"};
    static const char *const WOULD[] = {
        [SETUP_MADE] = "would make", [SETUP_CHANGED] = "would change", [SETUP_LEFT] = "would leave alone"};
    printf("%s %s\n", (setup->dry_run ? WOULD : DONE)[deed], path);
}

bool setup_path(struct setup *setup, const char *name, char out[PATH_MAX])
{
    if (snprintf(out, PATH_MAX, "%s/%s", setup->etc, name) < PATH_MAX)
        return true;
    errno = ENAMETOOLONG;
    return setup_refuse(setup, setup->etc);
}

bool setup_write(struct setup *setup, const char *path, const char *text, mode_t mode)
{
    setup_tell(setup, access(path, F_OK) == 0 ? SETUP_CHANGED : SETUP_MADE, path);
    return setup->dry_run || newfile_replace(path, text, strlen(text), mode) || setup_refuse(setup, path);
}

bool setup_is(const char *path, const char *text)
{
    char *there = filebytes_text(path, SETUP_FILE_BYTES_MAX);
    bool same = there != NULL && strcmp(there, text) == 0;
    free(there);
    return same;
}

void setup_leave(const struct setup *setup, const char *path, const char *because)
{
    setup_tell(setup, SETUP_LEFT, path);
    printf("  %s\n", because);
}
