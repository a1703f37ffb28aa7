/* The cursor over the audit log, and the month's review. */
#include "dashboard/casebook/casebook_log.h"

#include "dashboard/casebook/casebook_sql.h"

bool casebook_next_entry(struct query *rows, struct casebook_entry *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct casebook_entry){
        .sequence = query_column(rows, 0),
        .at_ms = query_column(rows, 1),
        .user = query_column_text(rows, 2),
        .action = query_column_text(rows, 3),
        .object = query_column_text(rows, 4),
        .verdict = query_column_text(rows, 5),
        .judge = query_column_text(rows, 6),
        .judged_ms = query_column(rows, 7),
    };
    return true;
}

struct query casebook_log(struct casebook *book, const struct casebook_filter *filter)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_LOG);
    query_integer(&query, filter->before);
    query_text(&query, filter->user);
    query_text(&query, filter->action);
    query_text(&query, filter->object);
    query_integer(&query, filter->from_ms);
    query_integer(&query, filter->to_ms);
    query_integer(&query, filter->technical);
    query_integer(&query, filter->most);
    return query;
}

bool casebook_review_draw(struct casebook *book, int month, int64_t from_ms, int64_t to_ms)
{
    struct query drawn = casebook_query(book, CASEBOOK_SQL_REVIEW_DRAWN);
    query_integer(&drawn, month);
    enum casebook_found found = casebook_answered(&drawn, query_row(&drawn));
    if (found != CASEBOOK_ABSENT)
        return found == CASEBOOK_FOUND;
    struct query draw = casebook_query(book, CASEBOOK_SQL_REVIEW_DRAW);
    query_integer(&draw, month);
    query_integer(&draw, from_ms);
    query_integer(&draw, to_ms);
    query_integer(&draw, CASEBOOK_DRAWN_MAX);
    return casebook_write(&draw);
}

struct query casebook_review(struct casebook *book, int month)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_REVIEW);
    query_integer(&query, month);
    return query;
}

enum casebook_found casebook_review_judge(struct casebook *book, int64_t sequence, const char *verdict,
                                          const char *user, int64_t now_ms)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_REVIEW_JUDGE);
    query_text(&query, verdict);
    query_text(&query, user);
    query_integer(&query, now_ms);
    query_integer(&query, sequence);
    if (!casebook_write(&query))
        return CASEBOOK_FAILED;
    return database_changed_rows(&book->database) > 0 ? CASEBOOK_FOUND : CASEBOOK_ABSENT;
}
