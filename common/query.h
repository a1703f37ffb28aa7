/* SQLite as the programs use it: one connection with every statement that will run on it, prepared once and called by
 * name, and the steps of using one: begin, bind its parameters in order, run or read rows, end.
 *
 *   struct query query = query_begin(&store->database, SQL_GAP_INSERT);
 *   query_text(&query, terminal);
 *   query_integer(&query, first);
 *   query_run(&query);
 *
 *   while (query_row(&query)) … query_column(&query, 0) …   ends by itself when it returns false
 *
 * A struct query is a value and serves as the caller's cursor. A loop that is left early calls query_end, which does
 * no harm after the end either. A statement is used once at a time.
 *
 * Failures are sticky: the first is remembered, everything after it does nothing (reads find no row) until
 * database_forgive. So callers look at `failed` once, where they would commit or answer, and not after every step. A
 * connection belongs to one thread. */
#ifndef COMMON_QUERY_H
#define COMMON_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DATABASE_WHY_BYTES 256

struct sqlite3;
struct sqlite3_stmt;

/* The owner opens the connection; zeroed it is closed. */
struct database {
    struct sqlite3 *connection;
    struct sqlite3_stmt **statements; /* the owner's memory */
    size_t statement_count;
    bool failed;
    char why[DATABASE_WHY_BYTES]; /* "" when nothing failed; stays when forgiven */
};

struct query {
    struct database *database;
    struct sqlite3_stmt *statement;
    int parameters; /* given so far */
};

/* Statement i is texts[i]. `statements` holds as many and lives until database_close. */
void database_prepare(struct database *database, const char *const *texts, struct sqlite3_stmt **statements,
                      size_t count);
void database_close(struct database *database); /* nothing when it is closed */
void database_execute(struct database *database, const char *text);
/* Reads all of the file: the quick check looks at the tree of pages, the whole one also for rows that an index lacks, which takes
 * several times as long. False: `why` says what is wrong, or it is "" and the check itself failed. */
#define DATABASE_QUICK_CHECK "PRAGMA quick_check(1)"
#define DATABASE_WHOLE_CHECK "PRAGMA integrity_check(1)"
bool database_is_sound(struct database *database, const char *check, char *why, size_t bytes);
void database_check(struct database *database);                   /* fails when the quick check finds damage */
void database_fail(struct database *database, const char *doing); /* with SQLite's latest error */
void database_forgive(struct database *database);
bool database_in_transaction(const struct database *database);
void database_rollback(struct database *database, size_t statement); /* runs it after a failure, too */
int64_t database_last_rowid(const struct database *database);
int64_t database_changed_rows(const struct database *database); /* by the latest statement */

struct query query_begin(struct database *database, size_t statement);
int query_parameter_count(const struct query *query); /* as many as the statement has */
void query_integer(struct query *query, int64_t value);
/* Texts and bytes are borrowed until the query ends; NULL gives NULL. Characters are not NUL-terminated. */
void query_text(struct query *query, const char *text);
void query_characters(struct query *query, const char *text, size_t length);
void query_blob(struct query *query, const void *bytes, size_t length);
void query_null(struct query *query);
bool query_row(struct query *query); /* false: no more, or failed; it has ended then */
void query_run(struct query *query); /* expects no row */
void query_end(struct query *query);

int64_t query_column(const struct query *query, int column); /* 0 when NULL */
bool query_column_null(const struct query *query, int column);
int32_t query_column_day(const struct query *query, int column); /* CIVIL_DAY_NONE when NULL */
/* Valid until the next row; NULL when NULL. */
const char *query_column_text(const struct query *query, int column);
const void *query_column_bytes(const struct query *query, int column, size_t *length); /* of a text or blob */
/* Copies a text, "" for NULL, cut at bytes - 1. */
void query_column_copy(const struct query *query, int column, char *out, size_t bytes);

#endif
