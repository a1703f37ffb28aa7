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
