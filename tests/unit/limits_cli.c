/* One past each limit of the command line's own tables, which no caller passes, and of the authority's register. The limits are
 * those of docs/limits.md. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "common/startup.h"
#include "daemon/cli/authority.h"
#include "daemon/cli/options.h"
#include "tests/test.h"

static char folder[] = "/tmp/narvaro-limits-XXXXXX";
static char *no_words[] = {"limits", NULL};

/* Ends the child that reads a table of so many options. */
static bool aborts(void (*read_table)(int rows), int rows)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        if (freopen("/dev/null", "w", stderr) == NULL)
            _exit(1);
        read_table(rows);
        _exit(0);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void read_rows(int count)
{
    static char names[OPTIONS_MAX + 1][16];
    struct option_row rows[OPTIONS_MAX + 2] = {{0}};
    bool into = false;
    for (int i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], "o%d", i);
        rows[i] = (struct option_row){OPTION_FLAG, names[i], 0, NULL, "an option", .offset = 0};
    }
    options_read(1, no_words, &(struct options){.rows = rows, .doc = "A table."}, &into);
}

static void read_own_options(int count)
{
    struct startup_option own[STARTUP_OPTIONS_MAX + 2] = {{0}};
    for (int i = 0; i < count; i++)
        own[i] = (struct startup_option){"own", NULL, "an option", NULL};
    startup_read(1, no_words, &(struct startup_about){"limits", "A table.", "/nowhere", own});
}

static void a_table_with_an_option_too_many_ends_the_program(void)
{
    CHECK(!aborts(read_rows, OPTIONS_MAX));
    CHECK(aborts(read_rows, OPTIONS_MAX + 1));
    CHECK(!aborts(read_own_options, STARTUP_OPTIONS_MAX));
    CHECK(aborts(read_own_options, STARTUP_OPTIONS_MAX + 1));
}

static bool put_certificate(const char *issued, int number)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%d.crt", issued, number);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    return fd >= 0 && close(fd) == 0;
}

static void empty_folder(const char *path)
{
    DIR *directory = opendir(path);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        unlinkat(dirfd(directory), entry->d_name, 0);
    closedir(directory);
    rmdir(path);
}

static void one_past_the_register_of_an_authority(void)
{
    char issued[PATH_MAX], why[AUTHORITY_WHY_BYTES] = "";
    struct authority authority;
    bool made = false;
    struct issue issue = {.serial = "1", .certificate = "x"};
    CHECK(mkdtemp(folder) != NULL && authority_make(&authority, folder, &made, why) && made);
    authority.issued_count = AUTHORITY_ISSUED_MAX;
    CHECK(!authority_keep(&authority, &issue, why) && strstr(why, "10000 certificates are all") != NULL);
    authority.issued_count--;
    CHECK(authority_keep(&authority, &issue, why));
    authority_forget(&authority, &issue);
    authority.issued_count = 0;
    authority_close(&authority);
    snprintf(issued, sizeof issued, "%s/issued", folder);
    for (int i = 0; i < AUTHORITY_ISSUED_MAX; i++)
        CHECK(put_certificate(issued, i));
    /* as many as there may be are looked at, and these are none */
    CHECK(!authority_open(&authority, folder, why) && strstr(why, "not a certificate of this authority's") != NULL);
    CHECK(put_certificate(issued, AUTHORITY_ISSUED_MAX));
    CHECK(!authority_open(&authority, folder, why) && strstr(why, "10001 certificates are too many") != NULL);
    empty_folder(issued);
    empty_folder(folder);
}

int main(void)
{
    TEST(a_table_with_an_option_too_many_ends_the_program);
    TEST(one_past_the_register_of_an_authority);
    return test_done();
}
