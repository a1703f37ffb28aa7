/* Runs tar by posix_spawn(3), its messages in English on our standard error. */
#include "daemon/cli/tarball.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* tar must die of a broken pipe although we do not. */
static int spawn(pid_t *tar, const char *const *words, int in, int out)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t as_usual;
    sigemptyset(&as_usual);
    sigaddset(&as_usual, SIGPIPE);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &as_usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_init(&actions);
    if (in >= 0)
        posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    if (out >= 0)
        posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    int error = posix_spawnp(tar, words[0], &actions, &attributes, (char *const *)words, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

/* `ours`: the end of the pipe that stays with us, 0 to read. */
static bool start(struct tarball *tarball, const char *mode, const char *const *words, int ours, int out)
{
    const char *all[TARBALL_WORDS + 4] = {"tar", mode, "--gzip", "--file=-"};
    int ends[2];
    size_t count = 4;
    *tarball = (struct tarball){-1, -1};
    for (size_t i = 0; words[i] != NULL; i++) {
        assert(i + 1 < TARBALL_WORDS);
        all[count++] = words[i];
    }
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    signal(SIGPIPE, SIG_IGN);
    int error = spawn(&tarball->tar, all, ours == 0 ? -1 : ends[0], ours == 0 ? ends[1] : out);
    close(ends[!ours]);
    if (error != 0) {
        close(ends[ours]);
        tarball->tar = -1;
        errno = error;
        return false;
    }
    tarball->pipe = ends[ours];
    return true;
}

bool tarball_pack(struct tarball *tarball, const char *const *words)
{
    return start(tarball, "--create", words, 0, -1);
}

bool tarball_unpack(struct tarball *tarball, const char *const *words, int out)
{
    return start(tarball, "--extract", words, 1, out);
}

bool tarball_end(struct tarball *tarball)
{
    int status = 0;
    if (tarball->tar < 0)
        return false;
    close(tarball->pipe);
    pid_t ended;
    do
        ended = waitpid(tarball->tar, &status, 0);
    while (ended < 0 && errno == EINTR);
    return ended == tarball->tar && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
