/* narvaro-terminal: the program of one classroom terminal. Only the order of start-up and end is here; the bus loop
 * runs in this thread (busloop.h), the connection to the broker in a second one (uplink.h). */
#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include "common/log.h"
#include "common/startup.h"
#include "common/watchdog.h"
#include "firmware/terminal/alive.h"
#include "firmware/terminal/busloop.h"
#include "firmware/terminal/enrol.h"
#include "firmware/terminal/flashfile.h"
#include "firmware/terminal/identity.h"
#include "firmware/terminal/machineclock.h"
#include "firmware/terminal/mailbox.h"
#include "firmware/terminal/options.h"
#include "firmware/terminal/probe.h"
#include "firmware/terminal/uplink.h"

#define MOUNT_TRIES     3
#define MOUNT_PAUSE_S   1
#define NET_STACK_BYTES (256 * 1024)

/* Where a package's version is read from (common/package.h). */
static const char VERSION_MARK[] __attribute__((used)) = PACKAGE_VERSION_MARK NARVARO_VERSION;

/* Too large for any stack; one of each in the program. */
static struct options options;
static struct terminal terminal;
static struct mailbox mailbox;
static struct uplink_settings uplink;

enum { OWN_ENROL, OWN_TERMINAL, OWN_INSTALL, OWN_FOLDER, OWN_PROBE };
static struct startup_option own_options[] = {
    [OWN_ENROL] = {"enrol", NULL,
                   "Make this terminal's key unless there is one, print a request for a certificate, and end", NULL},
    [OWN_TERMINAL] = {"terminal", "ID", "With --enrol: the terminal's id, while there are no settings that say it",
                      NULL},
    [OWN_INSTALL] = {"install", "BUNDLE",
                     "Put the answer of `narvaro terminal add' in place (- reads standard input), and end", NULL},
    [OWN_FOLDER] = {"folder", "DIR", "With both, while there are no settings: where its files go (" ENROL_FOLDER ")",
                    NULL},
    [OWN_PROBE] =
        {"probe", NULL,
         "Listen to the readers' line, ask every reader, try bit rates and parities, say what is seen, and end", NULL},
    {0},
};

/* Ends with status 1 when a reader does not answer as it is set. */
static void probe(const char *path)
{
    static struct problems problems;
    options_read(&options, path, &problems);
    startup_require(&problems);
    if (!probe_device(&options, stdout))
        exit(1);
}

/* The options that do one thing by hand and end. */
static bool by_hand(const struct startup *startup)
{
    if (own_options[OWN_ENROL].value != NULL)
        enrol_request(startup->config, own_options[OWN_FOLDER].value, own_options[OWN_TERMINAL].value);
    else if (own_options[OWN_INSTALL].value != NULL)
        enrol_install(startup->config, own_options[OWN_FOLDER].value, own_options[OWN_INSTALL].value);
    else if (own_options[OWN_PROBE].value != NULL)
        probe(startup->config);
    else
        return false;
    return true;
}

