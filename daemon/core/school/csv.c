/* A hand-written scanner over one buffer: fields are slices of it, and doubled quotes are removed in place. */
#include "daemon/core/school/csv.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>

enum stop { STOP_FIELD, STOP_LINE, STOP_BAD };

/* Bytes that end an unquoted field or must not occur in it; all others are skipped by one table lookup each. */
static const bool STOPS[UCHAR_MAX + 1] = {
    [0] = true, ['"'] = true, [','] = true, [';'] = true, ['\t'] = true, ['\n'] = true, ['\r'] = true};
static const char SEPARATORS[] = ",;\t";

void csv_problem(const struct csv *csv, size_t column, const char *format, ...)
{
    char what[PROBLEM_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    csv_problem_to(csv->problems, csv, column, what);
}

void csv_problem_to(struct problems *problems, const struct csv *csv, size_t column, const char *what)
{
    problems_add(problems, csv->file, csv->line, "%s: %s", csv->columns[column].name, what);
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

/* Takes what ends a field: separator, line end or the end of the file. */
static enum stop take_stop(struct csv *csv, size_t position)
{
    if (csv->at == csv->end)
        return STOP_LINE;
    char stop = *csv->at++;
    if (stop == csv->separator)
        return STOP_FIELD;
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
static bool take_quoted(struct csv *csv, struct text *field)
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
        *to++ = *from;
    }
    csv->at = csv->end;
    return false;
}

/* White space of Unicode at the beginning of the text: how many bytes of it; 0 when it begins with something else. */
static size_t space_at(const unsigned char *at, size_t left)
{
    if (left >= 1 && (at[0] == ' ' || (at[0] >= '\t' && at[0] <= '\r')))
        return 1;
    if (left >= 2 && at[0] == 0xC2 && at[1] == 0xA0) /* no-break space */
        return 2;
    if (left < 3)
        return 0;
    bool general = at[0] == 0xE2 && at[1] == 0x80 && (at[2] <= 0x8A || at[2] == 0xAF); /* en space … narrow no-break */
    bool wide = at[0] == 0xE3 && at[1] == 0x80 && at[2] == 0x80;                       /* ideographic space */
    bool mark = at[0] == 0xEF && at[1] == 0xBB && at[2] == 0xBF; /* a byte order mark gone astray */
    return general || wide || mark ? 3 : 0;
}

/* At the end, white space of one to three bytes is tried backwards, as UTF-8 cannot be read from its end alone. */
static struct text trimmed(struct text text)
{
    const unsigned char *at = (const unsigned char *)text.bytes, *end = at + text.length;
    for (size_t space; (space = space_at(at, (size_t)(end - at))) > 0;)
        at += space;
    for (size_t length = 1; at < end && length <= 3;) {
        if ((size_t)(end - at) >= length && space_at(end - length, length) == length) {
            end -= length;
            length = 1;
        } else {
            length++;
        }
    }
    return (struct text){(const char *)at, (size_t)(end - at)};
}

/* In a field without quotes, the separators of other kinds of file are ordinary text. */
static enum stop take_field(struct csv *csv, size_t position, struct text *field)
{
    if (csv->at < csv->end && *csv->at == '"') {
        csv->at++;
        if (!take_quoted(csv, field))
            return bad_field(csv, position, "a quote that is never closed");
        if (memchr(field->bytes, '\0', field->length) != NULL)
            return bad_field(csv, position, "a NUL byte; the file must be UTF-8 text");
    } else {
        char *at = csv->at;
        while (at < csv->end && (!STOPS[(unsigned char)*at] ||
                                 (*at != csv->separator && strchr(SEPARATORS, *at) != NULL && *at != '\0')))
            at++;
        *field = (struct text){csv->at, (size_t)(at - csv->at)};
        csv->at = at;
    }
    if (field->length > CSV_FIELD_BYTES_MAX)
        return bad_field(csv, position, "longer than 4096 bytes; is a quote missing?");
    *field = trimmed(*field);
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

/* Which of the caller's columns this is; CSV_COLUMNS_MAX for one that is not asked for. */
static size_t column_called(const struct csv *csv, struct text name, size_t column_count)
{
    for (size_t i = 0; i < column_count; i++)
        if (text_equal(name, text_of(csv->columns[i].name)) ||
            (csv->columns[i].called != NULL && text_equal(name, text_of(csv->columns[i].called))))
            return i;
    return CSV_COLUMNS_MAX;
}

/* Names that are empty at the end are no columns: header_count ends with the last name that is not. */
static bool read_header(struct csv *csv, size_t column_count, bool *found)
{
    size_t count = 0;
    enum stop stop = STOP_FIELD;
    for (; stop == STOP_FIELD; count++) {
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
        csv->header[count] = name;
        if (name.length > 0)
            csv->header_count = count + 1;
    }
    return true;
}

/* The header's line as it stands, at most so much as a message shows. */
static struct text header_line(const struct csv *csv)
{
    const char *end = memchr(csv->at, '\n', (size_t)(csv->end - csv->at));
    return trimmed((struct text){csv->at, (size_t)((end == NULL ? csv->end : end) - csv->at)});
}

/* The separator that occurs most often in the header outside quotes. */
static char separator_of(struct text header)
{
    size_t counts[sizeof SEPARATORS - 1] = {0}, most = 0;
    bool quoted = false;
    for (size_t i = 0; i < header.length; i++) {
        const char *which = header.bytes[i] == '\0' ? NULL : strchr(SEPARATORS, header.bytes[i]);
        quoted ^= header.bytes[i] == '"';
        if (which != NULL && !quoted)
            counts[which - SEPARATORS]++;
    }
    for (size_t i = 1; i < sizeof SEPARATORS - 1; i++)
        if (counts[i] > counts[most])
            most = i;
    return SEPARATORS[most];
}

/* Excel's first line "sep=;". */
static void find_separator(struct csv *csv)
{
    struct text line = header_line(csv);
    bool said = line.length == 5 && memcmp(line.bytes, "sep=", 4) == 0 && line.bytes[4] != '\0' &&
                strchr(SEPARATORS, line.bytes[4]) != NULL;
    /* A tab at the end is trimmed away. */
    bool tab = line.length == 4 && memcmp(line.bytes, "sep=", 4) == 0;
    if (!said && !tab) {
        csv->separator = separator_of(line);
        return;
    }
    csv->separator = tab ? '\t' : line.bytes[4];
    char *line_feed = memchr(csv->at, '\n', (size_t)(csv->end - csv->at));
    csv->at = line_feed == NULL ? csv->end : line_feed + 1;
    csv->line = ++csv->next_line;
}

/* UTF-16 has a byte order mark, or a NUL in every other byte of its header. */
static bool is_utf16(const char *bytes, size_t length)
{
    return length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0 ||
                           (length >= 4 && ((bytes[0] == '\0' && bytes[1] != '\0' && bytes[2] == '\0') ||
                                            (bytes[0] != '\0' && bytes[1] == '\0' && bytes[3] == '\0'))));
}

/* The first line that is not UTF-8; 0: all are. */
static int first_bad_line(struct text text)
{
    if (text_is_utf8(text))
        return 0;
    int line = 1;
    for (const char *at = text.bytes, *end = text.bytes + text.length; at < end; line++) {
        const char *line_feed = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((line_feed == NULL ? end : line_feed + 1) - at);
        if (!text_is_utf8((struct text){at, length}))
            return line;
        at += length;
    }
    return line;
}

/* Says which encoding the file most likely has, and how to save it as UTF-8. */
static bool is_text(const struct csv *csv, const char *bytes, size_t length)
{
    static const char SAVE[] = "save it as UTF-8 (Excel: file type \"CSV UTF-8\")";
    int line = 0;
    if (is_utf16(bytes, length))
        problems_add(csv->problems, csv->file, 0, "the file is UTF-16 (\"Unicode text\"); %s", SAVE);
    else if ((line = first_bad_line((struct text){bytes, length})) > 0)
        problems_add(csv->problems, csv->file, line, "not UTF-8 here: the file is most likely Windows-1252 (ANSI); %s",
                     SAVE);
    else
        return true;
    return false;
}

/* The header's names with a comma between them, as much as a message shows. */
static void list_header(const struct csv *csv, char out[CSV_SHOWN_BYTES_MAX + sizeof "…"])
{
    size_t used = (size_t)snprintf(out, CSV_SHOWN_BYTES_MAX, "%s", csv->header_count == 0 ? "nothing" : "");
    for (size_t i = 0; i < csv->header_count; i++) {
        struct text name = csv->header[i];
        if (used + name.length + 2 > CSV_SHOWN_BYTES_MAX) {
            memcpy(out + used, "…", sizeof "…");
            return;
        }
        used += (size_t)snprintf(out + used, CSV_SHOWN_BYTES_MAX - used + 1, "%s%.*s", i == 0 ? "" : ", ",
                                 (int)name.length, name.length == 0 ? "" : name.bytes);
    }
}

/* Reports required columns that are missing, with the columns that were found. */
static bool has_required(const struct csv *csv, size_t column_count, const bool *found)
{
    static const char *const NAMES[] = {[','] = "commas", [';'] = "semicolons", ['\t'] = "tabs"};
    bool complete = true;
    char header[CSV_SHOWN_BYTES_MAX + sizeof "…"];
    list_header(csv, header);
    for (size_t i = 0; i < column_count; i++) {
        if (found[i] || !csv->columns[i].required)
            continue;
        const char *name = csv->columns[i].name;
        problems_add(csv->problems, csv->file, csv->line,
                     "%s: this file is separated by %s and has no column \"%s\"; found: %s", name,
                     NAMES[(unsigned char)csv->separator], name, header);
        complete = false;
    }
    return complete;
}

bool csv_unread(const struct csv *csv, size_t position)
{
    return csv->header[position].length > 0 && csv->targets[position] == CSV_COLUMNS_MAX;
}

bool csv_open(struct csv *csv, const char *file, char *bytes, size_t length, const struct csv_column *columns,
              size_t column_count, struct problems *problems)
{
    assert(column_count > 0 && column_count < CSV_COLUMNS_MAX);
    *csv = (struct csv){.file = file, .columns = columns, .problems = problems, .line = 1, .next_line = 1};
    csv->at = bytes;
    csv->end = bytes + length;
    if (!is_text(csv, bytes, length))
        return false;
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        csv->at += 3;
    find_separator(csv);
    bool found[CSV_COLUMNS_MAX] = {false};
    return read_header(csv, column_count, found) && has_required(csv, column_count, found);
}

/* Reads one row; `*empty` when no field of it has anything. */
static enum csv_result take_row(struct csv *csv, bool *empty)
{
    size_t count = 0, filled = 0;
    enum stop stop = STOP_FIELD;
    csv->line = csv->next_line;
    for (; stop == STOP_FIELD; count++) {
        struct text field = {NULL, 0};
        stop = take_field(csv, count, &field);
        if (stop == STOP_BAD) {
            skip_line(csv);
            return CSV_BAD;
        }
        if (field.length > 0)
            filled = count + 1;
        csv->fields[count < csv->header_count ? csv->targets[count] : CSV_COLUMNS_MAX] = field;
    }
    *empty = filled == 0;
    if (*empty || (filled <= csv->header_count && count >= csv->header_count))
        return CSV_ROW;
    problems_add(csv->problems, csv->file, csv->line, "the row has %zu fields, the header has %zu", count,
                 csv->header_count);
    return CSV_BAD;
}

enum csv_result csv_next(struct csv *csv)
{
    bool empty = true;
    enum csv_result result = CSV_END;
    while (empty) {
        skip_empty_lines(csv);
        if (csv->at == csv->end)
            return CSV_END;
        empty = false;
        result = take_row(csv, &empty);
    }
    return result;
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
