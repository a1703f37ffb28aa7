/* Local commands over a real socket: a child calls, this process serves. */
#include "common/local.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/test.h"

static char path[] = "/tmp/narvaro-local-XXXXXX/s";
static size_t files_seen;  /* of the latest request */
static size_t reply_bytes; /* 0: the reply is the request */

/* Replies with what the handed-over file holds, or else with the request, or with reply_bytes of x. */
static size_t echo(void *context, struct local_request *request, char *reply, size_t capacity)
{
    (void)context;
    files_seen = request->file_count;
    if (request->file_count == 1)
        return (size_t)read(request->files[0], reply, capacity);
    if (strcmp(request->text, "progress") == 0) {
        local_tell(request, "{\"progress\":\"half\"}");
        local_tell(request, "{\"progress\":\"half\"}");
    }
    memset(reply, 'x', reply_bytes);
    if (reply_bytes == 0)
        memcpy(reply, request->text, request->length);
    return reply_bytes ? reply_bytes : request->length;
}

/* Runs `ask` in a child, as that user, while this process serves; true when the child was content. */
static bool served(struct local_server *server, uid_t uid, bool (*ask)(void))
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        _exit((uid == geteuid() || (seteuid(0) == 0 && setresuid(uid, uid, uid) == 0)) && ask() ? 0 : 1);
    int status = -1;
    for (int64_t mono_ms = 0; waitpid(child, &status, WNOHANG) == 0; mono_ms += 10) {
        struct pollfd fds[LOCAL_CLIENTS_MAX + 1];
        size_t count = local_server_poll(server, fds);
        poll(fds, count, 10);
        local_server_step(server, fds, count, mono_ms);
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool content(bool (*ask)(void))
{
    struct local_server *server = local_server_open(path, NULL, 0, echo, NULL);
    bool good = server != NULL && served(server, geteuid(), ask);
    local_server_close(server);
    return good;
}

static bool call_returns(const char *request, const int *files, size_t file_count, const char *wanted)
{
    char *reply = local_call(path, request, files, file_count, 2000);
    bool same = reply != NULL && strcmp(reply, wanted) == 0;
    free(reply);
    return same;
}

static bool ask_plainly(void)
{
    return call_returns("{\"do\":\"status\"}", NULL, 0, "{\"do\":\"status\"}");
}

static int lines_told;

static void count_line(const char *line)
{
    lines_told += strcmp(line, "{\"progress\":\"half\"}") == 0;
}

/* Whoever does not watch gets the reply alone. */
static bool ask_and_watch(void)
{
    char *reply = local_call_watching(path, "progress", NULL, 0, 2000, count_line);
    bool good = reply != NULL && strcmp(reply, "progress") == 0 && lines_told == 2;
    free(reply);
    return good && call_returns("progress", NULL, 0, "progress");
}

static bool ask_with_file(void)
{
    char name[] = "/tmp/narvaro-local-file-XXXXXX";
    int file = mkstemp(name);
    bool good = write(file, "content", 7) == 7 && lseek(file, 0, SEEK_SET) == 0;
    good = good && call_returns("read", &file, 1, "content");
    unlink(name);
    close(file);
    return good;
}

static bool ask_for_much(void)
{
    char *reply = local_call(path, "much", NULL, 0, 5000);
    bool whole = reply != NULL && strlen(reply) == LOCAL_REPLY_BYTES;
    free(reply);
    return whole;
}

/* A request that never ends is dropped, and the server goes on. */
static bool ask_without_end(void)
{
    static char junk[LOCAL_REQUEST_BYTES];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, path);
    memset(junk, 'x', sizeof junk);
    int connection = socket(AF_UNIX, SOCK_STREAM, 0);
    char byte;
    bool dropped = connect(connection, (struct sockaddr *)&address, sizeof address) == 0 &&
                   send(connection, junk, sizeof junk, MSG_NOSIGNAL) > 0 && recv(connection, &byte, 1, 0) <= 0;
    close(connection);
    return dropped && ask_plainly();
}

static int connected(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, path);
    int connection = socket(AF_UNIX, SOCK_STREAM, 0);
    return connect(connection, (struct sockaddr *)&address, sizeof address) == 0 ? connection : -1;
}

/* Who says nothing holds a place until it goes. */
static bool ask_when_all_places_are_taken(void)
{
    int taken[LOCAL_CLIENTS_MAX];
    for (int i = 0; i < LOCAL_CLIENTS_MAX; i++)
        if ((taken[i] = connected()) < 0)
            return false;
    char *early = local_call(path, "early", NULL, 0, 200);
    free(early);
    close(taken[0]);
    bool good = early == NULL && call_returns("late", NULL, 0, "late");
    for (int i = 1; i < LOCAL_CLIENTS_MAX; i++)
        close(taken[i]);
    return good;
}

