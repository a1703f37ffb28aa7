/* A night's run is a loop through the daemon: send the command, collect what was erased, send again while there is
 * more; then erase the casebook's own and write the receipt, in one transaction. A run that fails is begun anew after
 * RETRY_MS. */
#include "dashboard/retention.h"

#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "common/log.h"
#include "daemon/core/retention.h"
#include "dashboard/attendance/attendance.h"
#include "dashboard/casebook/casebook_audit.h"
#include "dashboard/casebook/casebook_retention.h"

#define RETRY_MS (15 * 60 * 1000)
#define TURNS    3 /* today, and the next two turns of the school year */

static int years_of(const struct retention_rules *rules, enum casebook_kind kind)
{
    switch (kind) {
    case CASEBOOK_ANSWERS:
    case CASEBOOK_TOLD:
    case CASEBOOK_LAST_YEAR:
    case CASEBOOK_DUTIES:
        return rules->answers_years;
    case CASEBOOK_CASES:
        return rules->cases_years;
    case CASEBOOK_LOG:
        return rules->log_years;
    case CASEBOOK_KINDS:
        break;
    }
    return 0;
}

static int32_t before_on(const struct retention_rules *rules, enum casebook_kind kind, int32_t on)
{
    int year, month, day;
    if (kind != CASEBOOK_LOG)
        return retention_years_begin(years_of(rules, kind), on);
    civil_date(on, &year, &month, &day);
    return civil_day(year - rules->log_years, month, month == 2 && day == 29 ? 28 : day);
}

static int32_t today_of(const struct retention *retention)
{
    return civil_from_utc_ms(clock_utc_ms(&retention->civil)).day;
}

/* The first such hour after an instant. */
static int64_t next_night(const struct retention_rules *rules, int64_t after_ms)
{
    int32_t ms_of_day = rules->hour * 3600000, day = civil_from_utc_ms(after_ms).day;
    int64_t next_ms = civil_to_utc_ms(day, ms_of_day);
    return next_ms > after_ms ? next_ms : civil_to_utc_ms(day + 1, ms_of_day);
}

void retention_open(struct retention *retention)
{
    int64_t last_ms = clock_utc_ms(&retention->civil);
    retention->uncleaned = true;
    struct casebook_run run;
    struct query rows = casebook_runs(retention->book, 1);
    while (casebook_next_run(&rows, &run))
        last_ms = run.began_ms;
    casebook_good(retention->book); /* no run could be read: the coming night is the next */
    retention->next_ms = next_night(&retention->rules, last_ms);
}

void retention_close(struct retention *retention)
{
    json_decref(retention->erased);
}

/* A list of pupil ids; NULL: they could not be read. */
static json_t *list_pupils(struct casebook *book, struct query rows)
{
    const char *pupil;
    bool good = true;
    json_t *list = json_array();
    while (casebook_next_text(&rows, &pupil))
        good &= json_array_append_new(list, json_string(pupil)) == 0;
    if (casebook_good(book) && good)
        return list;
    json_decref(list);
    return NULL;
}

json_t *retention_command(struct retention *retention, bool commit, size_t *held_count)
{
    json_t *held = list_pupils(retention->book, casebook_held(retention->book));
    *held_count = json_array_size(held);
    struct casebook_act last;
    if (held == NULL || !casebook_acts_taken(retention->book, &last)) {
        json_decref(held);
        return NULL;
    }
    return json_pack("{s:s, s:o, s:b, s:I, s:I}", "do", "retention", "held", held, "commit", (int)commit, "acts_taken",
                     (json_int_t)last.act, "acts_taken_ms", (json_int_t)last.at_ms);
}

