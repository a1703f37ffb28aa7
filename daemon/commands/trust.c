/* Whether a terminal's events count is decided by people; each decision makes the dates that it concerns due again. */
#include "daemon/commands/trust.h"

#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "common/log.h"
#include "common/wire.h"
#include "daemon/daemon.h"
#include "daemon/dayset.h"
#include "daemon/store/store_days.h"
#include "daemon/store/store_held.h"

static json_t *answer_held(struct daemon *daemon, const json_t *request, const char **why)
{
    struct held_taps held;
    json_t *list = json_array();
    (void)request;
    (void)why;
    struct query rows = store_held(daemon_store(daemon), TRUST_HELD_MAX + 1);
    while (store_next_held(&rows, &held))
        json_array_append_new(list,
                              json_pack("{s:s, s:o, s:s, s:I, s:o, s:o, s:o}", "terminal", held.terminal, "date",
                                        civil_json_date(held.day), "why", held.why, "taps", (json_int_t)held.count,
                                        "first", civil_json_utc(held.first_ms), "last", civil_json_utc(held.last_ms),
                                        "received", civil_json_utc(held.received_ms)));
    bool more = json_array_size(list) > TRUST_HELD_MAX;
    if (more)
        json_array_remove(list, TRUST_HELD_MAX);
    return json_pack("{s:b, s:o, s:b}", "ok", 1, "held", list, "more", more);
}

/* The dates are touched before the decision, while the waiting taps can still be asked for. */
static json_t *answer_decide(struct daemon *daemon, const json_t *request, const char **why)
{
    const char *terminal = "", *date = NULL, *author = "";
    int accept = 0;
    int32_t day = CIVIL_DAY_NONE, touched;
    if (json_unpack((json_t *)request, "{s:s, s?s, s:b, s:s}", "terminal", &terminal, "date", &date, "accept", &accept,
                    "author", &author) != 0 ||
        author[0] == '\0' || (date != NULL && !civil_read_date(date, strlen(date), &day))) {
        *why = "held_decide needs terminal, accept and author; date must be a date as 2026-10-01";
        return NULL;
    }
    struct store *store = daemon_store(daemon);
    store_begin(store);
    struct query days = store_held_days(store, terminal, day);
    while (accept && store_next_held_day(&days, &touched))
        daemon_touch(daemon, touched, touched, "taps accepted");
    query_end(&days);
    int64_t count = store_held_decide(store, terminal, day, accept, author, daemon_now_ms(daemon));
    if (count == 0) {
        *why = "no tap of that terminal and date waits; see narvaro held list";
        return NULL;
    }
    log_info("held taps %s terminal=%s taps=%lld author=\"%s\"", accept ? "accepted" : "refused", terminal,
             (long long)count, author);
    return json_pack("{s:b, s:I}", "ok", 1, "taps", (json_int_t)count);
}

/* The dates whose roll is taken when all from `from_day` on are touched. */
static int dates_since(const struct daemon *daemon, int32_t from_day)
{
    int32_t today = daemon_today(daemon);
    int dates = 0;
    for (int32_t day = from_day > today - DAYSET_PAST ? from_day : today - DAYSET_PAST; day <= today; day++)
        dates += !daemon_is_frozen(daemon, day) && store_day_has_lessons(daemon_store(daemon), day);
    return dates;
}

/* What was recorded after `since` may tell of earlier times, an outage for instance: the dates are due from there
 * on. */
static json_t *answer_distrust(struct daemon *daemon, const json_t *request, const char **why)
{
    const char *terminal = "", *since = "", *author = "", *reason = "";
    int64_t since_ms, now_ms = daemon_now_ms(daemon);
    int dry_run = 0;
    if (json_unpack((json_t *)request, "{s:s, s:s, s:s, s:s, s?b}", "terminal", &terminal, "since", &since, "author",
                    &author, "why", &reason, "dry_run", &dry_run) != 0 ||
        !wire_id_valid(terminal) || !civil_read_utc(since, strlen(since), &since_ms) || since_ms > now_ms ||
        author[0] == '\0' || reason[0] == '\0' || strlen(reason) > TRUST_WHY_CHARS) {
        *why = "terminal_distrust needs terminal, since (a time that is past, as 2026-10-01T14:30:00Z), author and why";
        return NULL;
    }
    struct store *store = daemon_store(daemon);
    if (store_distrusted(store, terminal)) {
        *why = "that terminal is distrusted already; take that back first (--undo)";
        return NULL;
    }
    int32_t from_day = civil_from_utc_ms(store_distrust_reaches(store, terminal, since_ms)).day;
    json_t *answer = json_pack("{s:b, s:o, s:i}", "ok", 1, "since", civil_json_utc(since_ms), "dates",
                               dates_since(daemon, from_day));
    if (dry_run)
        return answer;
    store_begin(store);
    store_distrust_put(store, terminal, since_ms, author, reason, now_ms);
    daemon_trust_changed(daemon, terminal, from_day, "terminal distrusted");
    log_warn("terminal distrusted terminal=%s since=%s author=\"%s\"", terminal, since, author);
    return answer;
}

static json_t *answer_trust(struct daemon *daemon, const json_t *request, const char **why)
{
    const char *terminal = "", *author = "";
    int64_t since_ms;
    if (json_unpack((json_t *)request, "{s:s, s:s}", "terminal", &terminal, "author", &author) != 0 ||
        author[0] == '\0') {
        *why = "terminal_trust needs terminal and author";
        return NULL;
    }
    struct store *store = daemon_store(daemon);
    store_begin(store);
    if (!store_distrust_end(store, terminal, author, daemon_now_ms(daemon), &since_ms)) {
        *why = "that terminal is not distrusted";
        return NULL;
    }
    int64_t from_ms = store_distrust_reaches(store, terminal, since_ms);
    daemon_trust_changed(daemon, terminal, civil_from_utc_ms(from_ms).day, "terminal trusted again");
    log_warn("terminal trusted again terminal=%s author=\"%s\"", terminal, author);
    return json_pack("{s:b, s:o}", "ok", 1, "since", civil_json_utc(since_ms));
}

static const struct {
    const char *what;
    json_t *(*answer)(struct daemon *daemon, const json_t *request, const char **why);
} COMMANDS[] = {{"held", answer_held},
                {"held_decide", answer_decide},
                {"terminal_distrust", answer_distrust},
                {"terminal_trust", answer_trust}};
#define COMMAND_COUNT (sizeof COMMANDS / sizeof *COMMANDS)

bool trust_is(const char *what)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(what, COMMANDS[i].what) == 0)
            return true;
    return false;
}

json_t *trust_answer(struct daemon *daemon, const json_t *request, const char **why)
{
    const char *what = json_string_value(json_object_get(request, "do"));
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(what, COMMANDS[i].what) == 0)
            return COMMANDS[i].answer(daemon, request, why);
    return NULL;
}
