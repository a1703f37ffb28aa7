/* The only callers of sqlite3_bind, _step and _column. Whoever owns a connection opens and configures it. */
#include "common/query.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include "common/civil.h"
#include "common/fault.h"

void database_fail(struct database *database, const char *doing)
{
    sqlite3 *connection = database->connection;
    if (database->failed || (FAULT(disk_full_swallowed) && sqlite3_errcode(connection) == SQLITE_FULL))
        return;
    database->failed = true;
    snprintf(database->why, sizeof database->why, "%s (%d) in: %s", sqlite3_errmsg(connection),
             sqlite3_extended_errcode(connection), doing);
}

void database_forgive(struct database *database)
{
    database->failed = false;
}

void database_execute(struct database *database, const char *text)
{
    if (!database->failed && sqlite3_exec(database->connection, text, NULL, NULL, NULL) != SQLITE_OK)
        database_fail(database, text);
}

bool database_is_sound(struct database *database, const char *check, char *why, size_t bytes)
{
    sqlite3_stmt *statement = NULL;
    why[0] = '\0';
    if (database->failed)
        return false;
    if (sqlite3_prepare_v2(database->connection, check, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        snprintf(why, bytes, "%s", (const char *)sqlite3_column_text(statement, 0));
    else
        database_fail(database, check);
    sqlite3_finalize(statement);
    return strcmp(why, "ok") == 0;
}

void database_check(struct database *database)
{
    char found[DATABASE_WHY_BYTES / 2];
    if (database_is_sound(database, DATABASE_QUICK_CHECK, found, sizeof found) || database->failed)
        return;
    database->failed = true;
    snprintf(database->why, sizeof database->why, "the database is damaged: %s", found);
}

/* After a failure the remaining statements are NULL, which database_close may finalize. */
void database_prepare(struct database *database, const char *const *texts, sqlite3_stmt **statements, size_t count)
{
    database->statements = statements;
    database->statement_count = count;
    for (size_t i = 0; i < count; i++)
        statements[i] = NULL;
    for (size_t i = 0; i < count && !database->failed; i++) {
        assert(texts[i] != NULL);
        if (sqlite3_prepare_v3(database->connection, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &statements[i], NULL) !=
            SQLITE_OK)
            database_fail(database, texts[i]);
    }
}

void database_close(struct database *database)
{
    for (size_t i = 0; i < database->statement_count; i++)
        sqlite3_finalize(database->statements[i]);
    sqlite3_close(database->connection);
    database->statement_count = 0;
    database->connection = NULL;
}

bool database_in_transaction(const struct database *database)
{
    return sqlite3_get_autocommit(database->connection) == 0;
}

void database_rollback(struct database *database, size_t statement)
{
    sqlite3_stmt *rollback = database->statements[statement];
    if (sqlite3_step(rollback) != SQLITE_DONE)
        database_fail(database, "ROLLBACK");
    sqlite3_reset(rollback);
}

int64_t database_last_rowid(const struct database *database)
{
    return sqlite3_last_insert_rowid(database->connection);
}

int64_t database_changed_rows(const struct database *database)
{
    return sqlite3_changes64(database->connection);
}

struct query query_begin(struct database *database, size_t statement)
{
    /* A query that was left without query_end would resume in the middle, and its open read would keep the WAL from
     * being checkpointed. */
    assert(!sqlite3_stmt_busy(database->statements[statement]));
    return (struct query){.database = database, .statement = database->statements[statement]};
}

int query_parameter_count(const struct query *query)
{
    return sqlite3_bind_parameter_count(query->statement);
}

/* Looks at the result of a bind. */
static void bound(struct query *query, int result)
{
    if (result != SQLITE_OK)
        database_fail(query->database, sqlite3_sql(query->statement));
}

void query_integer(struct query *query, int64_t value)
{
    bound(query, sqlite3_bind_int64(query->statement, ++query->parameters, value));
}

void query_text(struct query *query, const char *text)
{
    bound(query, sqlite3_bind_text(query->statement, ++query->parameters, text, -1, SQLITE_STATIC));
}

void query_characters(struct query *query, const char *text, size_t length)
{
    bound(query, sqlite3_bind_text64(query->statement, ++query->parameters, length == 0 ? "" : text, length,
                                     SQLITE_STATIC, SQLITE_UTF8));
}

void query_blob(struct query *query, const void *bytes, size_t length)
{
    bound(query, sqlite3_bind_blob64(query->statement, ++query->parameters, bytes, length, SQLITE_STATIC));
}

void query_null(struct query *query)
{
    bound(query, sqlite3_bind_null(query->statement, ++query->parameters));
}

bool query_row(struct query *query)
{
    if (!query->database->failed) {
        assert(query->parameters == sqlite3_bind_parameter_count(query->statement));
        int result = sqlite3_step(query->statement);
        if (result == SQLITE_ROW)
            return true;
        if (result != SQLITE_DONE)
            database_fail(query->database, sqlite3_sql(query->statement));
    }
    query_end(query);
    return false;
}

void query_run(struct query *query)
{
    bool row = query_row(query);
    assert(!row);
}

void query_end(struct query *query)
{
    if (sqlite3_reset(query->statement) != SQLITE_OK) /* the only report of a column that there was no memory for */
        database_fail(query->database, sqlite3_sql(query->statement));
    sqlite3_clear_bindings(query->statement);
}

/* SQLite converts: what is no number reads as 0. */
int64_t query_column(const struct query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

bool query_column_null(const struct query *query, int column)
{
    return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

int32_t query_column_day(const struct query *query, int column)
{
    return query_column_null(query, column) ? CIVIL_DAY_NONE : (int32_t)query_column(query, column);
}

const char *query_column_text(const struct query *query, int column)
{
    return (const char *)sqlite3_column_text(query->statement, column);
}

const void *query_column_bytes(const struct query *query, int column, size_t *length)
{
    const void *bytes = sqlite3_column_blob(query->statement, column);
    *length = (size_t)sqlite3_column_bytes(query->statement, column);
    return bytes;
}

void query_column_copy(const struct query *query, int column, char *out, size_t bytes)
{
    const char *text = query_column_text(query, column);
    snprintf(out, bytes, "%s", text == NULL ? "" : text);
}
