/* narvaro check-config: checks a settings file. Rules and ways to support are checked here; a program's settings are checked by that
 * program (PROGRAM --check), so that there is only one check of them. */
#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "common/filebytes.h"
#include "daemon/cli/command.h"
#include "daemon/cli/options.h"
#include "daemon/cli/rulesfile.h"
#include "daemon/core/detect/rules.h"
#include "daemon/core/support/routesfile.h"

#define CHECKS_MAX 16

struct check {
    const char *what, *path; /* the option's name */
};

struct checks {
    struct check list[CHECKS_MAX];
    size_t count;
};

static void add_check(void *into, const struct option_row *row, const char *word, const struct argp_state *state)
{
    struct checks *checks = into;
    if (checks->count == CHECKS_MAX)
        argp_error(state, "at most %d files at a time", CHECKS_MAX);
    checks->list[checks->count++] = (struct check){row->name, word};
}

static void refuse_word(void *into, const struct option_row *row, const char *word, const struct argp_state *state)
{
    (void)into;
    (void)row;
    argp_error(state, "say what %s is: --daemon, --web, --terminal, --rules or --support", word);
}

static void require_file(void *into, const struct argp_state *state)
{
    const struct checks *checks = into;
    if (checks->count == 0)
        argp_error(state, "say which file");
}

static bool check_rules(const char *path)
{
    static struct rules rules;
    struct problems problems = {0};
    bool good = rulesfile_read_wanted(path, &rules, &problems);
    problems_print(&problems, stderr);
    return good;
}

static bool check_support(const char *path)
{
    static struct support support;
    struct problems problems = {0};
    char *text = filebytes_text_or_say(path, SUPPORTFILE_BYTES_MAX, &problems);
    bool good = text != NULL && supportfile_read(path, text, &support, &problems);
    free(text);
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
    static const struct {
        const char *what, *program;
    } PROGRAMS[] = {{"daemon", "narvarod"}, {"web", "narvaro-web"}, {"terminal", "narvaro-terminal"}};
    for (size_t i = 0; i < sizeof PROGRAMS / sizeof *PROGRAMS; i++)
        if (strcmp(check->what, PROGRAMS[i].what) == 0)
            return check_with(PROGRAMS[i].program, check->path);
    return strcmp(check->what, "support") == 0 ? check_support(check->path) : check_rules(check->path);
}

int command_check_config(int argc, char **argv)
{
    static const struct option_row ROWS[] = {
        {OPTION_TAKEN, "daemon", 0, "FILE", "Settings of narvarod", .take = add_check},
        {OPTION_TAKEN, "web", 0, "FILE", "Settings of narvaro-web", .take = add_check},
        {OPTION_TAKEN, "terminal", 0, "FILE", "Settings of narvaro-terminal", .take = add_check},
        {OPTION_TAKEN, "rules", 0, "FILE", "Rules of detection", .take = add_check},
        {OPTION_TAKEN, "support", 0, "FILE", "Ways to support and programmes", .take = add_check},
        {OPTION_TAKEN, .take = refuse_word},
        {0},
    };
    static const struct options OPTIONS = {
        .rows = ROWS,
        .check = require_file,
        .doc = "Reads settings files and tells everything that is wrong with them, with file, line and key. Changes "
               "nothing.",
    };
    struct checks checks = {.count = 0};
    options_read(argc, argv, &OPTIONS, &checks);
    int status = COMMAND_OK;
    for (size_t i = 0; i < checks.count; i++) {
        bool good = check(&checks.list[i]);
        printf("%s: %s\n", checks.list[i].path, good ? "good" : "not usable");
        status = good ? status : COMMAND_FAILED;
    }
    return status;
}
