/* narvaro-web: start-up in order, and one loop. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>
#include "common/civil.h"
#include "common/dbfile.h"
#include "common/keyfile.h"
#include "common/local.h"
#include "common/log.h"
#include "common/startup.h"
#include "dashboard/acts.h"
#include "dashboard/admin.h"
#include "dashboard/api/api.h"
#include "dashboard/api/api_change.h"
#include "dashboard/casebook/casebook_audit.h"
#include "dashboard/search.h"
#include "dashboard/web_settings.h"

#define POLL_DATABASE_MS 200

struct program {
    struct web web;
    struct dbfile file;
    struct admin admin;
    struct http *http;
    struct local_server *admin_socket;
    int signals;
    uint32_t told_answers;
    bool acts_wait; /* the daemon may have some that the audit log has not */
};

static int watch_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL); /* before any thread, so that all inherit it */
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* False: its audit log was not written with the key beside it, or is not what was written. */
static bool is_of_key(struct casebook *book, char why[DBFILE_WHY_BYTES])
{
    struct casebook_walk walk = {0};
    enum casebook_walked walked = CASEBOOK_WALK_ON;
    while (walked == CASEBOOK_WALK_ON)
        walked = casebook_audit_walk(book, &walk, INT64_MAX);
    if (walked == CASEBOOK_WALKED)
        return true;
    snprintf(
        why, DBFILE_WHY_BYTES,
        "its audit log is not what was written with the audit.key beside it: %s; a casebook and its audit.key belong "
        "together",
        walk.why);
    return false;
}

/* `take`: whatever is there is the casebook from now on. */
static struct casebook *open_casebook(struct program *program, const char *folder, bool take)
{
    static char refused[DBFILE_WHY_BYTES];
    char path[WEB_PATH_BYTES + sizeof "/casebook.db"];
    const char *why = refused;
    snprintf(path, sizeof path, "%s/casebook.db", folder);
    if (!secret_start())
        log_fatal("cannot start why=\"libsodium\"");
    struct casebook *book =
        dbfile_claim(&program->file, path, "audit", take, refused) ? casebook_open(folder, &why) : NULL;
    if (book == NULL || (take && !is_of_key(book, refused)) || !casebook_keep(book, &program->file, refused))
        log_fatal("casebook cannot be opened why=\"%s\"", book == NULL ? why : refused);
    return book;
}

/* The audit log's key lies beside the casebook. */
static void require_private_key(const char *folder, struct problems *problems)
{
    char path[WEB_PATH_BYTES + sizeof "/audit.key"];
    snprintf(path, sizeof path, "%s/audit.key", folder);
    keyfile_is_private(path, problems);
    startup_require(problems);
}

static void start(struct program *program, const struct clock *civil, const struct web_settings *settings,
                  const struct support *support)
{
    const char *why = NULL;
    struct web *web = &program->web;
    *web = (struct web){.civil = *civil,
                        .support = support,
                        .real = clock_system(),
                        .over_tls = settings->over_tls,
                        .items_a_week = settings->items_a_week,
                        .municipality = settings->municipality,
                        .clocks = &settings->clock_table,
                        .routine = &settings->routine};
    program->signals = watch_signals();
    if (program->signals < 0 || !search_start())
        log_fatal("cannot start why=\"signals or the C.UTF-8 locale\"");
    web->book = open_casebook(program, settings->state, false);
    secret_random(web->limit.key, sizeof web->limit.key);
    web->attendance = attendance_open(settings->attendance);
    web->passwords = password_open();
    web->errands = errand_open(settings->control_socket);
    if (web->attendance == NULL || web->passwords == NULL || web->errands == NULL)
        log_fatal("cannot start why=\"out of memory or threads\"");
    web->retention = (struct retention){.book = web->book,
                                        .attendance = web->attendance,
                                        .errands = web->errands,
                                        .civil = web->civil,
                                        .rules = settings->retention};
    retention_open(&web->retention);
    program->admin = (struct admin){
        .book = web->book, .passwords = web->passwords, .retention = &web->retention, .civil = web->civil};
    program->admin_socket = local_server_open(settings->admin_socket, NULL, 0, admin_answer, &program->admin);
    if (program->admin_socket == NULL)
        log_fatal("admin socket cannot be opened path=\"%s\" why=\"%s\"", settings->admin_socket, strerror(errno));
    program->http = http_open(settings->listen, settings->over_tls,
                              &(struct http_owner){.context = web,
                                                   .answer = api_answer,
                                                   .abandoned = api_abandoned,
                                                   .settled = api_settled,
                                                   .stream_alive = api_stream_alive},
                              &why);
    if (program->http == NULL)
        log_fatal("cannot listen listen=\"%s\" why=\"%s\"", settings->listen, why);
    log_info("ready listen=\"%s\" port=%d", settings->listen, http_port(program->http));
}

static void notice_changes(struct program *program)
{
    char text[HTTP_STREAM_TEXT_BYTES];
    bool changed = attendance_poll(program->web.attendance);
    program->acts_wait =
        (program->acts_wait || changed) && !acts_take(program->web.book, program->web.attendance,
                                                      civil_from_utc_ms(clock_utc_ms(&program->web.civil)).day);
    uint32_t answers = casebook_changes(program->web.book);
    if (!changed && answers == program->told_answers)
        return;
    program->told_answers = answers;
    api_change_text(program->web.attendance, program->web.book, text);
    http_broadcast(program->http, text);
}

