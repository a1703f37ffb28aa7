/* An exchange is one request from its first header to the last byte of its answer. It is in one of three places: in
 * the library, put off (suspended, in the list `put_off`) until its answerer calls http_resume, or held (put off with
 * an answer) until the audit rows that it needs are on disk. A stream is a connection without an end; it is suspended
 * while it has nothing to say. */
#include "dashboard/shell/http.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "common/log.h"
#include "daemon/core/text.h"
#include "dashboard/shell/listener.h"

struct stream {
    struct MHD_Connection *connection; /* NULL: free */
    struct http *http;
    bool suspended, ended;
    int64_t sent_mono_ms;
    uint8_t tag[HTTP_STREAM_TAG_BYTES], owner[HTTP_STREAM_TAG_BYTES];
    size_t sending_bytes, sent_bytes;
    char sending[HTTP_STREAM_TEXT_BYTES];
    char next[HTTP_STREAM_TEXT_BYTES]; /* "": nothing waits */
};

struct http {
    struct MHD_Daemon *daemon;
    struct http_owner owner;
    bool over_tls;
    int listener, poll_fd, port;
    char *address;
    int64_t mono_ms;
    struct exchange *put_off;
    int held_count;
    bool is_resumed; /* the library is to be run again at once */
    struct stream streams[HTTP_STREAMS_MAX];
};

/* One request from its first header to the last byte of its answer. */
struct exchange {
    struct http_request request; /* first: http_resume goes back from it */
    char *body;
    size_t body_capacity;
    bool is_put_off;
    struct exchange *previous, *next; /* those put off */
    enum { NOT_HELD, HELD, SETTLED, LOST } held;
    struct http_answer answer; /* while it is held */
};

static const struct {
    const char *name, *value;
} HEADERS[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
     "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
     "require-trusted-types-for 'script'; trusted-types 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
};

static struct MHD_Response *dressed(const struct http *http, struct MHD_Response *response)
{
    for (size_t i = 0; response != NULL && i < sizeof HEADERS / sizeof *HEADERS; i++)
        MHD_add_response_header(response, HEADERS[i].name, HEADERS[i].value);
    if (response != NULL && http->over_tls)
        MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
    return response;
}

static enum MHD_Result queued(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response)
{
    if (response == NULL)
        return MHD_NO;
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

/* Refused before the body is read, so the connection cannot be used again. */
static enum MHD_Result refuse(const struct http *http, struct MHD_Connection *connection, unsigned status)
{
    static char bad[] = "{\"error\":\"bad_request\"}", busy[] = "{\"error\":\"busy\"}";
    char *body = status == MHD_HTTP_SERVICE_UNAVAILABLE ? busy : bad;
    struct MHD_Response *response =
        dressed(http, MHD_create_response_from_buffer(strlen(body), body, MHD_RESPMEM_PERSISTENT));
    if (response != NULL) {
        MHD_add_response_header(response, "Content-Type", "application/json");
        MHD_add_response_header(response, "Cache-Control", "no-store");
        MHD_add_response_header(response, "Connection", "close");
    }
    return queued(connection, status, response);
}

struct framing {
    int lengths, encodings, hosts, odd_names;
    const char *length;
};

static enum MHD_Result look_at_header(void *into, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct framing *framing = into;
    (void)kind;
    for (const char *at = name; *at; at++)
        framing->odd_names += !isalnum((unsigned char)*at) && strchr("!#$%&'*+-.^_`|~", *at) == NULL;
    framing->odd_names += !*name;
    framing->encodings += strcasecmp(name, "Transfer-Encoding") == 0;
    framing->hosts += strcasecmp(name, "Host") == 0;
    if (strcasecmp(name, "Content-Length") == 0) {
        framing->lengths++;
        framing->length = value;
    }
    return MHD_YES;
}

/* 0, or the status to refuse with. */
static unsigned framing_fault(struct MHD_Connection *connection, enum http_method method, size_t *body_bytes)
{
    struct framing framing = {0};
    MHD_get_connection_values(connection, MHD_HEADER_KIND, look_at_header, &framing);
    *body_bytes = 0;
    if (framing.lengths > 1 || framing.encodings || framing.hosts > 1 || framing.odd_names)
        return MHD_HTTP_BAD_REQUEST;
    if (framing.length == NULL)
        return 0;
    size_t digits = strspn(framing.length, "0123456789");
    if (digits == 0 || framing.length[digits])
        return MHD_HTTP_BAD_REQUEST;
    unsigned long long bytes = digits > 9 ? HTTP_BODY_BYTES_MAX + 1 : strtoull(framing.length, NULL, 10);
    if (bytes > HTTP_BODY_BYTES_MAX)
        return MHD_HTTP_CONTENT_TOO_LARGE;
    *body_bytes = (size_t)bytes;
    return method == HTTP_GET && bytes ? MHD_HTTP_BAD_REQUEST : 0;
}

static bool method_read(const char *text, enum http_method *method)
{
    static const struct {
        const char *text;
        enum http_method method;
    } methods[] = {{"GET", HTTP_GET}, {"HEAD", HTTP_GET}, {"POST", HTTP_POST}, {"PUT", HTTP_PUT}};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(text, methods[i].text) == 0) {
            *method = methods[i].method;
            return true;
        }
    return false;
}

