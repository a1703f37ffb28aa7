/* narvarod: start-up order and the loop. */
#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "common/civil.h"
#include "common/dbfile.h"
#include "common/log.h"
#include "common/startup.h"
#include "common/token.h"
#include "common/watchdog.h"
#include "daemon/commands/control.h"
#include "daemon/complaints.h"
#include "daemon/config.h"
#include "daemon/daemon.h"
#include "daemon/firstrules.h"
#include "daemon/inbox.h"
#include "daemon/store/store_ended.h"
#include "daemon/store/store_import.h"
#include "daemon/store/store_versions.h"

#define MUTE_STATUS 75 /* EX_TEMPFAIL of sysexits.h: try again */

static size_t find_uids(const struct config *config, uid_t uids[LOCAL_UIDS_MAX])
{
    size_t count = 0;
    for (int i = 0; i < config->control_user_count; i++) {
        const struct passwd *user = getpwnam(config->control_users[i]);
        if (user == NULL)
            log_warn("control user does not exist user=%s", config->control_users[i]);
        else
            uids[count++] = user->pw_uid;
    }
    return count;
}

static volatile sig_atomic_t stop_wanted, reload_wanted;

static void want(int number)
{
    if (number == SIGHUP)
        reload_wanted = 1;
    else
        stop_wanted = 1;
}

/* The signals are blocked except inside ppoll, whose mask is `while_waiting`: none is lost between test
 * and wait. */
static void catch_signals(sigset_t *while_waiting)
{
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGHUP);
    sigprocmask(SIG_BLOCK, &stops, while_waiting);
    sigdelset(while_waiting, SIGTERM);
    sigdelset(while_waiting, SIGINT);
    sigdelset(while_waiting, SIGHUP);
    struct sigaction action = {.sa_handler = want};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

struct program {
    struct config config;
    struct clock clock;
    struct dbfile file;
    struct daemon *daemon;
    struct inbox *inbox;
    struct local_server *control;
    struct watchdog watchdog;
    sigset_t while_waiting;
    uint64_t left_out; /* the count that was last logged, and when */
    int64_t left_out_mono_ms;
};

static bool send_message(void *context, const char *topic, const char *bytes, size_t length, bool retained,
                         bool assured)
{
    return inbox_send(((struct program *)context)->inbox, topic, bytes, length, retained, assured);
}

static size_t answer_command(void *context, struct local_request *request, char *reply, size_t capacity)
{
    return control_answer(((struct program *)context)->daemon, request, reply, capacity);
}

static void own_state(const struct program *program, bool ready, struct message *message)
{
    message->retained = true;
    message->length = daemon_state(program->daemon, ready, daemon_now_ms(program->daemon), message->topic,
                                   message->bytes, sizeof message->bytes);
}

static_assert(DAEMON_FILTERS <= INBOX_FILTERS_MAX, "the inbox has room for all subscriptions");

static void open_inbox(struct program *program)
{
    static struct message will;
    char filters[DAEMON_FILTERS][WIRE_TOPIC_BYTES], client_id[sizeof "narvarod-" + ID_BYTES];
    const char *why;
    own_state(program, false, &will);
    daemon_filters(program->daemon, filters);
    snprintf(client_id, sizeof client_id, "narvarod-%s", program->config.school);
    program->inbox = inbox_open(&program->config.broker, client_id, &will, (const char(*)[WIRE_TOPIC_BYTES])filters,
                                DAEMON_FILTERS, &why);
    if (program->inbox == NULL)
        log_fatal("cannot prepare the connection to the broker reason=\"%s\"", why);
}

/* Neither a pupil nor a tap: as it was installed, under whatever name the school had then. */
static bool holds_nothing(struct store *store)
{
    struct store_status status;
    store_status(store, INT32_MAX, &status);
    return status.events_stored == 0 && store_import_is_first(store);
}

