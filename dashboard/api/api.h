/* The dashboard's API (docs/api.md): from a request to an answer. One table of routes, one gate in front of
 * them all: framing of writes, session, token against forged requests, permission. */
#ifndef DASHBOARD_API_H
#define DASHBOARD_API_H

#include "common/clock.h"
#include "dashboard/attendance/attendance.h"
#include "dashboard/casebook/casebook.h"
#include "dashboard/errand.h"
#include "dashboard/shell/http.h"
#include "dashboard/shell/login_limit.h"
#include "dashboard/shell/password.h"
#include "dashboard/retention.h"
#include "dashboard/upload.h"

struct routine;
struct support; /* daemon/core/support/routes.h */

/* What every answer is made from; main owns it, api.c gives a call its parts, nobody else looks inside. */
struct web {
    struct casebook *book;
    struct attendance *attendance;
    struct password_pool *passwords;
    struct errands *errands;
    struct uploads uploads;
    struct counted *counted; /* the school's counts, kept while nothing changes (api_groups.c); NULL at first */
    struct retention retention;
    const struct support *support; /* the school's ways to support, perhaps none */
    struct login_limit limit;
    struct clock civil; /* the school's time: records, today */
    struct clock real;  /* sessions and limits, which the demonstration does not speed up */
    bool over_tls;
    int items_a_week;              /* new ones that the school can meet (config/narvaro-web.cfg); 0 = not said */
    const char *municipality;      /* likewise; "" = not said */
    const struct clocks *clocks;   /* likewise */
    const struct routine *routine; /* likewise */
};

/* For struct http_owner; `web` is a struct web. Paths outside /api/ are pages. */
enum http_verdict api_answer(void *web, struct http_request *request, struct http_answer *answer);
void api_abandoned(void *web, void *pending);
bool api_settled(void *web);
bool api_stream_alive(void *web, const uint8_t tag[HTTP_STREAM_TAG_BYTES]);

#endif
