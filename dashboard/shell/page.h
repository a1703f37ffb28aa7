/* The pages themselves (dashboard/web), gzipped and built into the program by dashboard/shell/embed.sh. They hold
 * no data about anybody, so they are served to everybody. */
#ifndef DASHBOARD_PAGE_H
#define DASHBOARD_PAGE_H

#include <stddef.h>
#include "dashboard/shell/http.h"

struct page {
    const char *path, *type, *etag;
    const unsigned char *gzip;
    size_t gzip_bytes;
};

extern const struct page PAGES[]; /* generated; ends with a path of NULL */

/* 200, 304 when the browser has it, or 404. */
void page_answer(const struct http_request *request, struct http_answer *answer);

#endif
