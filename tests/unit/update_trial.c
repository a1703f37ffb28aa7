/* Updates under a supervisor that does as systemd does by the terminal's unit (choose, start, wait for READY, kill what the
 * watchdog does not hear of, start again), with programs that crash, hang, or are well.
 *
 * Each of these programs is this test's own file in a slot: the last word before the file's end says how it behaves. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "common/clock.h"
#include "common/filebytes.h"
#include "common/watchdog.h"
#include "firmware/terminal/trial.h"
#include "tests/test.h"

#define WORD_BYTES  16
#define START_MS    700 /* TimeoutStartSec= */
#define DEADLINE_MS 500 /* WatchdogSec= */
#define TRIAL_MS    150 /* trial_s */
#define STABLE_MS   650 /* a program that has run so long is left alone */
#define LIVES_MOST  12

static char folder[] = "/tmp/update-XXXXXX";
static char launcher[512];
static const char *own_program;

static int64_t now_ms(void)
{
    struct clock machine = clock_system();
    return clock_mono_ms(&machine);
}

static const char *in_folder(const char *name)
{
    static char paths[4][64];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(paths[turn], sizeof paths[turn], "%s/%s", folder, name);
    return paths[turn];
}

/* What a program in a slot does. `word`: how it behaves. */
static int behave(const char *word, const char *slots, const char *marks)
{
    struct watchdog watchdog;
    struct trial trial;
    if (strcmp(word, "crashes") == 0)
        abort();
    if (strcmp(word, "ends") == 0)
        return 1;
    if (strcmp(word, "never-ready") == 0)
        for (;;)
            pause();
    watchdog_open(&watchdog, "");
    trial_open(&trial, slots, marks, TRIAL_MS, now_ms());
    watchdog_ready(&watchdog);
    for (int64_t begun_ms = now_ms();; poll(NULL, 0, 10)) {
        int64_t ran_ms = now_ms() - begun_ms;
        if (strcmp(word, "hangs") == 0 && ran_ms > TRIAL_MS / 3)
            for (;;)
                pause();
        if (strcmp(word, "dies-later") == 0 && ran_ms > TRIAL_MS / 3)
            return 1;
        watchdog_feed(&watchdog, now_ms());
        trial_judge(&trial, strcmp(word, "not-well") != 0, now_ms());
    }
}

static void copy(const char *to, const char *word)
{
    char *bytes = NULL, tail[WORD_BYTES] = "";
    size_t length = 0;
    int from = open(own_program, O_RDONLY | O_CLOEXEC), fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    bool read_all = filebytes_read(from, PACKAGE_BYTES_MAX, &bytes, &length);
    snprintf(tail, sizeof tail, "%s", word);
    assert(read_all && write(fd, bytes, length) == (ssize_t)length && write(fd, tail, WORD_BYTES) == WORD_BYTES);
    free(bytes);
    close(from);
    close(fd);
}

static void install(const char *word, const char *nonce)
{
    char *bytes = NULL;
    size_t length = 0;
    struct slots slots;
    copy(in_folder("package"), word);
    int fd = open(in_folder("package"), O_RDONLY | O_CLOEXEC);
    CHECK(filebytes_read(fd, PACKAGE_BYTES_MAX, &bytes, &length) && slots_open(&slots, in_folder("program")));
    CHECK(slots_install(&slots, in_folder("factory"), in_folder("marks"), bytes, length, word, nonce));
    slots_close(&slots);
    close(fd);
    free(bytes);
}

static void run_launcher(void)
{
    int status = -1;
    pid_t pid = fork();
    if (pid == 0) {
        execl(launcher, launcher, "--choose", "--folder", in_folder("program"), "--factory", in_folder("factory"),
              "--marks", in_folder("marks"), (char *)NULL);
        _exit(127);
    }
    waitpid(pid, &status, 0);
    CHECK(status == 0);
}

static int open_ear(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", in_folder("notify"));
    int ear = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    unlink(address.sun_path);
    if (bind(ear, (const struct sockaddr *)&address, sizeof address) != 0)
        abort();
    return ear;
}

