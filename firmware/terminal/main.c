/* narvaro-terminal: readers on a bus, a journal on disk, a broker somewhere. Start-up order and nothing else. */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include "common/clock.h"
#include "common/log.h"
#include "firmware/terminal/busloop.h"
#include "firmware/terminal/flashfile.h"
#include "firmware/terminal/machineclock.h"
#include "firmware/terminal/mailbox.h"
#include "firmware/terminal/options.h"
#include "firmware/terminal/uplink.h"

#define NET_STACK_BYTES (256 * 1024)

const char *argp_program_version = "narvaro-terminal " NARVARO_VERSION;

struct arguments {
    const char *config, *demo_clock;
    bool check;
};

static error_t take_option(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case 'c':
        arguments->config = value;
        return 0;
    case 'n':
        arguments->check = true;
        return 0;
    case 'd':
        arguments->demo_clock = value;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option OPTIONS[] = {
    {.name = "config", .key = 'c', .arg = "FILE", .doc = "settings (default /etc/narvaro/narvaro-terminal.cfg)"},
    {.name = "check", .key = 'n', .doc = "check the settings, say what is wrong, and end"},
    {.name = "demo-clock",
     .key = 'd',
     .arg = "START,RATE,MONO",
     .doc = "demonstration only: civil time is START (UTC) at the machine's monotonic millisecond MONO and runs RATE "
            "times faster"},
    {0}};
static const struct argp PARSER = {
    OPTIONS, take_option, NULL, "Records cards held to the readers of one room and reports them.", NULL, NULL, NULL};

/* Too large for any stack; one of each in the program. */
static struct options options;
static struct terminal terminal;
static struct mailbox mailbox;
static struct uplink_settings uplink;

static void load_options(const char *path)
{
    static struct problems problems;
    if (options_load(&options, path, &problems))
        return;
    problems_print(&problems, stderr);
    exit(1);
}

static void on_signal(int number)
{
    (void)number;
    atomic_store(&mailbox.stopping, true);
    ring_wake(&mailbox.in);
}

static void catch_signals(void)
{
    struct sigaction stop = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

static uint64_t random_generation(void)
{
    uint64_t generation = 0;
    while (generation == 0)
        if (getrandom(&generation, sizeof generation, 0) != sizeof generation)
            log_fatal("no random number for a new journal reason=%s", strerror(errno));
    return generation;
}

static void open_journal(struct flashfile *file, struct journal *journal)
{
    struct flash flash;
    if (!flashfile_open(file, options.journal_path, (uint32_t)options.journal_sectors, &flash))
        log_fatal("journal cannot be opened path=%s sectors=%d reason=%s", options.journal_path,
                  options.journal_sectors,
                  errno == EFBIG         ? "the file has another size than journal_sectors says"
                  : errno == EWOULDBLOCK ? "another terminal uses it"
                                         : strerror(errno));
    enum journal_result result = journal_mount(journal, &flash);
    if (result == JOURNAL_NONE) {
        result = journal_format(journal, &flash, random_generation());
        log_info("new journal path=%s generation=%016" PRIx64, options.journal_path, journal->generation);
    }
    if (result != JOURNAL_OK)
        log_fatal("journal cannot be read path=%s", options.journal_path);
}

static void open_terminal(const struct arguments *arguments, const struct clock *clock, struct flashfile *file)
{
    struct journal journal;
    open_journal(file, &journal);
    if (!arguments->demo_clock)
        machineclock_lift(journal.last_utc_ms > DATING_RELEASE_UTC_MS ? journal.last_utc_ms : DATING_RELEASE_UTC_MS);
    terminal_open(&terminal, &options.terminal, clock, &journal,
                  arguments->demo_clock ? CLOCK_SYNCED : machineclock_quality());
}

static pthread_t start_uplink(void)
{
    pthread_attr_t attributes;
    pthread_t thread;
    uplink.options = &options;
    uplink.mailbox = &mailbox;
    terminal_will(&terminal, &uplink.will);
    uplink.filter_count = terminal_filters(&terminal, uplink.filters, TERMINAL_FILTERS);
    uplink_library_open();
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, NET_STACK_BYTES);
    int code = pthread_create(&thread, &attributes, uplink_run, &uplink);
    if (code != 0)
        log_fatal("no thread for the net reason=%s", strerror(code));
    return thread;
}

int main(int count, char **words)
{
    mallopt(M_ARENA_MAX, 1); /* a second heap for the net thread would cost more than its lock saves */
    struct arguments arguments = {.config = "/etc/narvaro/narvaro-terminal.cfg"};
    argp_parse(&PARSER, count, words, 0, NULL, &arguments);
    struct clock clock = clock_system();
    if (arguments.demo_clock && !clock_demo(arguments.demo_clock, &clock))
        log_fatal("--demo-clock must be START,RATE,MONO like 2026-09-01T06:00:00Z,60,123456");
    load_options(arguments.config);
    if (arguments.check)
        return 0;
    log_open("narvaro-terminal", options.log_debug ? LOG_DEBUG : LOG_INFO);
    if (mkdir(options.cache_dir, 0700) != 0 && errno != EEXIST)
        log_fatal("cache folder cannot be made path=%s reason=%s", options.cache_dir, strerror(errno));
    if (!ring_open(&mailbox.in, MAILBOX_IN_SLOTS) || !ring_open(&mailbox.out, MAILBOX_OUT_SLOTS))
        log_fatal("no eventfd reason=%s", strerror(errno));
    struct flashfile file;
    open_terminal(&arguments, &clock, &file);
    catch_signals();
    struct busloop loop = {.options = &options,
                           .terminal = &terminal,
                           .mailbox = &mailbox,
                           .demo_clock = arguments.demo_clock != NULL};
    busloop_recall(&loop);
    pthread_t net = start_uplink();
    log_info("ready school=%s terminal=%s readers=%zu waiting=%" PRIu32, options.terminal.school,
             options.terminal.terminal, options.terminal.reader_count, journal_waiting(&terminal.journal));
    int status = busloop_run(&loop);
    pthread_join(net, NULL);
    uplink_library_close();
    flashfile_close(&file);
    log_info("ended waiting=%" PRIu32, journal_waiting(&terminal.journal));
    return status;
}