static enum MHD_Result begin(struct http *http, struct MHD_Connection *connection, const char *path,
                             const char *method_text, void **state)
{
    enum http_method method = HTTP_GET;
    if (!method_read(method_text, &method))
        return refuse(http, connection, MHD_HTTP_METHOD_NOT_ALLOWED);
    size_t body_bytes;
    unsigned fault = path[0] == '/' ? framing_fault(connection, method, &body_bytes) : MHD_HTTP_BAD_REQUEST;
    if (fault)
        return refuse(http, connection, fault);
    struct exchange *exchange = calloc(1, sizeof *exchange);
    char *body = exchange != NULL ? calloc(1, body_bytes + 1) : NULL;
    if (body == NULL) {
        free(exchange);
        return MHD_NO;
    }
    exchange->body = body;
    exchange->body_capacity = body_bytes;
    exchange->request = (struct http_request){.method = method, .path = path, .body = body, .connection = connection};
    *state = exchange;
    return MHD_YES;
}

static ssize_t stream_read(void *of, uint64_t position, char *out, size_t capacity)
{
    struct stream *stream = of;
    (void)position;
    if (stream->ended)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (stream->sent_bytes == stream->sending_bytes) {
        stream->sending_bytes = strlen(stream->next);
        stream->sent_bytes = 0;
        memcpy(stream->sending, stream->next, sizeof stream->sending);
        stream->next[0] = '\0';
    }
    size_t bytes = stream->sending_bytes - stream->sent_bytes;
    if (bytes == 0) {
        MHD_suspend_connection(stream->connection);
        stream->suspended = true;
        return 0;
    }
    bytes = bytes < capacity ? bytes : capacity;
    memcpy(out, stream->sending + stream->sent_bytes, bytes);
    stream->sent_bytes += bytes;
    return (ssize_t)bytes;
}

static void stream_free(void *of)
{
    ((struct stream *)of)->connection = NULL;
}

static void stream_wake(struct stream *stream)
{
    if (stream->suspended) {
        stream->suspended = false;
        MHD_resume_connection(stream->connection);
    }
}

static void stream_say(struct stream *stream, const char *text)
{
    assert(strlen(text) < sizeof stream->next);
    strcpy(stream->next, text);
    stream->sent_mono_ms = stream->http->mono_ms;
    stream_wake(stream);
}

/* NULL: all are taken, or the owner has its share of them. */
static struct stream *stream_slot(struct http *http, const uint8_t owner[HTTP_STREAM_TAG_BYTES])
{
    struct stream *slot = NULL;
    int own = 0;
    for (int i = 0; i < HTTP_STREAMS_MAX; i++) {
        struct stream *stream = &http->streams[i];
        if (stream->connection == NULL)
            slot = stream;
        else
            own += memcmp(stream->owner, owner, sizeof stream->owner) == 0;
    }
    return own < HTTP_STREAMS_EACH_MAX ? slot : NULL;
}

static enum MHD_Result stream_begin(struct http *http, struct MHD_Connection *connection,
                                    const struct http_answer *answer)
{
    struct stream *stream = stream_slot(http, answer->stream_owner);
    if (stream == NULL)
        return refuse(http, connection, MHD_HTTP_SERVICE_UNAVAILABLE);
    *stream = (struct stream){.http = http};
    memcpy(stream->tag, answer->stream_tag, sizeof stream->tag);
    memcpy(stream->owner, answer->stream_owner, sizeof stream->owner);
    stream_say(stream, answer->stream_text);
    struct MHD_Response *response =
        dressed(http, MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 512, stream_read, stream, stream_free));
    if (response == NULL)
        return MHD_NO;
    stream->connection = connection;
    MHD_add_response_header(response, "Content-Type", "text/event-stream");
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "X-Accel-Buffering", "no"); /* nginx must not hold it back */
    return queued(connection, MHD_HTTP_OK, response);
}