static bool send_with_files(int connection, const char *text, int file, size_t count)
{
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(LOCAL_FILES_MAX * sizeof(int))];
    } control = {0};
    struct iovec bytes = {.iov_base = (char *)(uintptr_t)text, .iov_len = strlen(text)};
    struct msghdr message = {
        .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_SPACE(count * sizeof file)};
    control.head =
        (struct cmsghdr){.cmsg_len = CMSG_LEN(count * sizeof file), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    for (size_t i = 0; i < count; i++)
        memcpy(CMSG_DATA(&control.head) + i * sizeof file, &file, sizeof file);
    return sendmsg(connection, &message, MSG_NOSIGNAL) == (ssize_t)strlen(text);
}

/* Our own caller refuses; one that sends them in two parts hands over the first ones. */
static bool ask_with_a_file_too_many(void)
{
    int files[LOCAL_FILES_MAX + 1], connection = connected();
    char reply[8] = "";
    for (int i = 0; i <= LOCAL_FILES_MAX; i++)
        files[i] = STDOUT_FILENO;
    bool refused = local_call(path, "x", files, LOCAL_FILES_MAX + 1, 2000) == NULL && errno == EMSGSIZE;
    bool sent = send_with_files(connection, "so ", STDOUT_FILENO, LOCAL_FILES_MAX) &&
                send_with_files(connection, "many\n", STDOUT_FILENO, 1);
    bool told = recv(connection, reply, sizeof reply - 1, MSG_WAITALL) > 0 && strcmp(reply, "so many") == 0;
    close(connection);
    return refused && sent && told;
}

static void one_client_past_the_places_waits(void)
{
    CHECK(content(ask_when_all_places_are_taken));
}

static void one_file_past_the_places_is_closed(void)
{
    CHECK(content(ask_with_a_file_too_many));
    CHECK(files_seen == LOCAL_FILES_MAX);
}

static void a_request_is_answered(void)
{
    CHECK(content(ask_plainly));
}

static void progress_comes_before_the_answer(void)
{
    CHECK(content(ask_and_watch));
}

static void a_file_is_handed_over(void)
{
    CHECK(content(ask_with_file));
}

static void the_largest_reply_arrives(void)
{
    reply_bytes = LOCAL_REPLY_BYTES;
    CHECK(content(ask_for_much));
    reply_bytes = 0;
}

static void an_endless_request_is_dropped(void)
{
    CHECK(content(ask_without_end));
}

static bool ask_in_vain(void)
{
    int connection = connected();
    char byte;
    bool closed =
        connection >= 0 && (send(connection, "x\n", 2, MSG_NOSIGNAL) < 0 || recv(connection, &byte, 1, 0) <= 0);
    close(connection);
    return closed;
}

/* The file is open to all, so that it is the server that looks at who asks; it runs as a user of its own. For root to try. */
static void only_root_the_server_and_those_who_are_named_are_heard(void)
{
    enum { OWN = 4 };
    uid_t named[LOCAL_UIDS_MAX];
    for (size_t count = 0; count <= LOCAL_UIDS_MAX; count += LOCAL_UIDS_MAX / 2) {
        for (size_t i = 0; i < count; i++)
            named[i] = (uid_t)(10 + i);
        struct local_server *server = local_server_open(path, named, count, echo, NULL);
        CHECK(server != NULL && chmod(path, 0666) == 0 && seteuid(OWN) == 0);
        CHECK(served(server, 0, ask_plainly) && served(server, OWN, ask_plainly));
        for (uid_t uid = 10; uid < 10 + LOCAL_UIDS_MAX; uid++)
            CHECK(served(server, uid, uid < 10 + count ? ask_plainly : ask_in_vain));
        CHECK(served(server, OWN - 1, ask_in_vain) && served(server, OWN + 1, ask_in_vain));
        CHECK(served(server, 9, ask_in_vain) && served(server, 10 + LOCAL_UIDS_MAX, ask_in_vain));
        CHECK(served(server, 65534, ask_in_vain));
        CHECK(seteuid(0) == 0);
        local_server_close(server);
    }
    CHECK(local_server_open(path, named, LOCAL_UIDS_MAX + 1, echo, NULL) == NULL && errno == EINVAL);
}

static void a_live_socket_is_not_taken_over(void)
{
    struct local_server *first = local_server_open(path, NULL, 0, echo, NULL);
    CHECK(first != NULL);
    CHECK(local_server_open(path, NULL, 0, echo, NULL) == NULL && errno == EADDRINUSE);
    local_server_close(first);
}

static void nobody_there_is_an_error(void)
{
    CHECK(local_call(path, "x", NULL, 0, 100) == NULL && errno == ENOENT);
}

int main(void)
{
    char *slash = strrchr(path, '/');
    *slash = '\0';
    if (mkdtemp(path) == NULL || chmod(path, 0711) != 0)
        return 1;
    *slash = '/';
    if (geteuid() == 0)
        TEST(only_root_the_server_and_those_who_are_named_are_heard);
    TEST(a_request_is_answered);
    TEST(progress_comes_before_the_answer);
    TEST(a_file_is_handed_over);
    TEST(the_largest_reply_arrives);
    TEST(an_endless_request_is_dropped);
    TEST(a_live_socket_is_not_taken_over);
    TEST(one_client_past_the_places_waits);
    TEST(one_file_past_the_places_is_closed);
    TEST(nobody_there_is_an_error);
    *slash = '\0';
    rmdir(path);
    return test_done();
}
