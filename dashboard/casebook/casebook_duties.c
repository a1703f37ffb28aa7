/* One table, to which rows are added and of which the latest is read. */
#include "dashboard/casebook/casebook_duties.h"

#include "dashboard/casebook/casebook_sql.h"

struct query casebook_duty_of(struct casebook *book, const char *pupil, const char *list, int32_t about_day)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_DUTY_OF);
    query_text(&query, pupil);
    query_text(&query, list);
    query_integer(&query, about_day);
    return query;
}

bool casebook_next_duty(struct query *rows, struct casebook_duty *out)
{
    if (!query_row(rows))
        return false;
    *out = (struct casebook_duty){.decision = query_column_text(rows, 0),
                                  .reason = query_column_text(rows, 1),
                                  .contact = query_column_text(rows, 2),
                                  .day = (int32_t)query_column(rows, 3),
                                  .user = query_column_text(rows, 4),
                                  .at_ms = query_column(rows, 5)};
    return true;
}

bool casebook_duty_add(struct casebook *book, const char *pupil, const struct casebook_duty *duty)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_DUTY_ADD);
    query_text(&query, pupil);
    query_text(&query, duty->list);
    query_integer(&query, duty->about_day);
    query_text(&query, duty->decision);
    query_text(&query, duty->reason);
    query_text(&query, duty->contact);
    query_integer(&query, duty->day);
    query_integer(&query, duty->first_day);
    query_integer(&query, duty->minutes);
    query_text(&query, duty->user);
    query_integer(&query, duty->at_ms);
    return casebook_write(&query);
}
