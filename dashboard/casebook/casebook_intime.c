/* Statements and their rows; what is counted of them is daemon/core/support/intime.h's. */
#include "dashboard/casebook/casebook_intime.h"

#include "dashboard/casebook/casebook_sql.h"

static struct query latest(struct casebook *book, enum casebook_statement which, int most)
{
    struct query query = casebook_query(book, which);
    query_integer(&query, most);
    return query;
}

/* Of a statement that changes one row or none. */
static enum casebook_found changed(struct casebook *book, struct query *query)
{
    if (!casebook_write(query))
        return CASEBOOK_FAILED;
    return database_changed_rows(&book->database) > 0 ? CASEBOOK_FOUND : CASEBOOK_ABSENT;
}

static void give_day(struct query *query, int32_t day)
{
    if (day == CIVIL_DAY_NONE)
        query_null(query);
    else
        query_integer(query, day);
}

struct query casebook_counted_cases(struct casebook *book)
{
    return casebook_query(book, CASEBOOK_SQL_INTIME_CASES);
}

bool casebook_next_counted_case(struct query *rows, struct casebook_counted_case *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct casebook_counted_case){.number = query_column(rows, 0),
                                          .pupil = query_column_text(rows, 1),
                                          .ended_day = query_column_day(rows, 2),
                                          .outcome = query_column_text(rows, 3),
                                          .asked_day = query_column_day(rows, 4)};
    return true;
}

struct query casebook_confirmations(struct casebook *book, int64_t number)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_INTIME_CONFIRMED);
    query_integer(&query, number);
    return query;
}

bool casebook_next_confirmation(struct query *rows, struct casebook_confirmation *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct casebook_confirmation){.answer = query_column(rows, 0),
                                          .severity = (int)query_column(rows, 1),
                                          .day = (int32_t)query_column(rows, 2),
                                          .at_ms = query_column(rows, 3),
                                          .rule = query_column_text(rows, 4)};
    return true;
}

struct query casebook_published(struct casebook *book)
{
    return latest(book, CASEBOOK_SQL_PUBLISHED, INTIME_TERMS_MAX);
}

enum casebook_found casebook_publish(struct casebook *book, int32_t from_day, const char *figures, const char *user,
                                     int64_t at_ms)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_PUBLISH);
    query_integer(&query, from_day);
    query_text(&query, figures);
    query_text(&query, user);
    query_integer(&query, at_ms);
    return changed(book, &query);
}

struct query casebook_group_measures(struct casebook *book)
{
    return latest(book, CASEBOOK_SQL_GROUP_MEASURES, GROUP_MEASURES_MAX);
}

bool casebook_next_group_measure(struct query *rows, struct casebook_group_measure *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct casebook_group_measure){.measure = query_column(rows, 0),
                                           .programme = query_column_text(rows, 1),
                                           .kind = query_column_text(rows, 2),
                                           .name = query_column_text(rows, 3),
                                           .owner = query_column_text(rows, 4),
                                           .from_day = (int32_t)query_column(rows, 5),
                                           .to_day = query_column_day(rows, 6)};
    return true;
}

bool casebook_group_measure_add(struct casebook *book, const struct casebook_group_measure *measure, const char *user,
                                int64_t at_ms)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_GROUP_MEASURE_ADD);
    query_text(&query, measure->programme);
    query_text(&query, measure->kind);
    query_text(&query, measure->name);
    query_text(&query, measure->owner);
    query_integer(&query, measure->from_day);
    give_day(&query, measure->to_day);
    query_text(&query, user);
    query_integer(&query, at_ms);
    return casebook_write(&query);
}

enum casebook_found casebook_group_measure_end(struct casebook *book, int64_t measure, int32_t day)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_GROUP_MEASURE_END);
    query_integer(&query, measure);
    query_integer(&query, day);
    return changed(book, &query);
}

struct query casebook_case_reviews(struct casebook *book)
{
    return latest(book, CASEBOOK_SQL_CASE_REVIEWS, CASE_REVIEWS_MAX);
}

bool casebook_case_review_add(struct casebook *book, const struct casebook_review *review,
                              const struct casebook_improvement *decided, size_t count)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_CASE_REVIEW_ADD);
    query_integer(&query, review->from_day);
    query_integer(&query, review->to_day);
    query_text(&query, review->answers);
    query_text(&query, review->user);
    query_integer(&query, review->day);
    query_integer(&query, review->at_ms);
    bool good = casebook_write(&query);
    int64_t number = database_last_rowid(&book->database);
    for (size_t i = 0; good && i < count; i++) {
        struct query one = casebook_query(book, CASEBOOK_SQL_REVIEW_DECISION_ADD);
        query_integer(&one, number);
        query_text(&one, decided[i].what);
        query_text(&one, decided[i].owner);
        query_integer(&one, decided[i].due_day);
        good = casebook_write(&one);
    }
    return good;
}

enum casebook_found casebook_improvement_end(struct casebook *book, int64_t decision, const char *state,
                                             const char *user, int32_t day, int64_t at_ms)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_REVIEW_DECISION_END);
    query_integer(&query, decision);
    query_text(&query, state);
    query_text(&query, user);
    query_integer(&query, day);
    query_integer(&query, at_ms);
    return changed(book, &query);
}