static bool send_command(struct retention *retention)
{
    size_t held_count;
    json_t *command = retention_command(retention, true, &held_count);
    if (command != NULL && strcmp(retention->began_by, "command") == 0) /* whoever typed it vouches for the date */
        json_object_set_new(command, "sure", json_true());
    char *text = command != NULL ? json_dumps(command, JSON_COMPACT) : NULL;
    json_decref(command);
    retention->errand = text != NULL ? errand_send(retention->errands, text, NULL, 0, retention) : NULL;
    return retention->errand != NULL;
}

void retention_erased(struct retention *retention)
{
    retention->uncleaned = true;
}

bool retention_is_running(const struct retention *retention)
{
    return retention->errand != NULL;
}

int64_t retention_next_ms(const struct retention *retention)
{
    return retention->next_ms;
}

bool retention_begin(struct retention *retention, const char *by)
{
    if (retention->errand != NULL)
        return false;
    retention->began_by = by;
    retention->began_ms = clock_utc_ms(&retention->civil);
    retention->next_ms = retention->began_ms + RETRY_MS;
    json_decref(retention->erased);
    retention->erased = json_object();
    return send_command(retention);
}

void retention_step(struct retention *retention)
{
    if (retention->uncleaned)
        retention->uncleaned = !casebook_empty_log(retention->book);
    int64_t now_ms = clock_utc_ms(&retention->civil), night_ms = next_night(&retention->rules, now_ms);
    if (retention->next_ms > night_ms) /* it was set while the clock was ahead */
        retention->next_ms = night_ms;
    if (retention->errand == NULL && now_ms >= retention->next_ms)
        retention_begin(retention, "night");
}

static void add_rows(json_t *erased, const char *kind, int64_t rows)
{
    json_int_t before = json_integer_value(json_object_get(erased, kind));
    json_object_set_new(erased, kind, json_integer(before + rows));
}

static bool is_known(struct attendance *attendance, const char *id)
{
    struct attendance_pupil pupil;
    struct query rows = attendance_pupil(attendance, id);
    bool known = attendance_next_known_pupil(&rows, &pupil);
    query_end(&rows);
    return known;
}

/* Forgets the named users of pupils whom neither the school nor the log knows any more. The school is read whole
 * first: a pupil who could not be read does not count as unknown. */
static bool forget_named(struct retention *retention)
{
    json_t *named = list_pupils(retention->book, casebook_named_pupils(retention->book));
    if (named == NULL || !attendance_begin(retention->attendance, today_of(retention))) {
        json_decref(named);
        return false;
    }
    for (size_t i = json_array_size(named); i-- > 0;)
        if (is_known(retention->attendance, json_string_value(json_array_get(named, i))))
            json_array_remove(named, i);
    bool good = attendance_end(retention->attendance);
    for (size_t i = 0; good && i < json_array_size(named); i++)
        good = casebook_named_forget(retention->book, json_string_value(json_array_get(named, i)));
    json_decref(named);
    return good;
}

static bool erase_own(struct retention *retention, int64_t now_ms)
{
    for (int i = 0; i < CASEBOOK_KINDS; i++) {
        enum casebook_kind kind = (enum casebook_kind)i;
        int64_t count = 0;
        if (!casebook_kind_erase(retention->book, kind, before_on(&retention->rules, kind, today_of(retention)), now_ms,
                                 &count))
            return false;
        add_rows(retention->erased, CASEBOOK_KIND_WORDS[kind], count);
    }
    return forget_named(retention);
}

static bool write_receipt(struct retention *retention, bool complete, int64_t now_ms)
{
    char *erased = json_dumps(retention->erased, JSON_COMPACT);
    struct casebook_run run = {.began_ms = retention->began_ms,
                               .ended_ms = now_ms,
                               .began_by = retention->began_by,
                               .erased = erased,
                               .complete = complete};
    bool good = erased != NULL && casebook_run_add(retention->book, &run) &&
                casebook_audit(retention->book, now_ms, "", "retention", erased);
    free(erased);
    return good;
}

/* `complete`: the daemon has erased all that was due. If not, the casebook erases nothing, and the receipt says what
 * the daemon did. */