/* False: it holds another school's pupils. */
static bool is_of_school(struct store *store, const char *school, char why[DBFILE_WHY_BYTES])
{
    char *known = store_setting(store, "school");
    bool same = known == NULL || strcmp(known, school) == 0 || holds_nothing(store);
    if (!same)
        snprintf(why, DBFILE_WHY_BYTES,
                 "it is the database of the school %s and the settings say %s: put that school's back, or correct "
                 "`school` (docs/operating.md says how an id is changed)",
                 known, school);
    free(known);
    return same;
}

/* `take`: whatever is there is the database from now on. */
static struct store *open_store(struct program *program, bool take)
{
    static char why[DBFILE_WHY_BYTES];
    const char *path = program->config.database;
    struct store *store = NULL;
    static_assert(STORE_WHY_BYTES <= DBFILE_WHY_BYTES, "one text for both");
    if (dbfile_claim(&program->file, path, "event", take, why))
        store = store_open(path, NULL, why);
    if (store == NULL || !is_of_school(store, program->config.school, why) || !store_keep(store, &program->file, why))
        log_fatal("cannot open the database file=%s reason=\"%s\"", path, why);
    return store;
}

static void put_setting(struct store *store, const char *name, const char *value)
{
    store_begin(store);
    store_setting_put(store, name, value);
    if (!store_commit(store))
        log_fatal("cannot write the database reason=\"%s\"", store_error(store));
}

/* The database keeps the token of a text that is too long for a card's number, which tells one key from another and
 * nothing of the key. `take`: another key is meant. */
static void hold_token_key(const struct config *config, struct store *store, bool take)
{
    static const char TEXT[] = "check of the token key";
    static_assert(sizeof TEXT - 1 > CARD_BYTES_MAX, "nobody's card");
    char check[17];
    snprintf(check, sizeof check, "%016" PRIx64,
             token_of_card(config->token_key, (const uint8_t *)TEXT, sizeof TEXT - 1));
    char *known = store_setting(store, "token_key_check");
    if (known != NULL && strcmp(known, check) != 0 && !take)
        log_fatal("the token key is another than the one that this database's cards were read in with, so that no card "
                  "would be known: put that one back, or run narvarod once with --new-key, then import all cards and "
                  "renew each terminal file=%s",
                  config->token_key_file);
    if (known == NULL || strcmp(known, check) != 0)
        put_setting(store, "token_key_check", check);
    free(known);
}

static void open_daemon(struct program *program, bool demo)
{
    struct store *store = open_store(program, false);
    hold_token_key(&program->config, store, false);
    static struct problems problems;
    char *rules = firstrules_read(program->config.rules, &problems);
    startup_require(&problems);
    put_setting(store, "demo", demo ? "1" : "0");
    const char *failure;
    program->daemon = daemon_open(&program->config, &program->clock, store, rules, send_message, program, &failure);
    if (program->daemon == NULL)
        log_fatal("cannot start reason=\"%s\"", failure);
    firstrules_compare(&program->config, rules, store, daemon_today(program->daemon));
    free(rules);
}

static void open_control(struct program *program)
{
    uid_t uids[LOCAL_UIDS_MAX];
    size_t count = find_uids(&program->config, uids);
    program->control = local_server_open(program->config.control_socket, uids, count, answer_command, program);
    if (program->control == NULL)
        log_fatal("cannot open the control socket path=%s reason=\"%s\"", program->config.control_socket,
                  strerror(errno));
}

static int shortest_wait_ms(const struct program *program)
{
    int daemon_ms = daemon_wake_ms(program->daemon);
    int inbox_ms = inbox_wake_ms(program->inbox, clock_mono_ms(&program->clock));
    int64_t watchdog_ms = watchdog_wait_ms(&program->watchdog, clock_mono_ms(&program->clock));
    int wait_ms = daemon_ms < inbox_ms ? daemon_ms : inbox_ms;
    if (wait_ms > DBFILE_LOOK_MS)
        wait_ms = DBFILE_LOOK_MS;
    return watchdog_ms < wait_ms ? (int)watchdog_ms : wait_ms;
}

static void follow_link(struct program *program)
{
    bool up = inbox_link_up(program->inbox);
    if (up == daemon_link_up(program->daemon))
        return;
    daemon_step(program->daemon, &(struct daemon_input){.kind = up ? DAEMON_LINK_UP : DAEMON_LINK_DOWN});
}

