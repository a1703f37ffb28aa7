#include "daemon/commands/decisions.h"

#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "common/log.h"
#include "daemon/daemon.h"

json_t *decisions_answer(struct daemon *daemon, const json_t *request, const char **why)
{
    int32_t first = CIVIL_DAY_NONE, last = CIVIL_DAY_NONE;
    int dates = daemon_decisions_wait(daemon, &first, &last);
    (void)request;
    (void)why;
    return json_pack("{s:b, s:o, s:i, s:o, s:o}", "ok", 1, "now", civil_json_utc(daemon_now_ms(daemon)), "dates", dates,
                     "first", civil_json_date(first), "last", civil_json_date(last));
}

json_t *decisions_confirm(struct daemon *daemon, const json_t *request, const char **why)
{
    const char *author = "", *seen = NULL;
    int32_t first, last, last_seen = 0;
    if (json_unpack((json_t *)request, "{s:s, s?s}", "author", &author, "last", &seen) != 0 || author[0] == '\0' ||
        (seen != NULL && !civil_read_date(seen, strlen(seen), &last_seen))) {
        *why = "decisions_confirm needs author; last must be a date as 2026-10-01";
        return NULL;
    }
    int dates = daemon_decisions_wait(daemon, &first, &last);
    if (dates == 0) {
        *why = "no date waits to be decided";
        return NULL;
    }
    if (seen != NULL && last_seen != last) {
        *why = "other dates wait by now: look at them again";
        return NULL;
    }
    store_begin(daemon_store(daemon));
    daemon_confirm_decisions(daemon);
    log_info("decisions confirmed dates=%d author=\"%s\"", dates, author);
    return json_pack("{s:b, s:i}", "ok", 1, "dates", dates);
}