static void finish(struct retention *retention, bool complete)
{
    int64_t now_ms = clock_utc_ms(&retention->civil);
    bool began = casebook_begin(retention->book);
    bool good = began && casebook_end(retention->book, (!complete || erase_own(retention, now_ms)) &&
                                                           write_receipt(retention, complete, now_ms));
    retention->uncleaned = true;
    if (good && complete)
        retention->next_ms = next_night(&retention->rules, now_ms);
    log_info("retention ended complete=%d written=%d", complete, good);
}

static const char *refusal_of(const json_t *reply)
{
    const char *first = json_string_value(json_array_get(json_object_get(reply, "errors"), 0));
    return first != NULL ? first : "the daemon refused";
}

void retention_told(struct retention *retention)
{
    const char *text = errand_reply(retention->errands, retention->errand), *kind;
    json_t *reply = text != NULL ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL, *rows;
    bool done = json_is_true(json_object_get(reply, "ok")), more = json_is_true(json_object_get(reply, "more"));
    errand_release(retention->errands, retention->errand);
    retention->errand = NULL;
    json_object_foreach(json_object_get(reply, "erased"), kind, rows) {
        add_rows(retention->erased, kind, json_integer_value(rows));
    }
    if (!done)
        log_warn("retention: %s; tried again later", reply != NULL ? refusal_of(reply) : "the daemon did not answer");
    json_decref(reply);
    if (done && more && send_command(retention))
        return;
    if ((done && !more) || json_object_size(retention->erased) > 0)
        finish(retention, done && !more);
}

static json_t *due_of(struct retention *retention, enum casebook_kind kind)
{
    json_t *due = json_array();
    int64_t told = 0, count;
    int32_t on = today_of(retention);
    for (int turn = 0; turn < TURNS; turn++, on = retention_turn(on)) {
        int32_t before = before_on(&retention->rules, kind, on);
        if (!casebook_kind_due(retention->book, kind, before, &count)) {
            json_decref(due);
            return NULL;
        }
        json_array_append_new(due, json_pack("{s:o, s:o, s:I}", "on", civil_json_date(on), "before",
                                             civil_json_date(before), "rows", (json_int_t)(count - told)));
        told = count;
    }
    return due;
}

json_t *retention_kinds(struct retention *retention)
{
    json_t *kinds = json_array();
    for (int i = 0; i < CASEBOOK_KINDS; i++) {
        enum casebook_kind kind = (enum casebook_kind)i;
        json_t *due = due_of(retention, kind);
        if (due == NULL) {
            json_decref(kinds);
            return NULL;
        }
        json_array_append_new(kinds, json_pack("{s:s, s:i, s:o}", "kind", CASEBOOK_KIND_WORDS[kind],
                                               kind == CASEBOOK_LOG ? "years" : "school_years",
                                               years_of(&retention->rules, kind), "due", due));
    }
    return kinds;
}

static json_t *run_json(const struct casebook_run *run)
{
    json_t *erased = json_loads(run->erased, 0, NULL);
    return json_pack("{s:I, s:o, s:o, s:s, s:b, s:o?, s:s?, s:o}", "run", (json_int_t)run->run, "began_at",
                     civil_json_utc(run->began_ms), "ended_at", civil_json_utc(run->ended_ms), "began_by",
                     run->began_by, "complete", (int)run->complete, "erased", erased, "signed_by",
                     *run->signed_by ? run->signed_by : NULL, "signed_at", civil_json_utc(run->signed_ms));
}

json_t *retention_runs(struct retention *retention, int most)
{
    struct casebook_run run;
    bool good = true;
    json_t *runs = json_array();
    struct query rows = casebook_runs(retention->book, most);
    while (casebook_next_run(&rows, &run))
        good &= json_array_append_new(runs, run_json(&run)) == 0;
    if (casebook_good(retention->book) && good)
        return runs;
    json_decref(runs);
    return NULL;
}
