/* Preloaded into `narvaro restore`: ends it as a power cut would, at the NARVARO_KILL_AT-th call that changes what is on disk. tar,
 * which it starts, is left alone. */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void count(void)
{
    static int calls;
    const char *at = getenv("NARVARO_KILL_AT");
    if (at != NULL && strcmp(program_invocation_short_name, "narvaro") == 0 && ++calls == atoi(at))
        kill(getpid(), SIGKILL);
}

#define COUNTED(name, parameters, arguments)       \
    int name parameters                            \
    {                                              \
        int(*real) parameters;                     \
        *(void **)&real = dlsym(RTLD_NEXT, #name); \
        count();                                   \
        return real arguments;                     \
    }

COUNTED(renameat2, (int from, const char *old, int to, const char *fresh, unsigned flags),
        (from, old, to, fresh, flags))
COUNTED(mkdir, (const char *path, mode_t mode), (path, mode))
COUNTED(unlink, (const char *path), (path))
COUNTED(remove, (const char *path), (path))
COUNTED(chmod, (const char *path, mode_t mode), (path, mode))
COUNTED(fsync, (int fd), (fd))
COUNTED(syncfs, (int fd), (fd))
