/* Erases in bounded transactions: the caller asks again while the answer says that there is more. */
#include "daemon/commands/retention.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "common/log.h"
#include "daemon/daemon.h"
#include "daemon/store/store_corrections.h"
#include "daemon/store/store_retention.h"

#define TURNS 3 /* today, and the next two turns of the school year */

/* Why today's date may be wrong: the latest taps are long ago. NULL when it is plausible. */
static const char *doubt_today(struct daemon *daemon)
{
    static char why[160];
    char today[CIVIL_DATE_BYTES], last[CIVIL_DATE_BYTES];
    int32_t tap;
    if (!store_latest_tap(daemon_store(daemon), daemon_today(daemon) - RETENTION_RECENT_DAYS, &tap) ||
        daemon_today(daemon) - tap <= RETENTION_SILENCE_DAYS)
        return NULL;
    civil_write_date(daemon_today(daemon), today);
    civil_write_date(tap, last);
    snprintf(why, sizeof why,
             "today is %s by the clock, but the latest taps are of %s: when the clock is right, run"
             " narvaro retention --commit",
             today, last);
    return why;
}

static json_t *due_of(struct daemon *daemon, enum retention_kind kind, const char *held)
{
    json_t *due = json_array();
    int64_t told = 0;
    int32_t on = daemon_today(daemon);
    for (int turn = 0; turn < TURNS; turn++, on = retention_turn(on)) {
        int32_t before = retention_before(&daemon_config(daemon)->retention, kind, on);
        int64_t rows = store_retention_due(daemon_store(daemon), kind, before, held);
        json_array_append_new(due, json_pack("{s:o, s:o, s:I}", "on", civil_json_date(on), "before",
                                             civil_json_date(before), "rows", (json_int_t)(rows - told)));
        told = rows;
    }
    return due;
}

static json_t *tell_due(struct daemon *daemon, const char *held)
{
    const struct retention_settings *settings = &daemon_config(daemon)->retention;
    json_t *kinds = json_array();
    for (int i = 0; i < RETENTION_KINDS; i++) {
        enum retention_kind kind = (enum retention_kind)i;
        int years = retention_years(settings, kind);
        json_t *row = json_pack("{s:s, s:o}", "kind", RETENTION_WORDS[kind], "due", due_of(daemon, kind, held));
        json_object_set_new(row, years > 0 ? "school_years" : "days",
                            json_integer(years > 0 ? years : settings->guardian_days));
        json_array_append_new(kinds, row);
    }
    return json_pack("{s:b, s:o, s:s?, s:o}", "ok", 1, "on", civil_json_date(daemon_today(daemon)), "doubt",
                     doubt_today(daemon), "kinds", kinds);
}

/* They tell of no pupil and are no kind: no receipt counts them. */
static void erase_acts(struct daemon *daemon, const json_t *request)
{
    int64_t erased = store_acts_erase(daemon_store(daemon), json_integer_value(json_object_get(request, "acts_taken")),
                                      json_integer_value(json_object_get(request, "acts_taken_ms")),
                                      daemon_today(daemon) - RETENTION_ACT_DAYS_MAX);
    if (erased > 0)
        log_info("acts erased that the dashboard has taken over rows=%lld", (long long)erased);
}

/* Dates are frozen before their taps go, so that no roll is taken of a date that has lost some of them. */
static json_t *erase_due(struct daemon *daemon, const json_t *request, const char *held, const char **why)
{
    const struct retention_settings *settings = &daemon_config(daemon)->retention;
    int rows = STORE_ERASE_ROWS;
    bool more = false;
    json_t *erased = json_object();
    store_begin(daemon_store(daemon));
    *why = daemon_freeze(daemon, retention_before(settings, RETENTION_TAPS, daemon_today(daemon)));
    for (int i = 0; i < RETENTION_KINDS && !more && *why == NULL; i++) {
        enum retention_kind kind = (enum retention_kind)i;
        int64_t of_kind = 0;
        more = !store_retention_erase(daemon_store(daemon), kind,
                                      retention_before(settings, kind, daemon_today(daemon)), held, &rows, &of_kind);
        json_object_set_new(erased, RETENTION_WORDS[kind], json_integer(of_kind));
        if (kind == RETENTION_PUPILS && of_kind > 0)
            *why = daemon_school_changed(daemon, "retention");
    }
    if (!more)
        erase_acts(daemon, request);
    log_info("retention rows=%d more=%d", STORE_ERASE_ROWS - rows, more);
    if (*why == NULL)
        return json_pack("{s:b, s:o, s:b}", "ok", 1, "erased", erased, "more", (int)more);
    json_decref(erased);
    daemon_fail(daemon, "retention failed", *why);
    return NULL;
}

json_t *retention_answer(struct daemon *daemon, const json_t *request, const char **why)
{
    const json_t *list = json_object_get(request, "held");
    *why = "held must be a list of at most 2000 pupil ids";
    if (!json_is_array(list) || json_array_size(list) > RETENTION_HELD_MAX)
        return NULL;
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!json_is_string(json_array_get(list, i)))
            return NULL;
    bool commits = json_is_true(json_object_get(request, "commit"));
    if (commits && !json_is_true(json_object_get(request, "sure")) && (*why = doubt_today(daemon)) != NULL)
        return NULL;
    char *held = json_dumps(list, JSON_COMPACT);
    *why = "out of memory";
    if (held == NULL)
        return NULL;
    json_t *answer = commits ? erase_due(daemon, request, held, why) : tell_due(daemon, held);
    free(held);
    return answer;
}

json_t *retention_erase_pupil(struct daemon *daemon, const json_t *request, const char **why)
{
    const char *pupil, *author, *reason;
    *why = "erase needs pupil, author and why";
    if (json_unpack((json_t *)request, "{s:s, s:s, s:s}", "pupil", &pupil, "author", &author, "why", &reason) != 0 ||
        author[0] == '\0' || reason[0] == '\0')
        return NULL;
    *why = "there is no such pupil";
    if (!store_pupil_known(daemon_store(daemon), pupil))
        return NULL;
    store_begin(daemon_store(daemon));
    store_pupil_erase(daemon_store(daemon), pupil);
    *why = daemon_school_changed(daemon, "a pupil was erased");
    if (*why == NULL)
        *why = daemon_decide_anew(daemon, "a pupil was erased");
    if (*why == NULL) {
        log_info("pupil erased author=%s", author);
        return json_pack("{s:b}", "ok", 1);
    }
    daemon_fail(daemon, "pupil not erased", *why);
    return NULL;
}
