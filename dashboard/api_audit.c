#include "dashboard/api_call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "dashboard/casebook_log.h"

#define PAGE_ROWS 100

static bool list_entry(void *into, const struct casebook_entry *entry)
{
    return json_array_append_new(into, json_pack("{s:I, s:o, s:s, s:s, s:s}", "sequence", (json_int_t)entry->sequence, "at",
                                                 civil_json_utc(entry->at_ms), "user", entry->user, "action",
                                                 entry->action, "object", entry->object)) == 0;
}

static const char *query_text(const struct api_call *call, const char *key)
{
    const char *text = http_query(call->request, key);
    return text ? text : "";
}

static bool query_day(const struct api_call *call, const char *key, int64_t otherwise_ms, int days, int64_t *out)
{
    int32_t day;
    const char *text = query_text(call, key);
    *out = otherwise_ms;
    if (!*text)
        return true;
    if (!civil_read_date(text, strlen(text), &day))
        return false;
    *out = civil_to_utc_ms(day + days, 0);
    return true;
}

static bool read_filter(const struct api_call *call, struct casebook_filter *filter)
{
    char *end = NULL;
    const char *before = query_text(call, "before");
    *filter = (struct casebook_filter){.user = query_text(call, "user"),
                                       .action = query_text(call, "action"),
                                       .object = query_text(call, "object"),
                                       .before = *before ? strtoll(before, &end, 10) : INT64_MAX,
                                       .technical = call->user.role == ROLE_IT,
                                       .most = PAGE_ROWS + 1};
    if (!access_sees_all_log(call->user.role) && !filter->technical)
        filter->user = call->user.user;
    return (!end || !*end) && query_day(call, "from", 0, 0, &filter->from_ms) &&
           query_day(call, "to", INT64_MAX, 1, &filter->to_ms);
}

/* Whoever looks for one pupil in the log is in it, too. */
enum http_verdict api_log(struct api_call *call)
{
    struct casebook_filter filter;
    if (!read_filter(call, &filter))
        return api_error(call, 400, "bad_request");
    json_t *entries = json_array();
    bool good = casebook_log(call->web->book, &filter, list_entry, entries) &&
                api_audit(call, "view_log", filter.object);
    bool more = json_array_size(entries) > PAGE_ROWS;
    if (more)
        json_array_remove(entries, PAGE_ROWS);
    json_t *answer = json_pack("{s:o, s:b}", "entries", entries, "more", (int)more);
    if (good)
        return api_json(call, 200, answer);
    json_decref(answer);
    return api_error(call, 503, "busy");
}

/* "2026-11": its number, and when it begins and ends. */
static bool read_month(const char *text, int *month, int64_t *from_ms, int64_t *to_ms)
{
    char first[CIVIL_DATE_BYTES + 4];
    int32_t day;
    int year, of_year, of_month;
    if (strlen(text) != 7)
        return false;
    snprintf(first, sizeof first, "%s-01", text);
    if (!civil_read_date(first, strlen(first), &day))
        return false;
    civil_date(day, &year, &of_year, &of_month);
    *month = 12 * year + of_year - 1;
    *from_ms = civil_to_utc_ms(day, 0);
    *to_ms = civil_to_utc_ms(civil_day(of_year == 12 ? year + 1 : year, of_year % 12 + 1, 1), 0);
    return true;
}

static bool list_drawn(void *into, const struct casebook_entry *entry)
{
    if (!list_entry(into, entry))
        return false;
    json_t *row = json_array_get(into, json_array_size(into) - 1);
    return json_object_set_new(row, "verdict", entry->verdict ? json_string(entry->verdict) : json_null()) == 0 &&
           json_object_set_new(row, "judged_by", entry->judge ? json_string(entry->judge) : json_null()) == 0 &&
           json_object_set_new(row, "judged_at", civil_json_utc(entry->judged_ms)) == 0;
}

static enum http_verdict tell_review(struct api_call *call, const char *text, int month)
{
    json_t *drawn = json_array();
    bool good = casebook_review(call->web->book, month, list_drawn, drawn);
    json_t *answer = json_pack("{s:s, s:o}", "month", text, "drawn", drawn);
    if (good)
        return api_json(call, 200, answer);
    json_decref(answer);
    return api_error(call, 503, "busy");
}

enum http_verdict api_review(struct api_call *call)
{
    int month;
    int64_t from_ms, to_ms;
    const char *text = query_text(call, "month");
    if (!read_month(text, &month, &from_ms, &to_ms))
        return api_error(call, 400, "bad_request");
    if (!api_audit(call, "view_review", text))
        return api_error(call, 503, "busy");
    return tell_review(call, text, month);
}

/* A month is drawn when it is over, so that none of its views escapes. */
enum http_verdict api_review_draw(struct api_call *call)
{
    int month;
    int64_t from_ms, to_ms;
    const char *text = api_text(call, "month");
    if (!read_month(text, &month, &from_ms, &to_ms))
        return api_error(call, 400, "bad_request");
    if (to_ms > call->now_ms)
        return api_error(call, 409, "month_not_over");
    struct casebook *book = call->web->book;
    if (!casebook_begin(book) || !casebook_end(book, casebook_review_draw(book, month, from_ms, to_ms) &&
                                                         api_audit(call, "review_drawn", text)))
        return api_error(call, 503, "busy");
    return tell_review(call, text, month);
}

enum http_verdict api_review_judge(struct api_call *call)
{
    char *end;
    int64_t sequence = strtoll(call->part, &end, 10);
    const char *verdict = api_text(call, "verdict");
    if (*end || (strcmp(verdict, "ok") != 0 && strcmp(verdict, "question") != 0))
        return api_error(call, 400, "bad_request");
    struct casebook *book = call->web->book;
    if (!casebook_begin(book))
        return api_error(call, 503, "busy");
    enum casebook_found found =
        casebook_review_judge(book, sequence, verdict, call->user.user, call->now_ms);
    bool good = found == CASEBOOK_FOUND && api_audit(call, "review_judged", call->part);
    if (!casebook_end(book, good))
        return found == CASEBOOK_ABSENT ? api_error(call, 404, "not_found") : api_error(call, 503, "busy");
    return api_json(call, 200, json_pack("{s:s}", "verdict", verdict));
}
