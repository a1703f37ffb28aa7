#include "daemon/cli/restore_services.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "daemon/cli/backup_places.h"

#define SYSTEMD_RUNS "/run/systemd/system" /* sd_booted(3) */

extern char **environ;

bool restore_services_are_ours(const char *settings)
{
    return strcmp(settings, BACKUP_SETTINGS_FOLDER) == 0 && geteuid() == 0 && access(SYSTEMD_RUNS, F_OK) == 0;
}

static bool systemctl(const char *const *words)
{
    pid_t pid, ended;
    int status = 0;
    int error = posix_spawnp(&pid, words[0], NULL, NULL, (char *const *)words, environ);
    if (error != 0) {
        fprintf(stderr, "narvaro: systemctl: %s\n", strerror(error));
        return false;
    }
    do
        ended = waitpid(pid, &status, 0);
    while (ended < 0 && errno == EINTR);
    return ended == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool restore_services_stop(void)
{
    static const char *const WORDS[] = {"systemctl", "stop", "narvaro-web", "narvarod", NULL};
    return systemctl(WORDS);
}

bool restore_services_start(void)
{
    static const char *const BROKER[] = {"systemctl", "restart", "narvaro-broker", NULL};
    static const char *const PROGRAMS[] = {"systemctl", "start", "narvarod", "narvaro-web", NULL};
    bool broker = systemctl(BROKER);
    return systemctl(PROGRAMS) && broker;
}
