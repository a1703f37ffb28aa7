/* The bus emulator as a child process, for tests in C: commands in, facts out. It is found beside the test
 * program. */
#ifndef TESTS_EMULATOR_H
#define TESTS_EMULATOR_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define EMULATOR_PATIENCE_MS 60000
#define EMULATOR_BUSES_MAX   14

struct emulator {
    pid_t pid;
    int commands, facts;
    char directory[32];
    char text[4096]; /* facts not yet asked for */
};

static inline void emulator_run(const char *test_program, const char *directory, const char *const *buses)
{
    char program[512], *arguments[4 + EMULATOR_BUSES_MAX] = {program, (char *)"-d", (char *)directory};
    const char *slash = strrchr(test_program, '/');

    snprintf(program, sizeof program, "%.*s/bus-emulator", slash ? (int)(slash - test_program) : 1,
             slash ? test_program : ".");
    for (size_t i = 0; buses[i] && i < EMULATOR_BUSES_MAX; i++)
        arguments[3 + i] = (char *)buses[i];
    execv(program, arguments);
    perror(program);
    _exit(127);
}

/* Waits for a fact that contains `wanted`, drops those before it, and copies it to `fact` (256 bytes) unless
 * NULL. */
static inline bool emulator_fact(struct emulator *emulator, const char *wanted, char *fact)
{
    size_t length = strlen(emulator->text);

    for (;;) {
        for (char *end; (end = strchr(emulator->text, '\n')) != NULL;) {
            *end = '\0';
            bool found = strstr(emulator->text, wanted) != NULL;
            if (found && fact)
                snprintf(fact, 256, "%.255s", emulator->text);
            length -= (size_t)(end + 1 - emulator->text);
            memmove(emulator->text, end + 1, length + 1);
            if (found)
                return true;
        }
        struct pollfd readable = {.fd = emulator->facts, .events = POLLIN};
        if (poll(&readable, 1, EMULATOR_PATIENCE_MS) <= 0)
            return false;
        ssize_t count = read(emulator->facts, emulator->text + length, sizeof emulator->text - 1 - length);
        if (count <= 0)
            return false;
        length += (size_t)count;
        emulator->text[length] = '\0';
    }
}

/* `buses` ends with NULL. False when it did not get ready. */
static inline bool emulator_start(struct emulator *emulator, const char *test_program, const char *const *buses)
{
    int in[2], out[2];

    *emulator = (struct emulator){.directory = "/tmp/bus-XXXXXX"};
    if (!mkdtemp(emulator->directory) || pipe(in) != 0 || pipe(out) != 0)
        return false;
    signal(SIGPIPE, SIG_IGN);
    emulator->pid = fork();
    if (emulator->pid == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        close(in[1]);
        close(out[0]);
        emulator_run(test_program, emulator->directory, buses);
    }
    close(in[0]);
    close(out[1]);
    emulator->commands = in[1];
    emulator->facts = out[0];
    return emulator_fact(emulator, " ready", NULL);
}

static inline bool emulator_command(const struct emulator *emulator, const char *line)
{
    char text[256];
    int length = snprintf(text, sizeof text, "%s\n", line);

    return write(emulator->commands, text, (size_t)length) == length;
}

/* True when it ended by itself and left nothing behind. */
static inline bool emulator_stop(struct emulator *emulator)
{
    int status = -1;

    close(emulator->commands);
    waitpid(emulator->pid, &status, 0);
    close(emulator->facts);
    return status == 0 && rmdir(emulator->directory) == 0;
}

#endif
