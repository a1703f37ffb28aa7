/* The audit log as it is read: rows, filters, and the month's review of views drawn at random. Protected pupils are
 * hidden from whoever is not named for them, in ids, in lists of ids and in paths. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/civil.h"
#include "common/civil_json.h"
#include "dashboard/api/api_handlers.h"
#include "dashboard/api/api_parts.h"
#include "dashboard/casebook/casebook_cases.h"
#include "dashboard/casebook/casebook_log.h"

#define PAGE_ROWS 100

/* Rows for one caller. Where others looked at a pupil with protected identity, the row says at whom only to those who
 * are named for that pupil. The caller's own rows are never hidden: they say what the caller asked for, so a missing
 * one would tell who is protected. */
struct listing {
    struct api_call *call;
    json_t *entries, *hidden; /* hidden: an object with the pupils' ids as keys */
};

static void hide_pupil(struct listing *listing, const char *pupil)
{
    if (!casebook_user_is_named(listing->call->book, listing->call->user.user, pupil))
        api_set(listing->call, listing->hidden, pupil, json_true());
}

/* Hides the protected pupils that the school knows now, and all for whom a user was ever named. False: the school
 * cannot be read. */
static bool find_hidden(struct listing *listing)
{
    struct api_call *call = listing->call;
    const char *pupil, *named;
    listing->entries = json_array();
    listing->hidden = json_object();
    if (!attendance_begin(call->attendance, call->today))
        return false;
    struct query pupils = attendance_protected(call->attendance);
    while (attendance_next_id(&pupils, &pupil))
        hide_pupil(listing, pupil);
    bool good = attendance_end(call->attendance);
    struct query rows = casebook_named_pupils(call->book);
    while (casebook_next_text(&rows, &named))
        hide_pupil(listing, named);
    return casebook_good(call->book) && good;
}

static enum http_verdict give_up(struct api_call *call, struct listing *listing)
{
    json_decref(listing->entries);
    json_decref(listing->hidden);
    return api_error(call, 503, "busy");
}

static bool is_edge(char before)
{
    return strchr(" /", before) != NULL; /* or the end of the text */
}

/* Is a hidden pupil in this object: an id, words or a path? Ids may have spaces. */
static bool names_hidden(const struct listing *listing, const char *object)
{
    const char *pupil;
    json_t *value;
    json_object_foreach(listing->hidden, pupil, value) {
        for (const char *at = object; (at = strstr(at, pupil)) != NULL; at++)
            if ((at == object || is_edge(at[-1])) && is_edge(at[strlen(pupil)]))
                return true;
    }
    return false;
}

/* The object as the caller may read it: a list of ids without the hidden ones; another text as it is, or empty when a
 * hidden id stands in it. To be freed. */
static char *readable(const struct listing *listing, const char *object, bool *hides)
{
    json_t *list = object[0] == '[' ? json_loads(object, 0, NULL) : NULL;
    *hides = list == NULL && names_hidden(listing, object);
    size_t i = json_array_size(list);
    while (i-- > 0)
        if (json_object_get(listing->hidden, json_string_value(json_array_get(list, i))) != NULL) {
            json_array_remove(list, i);
            *hides = true;
        }
    char *text = *hides ? (list != NULL ? json_dumps(list, JSON_COMPACT) : strdup("")) : strdup(object);
    json_decref(list);
    return text;
}

static json_t *entry_json(const struct listing *listing, const struct casebook_entry *entry)
{
    bool hides = false, own = strcmp(entry->user, listing->call->user.user) == 0;
    char *object = own ? strdup(entry->object) : readable(listing, entry->object, &hides);
    json_t *row = json_pack("{s:I, s:o, s:s, s:s, s:s, s:b}", "sequence", (json_int_t)entry->sequence, "at",
                            civil_json_utc(entry->at_ms), "user", entry->user, "action", entry->action, "object",
                            object, "protected", (int)hides);
    free(object);
    return row;
}

static const char *filter_text(const struct api_call *call, const char *key)
{
    const char *text = http_query(call->request, key);
    return text != NULL ? text : "";
}