static void resume_requests(struct program *program)
{
    struct http_request *request;
    while ((request = password_next_done(program->web.passwords)) != NULL)
        http_resume(program->http, request);
    for (void *waiter; (waiter = errand_next_done(program->web.errands)) != NULL;)
        if (waiter == &program->web.retention)
            retention_told(&program->web.retention);
        else
            http_resume(program->http, waiter);
}

static int time_to_wait_ms(const struct program *program, int64_t polled_mono_ms, int64_t mono_ms)
{
    int64_t wait_ms = polled_mono_ms + POLL_DATABASE_MS - mono_ms;
    int http_ms = http_timeout_ms(program->http);
    if (http_ms >= 0 && http_ms < wait_ms)
        wait_ms = http_ms;
    return wait_ms > 0 ? (int)wait_ms : 0;
}

enum { FD_SIGNALS, FD_HTTP, FD_PASSWORDS, FD_ERRANDS, FD_ADMIN };

static void read_settings(const char *config, struct web_settings *settings, struct support *support,
                          struct problems *problems)
{
    if (web_settings_read(config, settings, problems))
        web_settings_support(settings, support, problems);
}

/* False when the program is to end: a signal says so, or SIGHUP and the settings that a new start would take are right. */
static bool goes_on(const struct program *program, const char *config)
{
    static struct web_settings settings;
    static struct support support;
    static struct problems problems;
    struct signalfd_siginfo told;
    while (read(program->signals, &told, sizeof told) == (ssize_t)sizeof told) {
        if (told.ssi_signo != SIGHUP)
            return false;
        problems.count = 0;
        read_settings(config, &settings, &support, &problems);
        if (startup_would_do(&problems))
            return false;
    }
    return true;
}

static void serve(struct program *program, const char *config)
{
    struct pollfd fds[FD_ADMIN + LOCAL_CLIENTS_MAX + 1] = {
        [FD_SIGNALS] = {.fd = program->signals, .events = POLLIN},
        [FD_HTTP] = {.fd = http_poll_fd(program->http), .events = POLLIN},
        [FD_PASSWORDS] = {.fd = password_fd(program->web.passwords), .events = POLLIN},
        [FD_ERRANDS] = {.fd = errand_fd(program->web.errands), .events = POLLIN},
    };
    int64_t mono_ms = clock_mono_ms(&program->web.real), polled_mono_ms = mono_ms - POLL_DATABASE_MS;
    while (goes_on(program, config)) {
        size_t admin_count = local_server_poll(program->admin_socket, fds + FD_ADMIN);
        if (poll(fds, FD_ADMIN + admin_count, time_to_wait_ms(program, polled_mono_ms, mono_ms)) < 0 && errno != EINTR)
            log_fatal("poll failed why=\"%s\"", strerror(errno));
        mono_ms = clock_mono_ms(&program->web.real);
        local_server_step(program->admin_socket, fds + FD_ADMIN, admin_count, mono_ms);
        resume_requests(program);
        if (mono_ms - polled_mono_ms >= POLL_DATABASE_MS) {
            polled_mono_ms = mono_ms;
            if (!dbfile_is_there(&program->file, mono_ms)) {
                log_warn("ending: the casebook was moved, deleted or replaced while it was open file=\"%s\"",
                         program->file.path);
                exit(DBFILE_GONE_STATUS);
            }
            casebook_shorten_log(program->web.book);
            notice_changes(program);
            retention_step(&program->web.retention);
        }
        http_step(program->http, mono_ms);
    }
}

static void stop(struct program *program)
{
    http_close(program->http);
    local_server_close(program->admin_socket);
    password_close(program->web.passwords);
    errand_close(program->web.errands);
    retention_close(&program->web.retention);
    upload_drop_all(&program->web.uploads);
    attendance_close(program->web.attendance);
    free(program->web.counted);
    casebook_close(program->web.book);
    close(program->signals);
    log_info("stopped");
}

enum { NEW };

int main(int argc, char **argv)
{
    static struct program program;
    static struct support support;
    static struct problems problems;
    struct web_settings settings;
    struct startup_option options[] = {[NEW] = {"new", NULL, DBFILE_NEW_PURPOSE, NULL}, {NULL, NULL, NULL, NULL}};
    struct startup startup =
        startup_read(argc, argv,
                     &(struct startup_about){.program = "narvaro-web",
                                             .purpose = "The dashboard of Närvaro: pages and their API.",
                                             .config = "/etc/narvaro/narvaro-web.cfg",
                                             .options = options});
    read_settings(startup.config, &settings, &support, &problems);
    startup_require(&problems);
    require_private_key(settings.state, &problems);
    if (startup.check)
        return EXIT_SUCCESS;
    umask(0077); /* the casebook is for nobody else; sockets set a mode of their own */
    if (options[NEW].value != NULL) {
        casebook_close(open_casebook(&program, settings.state, true));
        log_info("this casebook is used from now on file=\"%s\"", program.file.path);
        return EXIT_SUCCESS;
    }
    start(&program, &startup.clock, &settings, &support);
    serve(&program, startup.config);
    stop(&program);
    return EXIT_SUCCESS;
}