static enum MHD_Result send_answer(const struct http *http, struct MHD_Connection *connection,
                                   const struct http_answer *answer)
{
    /* The library never writes through the pointer; its type is older than const. */
    union {
        const char *given;
        void *wanted;
    } body = {.given = answer->body};
    struct MHD_Response *response = dressed(
        http, MHD_create_response_from_buffer(answer->body_bytes, body.wanted,
                                              answer->body_is_heap ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT));
    if (response == NULL) {
        if (answer->body_is_heap)
            free(body.wanted);
        return MHD_NO;
    }
    if (answer->type != NULL)
        MHD_add_response_header(response, "Content-Type", answer->type);
    if (answer->body_is_gzip)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    if (answer->etag != NULL)
        MHD_add_response_header(response, "ETag", answer->etag);
    if (answer->cookie[0])
        MHD_add_response_header(response, "Set-Cookie", answer->cookie);
    MHD_add_response_header(response, "Cache-Control",
                            answer->cache_control != NULL ? answer->cache_control : "no-store");
    return queued(connection, answer->status, response);
}

static void put_off(struct http *http, struct exchange *exchange)
{
    exchange->is_put_off = true;
    exchange->next = http->put_off;
    if (exchange->next != NULL)
        exchange->next->previous = exchange;
    http->put_off = exchange;
    MHD_suspend_connection(exchange->request.connection);
}

void http_resume(struct http *http, struct http_request *request)
{
    struct exchange *exchange = (struct exchange *)request;
    assert(exchange->is_put_off);
    exchange->is_put_off = false;
    if (exchange->next != NULL)
        exchange->next->previous = exchange->previous;
    if (exchange->previous != NULL)
        exchange->previous->next = exchange->next;
    else
        http->put_off = exchange->next;
    exchange->previous = exchange->next = NULL;
    MHD_resume_connection(request->connection);
}

static void drop_held(struct exchange *exchange)
{
    if (exchange->held != NOT_HELD && exchange->answer.body_is_heap) {
        union { /* as in send_answer */
            const char *given;
            void *wanted;
        } body = {.given = exchange->answer.body};
        free(body.wanted);
    }
    exchange->held = NOT_HELD;
}

static void hold(struct http *http, struct exchange *exchange, const struct http_answer *answer)
{
    exchange->answer = *answer;
    exchange->held = HELD;
    http->held_count++;
    put_off(http, exchange);
}

/* Commits the audit rows, and resumes every held exchange: the library then asks for its answer again, which is sent
 * or refused by what the commit said. */
static void settle_held(struct http *http)
{
    bool good = http->owner.settled(http->owner.context);
    http->is_resumed = http->held_count > 0;
    if (!http->is_resumed)
        return;
    http->held_count = 0;
    for (struct exchange *exchange = http->put_off, *next; exchange != NULL; exchange = next) {
        next = exchange->next;
        if (exchange->held != HELD)
            continue;
        exchange->held = good ? SETTLED : LOST;
        http_resume(http, &exchange->request);
    }
}

static enum MHD_Result finish(struct http *http, struct MHD_Connection *connection, struct exchange *exchange)
{
    struct http_answer answer = {0};
    if (exchange->held == SETTLED) {
        exchange->held = NOT_HELD;
        return send_answer(http, connection, &exchange->answer);
    }
    if (exchange->held == LOST) {
        drop_held(exchange);
        return refuse(http, connection, MHD_HTTP_SERVICE_UNAVAILABLE);
    }
    switch (http->owner.answer(http->owner.context, &exchange->request, &answer)) {
    case HTTP_ANSWER:
        assert(exchange->request.pending == NULL);
        if (!answer.when_settled)
            return send_answer(http, connection, &answer);
        hold(http, exchange, &answer);
        return MHD_YES;
    case HTTP_LATER:
        assert(exchange->request.pending != NULL);
        put_off(http, exchange);
        return MHD_YES;
    case HTTP_STREAM:
        return stream_begin(http, connection, &answer);
    }
    return MHD_NO;
}

static enum MHD_Result serve(void *of, struct MHD_Connection *connection, const char *path, const char *method,
                             const char *version, const char *upload, size_t *upload_bytes, void **state)
{
    struct http *http = of;
    struct exchange *exchange = *state;
    (void)version;
    if (exchange == NULL)
        return begin(http, connection, path, method, state);
    if (*upload_bytes == 0)
        return finish(http, connection, exchange);
    struct http_request *request = &exchange->request;
    if (*upload_bytes > exchange->body_capacity - request->body_bytes)
        return MHD_NO;
    memcpy(exchange->body + request->body_bytes, upload, *upload_bytes);
    request->body_bytes += *upload_bytes;
    *upload_bytes = 0;
    return MHD_YES;
}

static void completed(void *of, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
    struct http *http = of;
    struct exchange *exchange = *state;
    (void)connection;
    (void)why;
    if (exchange == NULL)
        return;
    if (exchange->request.pending != NULL)
        http->owner.abandoned(http->owner.context, exchange->request.pending);
    drop_held(exchange);
    explicit_bzero(exchange->body, exchange->body_capacity); /* there may be a password in it */
    free(exchange->body);
    free(exchange);
    *state = NULL;
}

