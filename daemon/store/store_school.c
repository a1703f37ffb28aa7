/* Reads facts in the order in which they refer to each other: a pupil before the groups, a terminal before its
 * outages. */
#include "daemon/store/store_school.h"

#include "daemon/store/store_life.h"
#include "daemon/store/store_sql.h"

/* Around a date: what may matter to its lessons, which is at most first_early_min before the first (daemon/config.c). */
#define DAY_MARGIN_MS (4 * 3600000)

static const char *add_pupil(struct school *school, const struct query *row)
{
    return school_add_period(school, store_text_column(row, 0), store_text_column(row, 1), store_text_column(row, 2),
                             query_column_day(row, 3), query_column_day(row, 4));
}

static const char *add_member(struct school *school, const struct query *row)
{
    return school_add_member(school, store_text_column(row, 0), store_text_column(row, 1), query_column_day(row, 2),
                             query_column_day(row, 3));
}

static const char *add_exemption(struct school *school, const struct query *row)
{
    return school_add_exemption(school, store_text_column(row, 0), store_text_column(row, 1), query_column_day(row, 2),
                                query_column_day(row, 3));
}

static const char *add_terminal(struct school *school, const struct query *row)
{
    return school_add_place(school, store_text_column(row, 0), store_text_column(row, 1), query_column(row, 2) != 0,
                            query_column_day(row, 3), query_column_day(row, 4));
}

static int64_t instant_or(const struct query *row, int column, int64_t open_ms)
{
    return query_column_null(row, column) ? open_ms : query_column(row, column);
}

static const char *add_card(struct school *school, const struct query *row)
{
    return school_add_card(school, (uint64_t)query_column(row, 0), store_text_column(row, 1),
                           instant_or(row, 2, INT64_MIN), instant_or(row, 3, INT64_MAX));
}

/* Sealed even after a failure: readers expect a sealed school. */
const char *store_school_load(struct store *store, struct school *school)
{
    static const struct {
        enum statement which;
        const char *(*add)(struct school *school, const struct query *row);
    } parts[] = {{SQL_KNOWN_PUPILS, add_pupil},
                 {SQL_KNOWN_MEMBERS, add_member},
                 {SQL_KNOWN_EXEMPTIONS, add_exemption},
                 {SQL_KNOWN_TERMINALS, add_terminal},
                 {SQL_KNOWN_CARDS, add_card}};
    const char *why = NULL;
    struct query query;
    school_clear(school);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && why == NULL; i++) {
        query = store_query(store, parts[i].which);
        while (why == NULL && query_row(&query))
            why = parts[i].add(school, &query);
        query_end(&query);
    }
    school_seal(school);
    return why;
}

static const char *add_lesson(struct schoolday *facts, struct school *school, const struct query *row)
{
    return schoolday_add_lesson(facts, school, (uint32_t)query_column(row, 0), store_text_column(row, 1),
                                store_text_column(row, 2), store_text_column(row, 3), store_text_column(row, 4),
                                (int32_t)query_column(row, 5), (int32_t)query_column(row, 6),
                                query_column(row, 7) != 0);
}

static const char *add_tap(struct schoolday *facts, struct school *school, const struct query *row)
{
    return schoolday_add_tap(facts, school, store_text_column(row, 0), (uint64_t)query_column(row, 1),
                             query_column(row, 2));
}

static const char *add_absence(struct schoolday *facts, struct school *school, const struct query *row)
{
    return schoolday_add_absence(facts, school, store_text_column(row, 0), query_column(row, 1), query_column(row, 2),
                                 query_column(row, 3) != 0);
}

static const char *add_mark(struct schoolday *facts, struct school *school, const struct query *row)
{
    enum status status;
    struct text word = store_text_column(row, 2);
    if (!status_read(word.bytes, word.length, &status))
        return "a mark has a status that does not exist";
    return schoolday_add_mark(facts, school, (uint32_t)query_column(row, 0), store_text_column(row, 1), status,
                              (int32_t)query_column(row, 3), query_column(row, 4));
}

static const char *add_outage(struct schoolday *facts, struct school *school, const struct query *row)
{
    return schoolday_add_outage(facts, school, store_text_column(row, 0), query_column(row, 1), query_column(row, 2));
}

const char *store_schoolday_load(struct store *store, struct school *school, struct schoolday *facts, int32_t day,
                                 int64_t now_ms)
{
    static const struct {
        enum statement which;
        bool by_time; /* parameters are the date's limits in UTC instead of the date */
        const char *(*add)(struct schoolday *facts, struct school *school, const struct query *row);
    } parts[] = {{SQL_DAY_LESSONS, false, add_lesson},
                 {SQL_DAY_TAPS, false, add_tap},
                 {SQL_DAY_ABSENCES, true, add_absence},
                 {SQL_DAY_MARKS, false, add_mark},
                 {SQL_DAY_OUTAGES, true, add_outage}};
    int64_t from_ms = civil_to_utc_ms(day, 0) - DAY_MARGIN_MS, to_ms = civil_to_utc_ms(day + 1, 0) + DAY_MARGIN_MS;
    const char *why = NULL;
    struct query query;
    schoolday_begin(facts, day);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && why == NULL; i++) {
        query = store_query(store, parts[i].which);
        query_integer(&query, parts[i].by_time ? from_ms : day);
        if (parts[i].by_time)
            query_integer(&query, to_ms);
        while (why == NULL && query_row(&query))
            why = parts[i].add(facts, school, &query);
        query_end(&query);
    }
    if (why == NULL)
        why = store_silences_load(store, school, facts, from_ms, to_ms, now_ms);
    schoolday_seal(facts, school);
    return why;
}

bool store_next_lesson_day(struct store *store, int32_t day, int32_t *found)
{
    struct query query = store_query(store, SQL_NEXT_SCHOOL_DAY);
    query_integer(&query, day);
    bool any = query_row(&query) && !query_column_null(&query, 0);
    if (any)
        *found = (int32_t)query_column(&query, 0);
    query_end(&query);
    return any;
}

bool store_lesson_span(struct store *store, int32_t *first, int32_t *last)
{
    struct query query = store_query(store, SQL_SCHOOL_SPAN);
    bool any = query_row(&query) && !query_column_null(&query, 0);
    if (any) {
        *first = (int32_t)query_column(&query, 0);
        *last = (int32_t)query_column(&query, 1);
    }
    query_end(&query);
    return any;
}
