#include "daemon/core/school/csv.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>

enum stop { STOP_COMMA, STOP_LINE, STOP_BAD };

/* Bytes at which a field without quotes ends, or that it must not have. */
static const bool STOPS[UCHAR_MAX + 1] = {[0] = true, ['"'] = true, [','] = true, ['\n'] = true, ['\r'] = true};

void csv_problem(const struct csv *csv, size_t column, const char *format, ...)
{
    char what[PROBLEM_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    problems_add(csv->problems, csv->file, csv->line, "%s: %s", csv->columns[column].name, what);
}

/* The name of the column at that place of the header, as far as the caller knows it. */
static const char *column_name(const struct csv *csv, size_t position)
{
    if (position >= csv->header_count || csv->targets[position] == CSV_COLUMNS_MAX)
        return "(column not used)";
    return csv->columns[csv->targets[position]].name;
}

static enum stop bad_field(const struct csv *csv, size_t position, const char *what)
{
    if (csv->header_count == 0)
        problems_add(csv->problems, csv->file, csv->line, "header: %s", what);
    else
        problems_add(csv->problems, csv->file, csv->line, "%s: %s", column_name(csv, position), what);
    return STOP_BAD;
}

/* Takes what ends a field: comma, line end or the end of the file. */
static enum stop take_stop(struct csv *csv, size_t position)
{
    if (csv->at == csv->end)
        return STOP_LINE;
    char stop = *csv->at++;
    if (stop == ',')
        return STOP_COMMA;
    if (stop == '\r' && csv->at < csv->end && *csv->at == '\n')
        stop = *csv->at++;
    if (stop == '\n') {
        csv->next_line++;
        return STOP_LINE;
    }
    csv->at--;
    if (stop == '\r')
        return bad_field(csv, position, "a carriage return without a line feed; lines end in LF or CRLF");
    if (stop == '\0')
        return bad_field(csv, position, "a NUL byte; the file must be UTF-8 text");
    return bad_field(csv, position, "a quote inside or after a field; write \"…\"\"…\"");
}

/* Reads from behind the opening quote to behind the closing one; doubled quotes become single in place. */
static bool take_quoted(struct csv *csv, struct text *field, unsigned char *seen)
{
    char *to = csv->at;
    field->bytes = to;
    for (char *from = csv->at; from < csv->end; from++) {
        if (*from == '"') {
            if (from + 1 == csv->end || from[1] != '"') {
                csv->at = from + 1;
                field->length = (size_t)(to - field->bytes);
                return true;
            }
            from++;
        }
        csv->next_line += *from == '\n';
        *seen |= (unsigned char)*from;
        *to++ = *from;
    }
    csv->at = csv->end;
    return false;
}

static enum stop take_field(struct csv *csv, size_t position, struct text *field)
{
    unsigned char seen = 0;
    if (csv->at < csv->end && *csv->at == '"') {
        csv->at++;
        if (!take_quoted(csv, field, &seen))
            return bad_field(csv, position, "a quote that is never closed");
        if (memchr(field->bytes, '\0', field->length) != NULL)
            return bad_field(csv, position, "a NUL byte; the file must be UTF-8 text");
    } else {
        char *at = csv->at;
        while (at < csv->end && !STOPS[(unsigned char)*at])
            seen |= (unsigned char)*at++;
        *field = (struct text){csv->at, (size_t)(at - csv->at)};
        csv->at = at;
    }
    if (field->length > CSV_FIELD_BYTES_MAX)
        return bad_field(csv, position, "longer than 4096 bytes; is a quote missing?");
    if (seen >= 0x80 && !text_is_utf8(*field))
        return bad_field(csv, position, "not UTF-8; save the file as UTF-8");
    return take_stop(csv, position);
}

static void skip_line(struct csv *csv)
{
    char *line_feed = memchr(csv->at, '\n', (size_t)(csv->end - csv->at));
    csv->at = line_feed == NULL ? csv->end : line_feed + 1;
    csv->next_line += line_feed != NULL;
}

static void skip_empty_lines(struct csv *csv)
{
    for (; csv->at < csv->end; csv->next_line++) {
        if (csv->at[0] == '\n')
            csv->at++;
        else if (csv->at[0] == '\r' && csv->at + 1 < csv->end && csv->at[1] == '\n')
            csv->at += 2;
        else
            return;
    }
}

/* Which of the caller's columns this is; CSV_COLUMNS_MAX for one that nobody asked for. */
static size_t column_called(const struct csv *csv, struct text name, size_t column_count)
{
    for (size_t i = 0; i < column_count; i++)
        if (text_equal(name, text_of(csv->columns[i].name)))
            return i;
    return CSV_COLUMNS_MAX;
}

static bool read_header(struct csv *csv, size_t column_count, bool *found)
{
    size_t count = 0;
    enum stop stop = STOP_COMMA;
    for (; stop == STOP_COMMA; count++) {
        struct text name = {NULL, 0};
        if (count == CSV_COLUMNS_MAX)
            return bad_field(csv, 0, "more than 64 columns") != STOP_BAD;
        stop = take_field(csv, 0, &name);
        if (stop == STOP_BAD)
            return false;
        size_t target = column_called(csv, name, column_count);
        if (target < CSV_COLUMNS_MAX && found[target]) {
            problems_add(csv->problems, csv->file, csv->line, "%s: the header names this column twice",
                         csv->columns[target].name);
            return false;
        }
        if (target < CSV_COLUMNS_MAX)
            found[target] = true;
        csv->targets[count] = (uint8_t)target;
    }
    csv->header_count = count;
    return true;
}

bool csv_open(struct csv *csv, const char *file, char *bytes, size_t length, const struct csv_column *columns,
              size_t column_count, struct problems *problems)
{
    assert(column_count > 0 && column_count < CSV_COLUMNS_MAX);
    *csv = (struct csv){.file = file, .columns = columns, .problems = problems, .line = 1, .next_line = 1};
    csv->at = bytes;
    csv->end = bytes + length;
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        csv->at += 3;
    bool found[CSV_COLUMNS_MAX] = {false};
    if (!read_header(csv, column_count, found))
        return false;
    bool complete = true;
    for (size_t i = 0; i < column_count; i++) {
        if (found[i] || !columns[i].required)
            continue;
        problems_add(problems, file, 1, "%s: the header has no such column", columns[i].name);
        complete = false;
    }
    return complete;
}

enum csv_result csv_next(struct csv *csv)
{
    skip_empty_lines(csv);
    if (csv->at == csv->end)
        return CSV_END;
    csv->line = csv->next_line;
    size_t count = 0;
    enum stop stop = STOP_COMMA;
    for (; stop == STOP_COMMA; count++) {
        struct text field = {NULL, 0};
        stop = take_field(csv, count, &field);
        if (stop == STOP_BAD) {
            skip_line(csv);
            return CSV_BAD;
        }
        csv->fields[count < csv->header_count ? csv->targets[count] : CSV_COLUMNS_MAX] = field;
    }
    if (count != csv->header_count) {
        problems_add(csv->problems, csv->file, csv->line, "the row has %zu fields, the header has %zu", count,
                     csv->header_count);
        return CSV_BAD;
    }
    return CSV_ROW;
}

size_t csv_write(struct text text, char *out)
{
    bool plain = true;
    for (size_t i = 0; i < text.length && plain; i++)
        plain = !STOPS[(unsigned char)text.bytes[i]];
    if (plain) {
        if (text.length > 0)
            memcpy(out, text.bytes, text.length);
        return text.length;
    }
    char *to = out;
    *to++ = '"';
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] == '"')
            *to++ = '"';
        *to++ = text.bytes[i];
    }
    *to++ = '"';
    return (size_t)(to - out);
}
