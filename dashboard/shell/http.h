/* HTTP/1.1 for the pages and their API: the only file that knows libmicrohttpd.
 *
 * One thread, the owner's: http_step runs inside its poll loop, and everything below it calls back from
 * there. The server listens on a Unix socket behind nginx, which does TLS; on loopback TCP only for the
 * demonstration. Requests whose framing two programs could read differently (both Content-Length and
 * Transfer-Encoding, a second Content-Length, odd header names) are refused here, because this version of the
 * library accepts them. */
#ifndef DASHBOARD_HTTP_H
#define DASHBOARD_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_BODY_BYTES_MAX    65536 /* more: 413 */
#define HTTP_CONNECTIONS_MAX   400   /* more wait until one ends */
#define HTTP_CONNECTION_BYTES  16384 /* headers and buffers of one; more: 431 */
#define HTTP_TIMEOUT_S         30    /* of a connection on which nothing moves */
#define HTTP_STREAMS_MAX       200   /* more: 503 */
#define HTTP_STREAMS_EACH_MAX  8     /* of one owner: a browser has one, whatever its tabs; more: 503 */
#define HTTP_STREAM_TEXT_BYTES 192
#define HTTP_STREAM_TAG_BYTES  32
#define HTTP_STREAM_BEAT_MS    20000 /* a comment this often, so that departed clients are noticed */
#define HTTP_COOKIE_BYTES      192

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_METHODS };

struct MHD_Connection;

struct http_request { /* valid while it is being answered */
    enum http_method method;
    const char *path; /* unescaped, without the query */
    const char *body; /* NUL-terminated; "" when there is none */
    size_t body_bytes;
    void *pending; /* the answerer's, kept from HTTP_LATER until its next call; NULL at first */
    struct MHD_Connection *connection;
};

struct http_answer { /* zeroed when given to the answerer */
    unsigned status;
    const char *type; /* static text; NULL: no body */
    const char *body;
    size_t body_bytes;
    bool body_is_heap; /* freed by the server after sending, otherwise it must stay valid */
    bool body_is_gzip;
    bool when_settled;                           /* sent only after `settled` said yes, else 503 */
    const char *cache_control;                   /* static text; NULL means no-store */
    const char *etag;                            /* NULL: none */
    char cookie[HTTP_COOKIE_BYTES];              /* Set-Cookie; "": none */
    uint8_t stream_tag[HTTP_STREAM_TAG_BYTES];   /* HTTP_STREAM: the session it ends with */
    uint8_t stream_owner[HTTP_STREAM_TAG_BYTES]; /* HTTP_STREAM: in whose share it counts */
    char stream_text[HTTP_STREAM_TEXT_BYTES];    /* HTTP_STREAM: the first thing to send */
};

enum http_verdict {
    HTTP_ANSWER, /* send it */
    HTTP_LATER,  /* wait for http_resume, then ask again with the same request */
    HTTP_STREAM  /* server-sent events from now on */
};

/* `abandoned`: the client left while the request was pending; what `pending` points to may be let go of. */
struct http_owner {
    void *context;
    enum http_verdict (*answer)(void *context, struct http_request *request, struct http_answer *answer);
    void (*abandoned)(void *context, void *pending);
    bool (*settled)(void *context); /* at the end of every step, for all answers that wait for it */
    bool (*stream_alive)(void *context, const uint8_t tag[HTTP_STREAM_TAG_BYTES]);
};

struct http;

/* `listen` is "/path/of/a/socket" or "127.0.0.1:PORT" (port 0: any free one). `over_tls` says that what
 * stands before us speaks TLS. NULL with a sentence in `why`. */
struct http *http_open(const char *listen, bool over_tls, const struct http_owner *owner, const char **why);
/* Streams end, requests that were put off are abandoned. */
void http_close(struct http *http);
int http_port(const struct http *http); /* 0 on a Unix socket */

int http_poll_fd(const struct http *http);
int http_timeout_ms(const struct http *http); /* -1: none */
void http_step(struct http *http, int64_t mono_ms);

/* The answer to a request that was put off can be had now. */
void http_resume(struct http *http, struct http_request *request);
/* To every stream that is still alive. One that has not yet been able to send the last text gets only this
 * one. */
void http_broadcast(struct http *http, const char *text);

/* NULL when absent. */
const char *http_header(const struct http_request *request, const char *name);
const char *http_query(const struct http_request *request, const char *name);
const char *http_cookie(const struct http_request *request, const char *name);

#endif