/* `idle`: nothing arrived during the whole wait. */
static void take_messages(struct program *program, bool idle)
{
    const struct inbox_counts *counts = inbox_counts(program->inbox);
    int64_t mono_ms = clock_mono_ms(&program->clock);
    for (const struct message *message;
         !daemon_turn_is_full(program->daemon) && (message = inbox_first(program->inbox, mono_ms)) != NULL;) {
        struct daemon_input input = {.kind = DAEMON_MESSAGE,
                                     .topic = message->topic,
                                     .bytes = message->bytes,
                                     .length = message->length,
                                     .retained = message->retained};
        daemon_step(program->daemon, &input);
        inbox_drop(program->inbox);
        inbox_step(program->inbox, clock_mono_ms(&program->clock)); /* the broker's queue fills while we do not read */
    }
    daemon_step(program->daemon, &(struct daemon_input){.kind = DAEMON_TURN,
                                                        .idle = idle,
                                                        .acknowledged = counts->acknowledged,
                                                        .outstanding = counts->outstanding});
}

/* Once a minute, however many there are. */
static void log_left_out(struct program *program, int64_t mono_ms)
{
    const struct inbox_counts *counts = inbox_counts(program->inbox);
    uint64_t left_out = counts->dropped + counts->oversized;
    if (left_out == program->left_out || mono_ms - program->left_out_mono_ms < COMPLAINTS_EVERY_MS)
        return;
    log_warn("messages left out: too many at once, or longer than %d bytes messages=%llu latest=%s",
             WIRE_MESSAGE_BYTES_MAX, (unsigned long long)(left_out - program->left_out), counts->left_out);
    program->left_out = left_out;
    program->left_out_mono_ms = mono_ms;
}

/* Only what gets through counts as life. A connection that brings nothing is made anew; when that does not help either, a
 * new process may do better. */
static void follow_pulse(struct program *program, int64_t mono_ms)
{
    switch (daemon_pulse(program->daemon)) {
    case PULSE_WELL:
        watchdog_feed(&program->watchdog, mono_ms); /* after a whole turn with its commit */
        return;
    case PULSE_RECONNECT:
        log_warn("connected, but nothing gets through: connecting anew. Does the broker's access list let us read "
                 "what we write to daemon/state?");
        inbox_reconnect(program->inbox, "nothing gets through", mono_ms);
        return;
    case PULSE_MUTE:
        log_warn("ending: nothing that we say has come back from the broker for_s=%d", PULSE_MUTE_MS / 1000);
        exit(MUTE_STATUS);
    }
}

/* What is committed into a file that nobody will open again is lost: no receipt may go out for it. */
static void follow_file(struct program *program, int64_t mono_ms)
{
    if (dbfile_is_there(&program->file, mono_ms))
        return;
    log_warn("ending: the database was moved, deleted or replaced while it was open file=%s", program->file.path);
    exit(DBFILE_GONE_STATUS);
}

static void turn(struct program *program)
{
    struct pollfd fds[1 + LOCAL_CLIENTS_MAX + 1];
    int wait_ms = shortest_wait_ms(program);
    struct timespec wait = {.tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * 1000000L};
    fds[0] = inbox_poll(program->inbox);
    size_t count = 1 + local_server_poll(program->control, fds + 1);
    int ready = ppoll(fds, count, &wait, &program->while_waiting);
    if (ready < 0 && errno != EINTR)
        log_fatal("cannot wait reason=\"%s\"", strerror(errno));
    int64_t mono_ms = clock_mono_ms(&program->clock);
    follow_file(program, mono_ms);
    inbox_step(program->inbox, mono_ms);
    follow_link(program);
    take_messages(program, ready == 0 && wait_ms > 0);
    local_server_step(program->control, fds + 1, count - 1, mono_ms);
    log_left_out(program, mono_ms);
    if (daemon_failed(program->daemon))
        log_fatal("ending: what is not committed will be sent again");
    follow_pulse(program, mono_ms);
}

