/* The server is a table of clients, each a small state machine: reading until the newline, answered once, writing
 * until the reply is gone, closed. Every descriptor that came with a request is the server's to close unless the
 * answer took it. */
#include "common/local.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "common/fault.h"

#define QUEUED_CONNECTIONS 16

struct client {
    int socket; /* -1: free */
    uid_t uid;
    int64_t since_ms; /* LOCAL_PATIENCE_MS counts from here; -1: from the next step on */
    char request[LOCAL_REQUEST_BYTES + 1];
    size_t request_bytes;
    int files[LOCAL_FILES_MAX];
    size_t file_count;
    char *reply; /* allocated while there is one to send */
    size_t reply_bytes, reply_sent;
};

struct local_server {
    int socket;
    char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
    uid_t uids[LOCAL_UIDS_MAX];
    size_t uid_count;
    local_answer *answer;
    void *context;
    struct client clients[LOCAL_CLIENTS_MAX];
};

static bool address_of(const char *path, struct sockaddr_un *address)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    strcpy(address->sun_path, path);
    return true;
}

/* Removes the socket file of a server that has died. One that is still listened on stays, and bind fails with
 * EADDRINUSE. */
static void remove_stale(const struct sockaddr_un *address)
{
    int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe < 0)
        return;
    if (connect(probe, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED)
        unlink(address->sun_path);
    close(probe);
}

struct local_server *local_server_open(const char *path, const uid_t *uids, size_t uid_count, local_answer *answer,
                                       void *context)
{
    struct sockaddr_un address;
    if (!address_of(path, &address))
        return NULL;
    if (uid_count > LOCAL_UIDS_MAX) {
        errno = EINVAL;
        return NULL;
    }
    struct local_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        return NULL;
    remove_stale(&address);
    server->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (server->socket < 0 || bind(server->socket, (struct sockaddr *)&address, sizeof address) != 0 ||
        chmod(path, 0660) != 0 || listen(server->socket, QUEUED_CONNECTIONS) != 0) {
        int why = errno;
        if (server->socket >= 0)
            close(server->socket);
        free(server);
        errno = why;
        return NULL;
    }
    strcpy(server->path, address.sun_path);
    if (uid_count > 0) /* without any, uids may be NULL */
        memcpy(server->uids, uids, uid_count * sizeof *uids);
    server->uid_count = uid_count;
    server->answer = answer;
    server->context = context;
    for (size_t i = 0; i < LOCAL_CLIENTS_MAX; i++)
        server->clients[i].socket = -1;
    return server;
}

static void client_close(struct client *client)
{
    for (size_t i = 0; i < client->file_count; i++)
        if (client->files[i] >= 0)
            close(client->files[i]);
    client->file_count = 0;
    free(client->reply);
    client->reply = NULL;
    close(client->socket);
    client->socket = -1;
}

void local_server_close(struct local_server *server)
{
    if (server == NULL)
        return;
    for (size_t i = 0; i < LOCAL_CLIENTS_MAX; i++)
        if (server->clients[i].socket >= 0)
            client_close(&server->clients[i]);
    close(server->socket);
    unlink(server->path);
    free(server);
}

static struct client *free_client(struct local_server *server)
{
    for (size_t i = 0; i < LOCAL_CLIENTS_MAX; i++)
        if (server->clients[i].socket < 0)
            return &server->clients[i];
    return NULL;
}

size_t local_server_poll(const struct local_server *server, struct pollfd *fds)
{
    size_t count = 0, connected = 0;
    for (size_t i = 0; i < LOCAL_CLIENTS_MAX; i++) {
        const struct client *client = &server->clients[i];
        if (client->socket < 0)
            continue;
        connected++;
        fds[count++] = (struct pollfd){.fd = client->socket, .events = client->reply != NULL ? POLLOUT : POLLIN};
    }
    if (connected < LOCAL_CLIENTS_MAX)
        fds[count++] = (struct pollfd){.fd = server->socket, .events = POLLIN};
    return count;
}

static bool uid_allowed(const struct local_server *server, uid_t uid)
{
    if (uid == 0 || uid == geteuid() || FAULT(strangers_are_heard))
        return true;
    for (size_t i = 0; i < server->uid_count; i++)
        if (server->uids[i] == uid)
            return true;
    return false;
}

