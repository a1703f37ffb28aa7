/* The real services without a broker, under a watcher as systemd is one: ready, alive for as long as they run, and a word
 * at their end. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/test.h"

#define PATIENCE_MS 60000

static char folder[] = "/tmp/watched-XXXXXX";
static const char *test_program;

static void write_settings(const char *text)
{
    char path[64];
    snprintf(path, sizeof path, "%s/settings", folder);
    FILE *file = fopen(path, "we");
    for (const char *at = text; *at; at++)
        *at == '@' ? fputs(folder, file) : fputc(*at, file);
    fclose(file);
    snprintf(path, sizeof path, "%s/key", folder);
    file = fopen(path, "we");
    fputs("000102030405060708090a0b0c0d0e0f\n", file);
    fchmod(fileno(file), 0600);
    fclose(file);
}

static int open_ear(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/notify", folder);
    int ear = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    unlink(address.sun_path);
    if (bind(ear, (const struct sockaddr *)&address, sizeof address) != 0)
        abort();
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    setenv("WATCHDOG_USEC", "400000", 1);
    return ear;
}

/* The next word is this one. */
static bool hears(int ear, const char *word)
{
    char text[32] = "";
    struct pollfd readable = {.fd = ear, .events = POLLIN};
    return poll(&readable, 1, PATIENCE_MS) > 0 && recv(ear, text, sizeof text - 1, 0) > 0 && strcmp(text, word) == 0;
}

static pid_t start(const char *name)
{
    char program[512], settings[64];
    const char *slash = strrchr(test_program, '/');
    snprintf(program, sizeof program, "%.*s/../bin/%s", slash != NULL ? (int)(slash - test_program) : 1,
             slash != NULL ? test_program : ".", name);
    snprintf(settings, sizeof settings, "%s/settings", folder);
    pid_t pid = fork();
    if (pid == 0) {
        execl(program, name, "--config", settings, (char *)NULL);
        _exit(127);
    }
    return pid;
}

static void is_watched(const char *name, int feeds)
{
    int ear = open_ear(), status = -1;
    pid_t pid = start(name);
    CHECK(hears(ear, "READY=1"));
    for (int i = 0; i < feeds; i++)
        CHECK(hears(ear, "WATCHDOG=1"));
    kill(pid, SIGTERM);
    bool fed = true, stopping = false;
    while (fed && !stopping) { /* one may have been on its way */
        char text[32] = "";
        fed = recv(ear, text, sizeof text - 1, 0) > 0 && strcmp(text, "WATCHDOG=1") == 0;
        stopping = strcmp(text, "STOPPING=1") == 0;
    }
    CHECK(stopping && waitpid(pid, &status, 0) == pid && status == 0);
    close(ear);
}

static void the_daemon_is_watched_without_a_broker(void)
{
    write_settings(
        "school = \"skolan\"; database = \"@/attendance.db\"; control_socket = \"@/control\"; control_users = ();\n"
        "rules = \"config/rules.cfg\"; token_key_file = \"@/key\"; broker = { host = \"@/no-broker\"; port = 0; };\n");
    is_watched("narvarod", 12);
}

static void the_terminal_is_watched_without_a_broker_and_without_a_bus(void)
{
    write_settings(
        "school = \"skolan\"; terminal = \"t-1\"; token_key_file = \"@/key\"; journal_file = \"@/journal\";\n"
        "cache_folder = \"@/cache\"; broker = { host = \"@/no-broker\"; port = 0; };\n"
        "bus = { device = \"@/no-bus\"; }; readers = ( { address = 1; } );\n");
    is_watched("narvaro-terminal", 3); /* with each look for the bus, after 0.5 and 1 s */
}

static void clear(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    CHECK(system(command) == 0);
}

int main(int count, char **words)
{
    (void)count;
    test_program = words[0];
    if (mkdtemp(folder) == NULL)
        return 1;
    TEST(the_daemon_is_watched_without_a_broker);
    TEST(the_terminal_is_watched_without_a_broker_and_without_a_bus);
    TEST(clear);
    return test_done();
}
