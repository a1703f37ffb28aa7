/* Decisions are rows that are added; the latest of a kind counts. */
#include "dashboard/casebook/casebook_together.h"

#include <string.h>
#include "dashboard/casebook/casebook_sql.h"

static const char MAY_CALL_SIP[] = "school_may_call_sip";

enum casebook_found casebook_school_may_call_sip(struct casebook *book, bool *out)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_DECISION);
    query_text(&query, MAY_CALL_SIP);
    bool there = query_row(&query);
    *out = there && strcmp(query_column_text(&query, 0), "yes") == 0;
    return casebook_answered(&query, there);
}

bool casebook_school_may_call_sip_set(struct casebook *book, bool may, const char *user, int32_t day, int64_t now_ms)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_DECISION_ADD);
    query_text(&query, MAY_CALL_SIP);
    query_text(&query, may ? "yes" : "no");
    query_text(&query, user);
    query_integer(&query, day);
    query_integer(&query, now_ms);
    return casebook_write(&query);
}

enum casebook_found casebook_crisis(struct casebook *book, const char *pupil, struct casebook_crisis *out)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_CRISIS);
    query_text(&query, pupil);
    bool there = query_row(&query);
    if (there) {
        query_column_copy(&query, 0, out->contact, sizeof out->contact);
        query_column_copy(&query, 1, out->contact_name, sizeof out->contact_name);
        out->since_day = (int32_t)query_column(&query, 2);
    }
    return casebook_answered(&query, there);
}

static enum casebook_found write_crisis(struct casebook *book, struct query *query)
{
    if (!casebook_write(query))
        return CASEBOOK_FAILED;
    return database_changed_rows(&book->database) > 0 ? CASEBOOK_FOUND : CASEBOOK_ABSENT;
}

static struct query query_of_crisis(struct casebook *book, enum casebook_statement which, const char *pupil,
                                    const char *user, int32_t day, int64_t now_ms)
{
    struct query query = casebook_query(book, which);
    query_text(&query, pupil);
    query_text(&query, user);
    query_integer(&query, day);
    query_integer(&query, now_ms);
    return query;
}

enum casebook_found casebook_crisis_begin(struct casebook *book, const char *pupil, const char *contact,
                                          const char *user, int32_t day, int64_t now_ms)
{
    struct query query = query_of_crisis(book, CASEBOOK_SQL_CRISIS_BEGIN, pupil, user, day, now_ms);
    query_text(&query, contact);
    return write_crisis(book, &query);
}

enum casebook_found casebook_crisis_end(struct casebook *book, const char *pupil, const char *user, int32_t day,
                                        int64_t now_ms)
{
    struct query query = query_of_crisis(book, CASEBOOK_SQL_CRISIS_END, pupil, user, day, now_ms);
    return write_crisis(book, &query);
}

bool casebook_count_stuck(struct casebook *book, int64_t number, const char *promise, int32_t term_day, int weeks)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_STUCK_COUNT);
    query_integer(&query, term_day);
    query_text(&query, promise);
    query_integer(&query, weeks);
    query_integer(&query, number);
    return casebook_write(&query);
}

bool casebook_count_rating(struct casebook *book, const char *question, const char *party, int32_t term_day, int grade)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_RATING_COUNT);
    query_integer(&query, term_day);
    query_text(&query, question);
    query_text(&query, party);
    query_integer(&query, grade);
    return casebook_write(&query);
}

struct query casebook_term_counts(struct casebook *book, int32_t term_day)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_TERM_COUNTS);
    query_integer(&query, term_day);
    return query;
}

bool casebook_next_term_count(struct query *rows, struct casebook_term_count *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct casebook_term_count){.term_day = (int32_t)query_column(rows, 0),
                                        .measure = query_column_text(rows, 1),
                                        .choice = query_column_text(rows, 2),
                                        .value = (int)query_column(rows, 3),
                                        .count = (int)query_column(rows, 4)};
    return true;
}
