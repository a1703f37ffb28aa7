/* Reads CSV as of RFC 4180, and as the spreadsheets of schools write it: a header with column names in any order, quotes,
 * CRLF or LF, a byte order mark, line breaks in quotes, UTF-8; separated by comma, semicolon or tab, whichever the header
 * line has most of, or what a first line "sep=;" says. Fields are trimmed. Rows in which every field is empty are passed
 * over, and so are empty fields behind the last column. Pure and without copies: fields point into the caller's buffer, in
 * which doubled quotes are made single in place, so the buffer must be writable and outlive the fields.
 *
 * Columns that the caller does not ask for are passed over; a missing required one is a problem. Every problem carries file,
 * line and column name; the row is skipped and the reading goes on, so one run tells all of them. A file that is no UTF-8 is
 * one problem: what it is, and how to save it. */
#ifndef DAEMON_CORE_CSV_H
#define DAEMON_CORE_CSV_H

#include <stdint.h>
#include "common/problems.h"
#include "daemon/core/text.h"

#define CSV_COLUMNS_MAX     64   /* in a file */
#define CSV_SHOWN_BYTES_MAX 100  /* of a header, in a message */
#define CSV_FIELD_BYTES_MAX 4096 /* a longer field is a problem: most likely a quote that never ends */

struct csv_column {
    const char *name;
    bool required;      /* otherwise its field is empty when the file does not have it */
    const char *called; /* what the header may call it, too; or NULL */
};

enum csv_result { CSV_ROW, CSV_END, CSV_BAD }; /* BAD: a problem was added, the row is to be passed over */

struct csv {
    struct text
        fields[CSV_COLUMNS_MAX + 1];     /* of the row, in the order of the caller's columns; the last takes the rest */
    int line;                            /* where the row begins */
    struct text header[CSV_COLUMNS_MAX]; /* the columns' names as they stand */
    size_t header_count;

    const char *file;
    const struct csv_column *columns;
    struct problems *problems;
    char *at, *end;
    int next_line;
    char separator;
    uint8_t targets[CSV_COLUMNS_MAX]; /* header position -> place in fields */
};

/* Reads the header. False after adding problems; the file cannot be read then. `file` is for messages; everything given
 * must outlive `csv`. */
bool csv_open(struct csv *csv, const char *file, char *bytes, size_t length, const struct csv_column *columns,
              size_t column_count, struct problems *problems);
enum csv_result csv_next(struct csv *csv);
/* Does nobody ask for the column at that place of the header? */
bool csv_unread(const struct csv *csv, size_t position);
/* Adds "file:line: column: …" for the row last read. */
void csv_problem(const struct csv *csv, size_t column, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same into other problems. */
void csv_problem_to(struct problems *problems, const struct csv *csv, size_t column, const char *what);

/* Writes `text` as one field, quoted when it must be. Returns the bytes written, at most 2 * length + 2. */
size_t csv_write(struct text text, char *out);

#endif
