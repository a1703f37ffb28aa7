/* The pages of a register extract. */
#include "dashboard/casebook/casebook_extract.h"

#include "dashboard/casebook/casebook_sql.h"

const char *const CASEBOOK_EXTRACT_WORDS[CASEBOOK_EXTRACT_PARTS] = {
    [CASEBOOK_EXTRACT_ANSWERS] = "answers",     [CASEBOOK_EXTRACT_CASES] = "cases",
    [CASEBOOK_EXTRACT_CASE_ROWS] = "case_rows", [CASEBOOK_EXTRACT_TOLD] = "told",
    [CASEBOOK_EXTRACT_LAST_YEAR] = "last_year", [CASEBOOK_EXTRACT_DUTIES] = "duties",
    [CASEBOOK_EXTRACT_CRISES] = "crises",       [CASEBOOK_EXTRACT_NAMED] = "named_users",
    [CASEBOOK_EXTRACT_LOOKS] = "looks",
};

static const enum casebook_statement STATEMENT[CASEBOOK_EXTRACT_PARTS] = {
    [CASEBOOK_EXTRACT_ANSWERS] = CASEBOOK_SQL_EXTRACT_ANSWERS,
    [CASEBOOK_EXTRACT_CASES] = CASEBOOK_SQL_EXTRACT_CASES,
    [CASEBOOK_EXTRACT_CASE_ROWS] = CASEBOOK_SQL_EXTRACT_CASE_ROWS,
    [CASEBOOK_EXTRACT_TOLD] = CASEBOOK_SQL_EXTRACT_TOLD,
    [CASEBOOK_EXTRACT_LAST_YEAR] = CASEBOOK_SQL_EXTRACT_LAST_YEAR,
    [CASEBOOK_EXTRACT_DUTIES] = CASEBOOK_SQL_EXTRACT_DUTIES,
    [CASEBOOK_EXTRACT_CRISES] = CASEBOOK_SQL_EXTRACT_CRISES,
    [CASEBOOK_EXTRACT_NAMED] = CASEBOOK_SQL_EXTRACT_NAMED,
    [CASEBOOK_EXTRACT_LOOKS] = CASEBOOK_SQL_EXTRACT_LOOKS,
};

struct query casebook_extract(struct casebook *book, enum casebook_extract_part part, const char *pupil, int64_t offset,
                              int most)
{
    struct query query = casebook_query(book, STATEMENT[part]);
    query_text(&query, pupil);
    query_integer(&query, most);
    query_integer(&query, offset);
    return query;
}
