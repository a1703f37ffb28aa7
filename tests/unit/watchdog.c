/* The watchdog: what it says to systemd and to a board, and when the terminal's bus thread lets it starve. The bus here is
 * ours (the file firmware/terminal/bus.c is not linked): a reader head in the same process, and a line that can hang. */
#include "common/watchdog.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "firmware/core/head.h"
#include "firmware/terminal/bus.h"
#include "firmware/terminal/busloop.h"
#include "firmware/terminal/flashfile.h"
#include "tests/test.h"

#define DEADLINE_MS 200 /* as systemd would be told; fed four times as often */
#define PATIENCE_MS 60000

static char folder[] = "/tmp/watchdog-XXXXXX";

static const char *in_folder(const char *name)
{
    static char paths[2][64];
    static int turn;
    turn = !turn;
    snprintf(paths[turn], sizeof paths[turn], "%s/%s", folder, name);
    return paths[turn];
}

/* systemd's end of the socket. `name` as in NOTIFY_SOCKET. */
static int listen_at(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
    memcpy(address.sun_path, name, strlen(name));
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    unlink(name);
    assert(bind(fd, (const struct sockaddr *)&address, length) == 0);
    setenv("NOTIFY_SOCKET", name, 1);
    return fd;
}

/* True when `word` comes within `most_ms`; other words before it are passed over. */
static bool heard(int ear, const char *word, int most_ms)
{
    char text[64];
    for (struct pollfd readable = {.fd = ear, .events = POLLIN}; poll(&readable, 1, most_ms) > 0;) {
        ssize_t length = recv(ear, text, sizeof text - 1, 0);
        text[length > 0 ? length : 0] = '\0';
        if (strcmp(text, word) == 0)
            return true;
    }
    return false;
}

static bool fed(int ear)
{
    return heard(ear, "WATCHDOG=1", PATIENCE_MS);
}

/* Whatever was said before, now it is silent for two deadlines. */
static bool starves(int ear)
{
    while (heard(ear, "WATCHDOG=1", 0))
        ;
    heard(ear, "WATCHDOG=1", DEADLINE_MS); /* what was under way */
    return !heard(ear, "WATCHDOG=1", 2 * DEADLINE_MS);
}

static void watch(const char *microseconds, const char *pid)
{
    setenv("WATCHDOG_USEC", microseconds, 1);
    pid != NULL ? setenv("WATCHDOG_PID", pid, 1) : unsetenv("WATCHDOG_PID");
}

static void nobody_watches(void)
{
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
}

static void without_a_watcher_nothing_is_said(void)
{
    struct watchdog watchdog;
    nobody_watches();
    CHECK(watchdog_open(&watchdog, ""));
    watchdog_ready(&watchdog);
    CHECK(watchdog_wait_ms(&watchdog, 1000000) == INT64_MAX);
    CHECK(!watchdog_feed(&watchdog, 1000000));
    watchdog_close(&watchdog, true);
}

static void systemd_hears_it_four_times_a_deadline(void)
{
    char without_a_file[64];
    snprintf(without_a_file, sizeof without_a_file, "@narvaro-watchdog-%d", (int)getpid());
    const char *const names[] = {in_folder("notify"), without_a_file};
    for (size_t i = 0; i < 2; i++) {
        struct watchdog watchdog;
        int ear = listen_at(names[i]);
        watch("400000", NULL);
        CHECK(watchdog_open(&watchdog, "") && watchdog.every_ms == 100);
        watchdog_ready(&watchdog);
        CHECK(heard(ear, "READY=1", 0));
        CHECK(watchdog_feed(&watchdog, 5000) && heard(ear, "WATCHDOG=1", 0));
        CHECK(!watchdog_feed(&watchdog, 5099) && watchdog_wait_ms(&watchdog, 5099) == 1);
        CHECK(!heard(ear, "WATCHDOG=1", 0));
        CHECK(watchdog_feed(&watchdog, 5100) && heard(ear, "WATCHDOG=1", 0));
        watchdog_close(&watchdog, true);
        CHECK(heard(ear, "STOPPING=1", 0));
        close(ear);
    }
}

static void a_deadline_of_another_process_is_not_ours(void)
{
    struct watchdog watchdog;
    int ear = listen_at(in_folder("notify"));
    watch("400000", "1");
    CHECK(watchdog_open(&watchdog, ""));
    watchdog_ready(&watchdog);
    CHECK(heard(ear, "READY=1", 0) && !watchdog_feed(&watchdog, 5000));
    watchdog_close(&watchdog, true);
    close(ear);
}