/* A path with a NUL would be cut there and mean another; what is not UTF-8 could be written to the audit log but not
 * shown from it. Both become empty, which is no path and no value. */
static size_t unescape(void *of, struct MHD_Connection *connection, char *text)
{
    (void)of;
    (void)connection;
    size_t length = strstr(text, "%00") != NULL ? 0 : MHD_http_unescape(text);
    if (!text_is_utf8((struct text){text, length}))
        length = 0;
    text[length] = '\0';
    return length;
}

/* The library logs every client that went away, which no operator needs: it goes to debug. */
static void library_says(void *of, const char *format, va_list arguments)
{
    char line[200];
    (void)of;
    vsnprintf(line, sizeof line, format, arguments);
    line[strcspn(line, "\n")] = '\0';
    log_debug("http library says=\"%s\"", line);
}

static struct MHD_Daemon *start_library(struct http *http)
{
    return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, serve, http,
                            MHD_OPTION_EXTERNAL_LOGGER, library_says, NULL, MHD_OPTION_LISTEN_SOCKET, http->listener,
                            MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
                            (unsigned)HTTP_TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_CONNECTION_BYTES,
                            MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED, completed, http,
                            MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL, MHD_OPTION_END);
}

struct http *http_open(const char *address, bool over_tls, const struct http_owner *owner, const char **why)
{
    struct http *http = calloc(1, sizeof *http);
    if (http == NULL || (http->address = strdup(address)) == NULL) {
        *why = strerror(ENOMEM);
        goto no_memory;
    }
    http->owner = *owner;
    http->over_tls = over_tls;
    http->listener = listener_open(address, &http->port);
    if (http->listener < 0) {
        *why = strerror(errno);
        goto no_listener;
    }
    http->daemon = start_library(http);
    if (http->daemon == NULL) {
        *why = "the HTTP library did not start";
        goto no_library;
    }
    http->poll_fd = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    return http;
no_library:
    close(http->listener);
no_listener:
    free(http->address);
no_memory:
    free(http);
    return NULL;
}

void http_close(struct http *http)
{
    for (int i = 0; i < HTTP_STREAMS_MAX; i++)
        if (http->streams[i].connection != NULL) {
            http->streams[i].ended = true;
            stream_wake(&http->streams[i]);
        }
    while (http->put_off != NULL)
        http_resume(http, &http->put_off->request);
    MHD_stop_daemon(http->daemon); /* closes the listener */
    listener_forget(http->address);
    free(http->address);
    free(http);
}

int http_port(const struct http *http)
{
    return http->port;
}

int http_poll_fd(const struct http *http)
{
    return http->poll_fd;
}

int http_timeout_ms(const struct http *http)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms;
    if (http->is_resumed)
        return 0;
    if (MHD_get_timeout(http->daemon, &timeout_ms) != MHD_YES)
        return -1;
    return timeout_ms > HTTP_STREAM_BEAT_MS ? HTTP_STREAM_BEAT_MS : (int)timeout_ms;
}

void http_step(struct http *http, int64_t mono_ms)
{
    http->mono_ms = mono_ms;
    for (int i = 0; i < HTTP_STREAMS_MAX; i++) {
        struct stream *stream = &http->streams[i];
        if (stream->connection == NULL || stream->ended || mono_ms - stream->sent_mono_ms < HTTP_STREAM_BEAT_MS)
            continue;
        stream->ended = !http->owner.stream_alive(http->owner.context, stream->tag);
        stream_say(stream, ":\n\n");
    }
    MHD_run(http->daemon);
    settle_held(http);
}

void http_broadcast(struct http *http, const char *text)
{
    for (int i = 0; i < HTTP_STREAMS_MAX; i++) {
        struct stream *stream = &http->streams[i];
        if (stream->connection == NULL || stream->ended)
            continue;
        stream->ended = !http->owner.stream_alive(http->owner.context, stream->tag);
        stream_say(stream, text);
    }
}

const char *http_header(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *http_query(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

struct cookie {
    const char *name, *value;
};

static enum MHD_Result look_at_cookie(void *into, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct cookie *cookie = into;
    (void)kind;
    if (strcmp(name, cookie->name) != 0)
        return MHD_YES;
    cookie->value = value;
    return MHD_NO;
}

/* The library would find __HOST-x for __Host-x, which any site of the domain may set. */
const char *http_cookie(const struct http_request *request, const char *name)
{
    struct cookie cookie = {.name = name};
    MHD_get_connection_values(request->connection, MHD_COOKIE_KIND, look_at_cookie, &cookie);
    return cookie.value;
}
