/* Pupil-days are stored packed (core/outcome.h) and compared as bytes by the statement that writes them. */
#include "daemon/store/store_days.h"

#include <string.h>
#include "daemon/store/store_sql.h"

static bool is_column(const struct query *query, int column, const void *bytes, size_t length)
{
    size_t stored_length;
    const void *stored = query_column_bytes(query, column, &stored_length);
    return stored_length == length && (length == 0 || memcmp(stored, bytes, length) == 0);
}

bool store_pupil_day_put(struct store *store, const struct pupil_day *pupil_day)
{
    uint8_t bytes[OUTCOME_DAY_BYTES];
    size_t length = outcome_pack(pupil_day->outcomes, pupil_day->count, bytes);
    struct query query = store_query(store, SQL_PUPIL_DAY_PUT);
    query_text(&query, pupil_day->pupil_id);
    query_integer(&query, pupil_day->day);
    query_text(&query, pupil_day->class_name);
    query_blob(&query, bytes, length);
    query_run(&query);
    return store_changed_rows(store) > 0;
}

void store_pupil_day_delete(struct store *store, const char *pupil_id, int32_t day)
{
    struct query query = store_query(store, SQL_PUPIL_DAY_DELETE);
    query_text(&query, pupil_id);
    query_integer(&query, day);
    query_run(&query);
}

struct query store_pupils_of_day(struct store *store, int32_t day)
{
    struct query query = store_query(store, SQL_PUPILS_OF_DAY);
    query_integer(&query, day);
    return query;
}

bool store_next_pupil(struct query *rows, const char **pupil_id)
{
    if (!query_row(rows))
        return false;
    *pupil_id = query_column_text(rows, 0);
    return true;
}

struct query store_pupil_years(struct store *store)
{
    return store_query(store, SQL_PUPIL_YEARS);
}

bool store_next_pupil_year(struct query *rows, const char **pupil_id, const char **year)
{
    if (!query_row(rows))
        return false;
    *pupil_id = query_column_text(rows, 0);
    *year = query_column_text(rows, 1);
    return true;
}

static void read_decided(struct store *store, struct decided_days *days)
{
    struct query query = store_query(store, SQL_DECIDED_DAYS);
    query_integer(&query, days->since);
    while (query_row(&query)) {
        int64_t date = query_column(&query, 0) - days->since;
        if (date < STORE_DATES_MAX)
            days->decided[date] = true;
    }
}

void store_decided_since(struct store *store, int32_t since, struct decided_days *days)
{
    *days = (struct decided_days){.since = since};
    read_decided(store, days);
    days->rows = store_query(store, SQL_PUPIL_DAYS_SINCE);
    query_integer(&days->rows, since);
}

static bool is_decided(const struct decided_days *days, int32_t day)
{
    return day - days->since < STORE_DATES_MAX && days->decided[day - days->since];
}

static struct pupil_day read_day(struct decided_days *days, int32_t day)
{
    size_t length;
    const struct query *row = &days->rows;
    /* pupil and class are usually those of the previous row */
    if (!is_column(row, 0, days->pupil_id, days->pupil_length)) {
        query_column_copy(row, 0, days->pupil_id, sizeof days->pupil_id);
        days->pupil_length = strlen(days->pupil_id);
    }
    if (!is_column(row, 2, days->class_name, days->class_length)) {
        query_column_copy(row, 2, days->class_name, sizeof days->class_name);
        days->class_length = strlen(days->class_name);
    }
    const void *packed = query_column_bytes(row, 3, &length);
    int count = outcome_unpack(packed, length, days->outcomes);
    days->unreadable += count < 0;
    return (struct pupil_day){
        .pupil_id = days->pupil_id,
        .class_name = days->class_name,
        .day = day,
        .outcomes = days->outcomes,
        .count = count < 0 ? 0 : (size_t)count,
    };
}

