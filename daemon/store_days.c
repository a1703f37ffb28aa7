#include "daemon/store_days.h"

#include <string.h>
#include "daemon/store_sql.h"

static bool same_as_stored(struct store *store, const struct pupil_day *pupil_day, const uint8_t *bytes,
                           size_t length)
{
    struct query query = store_query(store, SQL_PUPIL_DAY_GET);
    query_text(&query, pupil_day->pupil_id);
    query_integer(&query, pupil_day->day);
    bool same = query_row(&query) && (size_t)sqlite3_column_bytes(query.statement, 1) == length &&
                (length == 0 || memcmp(sqlite3_column_blob(query.statement, 1), bytes, length) == 0) &&
                strcmp((const char *)sqlite3_column_text(query.statement, 0), pupil_day->class_name) == 0;
    query_end(&query);
    return same;
}

bool store_pupil_day_put(struct store *store, const struct pupil_day *pupil_day)
{
    uint8_t bytes[OUTCOME_DAY_BYTES];
    size_t length = outcome_pack(pupil_day->outcomes, pupil_day->count, bytes);
    if (same_as_stored(store, pupil_day, bytes, length))
        return false;
    struct query query = store_query(store, SQL_PUPIL_DAY_PUT);
    query_text(&query, pupil_day->pupil_id);
    query_integer(&query, pupil_day->day);
    query_text(&query, pupil_day->class_name);
    query_blob(&query, bytes, length);
    query_run(&query);
    return true;
}

void store_pupil_day_delete(struct store *store, const char *pupil_id, int32_t day)
{
    struct query query = store_query(store, SQL_PUPIL_DAY_DELETE);
    query_text(&query, pupil_id);
    query_integer(&query, day);
    query_run(&query);
}

void store_pupils_of_day(struct store *store, int32_t day, store_pupil_visit *visit, void *context)
{
    struct query query = store_query(store, SQL_PUPILS_OF_DAY);
    query_integer(&query, day);
    while (query_row(&query))
        visit(context, (const char *)sqlite3_column_text(query.statement, 0));
}

void store_pupil_years(struct store *store, store_pupil_year_visit *visit, void *context)
{
    struct query query = store_query(store, SQL_PUPIL_YEARS);
    while (query_row(&query))
        visit(context, (const char *)sqlite3_column_text(query.statement, 0),
              (const char *)sqlite3_column_text(query.statement, 1));
}

int store_decided_since(struct store *store, int32_t day, store_pupil_day_visit *visit, void *context)
{
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
    int unreadable = 0;
    bool go_on = true;
    struct query query = store_query(store, SQL_DECIDED_SINCE);
    query_integer(&query, day);
    while (go_on && query_row(&query)) {
        int count = outcome_unpack(sqlite3_column_blob(query.statement, 3),
                                   (size_t)sqlite3_column_bytes(query.statement, 3), outcomes);
        unreadable += count < 0;
        struct pupil_day pupil_day = {
            .pupil_id = (const char *)sqlite3_column_text(query.statement, 0),
            .class_name = (const char *)sqlite3_column_text(query.statement, 2),
            .day = (int32_t)query_column(&query, 1),
            .outcomes = outcomes,
            .count = count < 0 ? 0 : (size_t)count,
        };
        go_on = visit(context, &pupil_day);
    }
    query_end(&query);
    return unreadable;
}

bool store_school_day(struct store *store, int32_t day, struct school_day *out)
{
    struct query query = store_query(store, SQL_SCHOOL_DAY_GET);
    query_integer(&query, day);
    if (!query_row(&query))
        return false;
    *out = (struct school_day){
        .day = day,
        .lessons_closed = (int32_t)query_column(&query, 0),
        .closed_ms = query_column(&query, 1),
        .decided = !query_column_null(&query, 2),
        .decided_ms = query_column(&query, 2),
    };
    query_end(&query);
    return true;
}

void store_school_day_put(struct store *store, const struct school_day *school_day)
{
    struct query query = store_query(store, SQL_SCHOOL_DAY_PUT);
    query_integer(&query, school_day->day);
    query_integer(&query, school_day->lessons_closed);
    query_integer(&query, school_day->closed_ms);
    if (school_day->decided)
        query_integer(&query, school_day->decided_ms);
    else
        query_null(&query);
    query_run(&query);
}

bool store_decided_through(struct store *store, int32_t *day)
{
    struct query query = store_query(store, SQL_DECIDED_THROUGH);
    bool any = query_row(&query) && !query_column_null(&query, 0);
    if (any)
        *day = (int32_t)query_column(&query, 0);
    query_end(&query);
    return any;
}

void store_undecided(struct store *store, int32_t from, int32_t to, store_day_visit *visit, void *context)
{
    struct query query = store_query(store, SQL_UNDECIDED);
    query_integer(&query, from);
    query_integer(&query, to);
    while (query_row(&query))
        visit(context, (int32_t)query_column(&query, 0));
}

uint16_t store_subject(struct store *store, const char *name)
{
    struct query find = store_query(store, SQL_SUBJECT_GET);
    query_text(&find, name);
    if (query_row(&find)) {
        uint16_t subject = (uint16_t)query_column(&find, 0);
        query_end(&find);
        return subject;
    }
    struct query add = store_query(store, SQL_SUBJECT_ADD);
    query_text(&add, name);
    query_run(&add);
    return (uint16_t)store_last_rowid(store);
}

void store_subject_name(struct store *store, uint16_t subject, char out[SCHOOL_TEXT_BYTES])
{
    struct query query = store_query(store, SQL_SUBJECT_NAME);
    query_integer(&query, subject);
    out[0] = '\0';
    if (query_row(&query))
        query_column_text(&query, 0, out, SCHOOL_TEXT_BYTES);
    query_end(&query);
}
