/* Any bytes from a client of the dashboard: framing, headers and bodies. What comes through to the API is within its bounds,
 * and whatever is answered is HTTP. */
#include "tests/fuzz/web.h"

#define BYTES_MAX 16384

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

static enum http_verdict answer(void *context, struct http_request *request, struct http_answer *answer)
{
    (void)context;
    fuzz_require(request->method < HTTP_METHODS && request->path[0] == '/');
    fuzz_require(request->body_bytes <= HTTP_BODY_BYTES_MAX && request->body[request->body_bytes] == '\0');
    fuzz_require(request->method != HTTP_GET || request->body_bytes == 0);
    http_cookie(request, "narvaro");
    http_query(request, "q");
    *answer = (struct http_answer){.status = 200, .type = "text/plain", .body = "ok", .body_bytes = 2};
    return HTTP_ANSWER;
}

static void abandoned(void *context, void *pending)
{
    (void)context, (void)pending;
    abort(); /* nothing is ever put off here */
}

static bool settled(void *context)
{
    (void)context;
    return true;
}

static bool stream_alive(void *context, const uint8_t tag[HTTP_STREAM_TAG_BYTES])
{
    (void)context, (void)tag;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    static char told[FUZZ_ANSWER_BYTES];
    if (fuzz.http == NULL)
        fuzz_web_open(&(struct http_owner){
            .answer = answer, .abandoned = abandoned, .settled = settled, .stream_alive = stream_alive});
    size_t answered = fuzz_exchange(input, length < BYTES_MAX ? length : BYTES_MAX, told);
    fuzz_require(answered == 0 || (answered > 9 && memcmp(told, "HTTP/1.", 7) == 0));
    return 0;
}
