/* narvaro check-config: is a settings file right? Rules are read here; a program's own settings are checked by that program
 * (PROGRAM --check), so that there is one word on them. */
#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "daemon/cli/command.h"
#include "daemon/cli/rulesfile.h"
#include "daemon/core/detect/rules.h"

#define CHECKS_MAX 16

enum { KEY_DAEMON = 256, KEY_WEB, KEY_TERMINAL, KEY_RULES };

struct check {
    int key;
    const char *path;
};

struct checks {
    struct check list[CHECKS_MAX];
    size_t count;
};

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct checks *checks = state->input;
    switch (key) {
    case KEY_DAEMON:
    case KEY_WEB:
    case KEY_TERMINAL:
    case KEY_RULES:
        if (checks->count == CHECKS_MAX)
            argp_error(state, "at most %d files at a time", CHECKS_MAX);
        checks->list[checks->count++] = (struct check){key, word};
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "say what %s is: --daemon, --web, --terminal or --rules", word);
        return 0;
    case ARGP_KEY_END:
        if (checks->count == 0)
            argp_error(state, "say which file");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static bool check_rules(const char *path)
{
    static struct rules rules;
    struct problems problems = {0};
    bool good = rulesfile_read(path, &rules, &problems);
    problems_print(&problems, stderr);
    return good;
}

/* The program of that name beside this one. */
static bool beside(const char *name, char out[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", out, PATH_MAX - 1);
    if (length < 0)
        return false;
    out[length] = '\0';
    char *file = strrchr(out, '/') + 1;
    return snprintf(file, (size_t)(out + PATH_MAX - file), "%s", name) < out + PATH_MAX - file;
}

static bool check_with(const char *name, const char *path)
{
    char program[PATH_MAX];
    pid_t child;
    int status;
    char *words[] = {(char *)name, "--check", "--config", (char *)path, NULL};
    if (!beside(name, program))
        return false;
    int error = posix_spawn(&child, program, NULL, NULL, words, environ);
    if (error != 0) {
        fprintf(stderr, "narvaro check-config: %s: %s\n", program, strerror(error));
        return false;
    }
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool check(const struct check *check)
{
    switch (check->key) {
    case KEY_DAEMON:
        return check_with("narvarod", check->path);
    case KEY_WEB:
        return check_with("narvaro-web", check->path);
    case KEY_TERMINAL:
        return check_with("narvaro-terminal", check->path);
    default:
        return check_rules(check->path);
    }
}

int command_check_config(int argc, char **argv)
{
    static const struct argp_option OPTIONS[] = {
        {.name = "daemon", .key = KEY_DAEMON, .arg = "FILE", .doc = "Settings of narvarod"},
        {.name = "web", .key = KEY_WEB, .arg = "FILE", .doc = "Settings of narvaro-web"},
        {.name = "terminal", .key = KEY_TERMINAL, .arg = "FILE", .doc = "Settings of narvaro-terminal"},
        {.name = "rules", .key = KEY_RULES, .arg = "FILE", .doc = "Rules of detection"},
        {0},
    };
    static const struct argp ARGP = {
        .options = OPTIONS,
        .parser = parse,
        .doc = "Reads settings files and tells everything that is wrong with them, with file, line and key. Changes "
               "nothing.",
    };
    struct checks checks = {.count = 0};
    argp_parse(&ARGP, argc, argv, 0, NULL, &checks);
    int status = COMMAND_OK;
    for (size_t i = 0; i < checks.count; i++) {
        bool good = check(&checks.list[i]);
        printf("%s: %s\n", checks.list[i].path, good ? "good" : "not usable");
        status = good ? status : COMMAND_FAILED;
    }
    return status;
}
