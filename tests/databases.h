/* The databases of tests/databases, as programs of earlier versions left them (made by running those programs and then
 * `sqlite3 FILE .dump --preserve-rowids`), and what a test asks of a database: its schema and its rows, as text of the
 * test's own. */
#ifndef TESTS_DATABASES_H
#define TESTS_DATABASES_H

#include <assert.h>
#include <ctype.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline sqlite3 *database_open(const char *name, const char *vfs)
{
    sqlite3 *database;
    int opened = sqlite3_open_v2(name, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs);
    assert(opened == SQLITE_OK);
    (void)opened;
    return database;
}

static inline void database_run(sqlite3 *database, const char *sql)
{
    char *error = NULL;
    if (sqlite3_exec(database, sql, NULL, NULL, &error) != SQLITE_OK)
        printf("# %s: %.100s\n", error, sql);
    assert(error == NULL);
}

/* tests/databases/NAME.sql, into the file `file` of that VFS. */
static inline void database_load(const char *name, const char *file, const char *vfs)
{
    static char text[1 << 20];
    char path[128];
    snprintf(path, sizeof path, "tests/databases/%s.sql", name);
    FILE *dump = fopen(path, "r");
    assert(dump != NULL);
    text[fread(text, 1, sizeof text - 1, dump)] = '\0';
    assert(feof(dump));
    fclose(dump);
    sqlite3 *database = database_open(file, vfs);
    database_run(database, text);
    sqlite3_close(database);
}

/* The first column of the first row, as an integer; INT64_MIN when there is none or no answer. */
static inline int64_t database_ask(sqlite3 *database, const char *question)
{
    sqlite3_stmt *statement = NULL;
    int64_t answer = INT64_MIN;
    if (sqlite3_prepare_v2(database, question, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        answer = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return answer;
}

static inline uint64_t digest_add(uint64_t digest, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        digest = (digest ^ ((const uint8_t *)bytes)[i]) * UINT64_C(1099511628211);
    return digest;
}

/* FNV-1a of all rows of a question, types and lengths with them; 0 when there is no answer. */
static inline uint64_t database_digest(sqlite3 *database, const char *question)
{
    sqlite3_stmt *rows = NULL;
    uint64_t digest = UINT64_C(14695981039346656037);
    int result = sqlite3_prepare_v2(database, question, -1, &rows, NULL);
    while (result == SQLITE_OK || result == SQLITE_ROW) {
        result = sqlite3_step(rows);
        for (int i = 0; result == SQLITE_ROW && i < sqlite3_column_count(rows); i++) {
            int about[2] = {sqlite3_column_type(rows, i), 0};
            const void *bytes = sqlite3_column_blob(rows, i);
            about[1] = sqlite3_column_bytes(rows, i);
            digest = digest_add(digest_add(digest, about, sizeof about), bytes, (size_t)about[1]);
        }
    }
    sqlite3_finalize(rows);
    return result == SQLITE_DONE ? digest : 0;
}

/* SQL without comments, spaces and quotes: what two ways to the same table have in common. */
static inline void normalise(const char *sql, char *out, size_t bytes)
{
    size_t used = 0;
    while (*sql != '\0' && used + 2 < bytes) {
        if (strncmp(sql, "--", 2) == 0)
            sql += strcspn(sql, "\n");
        else if (isspace((unsigned char)*sql) || *sql == '"')
            sql++;
        else
            out[used++] = *sql++;
    }
    out[used] = '\0';
}

static inline void normalised(sqlite3_context *context, int count, sqlite3_value **values)
{
    static char out[1 << 14];
    const char *sql = (const char *)sqlite3_value_text(values[0]);
    (void)count;
    normalise(sql == NULL ? "" : sql, out, sizeof out);
    sqlite3_result_text(context, out, -1, SQLITE_TRANSIENT);
}

/* One line for each table, index, view and trigger, with the columns of the tables; free it. */
static inline char *database_schema(sqlite3 *database)
{
    static const char QUESTION[] =
        "SELECT group_concat(line, char(10)) FROM (SELECT s.type || ' ' || s.name || ' ' || normalised(s.sql) || ' ' ||"
        " (SELECT coalesce(group_concat(concat, ','), '') FROM (SELECT c.name || ' ' || c.type || ' ' || c.\"notnull\" "
        "||"
        " ' ' || coalesce(c.dflt_value, '') || ' ' || c.pk AS concat FROM pragma_table_info(s.name) c ORDER BY c.cid))"
        " AS line FROM sqlite_schema s WHERE s.name NOT LIKE 'sqlite_stat%' ORDER BY s.type, s.name)";
    sqlite3_stmt *statement = NULL;
    sqlite3_create_function(database, "normalised", 1, SQLITE_UTF8, NULL, normalised, NULL, NULL);
    char *schema = NULL;
    if (sqlite3_prepare_v2(database, QUESTION, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        schema = strdup((const char *)sqlite3_column_text(statement, 0));
    assert(schema != NULL);
    sqlite3_finalize(statement);
    return schema;
}

/* The columns of `table` that both have, in the order of `older`, separated by commas; false: `newer` has no such table. */
static inline bool columns_of_both(sqlite3 *older, sqlite3 *newer, const char *table, char *out, size_t bytes)
{
    char *question = sqlite3_mprintf("SELECT name FROM pragma_table_info(%Q) ORDER BY cid", table);
    sqlite3_stmt *columns = NULL;
    size_t used = 0;
    sqlite3_prepare_v2(older, question, -1, &columns, NULL);
    sqlite3_free(question);
    out[0] = '\0';
    while (sqlite3_step(columns) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(columns, 0);
        char *there = sqlite3_mprintf("SELECT 1 FROM pragma_table_info(%Q) WHERE name = %Q", table, name);
        if (database_ask(newer, there) == 1)
            used += (size_t)snprintf(out + used, bytes - used, "%s\"%s\"", used == 0 ? "" : ",", name);
        sqlite3_free(there);
    }
    sqlite3_finalize(columns);
    return used > 0;
}

/* How many tables of `older`, but for `gone`, have other rows in `newer`, in the columns of both; each is printed. */
static inline int tables_that_differ(sqlite3 *older, sqlite3 *newer, const char *gone)
{
    int differ = 0;
    char columns[1024];
    sqlite3_stmt *tables = NULL;
    sqlite3_prepare_v2(older, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", -1, &tables, NULL);
    while (sqlite3_step(tables) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(tables, 0);
        bool both = columns_of_both(older, newer, table, columns, sizeof columns);
        char *rows = sqlite3_mprintf("SELECT %s FROM \"%w\" ORDER BY %s", columns, table, columns);
        uint64_t digest = both ? database_digest(older, rows) : 0;
        bool same = both ? digest != 0 && digest == database_digest(newer, rows) : strcmp(table, gone) == 0;
        sqlite3_free(rows);
        differ += !same;
        if (!same)
            printf("# the rows of %s are others\n", table);
    }
    sqlite3_finalize(tables);
    return differ;
}

#endif