static void accept_one(struct local_server *server, int64_t mono_ms)
{
    struct client *client = free_client(server);
    if (client == NULL)
        return;
    int accepted = accept4(server->socket, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted < 0)
        return; /* the peer has closed already, or no descriptors are left: then it waits in the kernel's queue */
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(accepted, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || !uid_allowed(server, peer.uid)) {
        close(accepted);
        return;
    }
    client->socket = accepted;
    client->uid = peer.uid;
    client->since_ms = mono_ms;
    client->request_bytes = 0;
    client->file_count = 0;
}

/* Keeps the descriptors that came with a message; more than LOCAL_FILES_MAX in all are closed at once. */
static void keep_files(struct client *client, struct msghdr *message)
{
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
            continue;
        size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int file;
            memcpy(&file, CMSG_DATA(part) + i * sizeof file, sizeof file);
            if (client->file_count < LOCAL_FILES_MAX)
                client->files[client->file_count++] = file;
            else
                close(file);
        }
    }
}

/* The control buffer has room for LOCAL_FILES_MAX descriptors a message; the kernel closes what does not fit. */
static ssize_t receive(struct client *client)
{
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(LOCAL_FILES_MAX * sizeof(int))];
    struct iovec bytes = {.iov_base = client->request + client->request_bytes,
                          .iov_len = LOCAL_REQUEST_BYTES - client->request_bytes};
    struct msghdr message = {
        .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t received = recvmsg(client->socket, &message, MSG_CMSG_CLOEXEC);
    if (received > 0)
        keep_files(client, &message);
    return received;
}

/* The answer runs to its end here; meanwhile no other client is served. It keeps a file by setting its number to -1,
 * which is why the numbers are copied back. */
static void answer_request(struct local_server *server, struct client *client, size_t length)
{
    client->request[length] = '\0';
    client->reply = malloc(LOCAL_REPLY_BYTES + 1);
    if (client->reply == NULL) {
        client_close(client);
        return;
    }
    struct local_request request = {.uid = client->uid,
                                    .text = client->request,
                                    .length = length,
                                    .file_count = client->file_count,
                                    .socket = client->socket};
    memcpy(request.files, client->files, sizeof request.files);
    client->reply_bytes = server->answer(server->context, &request, client->reply, LOCAL_REPLY_BYTES);
    memcpy(client->files, request.files, sizeof request.files);
    client->reply[client->reply_bytes++] = '\n';
    client->reply_sent = 0;
    client->since_ms = -1; /* the time that answering took is not the client's fault */
}