static void a_deaf_watcher_holds_nobody_up(void)
{
    struct watchdog watchdog;
    int ear = listen_at(in_folder("notify"));
    watch("4000", NULL);
    CHECK(watchdog_open(&watchdog, ""));
    for (int64_t ms = 1; ms <= 5000; ms++) /* far more than its queue holds */
        CHECK(watchdog_feed(&watchdog, ms));
    close(ear);
    CHECK(watchdog_feed(&watchdog, 6000));
    watchdog_close(&watchdog, true);
}

static size_t device_says(char text[16])
{
    int fd = open(in_folder("device"), O_RDONLY | O_CLOEXEC);
    ssize_t length = read(fd, text, 16);
    close(fd);
    return length > 0 ? (size_t)length : 0;
}

static void a_board_is_fed_each_second_and_disarmed_only_by_an_orderly_end(void)
{
    for (int orderly = 0; orderly <= 1; orderly++) {
        struct watchdog watchdog;
        char text[16];
        nobody_watches();
        close(open(in_folder("device"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        CHECK(watchdog_open(&watchdog, in_folder("device")));
        CHECK(watchdog_feed(&watchdog, 70000) && !watchdog_feed(&watchdog, 70999) && watchdog_feed(&watchdog, 71000));
        watchdog_close(&watchdog, orderly);
        CHECK(device_says(text) == (orderly ? 3 : 2));
        CHECK(memcmp(text, "\n\nV", orderly ? 3 : 2) == 0);
    }
    struct watchdog watchdog;
    CHECK(!watchdog_open(&watchdog, "/nowhere/watchdog") && errno == ENOENT);
    CHECK(!watchdog_feed(&watchdog, 1000)); /* and it can be used all the same */
    watchdog_close(&watchdog, true);
}

/* The bus of this test: one head, address 1. Who holds `line` stops whoever uses the bus. */
struct bus {
    struct head head;
};
static struct bus the_bus;
static pthread_mutex_t line = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool adapter_gone, card_held;

static int64_t now_ms(void)
{
    struct clock machine = clock_system();
    return clock_mono_ms(&machine);
}

struct bus *bus_open(const struct bus_settings *settings)
{
    (void)settings;
    errno = ENOENT;
    if (atomic_load(&adapter_gone))
        return NULL;
    head_init(&the_bus.head, 1, 19200, 1, 77, (uint32_t)now_ms());
    return &the_bus;
}

void bus_close(struct bus *bus)
{
    (void)bus;
}

/* The line is a line: one question at a time, and cards are held up between two. */
static uint32_t ask_line(struct bus *bus)
{
    pthread_mutex_lock(&line);
    pthread_mutex_unlock(&line);
    uint32_t ms = (uint32_t)now_ms();
    if (atomic_exchange(&card_held, false))
        head_tap(&bus->head, (const uint8_t[4]){1, 2, 3, 4}, 4, ms);
    head_step(&bus->head, ms);
    return ms;
}

/* Of the jobs there are those for heads of our own. */
enum bus_result bus_do(struct bus *bus, struct poller_job *job)
{
    const struct rtu_registers *registers = &bus->head.rtu.registers;
    bool refused = false;
    uint32_t ms = ask_line(bus);
    if (atomic_load(&adapter_gone))
        return BUS_GONE;
    if (job->kind == POLLER_REPORT)
        job->report_bytes = registers->report(&bus->head, job->report, ms);
    else if (job->kind == POLLER_READ_INPUT)
        refused = registers->read(&bus->head, RTU_INPUT, job->first, job->count, job->values, ms);
    else
        refused = registers->write(&bus->head, job->first, job->count, job->values, ms);
    return refused ? BUS_FAILED : BUS_OK;
}

size_t bus_listen(struct bus *bus, int ms, uint8_t *bytes, size_t capacity)
{
    (void)bus, (void)ms, (void)bytes, (void)capacity;
    return 0;
}

bool bus_echoes(const struct bus *bus)
{
    (void)bus;
    return false;
}

/* A terminal's bus thread at work, watched; its net thread does not exist: what it would send waits for ever. */
static struct options options;
static struct terminal terminal;
static struct mailbox mailbox;
static struct flashfile file;
static struct watchdog watchdog;
static struct trial trial;
static struct clock machine;
static struct busloop loop = {.options = &options,
                              .terminal = &terminal,
                              .mailbox = &mailbox,
                              .watchdog = &watchdog,
                              .trial = &trial,
                              .demo_clock = true};

static void *run(void *status)
{
    *(int *)status = busloop_run(&loop);
    return NULL;
}

static int begin(pthread_t *thread, int *status)
{
    struct flash flash;
    struct journal journal;
    int ear = listen_at(in_folder("notify"));
    watch("200000", NULL);
    CHECK(watchdog_open(&watchdog, ""));
    machine = clock_system();
    atomic_store(&mailbox.stopping, false);
    options.terminal = (struct terminal_settings){
        .school = "skolan", .terminal = "t-1", .readers = {1}, .reader_count = 1, .repeat_ms = 60000};
    options.bus.poll_ms = 5;
    snprintf(options.cache_dir, sizeof options.cache_dir, "%s", folder);
    unlink(in_folder("journal"));
    CHECK(flashfile_open(&file, in_folder("journal"), 4, &flash));
    CHECK(journal_format(&journal, &flash, 1) == JOURNAL_OK);
    terminal_open(&terminal, &options.terminal, &machine, &journal, CLOCK_SYNCED);
    CHECK(ring_open(&mailbox.in, MAILBOX_IN_SLOTS) && ring_open(&mailbox.out, MAILBOX_OUT_SLOTS));
    CHECK(pthread_create(thread, NULL, run, status) == 0);
    CHECK(fed(ear));
    return ear;
}

static void finish(pthread_t thread, int ear)
{
    atomic_store(&mailbox.stopping, true);
    ring_wake(&mailbox.in);
    pthread_join(thread, NULL);
    close(mailbox.in.wake_fd);
    close(mailbox.out.wake_fd);
    watchdog_close(&watchdog, true);
    flashfile_close(&file);
    close(ear);
}

static void a_bus_thread_that_hangs_is_not_fed(void)
{
    pthread_t thread;
    int status = -1, ear = begin(&thread, &status);
    pthread_mutex_lock(&line);
    CHECK(starves(ear));
    pthread_mutex_unlock(&line);
    CHECK(fed(ear));
    finish(thread, ear);
    CHECK(status == 0);
}

/* The broker connected once, and then nobody ever took a message again. */
static void a_network_that_takes_nothing_starves_nobody(void)
{
    pthread_t thread;
    int status = -1, ear = begin(&thread, &status);
    mailbox.letters[ring_next_put(&mailbox.in)].kind = LETTER_NET_UP;
    ring_put(&mailbox.in);
    for (int i = 0; i < 12; i++) {
        CHECK(fed(ear));
        atomic_store(&card_held, true);
    }
    finish(thread, ear);
    CHECK(status == 0 && journal_waiting(&terminal.journal) >= 2);
}

static void an_adapter_that_is_gone_starves_nobody(void)
{
    pthread_t thread;
    int status = -1, ear = begin(&thread, &status);
    atomic_store(&adapter_gone, true);
    for (int i = 0; i < 2; i++) /* it is tried again after 0.5 and 1 s */
        CHECK(fed(ear));
    atomic_store(&adapter_gone, false);
    finish(thread, ear);
    CHECK(status == 0);
}

/* Taps are refused visibly for a while, and then the program ends for a restart. */
static void a_journal_that_cannot_be_written_starves_it(void)
{
    pthread_t thread;
    int status = -1, ear = begin(&thread, &status);
    int kept = dup(file.fd), unwritable = open(in_folder("journal"), O_RDONLY | O_CLOEXEC);
    CHECK(dup2(unwritable, file.fd) == file.fd);
    atomic_store(&card_held, true);
    CHECK(starves(ear));
    finish(thread, ear);
    CHECK(status == 1 && terminal.journal.failed);
    close(kept);
    close(unwritable);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    signal(SIGPIPE, SIG_IGN);
    TEST(without_a_watcher_nothing_is_said);
    TEST(systemd_hears_it_four_times_a_deadline);
    TEST(a_deadline_of_another_process_is_not_ours);
    TEST(a_deaf_watcher_holds_nobody_up);
    TEST(a_board_is_fed_each_second_and_disarmed_only_by_an_orderly_end);
    TEST(a_bus_thread_that_hangs_is_not_fed);
    TEST(a_network_that_takes_nothing_starves_nobody);
    TEST(an_adapter_that_is_gone_starves_nobody);
    TEST(a_journal_that_cannot_be_written_starves_it);
    unlink(in_folder("notify"));
    unlink(in_folder("device"));
    unlink(in_folder("journal"));
    unlink(in_folder("alive"));
    return rmdir(folder) != 0 || test_done();
}