static bool filter_day(const struct api_call *call, const char *key, int64_t otherwise_ms, int days, int64_t *out)
{
    int32_t day;
    const char *text = filter_text(call, key);
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
    const char *before = filter_text(call, "before");
    *filter = (struct casebook_filter){.user = filter_text(call, "user"),
                                       .action = filter_text(call, "action"),
                                       .object = filter_text(call, "object"),
                                       .before = *before ? strtoll(before, &end, 10) : INT64_MAX,
                                       .technical = call->user.role == ROLE_IT,
                                       .most = PAGE_ROWS + 1};
    if (!access_sees_all_log(call->user.role) && !filter->technical)
        filter->user = call->user.user;
    return (end == NULL || !*end) && filter_day(call, "from", 0, 0, &filter->from_ms) &&
           filter_day(call, "to", INT64_MAX, 1, &filter->to_ms);
}

/* A search for one pupil is itself an audit row. Searched by a hidden pupil, the log gives the caller's own rows only,
 * as if there were no others. */
enum http_verdict api_log(struct api_call *call)
{
    struct casebook_filter filter;
    struct listing listing = {.call = call};
    if (!read_filter(call, &filter))
        return api_error(call, 400, "bad_request");
    if (!find_hidden(&listing) && !filter.technical) /* technical rows tell of no pupil */
        return give_up(call, &listing);
    if (json_object_get(listing.hidden, filter.object) != NULL) {
        if (*filter.user && strcmp(filter.user, call->user.user) != 0)
            filter.most = 0;
        filter.user = call->user.user;
    }
    struct casebook_entry entry;
    struct query rows = casebook_log(call->book, &filter);
    while (casebook_next_entry(&rows, &entry))
        api_append(call, listing.entries, entry_json(&listing, &entry));
    call->failed |= !casebook_good(call->book);
    if (!api_audit(call, "view_log", filter.object))
        return give_up(call, &listing);
    json_decref(listing.hidden);
    bool more = json_array_size(listing.entries) > PAGE_ROWS;
    if (more)
        json_array_remove(listing.entries, PAGE_ROWS);
    return api_json(call, 200, json_pack("{s:o, s:b}", "entries", listing.entries, "more", (int)more));
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

static enum http_verdict tell_review(struct api_call *call, const char *text, int month)
{
    struct listing listing = {.call = call};
    struct casebook_entry entry;
    if (!find_hidden(&listing))
        return give_up(call, &listing);
    struct query rows = casebook_review(call->book, month);
    while (casebook_next_entry(&rows, &entry)) {
        json_t *row = entry_json(&listing, &entry);
        api_set(call, row, "verdict", api_json_text(entry.verdict));
        api_set(call, row, "judged_by", api_json_text(entry.judge));
        api_set(call, row, "judged_at", civil_json_utc(entry.judged_ms));
        api_append(call, listing.entries, row);
    }
    call->failed |= !casebook_good(call->book);
    json_decref(listing.hidden);
    return api_json(call, 200, json_pack("{s:s, s:o}", "month", text, "drawn", listing.entries));
}

enum http_verdict api_review(struct api_call *call)
{
    int month;
    int64_t from_ms, to_ms;
    const char *text = filter_text(call, "month");
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
    struct casebook *book = call->book;
    if (!casebook_begin(book) ||
        !casebook_end(book, casebook_review_draw(book, month, from_ms, to_ms) && api_audit(call, "review_drawn", text)))
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
    struct casebook *book = call->book;
    if (!casebook_begin(book))
        return api_error(call, 503, "busy");
    enum casebook_found found = casebook_review_judge(book, sequence, verdict, call->user.user, call->now_ms);
    bool good = found == CASEBOOK_FOUND && api_audit(call, "review_judged", call->part);
    if (!casebook_end(book, good))
        return found == CASEBOOK_ABSENT ? api_error(call, 404, "not_found") : api_error(call, 503, "busy");
    return api_json(call, 200, json_pack("{s:s}", "verdict", verdict));
}