void local_tell(const struct local_request *request, const char *line)
{
    struct iovec parts[2] = {{.iov_base = (void *)line, .iov_len = strlen(line)},
                             {.iov_base = (void *)"\n", .iov_len = 1}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    sendmsg(request->socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void client_read(struct local_server *server, struct client *client)
{
    ssize_t received = receive(client);
    if (received < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (received <= 0) {
        client_close(client);
        return;
    }
    char *newline = memchr(client->request + client->request_bytes, '\n', (size_t)received);
    client->request_bytes += (size_t)received;
    if (newline != NULL)
        answer_request(server, client, (size_t)(newline - client->request));
    else if (client->request_bytes == LOCAL_REQUEST_BYTES)
        client_close(client); /* longer than a request may be, and still no newline */
}

static void client_write(struct client *client)
{
    ssize_t sent = send(client->socket, client->reply + client->reply_sent, client->reply_bytes - client->reply_sent,
                        MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (sent > 0)
        client->reply_sent += (size_t)sent;
    if (sent <= 0 || client->reply_sent == client->reply_bytes)
        client_close(client);
}

/* By descriptor and not by place: clients may have come and gone since local_server_poll filled `fds`. */
static short ready_events(const struct pollfd *fds, size_t count, int file)
{
    for (size_t i = 0; i < count; i++)
        if (fds[i].fd == file)
            return fds[i].revents;
    return 0;
}

/* Accepting comes last, so that a new client is not asked about events that were polled for another on the same
 * number. */
void local_server_step(struct local_server *server, const struct pollfd *fds, size_t count, int64_t mono_ms)
{
    for (size_t i = 0; i < LOCAL_CLIENTS_MAX; i++) {
        struct client *client = &server->clients[i];
        if (client->socket < 0)
            continue;
        short events = ready_events(fds, count, client->socket);
        if (client->since_ms < 0)
            client->since_ms = mono_ms;
        if (events && client->reply != NULL)
            client_write(client);
        else if (events)
            client_read(server, client);
        if (client->socket >= 0 && client->since_ms >= 0 && mono_ms - client->since_ms > LOCAL_PATIENCE_MS)
            client_close(client);
    }
    if (ready_events(fds, count, server->socket))
        accept_one(server, mono_ms);
}

static bool send_request(int socket, const char *request, const int *files, size_t file_count)
{
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(LOCAL_FILES_MAX * sizeof(int))] = {0};
    size_t length = strlen(request);
    struct iovec parts[2] = {{.iov_base = (void *)request, .iov_len = length},
                             {.iov_base = (void *)"\n", .iov_len = 1}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    if (file_count > 0) {
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(file_count * sizeof(int));
        struct cmsghdr *part = CMSG_FIRSTHDR(&message);
        assert(part != NULL);
        *part = (struct cmsghdr){
            .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(file_count * sizeof(int))};
        memcpy(CMSG_DATA(part), files, file_count * sizeof(int));
    }
    ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    if (sent >= 0 && (size_t)sent != length + 1)
        errno = EMSGSIZE; /* not expected: a Unix socket's buffer holds more than LOCAL_REQUEST_BYTES */
    return sent == (ssize_t)(length + 1);
}

/* Reads until the server closes. Only a newline at the end proves that the reply is whole. */
/* Hands on the whole lines of progress at the beginning of what has come; returns how much is left. */
static size_t take_progress(char *reply, size_t length, local_watch *watch)
{
    static const char BEGINS[] = "{\"progress\"";
    char *newline;
    while (length > sizeof BEGINS && memcmp(reply, BEGINS, sizeof BEGINS - 1) == 0 &&
           (newline = memchr(reply, '\n', length)) != NULL) {
        *newline = '\0';
        if (watch != NULL)
            watch(reply);
        length -= (size_t)(newline + 1 - reply);
        memmove(reply, newline + 1, length);
    }
    return length;
}

static char *receive_reply(int socket, local_watch *watch)
{
    char *reply = malloc(LOCAL_REPLY_BYTES + 2);
    size_t length = 0;
    ssize_t received = -1;
    while (reply != NULL && length <= LOCAL_REPLY_BYTES &&
           (received = recv(socket, reply + length, LOCAL_REPLY_BYTES + 1 - length, 0)) > 0)
        length = take_progress(reply, length + (size_t)received, watch);
    if (reply == NULL || received < 0 || length == 0 || reply[length - 1] != '\n') {
        if (received == 0)
            errno = ECONNRESET; /* closed before the reply was whole: refused, or the server stopped */
        free(reply);
        return NULL;
    }
    reply[length - 1] = '\0';
    return reply;
}

char *local_call(const char *path, const char *request, const int *files, size_t file_count, int timeout_ms)
{
    return local_call_watching(path, request, files, file_count, timeout_ms, NULL);
}

char *local_call_watching(const char *path, const char *request, const int *files, size_t file_count, int timeout_ms,
                          local_watch *watch)
{
    struct sockaddr_un address;
    if (!address_of(path, &address))
        return NULL;
    if (strlen(request) >= LOCAL_REQUEST_BYTES || file_count > LOCAL_FILES_MAX) {
        errno = EMSGSIZE;
        return NULL;
    }
    int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0)
        return NULL;
    /* The time-outs bound each call and, as Linux has it, connect too. */
    struct timeval patience = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
    char *reply = NULL;
    if (setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
        setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0 &&
        connect(connection, (struct sockaddr *)&address, sizeof address) == 0 &&
        send_request(connection, request, files, file_count))
        reply = receive_reply(connection, watch);
    int why = errno;
    close(connection);
    errno = why;
    return reply;
}
