/* The dashboard in this process, for fuzzing: an empty school, a casebook in memory's own file system, one user of each
 * role signed in, a server on a Unix socket. Bytes go in, the whole answer comes out. */
#ifndef TESTS_FUZZ_WEB_H
#define TESTS_FUZZ_WEB_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "daemon/store/store.h"
#include "dashboard/admin.h"
#include "dashboard/api/api.h"
#include "dashboard/search.h"

#define FUZZ_TURNS        50
#define FUZZ_ANSWER_BYTES (256 * 1024)

static struct {
    struct web web;
    struct admin admin;
    struct http *http;
    struct store *store; /* open, as the daemon's is */
    char folder[64], socket[96];
    char session[ROLES][SECRET_ID_HEX_BYTES], token[ROLES][SECRET_ID_HEX_BYTES];
} fuzz;

static inline void fuzz_require(bool condition)
{
    if (!condition)
        abort();
}

static inline void fuzz_remove(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", fuzz.folder);
    if (system(command) != 0)
        fprintf(stderr, "%s stays\n", fuzz.folder);
}

static inline void fuzz_sign_in(enum role role)
{
    uint8_t id[SECRET_ID_BYTES];
    struct casebook_user user = {.name = "A. N.", .language = "sv", .role = role};
    int64_t now_ms = clock_utc_ms(&fuzz.web.real);
    snprintf(user.user, sizeof user.user, "user%d", (int)role);
    fuzz_require(casebook_user_add(fuzz.web.book, &user, NULL, 0, now_ms));
    fuzz_require(casebook_session_begin(fuzz.web.book, user.user, now_ms, id));
    secret_hex(id, fuzz.session[role]);
    secret_csrf(id, fuzz.token[role]);
}

static inline void fuzz_web_open(const struct http_owner *owner)
{
    char path[128], why_store[STORE_WHY_BYTES];
    const char *why = NULL;
    snprintf(fuzz.folder, sizeof fuzz.folder, "/dev/shm/narvaro-fuzz-XXXXXX");
    fuzz_require(mkdtemp(fuzz.folder) && atexit(fuzz_remove) == 0 && secret_start() && search_start());
    snprintf(path, sizeof path, "%s/attendance.db", fuzz.folder);
    fuzz_require((fuzz.store = store_open(path, NULL, why_store)) != NULL);
    fuzz.web = (struct web){.civil = clock_system(), .real = clock_system()};
    fuzz.web.book = casebook_open(fuzz.folder, &why);
    fuzz.web.attendance = attendance_open(path);
    fuzz.web.passwords = password_open();
    fuzz.web.errands = errand_open("/dev/null/no-daemon");
    fuzz_require(fuzz.web.book && fuzz.web.attendance && fuzz.web.passwords && fuzz.web.errands);
    fuzz.web.retention = (struct retention){.book = fuzz.web.book,
                                            .attendance = fuzz.web.attendance,
                                            .errands = fuzz.web.errands,
                                            .civil = fuzz.web.civil,
                                            .rules = RETENTION_RULES_DEFAULTS};
    retention_open(&fuzz.web.retention);
    fuzz.admin = (struct admin){.book = fuzz.web.book,
                                .passwords = fuzz.web.passwords,
                                .retention = &fuzz.web.retention,
                                .civil = fuzz.web.civil};
    for (int role = 0; role < ROLES; role++)
        fuzz_sign_in((enum role)role);
    snprintf(fuzz.socket, sizeof fuzz.socket, "%s/http", fuzz.folder);
    if (owner)
        fuzz_require((fuzz.http = http_open(fuzz.socket, false, owner, &why)) != NULL);
}

/* Of errands to a daemon that does not answer. */
static inline void fuzz_errands(void)
{
    for (void *waiter; (waiter = errand_next_done(fuzz.web.errands));)
        if (waiter == &fuzz.web.retention)
            retention_told(&fuzz.web.retention);
        else
            http_resume(fuzz.http, waiter);
}

/* One connection on which just these bytes come, and then nothing. Returns the answer's length. */
static inline size_t fuzz_exchange(const void *bytes, size_t length, char answer[FUZZ_ANSWER_BYTES])
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t answered = 0;
    strcpy(address.sun_path, fuzz.socket);
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    fuzz_require(client >= 0 && connect(client, (struct sockaddr *)&address, sizeof address) == 0);
    fuzz_require(length == 0 || send(client, bytes, length, MSG_NOSIGNAL) > 0);
    shutdown(client, SHUT_WR);
    for (int turn = 0; turn < FUZZ_TURNS; turn++) {
        fuzz_errands();
        http_step(fuzz.http, clock_mono_ms(&fuzz.web.real));
        ssize_t got = recv(client, answer + answered, FUZZ_ANSWER_BYTES - answered, 0);
        if (got == 0)
            break;
        answered += got > 0 ? (size_t)got : 0;
    }
    close(client);
    http_step(fuzz.http, clock_mono_ms(&fuzz.web.real));
    return answered;
}

#endif
