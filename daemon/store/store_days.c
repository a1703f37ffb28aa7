#include "daemon/store/store_days.h"

#include <string.h>
#include "daemon/store/store_sql.h"

static bool is_column(const struct query *query, int column, const void *bytes, size_t length)
{
    size_t stored_length;
    const void *stored = query_column_bytes(query, column, &stored_length);
    return stored_length == length && (length == 0 || memcmp(stored, bytes, length) == 0);
}

static bool same_as_stored(struct store *store, const struct pupil_day *pupil_day, const uint8_t *bytes, size_t length)
{
    struct query query = store_query(store, SQL_PUPIL_DAY_GET);
    query_text(&query, pupil_day->pupil_id);
    query_integer(&query, pupil_day->day);
    bool same = query_row(&query) && is_column(&query, 1, bytes, length) &&
                strcmp(query_column_text(&query, 0), pupil_day->class_name) == 0;
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
        visit(context, query_column_text(&query, 0));
}

void store_pupil_years(struct store *store, store_pupil_year_visit *visit, void *context)
{
    struct query query = store_query(store, SQL_PUPIL_YEARS);
    while (query_row(&query))
        visit(context, query_column_text(&query, 0), query_column_text(&query, 1));
}

/* By date from `since` on. Here and not joined to each of a year's rows, which is what a start waits for. */
struct decided {
    int32_t since;
    bool is[STORE_DATES_MAX];
};

static void read_decided(struct store *store, int32_t since, struct decided *decided)
{
    *decided = (struct decided){.since = since};
    struct query query = store_query(store, SQL_DECIDED_DAYS);
    query_integer(&query, since);
    while (query_row(&query)) {
        int64_t date = query_column(&query, 0) - since;
        if (date < STORE_DATES_MAX)
            decided->is[date] = true;
    }
}

static bool is_decided(const struct decided *decided, int32_t day)
{
    return day - decided->since < STORE_DATES_MAX && decided->is[day - decided->since];
}

/* The rows of pupils and their dates, one after the other. */
struct reading {
    char pupil_id[SCHOOL_TEXT_BYTES], class_name[SCHOOL_TEXT_BYTES];
    size_t pupil_length, class_length;
    int unreadable;
};

static bool give_day(struct reading *reading, const struct query *query, int32_t day, store_pupil_day_visit *visit,
                     void *context)
{
    struct outcome outcomes[OUTCOME_LESSONS_MAX];
    /* Both mostly say what they said in the row before. */
    if (!is_column(query, 0, reading->pupil_id, reading->pupil_length)) {
        query_column_copy(query, 0, reading->pupil_id, sizeof reading->pupil_id);
        reading->pupil_length = strlen(reading->pupil_id);
    }
    if (!is_column(query, 2, reading->class_name, reading->class_length)) {
        query_column_copy(query, 2, reading->class_name, sizeof reading->class_name);
        reading->class_length = strlen(reading->class_name);
    }
    size_t length;
    const void *packed = query_column_bytes(query, 3, &length);
    int count = outcome_unpack(packed, length, outcomes);
    reading->unreadable += count < 0;
    struct pupil_day pupil_day = {
        .pupil_id = reading->pupil_id,
        .class_name = reading->class_name,
        .day = day,
        .outcomes = outcomes,
        .count = count < 0 ? 0 : (size_t)count,
    };
    return visit(context, &pupil_day);
}

int store_decided_since(struct store *store, int32_t day, store_pupil_day_visit *visit, void *context)
{
    struct decided decided;
    struct reading reading = {0};
    read_decided(store, day, &decided);
    bool go_on = true;
    struct query query = store_query(store, SQL_PUPIL_DAYS_SINCE);
    query_integer(&query, day);
    while (go_on && query_row(&query)) {
        int32_t of = (int32_t)query_column(&query, 1);
        if (is_decided(&decided, of))
            go_on = give_day(&reading, &query, of, visit, context);
    }
    query_end(&query);
    return reading.unreadable;
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
        query_column_copy(&query, 0, out, SCHOOL_TEXT_BYTES);
    query_end(&query);
}