bool store_next_decided(struct decided_days *days, struct pupil_day *out)
{
    while (query_row(&days->rows)) {
        int32_t day = (int32_t)query_column(&days->rows, 1);
        if (!is_decided(days, day))
            continue;
        *out = read_day(days, day);
        return true;
    }
    return false;
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

struct query store_undecided(struct store *store, int32_t from, int32_t to)
{
    struct query query = store_query(store, SQL_UNDECIDED);
    query_integer(&query, from);
    query_integer(&query, to);
    return query;
}

bool store_next_day(struct query *rows, int32_t *day)
{
    if (!query_row(rows))
        return false;
    *day = (int32_t)query_column(rows, 0);
    return true;
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

void store_subject_name(struct store *store, uint16_t subject, char out[NAME_BYTES])
{
    struct query query = store_query(store, SQL_SUBJECT_NAME);
    query_integer(&query, subject);
    out[0] = '\0';
    if (query_row(&query))
        query_column_copy(&query, 0, out, NAME_BYTES);
    query_end(&query);
}

void store_doubts_clear(struct store *store, int32_t day)
{
    struct query query = store_query(store, SQL_DOUBTS_CLEAR);
    query_integer(&query, day);
    query_run(&query);
}

void store_doubt_put(struct store *store, uint32_t lesson, int32_t day, const char *doubt)
{
    struct query query = store_query(store, SQL_DOUBT_PUT);
    query_integer(&query, lesson);
    query_integer(&query, day);
    query_text(&query, doubt);
    query_run(&query);
}

struct query store_pupil_days(struct store *store, const char *pupil_id, int32_t from, int32_t to)
{
    struct query rows = store_query(store, SQL_PUPIL_DAYS_BACK);
    query_text(&rows, pupil_id);
    query_integer(&rows, from);
    query_integer(&rows, to);
    return rows;
}

bool store_next_pupil_day(struct query *rows, struct outcome outcomes[OUTCOME_LESSONS_MAX], struct pupil_day *out)
{
    if (!query_row(rows))
        return false;
    size_t length;
    const void *packed = query_column_bytes(rows, 1, &length);
    int count = outcome_unpack(packed, length, outcomes);
    *out = (struct pupil_day){.day = (int32_t)query_column(rows, 0),
                              .class_name = query_column_text(rows, 2),
                              .outcomes = outcomes,
                              .count = count < 0 ? 0 : (size_t)count};
    return true;
}

void store_unknown_lessons(struct store *store, const char *pupil_id, int32_t from, int32_t to,
                           struct unknown_lessons *out)
{
    *out = (struct unknown_lessons){
        .store = store, .pupil_id = pupil_id, .days = store_pupil_days(store, pupil_id, from, to)};
}

static void describe(const struct unknown_lessons *lessons, const struct outcome *outcome, struct unknown_lesson *out)
{
    *out = (struct unknown_lesson){.day = lessons->day, .start_minute = outcome->start_minute};
    struct query query = store_query(lessons->store, SQL_LESSON_WHY);
    query_integer(&query, outcome->lesson);
    query_text(&query, lessons->pupil_id);
    if (query_row(&query)) {
        bool marked = query_column(&query, 4) != 0;
        query_column_copy(&query, 0, out->group, sizeof out->group);
        query_column_copy(&query, 1, out->subject, sizeof out->subject);
        query_column_copy(&query, 2, out->room, sizeof out->room);
        query_column_copy(&query, 3, out->why, sizeof out->why);
        if (marked)
            memcpy(out->why, "marked", sizeof "marked");
    }
    query_end(&query);
}

static bool next_day(struct unknown_lessons *lessons)
{
    struct pupil_day day;
    if (!store_next_pupil_day(&lessons->days, lessons->outcomes, &day))
        return false;
    lessons->day = day.day;
    lessons->count = day.count;
    lessons->next = 0;
    return true;
}

bool store_next_unknown(struct unknown_lessons *lessons, struct unknown_lesson *out)
{
    do {
        while (lessons->next < lessons->count) {
            const struct outcome *outcome = &lessons->outcomes[lessons->next++];
            if (outcome->status != STATUS_UNKNOWN)
                continue;
            describe(lessons, outcome, out);
            return true;
        }
    } while (next_day(lessons));
    return false;
}

bool store_day_has_lessons(struct store *store, int32_t day)
{
    struct query query = store_query(store, SQL_DAY_HAS_LESSONS);
    query_integer(&query, day);
    bool any = query_row(&query) && query_column(&query, 0) != 0;
    query_end(&query);
    return any;
}
