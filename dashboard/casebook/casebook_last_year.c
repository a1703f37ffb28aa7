/* One table, to which rows are added and of which the latest is read. */
#include "dashboard/casebook/casebook_last_year.h"

#include "dashboard/casebook/casebook_sql.h"

enum casebook_found casebook_last_year_of(struct casebook *book, const char *pupil, int32_t begins_day,
                                          struct casebook_decision *out)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_LAST_YEAR_OF);
    query_text(&query, pupil);
    query_integer(&query, begins_day);
    bool there = query_row(&query), readable = true;
    if (there) {
        const char *kind = query_column_text(&query, 1);
        out->decision = query_column(&query, 0);
        readable = kind != NULL && last_year_kind_read(kind, &out->kind);
        query_column_copy(&query, 2, out->reason, sizeof out->reason);
        query_column_copy(&query, 3, out->user, sizeof out->user);
        query_column_copy(&query, 4, out->user_name, sizeof out->user_name);
        out->at_ms = query_column(&query, 5);
    }
    enum casebook_found found = casebook_answered(&query, there);
    return readable ? found : CASEBOOK_FAILED;
}

bool casebook_last_year_add(struct casebook *book, const char *pupil, int32_t begins_day, int32_t day,
                            const struct casebook_decision *decision)
{
    struct query query = casebook_query(book, CASEBOOK_SQL_LAST_YEAR_ADD);
    query_text(&query, pupil);
    query_text(&query, LAST_YEAR_WORDS[decision->kind]);
    query_text(&query, decision->reason);
    query_text(&query, decision->user);
    query_integer(&query, begins_day);
    query_integer(&query, day);
    query_integer(&query, decision->at_ms);
    return casebook_write(&query);
}