static pid_t start_current(void)
{
    char deadline_us[16];
    snprintf(deadline_us, sizeof deadline_us, "%d", DEADLINE_MS * 1000);
    pid_t pid = fork();
    if (pid == 0) {
        setenv("NOTIFY_SOCKET", in_folder("notify"), 1);
        setenv("WATCHDOG_USEC", deadline_us, 1);
        execl(in_folder("program/current"), "slot", in_folder("program"), in_folder("marks"), (char *)NULL);
        _exit(127);
    }
    return pid;
}

/* One life of what was chosen. True when it is still well after STABLE_MS and was stopped by us. */
static bool live_once(int ear)
{
    pid_t pid = start_current();
    int64_t begun_ms = now_ms(), heard_ms = begun_ms;
    bool ready = false;
    for (;;) {
        char word[32];
        ssize_t length;
        poll(&(struct pollfd){.fd = ear, .events = POLLIN}, 1, 10);
        while ((length = recv(ear, word, sizeof word, MSG_DONTWAIT)) > 0) {
            heard_ms = now_ms();
            ready = ready || (length == 7 && memcmp(word, "READY=1", 7) == 0);
        }
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return false;
        bool silent = now_ms() - heard_ms > (ready ? DEADLINE_MS : START_MS);
        if (!silent && (!ready || now_ms() - begun_ms <= STABLE_MS))
            continue;
        kill(pid, silent ? SIGABRT : SIGTERM);
        waitpid(pid, NULL, 0);
        return !silent;
    }
}

static const char *running(void)
{
    static char word[WORD_BYTES];
    int fd = open(in_folder("program/current"), O_RDONLY | O_CLOEXEC);
    lseek(fd, -WORD_BYTES, SEEK_END);
    ssize_t length = read(fd, word, WORD_BYTES);
    close(fd);
    return length == WORD_BYTES ? word : "";
}

/* Lives until one is stable; returns how many of them were of the program called `word`. On a machine with too much to do a
 * good one may be killed for its silence too, and starts again. */
static int supervise(const char *word)
{
    int ear = open_ear(), starts = 0;
    bool stable = false;
    for (int lives = 0; lives < LIVES_MOST && !stable; lives++) {
        run_launcher();
        starts += strcmp(running(), word) == 0;
        stable = live_once(ear);
    }
    close(ear);
    return starts;
}

static bool on_trial(void)
{
    struct slots slots;
    struct slots_trial trial = {0};
    bool read_it = slots_open(&slots, in_folder("program")) && slots_trial(&slots, &trial);
    slots_close(&slots);
    return !read_it || trial.nonce[0];
}

static void what_came_with_the_system_runs(void)
{
    CHECK(supervise("factory") >= 1 && strcmp(running(), "factory") == 0);
}

static void a_bad_program_is_left_after_three_starts(void)
{
    static const char *const BAD[] = {"crashes", "ends", "never-ready", "hangs", "dies-later"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        char nonce[SLOTS_NONCE_BYTES];
        snprintf(nonce, sizeof nonce, "%016zx", i + 1);
        install(BAD[i], nonce);
        int starts = supervise(BAD[i]);
        CHECK(starts == SLOTS_STARTS && strcmp(running(), "factory") == 0 && !on_trial());
        if (starts != SLOTS_STARTS)
            printf("# %s: %d starts\n", BAD[i], starts);
    }
}

static void a_good_program_stays(void)
{
    install("well", "00000000000000aa");
    CHECK(supervise("well") <= SLOTS_STARTS && strcmp(running(), "well") == 0);
    for (int i = 0; i < SLOTS_STARTS + 1; i++)
        run_launcher(); /* power cuts, each before anything ran */
    CHECK(strcmp(running(), "well") == 0 && !on_trial());
}

/* Alive, and no reader answers it: it may go on, and is not confirmed by going on. */
static void a_program_that_runs_but_is_not_well_is_not_confirmed(void)
{
    install("not-well", "00000000000000bb");
    CHECK(supervise("not-well") <= SLOTS_STARTS && strcmp(running(), "not-well") == 0 && on_trial());
    for (int i = 0; i < SLOTS_STARTS; i++)
        run_launcher();
    CHECK(strcmp(running(), "well") == 0 && !on_trial());
}