static void load_options(const char *path)
{
    static struct problems problems;
    options_load(&options, path, &problems);
    startup_require(&problems);
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

static void begin_trial(struct trial *trial, const struct clock *clock)
{
    trial_open(trial, options.program_dir, options.cache_dir, options.trial_s * INT64_C(1000), clock_mono_ms(clock));
    if (trial->nonce[0])
        log_info("on trial for at least %d s version=%s", options.trial_s, NARVARO_VERSION);
    if (!trial->failed[0])
        return;
    log_warn("an update was given up, this is the program before it given_up=%s version=%s", trial->failed,
             NARVARO_VERSION);
    char *firmware = options.terminal.firmware; /* as staff see it in the state */
    size_t used = strlen(firmware);
    snprintf(firmware + used, ID_BYTES - used, "-reverted");
}

static uint64_t random_generation(void)
{
    uint64_t generation = 0;
    while (generation == 0)
        if (getrandom(&generation, sizeof generation, 0) != sizeof generation)
            log_fatal("no random number for a new journal reason=%s", strerror(errno));
    return generation;
}

/* A failure to read may be temporary. If it stays, the terminal works with what can be read rather than not at all. */
static enum journal_result mount(struct journal *journal, const struct flash *flash)
{
    for (int i = 0; i < MOUNT_TRIES; i++, sleep(MOUNT_PAUSE_S)) {
        enum journal_result result = journal_mount(journal, flash);
        if (result != JOURNAL_FAULT)
            return result;
    }
    enum journal_result result = journal_mount_damaged(journal, flash);
    log_warn("journal cannot be read everywhere: what was there is reported as lost path=%s sectors=%" PRIu32,
             options.journal_path, journal->damaged);
    return result;
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
    enum journal_result result = mount(journal, &flash);
    if (result == JOURNAL_NONE) {
        result = journal_format(journal, &flash, random_generation());
        log_info("new journal path=%s generation=%016" PRIx64, options.journal_path, journal->generation);
    }
    if (result != JOURNAL_OK)
        log_fatal("journal cannot be read path=%s", options.journal_path);
}

/* The clock's floor. The terminal's certificate began to be valid before it got here, so that time has passed too. */
static int64_t latest_known_utc_ms(const struct journal *journal)
{
    int64_t latest_ms = TIMEBASE_RELEASE_UTC_MS, enrolled_ms = identity_since_utc_ms(options.broker.certificate_file);
    if (latest_ms < journal->last_utc_ms)
        latest_ms = journal->last_utc_ms;
    return latest_ms < enrolled_ms ? enrolled_ms : latest_ms;
}

static void open_terminal(const struct startup *startup, struct flashfile *file)
{
    struct journal journal;
    open_journal(file, &journal);
    options.terminal.alive_utc_ms = alive_read(options.cache_dir);
    if (!startup->demo)
        machineclock_lift(latest_known_utc_ms(&journal));
    terminal_open(&terminal, &options.terminal, &startup->clock, &journal, machineclock_quality(startup->demo));
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

/* The journal is open and the cache replayed before the connection is made: the first message of the broker finds
 * the engine complete. The net thread ends after the bus loop, for it sends the farewell. */
int main(int count, char **words)
{
    mallopt(M_ARENA_MAX, 1); /* a second heap for the net thread would cost more than its lock saves */
    struct startup startup = startup_read(
        count, words,
        &(struct startup_about){.program = "narvaro-terminal",
                                .purpose = "Records cards held to the readers of one room and reports them.",
                                .config = "/etc/narvaro/narvaro-terminal.cfg",
                                .options = own_options});
    if (by_hand(&startup))
        return 0;
    load_options(startup.config);
    if (startup.check)
        return 0;
    if (mkdir(options.cache_dir, 0700) != 0 && errno != EEXIST)
        log_fatal("cache folder cannot be created path=%s reason=%s", options.cache_dir, strerror(errno));
    if (!ring_open(&mailbox.in, MAILBOX_IN_SLOTS) || !ring_open(&mailbox.out, MAILBOX_OUT_SLOTS))
        log_fatal("no eventfd reason=%s", strerror(errno));
    struct flashfile file;
    struct watchdog watchdog;
    struct trial trial;
    begin_trial(&trial, &startup.clock);
    open_terminal(&startup, &file);
    catch_signals();
    if (!watchdog_open(&watchdog, options.watchdog_device))
        log_warn("watchdog cannot be opened device=%s reason=%s", options.watchdog_device, strerror(errno));
    struct busloop loop = {.options = &options,
                           .terminal = &terminal,
                           .mailbox = &mailbox,
                           .watchdog = &watchdog,
                           .trial = &trial,
                           .demo_clock = startup.demo};
    busloop_recall(&loop);
    pthread_t net = start_uplink();
    log_info("ready school=%s terminal=%s readers=%zu waiting=%" PRIu32, options.terminal.school,
             options.terminal.terminal, options.terminal.reader_count, journal_waiting(&terminal.journal));
    watchdog_ready(&watchdog);
    int status = busloop_run(&loop);
    watchdog_close(&watchdog, status == 0);
    pthread_join(net, NULL);
    uplink_library_close();
    flashfile_close(&file);
    log_info("ended waiting=%" PRIu32, journal_waiting(&terminal.journal));
    return status;
}
