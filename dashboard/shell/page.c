/* The pages by path, always gzipped, with their hash as ETag. */
#include "dashboard/shell/page.h"

#include <string.h>

static const struct page *find(const char *path)
{
    if (strcmp(path, "/") == 0)
        path = "/index.html";
    for (const struct page *page = PAGES; page->path != NULL; page++)
        if (strcmp(page->path, path) == 0)
            return page;
    return NULL;
}

/* Always gzipped: every browser takes it, and a client that says nothing about encodings accepts any (RFC
 * 9110). */
void page_answer(const struct http_request *request, struct http_answer *answer)
{
    const struct page *page = request->method == HTTP_GET ? find(request->path) : NULL;
    if (page == NULL) {
        *answer = (struct http_answer){.status = 404, .type = "text/plain", .body = "not found\n", .body_bytes = 10};
        return;
    }
    answer->etag = page->etag;
    answer->cache_control = "no-cache"; /* keep it, but ask whether it is still this one */
    const char *known = http_header(request, "If-None-Match");
    if (known != NULL && strstr(known, page->etag) != NULL) {
        answer->status = 304;
        return;
    }
    answer->status = 200;
    answer->type = page->type;
    answer->body = (const char *)page->gzip;
    answer->body_bytes = page->gzip_bytes;
    answer->body_is_gzip = true;
}