/* As what was installed looks to a program that is not the one in the slot, or whose start was not counted. */
static bool is_tried(const char *current, const char *trial_name)
{
    struct trial trial;
    char own[512];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    own[length > 0 ? length : 0] = '\0';
    CHECK(symlink(current != NULL ? current : own, in_folder("program/current")) == 0);
    CHECK(symlink("1.2.3", in_folder(trial_name)) == 0);
    trial_open(&trial, in_folder("program"), in_folder("marks"), 1000, 0);
    unlink(in_folder(trial_name));
    unlink(in_folder("program/current"));
    return trial_judge(&trial, false, 0) == TRIAL_GOES_ON;
}

static void only_a_counted_start_of_this_very_program_is_on_trial(void)
{
    unlink(in_folder("program/current"));
    CHECK(is_tried(NULL, "program/trial-00000000000000ee-2") && is_tried(NULL, "program/trial-00000000000000ee-0"));
    CHECK(!is_tried(NULL, "program/trial-00000000000000ee-3") && !is_tried("b", "program/trial-00000000000000ee-2"));
    CHECK(!is_tried(NULL, "program/trial-00000000000000ee-4") && !is_tried(NULL, "program/trial-00000000000000e-2"));
    CHECK(slots_confirm(in_folder("marks"), "00000000000000ee") && !is_tried(NULL, "program/trial-00000000000000ee-2"));
}

static void a_trial_is_given_up_in_time(void)
{
    struct slots slots;
    struct trial trial = {
        .nonce = "00000000000000cc", .marks = in_folder("marks"), .passed_mono_ms = 1000, .given_up_mono_ms = 5000};
    CHECK(trial_judge(&trial, false, 4999) == TRIAL_GOES_ON && trial_judge(&trial, true, 999) == TRIAL_GOES_ON);
    CHECK(trial_judge(&trial, false, 5000) == TRIAL_GIVEN_UP && trial_judge(&trial, true, 5001) == TRIAL_NONE);
    CHECK(!slots_confirmed(trial.marks, "00000000000000cc"));
    strcpy(trial.nonce, "00000000000000dd");
    trial.marks = "/nowhere"; /* a disk that takes no mark */
    CHECK(trial_judge(&trial, true, 1000) == TRIAL_GOES_ON && trial_judge(&trial, true, 1999) == TRIAL_GOES_ON);
    trial.marks = in_folder("marks");
    CHECK(trial_judge(&trial, true, 2000) == TRIAL_PASSED && slots_confirmed(trial.marks, "00000000000000dd"));
    CHECK(!slots_open(&slots, "/nowhere"));
    trial_open(&trial, "/nowhere", trial.marks, 1000, 0);
    CHECK(trial_judge(&trial, true, 2000) == TRIAL_NONE);
}

static int as_program_in_a_slot(char **words)
{
    char word[WORD_BYTES];
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (lseek(fd, -WORD_BYTES, SEEK_END) < 0 || read(fd, word, WORD_BYTES) != WORD_BYTES)
        return 2;
    close(fd);
    return behave(word, words[1], words[2]);
}

int main(int count, char **words)
{
    if (strcmp(words[0], "slot") == 0 && count == 3)
        return as_program_in_a_slot(words);
    const char *slash = strrchr(words[0], '/');
    own_program = words[0];
    snprintf(launcher, sizeof launcher, "%.*s/../bin/narvaro-terminal-update",
             slash != NULL ? (int)(slash - words[0]) : 1, slash != NULL ? words[0] : ".");
    if (mkdtemp(folder) == NULL || mkdir(in_folder("marks"), 0700) != 0)
        return 1;
    copy(in_folder("factory"), "factory");
    TEST(what_came_with_the_system_runs);
    TEST(a_bad_program_is_left_after_three_starts);
    TEST(a_good_program_stays);
    TEST(a_program_that_runs_but_is_not_well_is_not_confirmed);
    TEST(only_a_counted_start_of_this_very_program_is_on_trial);
    TEST(a_trial_is_given_up_in_time);
    static const char *const LEFT[] = {"package",        "factory",          "notify",
                                       "program/a",      "program/b",        "program/current",
                                       "program/failed", "program/previous", "marks/confirmed"};
    for (size_t i = 0; i < sizeof LEFT / sizeof LEFT[0]; i++)
        unlink(in_folder(LEFT[i]));
    bool clean = rmdir(in_folder("program")) == 0 && rmdir(in_folder("marks")) == 0 && rmdir(folder) == 0;
    return test_done() || !clean;
}
