#include "dashboard/casebook/casebook_log.h"

#include "dashboard/casebook/casebook_sql.h"

static const char *text(sqlite3_stmt *statement, int column)
{
    return (const char *)sqlite3_column_text(statement, column);
}

static bool each(struct casebook *book, sqlite3_stmt *statement, casebook_entry_row *row, void *into)
{
    enum casebook_found found;
    bool wanted = true;
    while (wanted && (found = casebook_step(book, statement)) == CASEBOOK_FOUND) {
        struct casebook_entry entry = {
            .sequence = sqlite3_column_int64(statement, 0),
            .at_ms = sqlite3_column_int64(statement, 1),
            .user = text(statement, 2),
            .action = text(statement, 3),
            .object = text(statement, 4),
            .verdict = text(statement, 5),
            .judge = text(statement, 6),
            .judged_ms = sqlite3_column_int64(statement, 7),
        };
        wanted = row(into, &entry);
    }
    sqlite3_reset(statement);
    return !wanted || found == CASEBOOK_ABSENT;
}

bool casebook_log(struct casebook *book, const struct casebook_filter *filter, casebook_entry_row *row, void *into)
{
    sqlite3_stmt *statement = book->statements[CASEBOOK_SQL_LOG];
    sqlite3_bind_int64(statement, 1, filter->before);
    sqlite3_bind_text(statement, 2, filter->user, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 3, filter->action, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 4, filter->object, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 5, filter->from_ms);
    sqlite3_bind_int64(statement, 6, filter->to_ms);
    sqlite3_bind_int(statement, 7, filter->technical);
    sqlite3_bind_int(statement, 8, filter->most);
    return each(book, statement, row, into);
}

bool casebook_review_draw(struct casebook *book, int month, int64_t from_ms, int64_t to_ms)
{
    sqlite3_stmt *drawn = book->statements[CASEBOOK_SQL_REVIEW_DRAWN];
    sqlite3_bind_int(drawn, 1, month);
    enum casebook_found found = casebook_step(book, drawn);
    sqlite3_reset(drawn);
    if (found != CASEBOOK_ABSENT)
        return found == CASEBOOK_FOUND;
    sqlite3_stmt *draw = book->statements[CASEBOOK_SQL_REVIEW_DRAW];
    sqlite3_bind_int(draw, 1, month);
    sqlite3_bind_int64(draw, 2, from_ms);
    sqlite3_bind_int64(draw, 3, to_ms);
    sqlite3_bind_int(draw, 4, CASEBOOK_DRAWN_MAX);
    return casebook_done(book, CASEBOOK_SQL_REVIEW_DRAW);
}

bool casebook_review(struct casebook *book, int month, casebook_entry_row *row, void *into)
{
    sqlite3_bind_int(book->statements[CASEBOOK_SQL_REVIEW], 1, month);
    return each(book, book->statements[CASEBOOK_SQL_REVIEW], row, into);
}

enum casebook_found casebook_review_judge(struct casebook *book, int64_t sequence, const char *verdict,
                                          const char *user, int64_t now_ms)
{
    sqlite3_stmt *statement = casebook_with_text(book, CASEBOOK_SQL_REVIEW_JUDGE, verdict, user);
    sqlite3_bind_int64(statement, 3, now_ms);
    sqlite3_bind_int64(statement, 4, sequence);
    if (!casebook_done(book, CASEBOOK_SQL_REVIEW_JUDGE))
        return CASEBOOK_FAILED;
    return sqlite3_changes(book->db) > 0 ? CASEBOOK_FOUND : CASEBOOK_ABSENT;
}

struct casebook_head casebook_audit_head(const struct casebook *book)
{
    return book->head;
}
