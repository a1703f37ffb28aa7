#include "dashboard/casebook/casebook_extract.h"

#include "dashboard/casebook/casebook_sql.h"

const char *const CASEBOOK_EXTRACT_WORDS[CASEBOOK_EXTRACT_PARTS] = {
    [CASEBOOK_EXTRACT_ANSWERS] = "answers",   [CASEBOOK_EXTRACT_CASES] = "cases", [CASEBOOK_EXTRACT_TOLD] = "told",
    [CASEBOOK_EXTRACT_NAMED] = "named_users", [CASEBOOK_EXTRACT_LOOKS] = "looks",
};

static const enum casebook_statement STATEMENT[CASEBOOK_EXTRACT_PARTS] = {
    [CASEBOOK_EXTRACT_ANSWERS] = CASEBOOK_SQL_EXTRACT_ANSWERS, [CASEBOOK_EXTRACT_CASES] = CASEBOOK_SQL_EXTRACT_CASES,
    [CASEBOOK_EXTRACT_TOLD] = CASEBOOK_SQL_EXTRACT_TOLD,       [CASEBOOK_EXTRACT_NAMED] = CASEBOOK_SQL_EXTRACT_NAMED,
    [CASEBOOK_EXTRACT_LOOKS] = CASEBOOK_SQL_EXTRACT_LOOKS,
};

bool casebook_extract(struct casebook *book, enum casebook_extract_part part, const char *pupil, int64_t offset,
                      int most, casebook_text_row *row, void *into)
{
    sqlite3_stmt *statement = casebook_with_text(book, STATEMENT[part], pupil, NULL);
    sqlite3_bind_int(statement, 2, most);
    sqlite3_bind_int64(statement, 3, offset);
    return casebook_each_text(book, STATEMENT[part], row, into);
}
