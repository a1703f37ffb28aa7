/* Any request of somebody who is signed in, and the casebook behind it. The input: a byte that says whose role, then
 * "METHOD path" and a newline, then the body; session, token and framing are right, or nothing would come far. No answer
 * is a fault of the server's. */
#include "tests/fuzz/web.h"

#define BODY_MAX 8192
#define LINE_MAX 512

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

static size_t write_request(char *out, enum role role, const char *line, int line_length, size_t body_bytes)
{
    return (size_t)sprintf(
        out,
        "%.*s HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n"
        "Cookie: narvaro=%s\r\nX-CSRF-Token: %s\r\nContent-Length: %zu\r\n\r\n",
        line_length, line, fuzz.session[role], fuzz.token[role], body_bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    static char request[LINE_MAX + BODY_MAX + 1024], told[FUZZ_ANSWER_BYTES];
    if (fuzz.http == NULL)
        fuzz_web_open(&(struct http_owner){.context = &fuzz.web,
                                           .answer = api_answer,
                                           .abandoned = api_abandoned,
                                           .settled = api_settled,
                                           .stream_alive = api_stream_alive});
    const char *line = (const char *)input + 1, *end = length > 1 ? memchr(line, '\n', length - 1) : NULL;
    if (end == NULL || end - line > LINE_MAX)
        return 0;
    int line_length = (int)(end - line);
    /* A login takes a tenth of a second, and after a logout nothing more would be reached. */
    if (memmem(line, (size_t)line_length, "log", 3) != NULL)
        return 0;
    size_t body_bytes = length - 2 - (size_t)line_length;
    body_bytes = body_bytes < BODY_MAX ? body_bytes : BODY_MAX;
    bool has_body = line[0] == 'P';
    size_t bytes = write_request(request, (enum role)(input[0] % ROLES), line, line_length, has_body ? body_bytes : 0);
    if (has_body)
        memcpy(request + bytes, end + 1, body_bytes);
    size_t answered = fuzz_exchange(request, bytes + (has_body ? body_bytes : 0), told);
    fuzz_require(answered == 0 || memcmp(told, "HTTP/1.1 500", 12) != 0);
    return 0;
}