/* SIGHUP: all settings are taken by a new start, which systemd makes, and never a wrong one. */
static void follow_reload(const char *path)
{
    static struct config config;
    static struct problems problems;
    if (!reload_wanted)
        return;
    reload_wanted = 0;
    problems.count = 0;
    char *rules = config_read(path, &config, &problems) ? firstrules_read(config.rules, &problems) : NULL;
    explicit_bzero(config.token_key, sizeof config.token_key);
    free(rules);
    if (startup_would_do(&problems))
        stop_wanted = 1;
}

static void close_all(struct program *program)
{
    static struct message last;
    struct store *store = daemon_store(program->daemon);
    local_server_close(program->control);
    own_state(program, false, &last);
    inbox_close(program->inbox, &last);
    daemon_close(program->daemon);
    store_close(store);
}

/* What a person says is meant to be another than before. */
static void take(struct program *program, bool database, bool key)
{
    struct store *store = open_store(program, database);
    if (key)
        hold_token_key(&program->config, store, true);
    store_close(store);
    log_info("%s%s%s used from now on file=%s", database ? "this database" : "", database && key ? " and " : "",
             key ? "this token key" : "", program->file.path);
}

/* A person has looked at the clock: what was decided for later dates may be taken back, however much of it there is. */
static void believe_clock(const struct program *program, struct store *store, const char *date)
{
    char by_clock[CIVIL_DATE_BYTES];
    int32_t day, today = civil_from_utc_ms(clock_utc_ms(&program->clock)).day;
    civil_write_date(today, by_clock);
    if (!civil_read_date(date, strlen(date), &day) || day != today)
        log_fatal("--today must be today's date, and by this machine's clock it is %s: is the clock right?", by_clock);
    store_begin(store);
    store_clock_checked_put(store, today);
    if (!store_commit(store))
        log_fatal("cannot write the database reason=\"%s\"", store_error(store));
    log_info("the clock is believed today date=%s", by_clock);
}

enum { NEW, NEW_KEY, TODAY };

int main(int argc, char **argv)
{
    static struct program program;
    static struct problems problems;
    struct startup_option options[] = {
        [NEW] = {"new", NULL, DBFILE_NEW_PURPOSE, NULL},
        [NEW_KEY] = {"new-key", NULL, "Use the token key from now on, although it is another than before; then end",
                     NULL},
        [TODAY] =
            {"today", "DATE",
             "The clock is right, it is DATE, although pupils have checked in on many later dates: take back what was "
             "decided for them at the next start; then end",
             NULL},
        {NULL, NULL, NULL, NULL}};
    struct startup startup = startup_read(
        argc, argv,
        &(struct startup_about){.program = "narvarod",
                                .purpose = "The attendance daemon of one school: events in, roll calls and flags out.",
                                .config = "/etc/narvaro/narvarod.cfg",
                                .options = options});
    config_read(startup.config, &program.config, &problems);
    startup_require(&problems);
    if (startup.check) {
        config_check_machine(startup.config, &problems);
        char *rules = firstrules_read(program.config.rules, &problems);
        startup_require(&problems);
        firstrules_ask(&program.config, rules);
        free(rules);
        return 0;
    }
    program.clock = startup.clock;
    umask(umask(0) | 0027); /* the dashboard's group may read the database, nobody else */
    if (options[NEW].value != NULL || options[NEW_KEY].value != NULL) {
        take(&program, options[NEW].value != NULL, options[NEW_KEY].value != NULL);
        return 0;
    }
    if (options[TODAY].value != NULL) {
        struct store *store = open_store(&program, false);
        believe_clock(&program, store, options[TODAY].value);
        store_close(store);
        return 0;
    }
    catch_signals(&program.while_waiting);
    open_daemon(&program, startup.demo);
    open_inbox(&program);
    open_control(&program);
    watchdog_open(&program.watchdog, "");
    watchdog_ready(&program.watchdog);
    log_info("ready school=%s database=%s", program.config.school, program.config.database);
    while (!stop_wanted) {
        turn(&program);
        follow_reload(startup.config);
    }
    watchdog_close(&program.watchdog, true);
    close_all(&program);
    log_info("ended");
    return 0;
}
