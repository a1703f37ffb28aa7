#include "daemon/core/school/csv.h"

#include <stdlib.h>
#include "tests/test.h"

static const struct csv_column COLUMNS[] = {{"id", true, "Nr"}, {"name", true, NULL}, {"note", false, NULL}};
#define COLUMN_COUNT (sizeof COLUMNS / sizeof *COLUMNS)

/* Reads a whole text: rows become "id|name|note;" , bad rows "!"; what was said of them goes to problems. */
static struct problems problems;

static const char *read_all(const char *text, size_t length)
{
    static char out[4096];
    static char bytes[8192];
    memcpy(bytes, text, length);
    memset(&problems, 0, sizeof problems);
    struct csv csv;
    if (!csv_open(&csv, "f.csv", bytes, length, COLUMNS, COLUMN_COUNT, &problems))
        return "no header";
    size_t used = 0;
    for (enum csv_result result; (result = csv_next(&csv)) != CSV_END;) {
        if (result == CSV_BAD) {
            out[used++] = '!';
            continue;
        }
        for (size_t i = 0; i < COLUMN_COUNT; i++)
            used += (size_t)snprintf(out + used, sizeof out - used, "%.*s%c", (int)csv.fields[i].length,
                                     csv.fields[i].bytes == NULL ? "" : csv.fields[i].bytes,
                                     i + 1 < COLUMN_COUNT ? '|' : ';');
    }
    out[used] = '\0';
    return out;
}

struct csv_case {
    const char *name, *text, *rows, *problem;
};

static const struct csv_case CASES[] = {
    {"plain", "id,name\n1,Ada\n2,Bo\n", "1|Ada|;2|Bo|;", NULL},
    {"no last line feed", "id,name\n1,Ada", "1|Ada|;", NULL},
    {"CRLF and byte order mark", "\xEF\xBB\xBFid,name\r\n1,Ada\r\n", "1|Ada|;", NULL},
    {"columns in any order", "note,name,id\nx,Ada,1\n", "1|Ada|x;", NULL},
    {"columns that nobody asked for", "id,shoe size,name\n1,38,Ada\n", "1|Ada|;", NULL},
    {"quotes", "id,name\n1,\"O'Efter \"\"1\"\", jr\"\n", "1|O'Efter \"1\", jr|;", NULL},
    {"quoted empty and last", "id,name,note\n\"\",\"x\",\"\"", "|x|;", NULL},
    {"line break in quotes", "id,name\n1,\"a\nb\"\n2,c\n", "1|a\nb|;2|c|;", NULL},
    {"semicolons", "id;name;note\n1;Ada;a,b,c\n", "1|Ada|a,b,c;", NULL},
    {"tabs", "id\tname\n1\tAda, Bo; C\n", "1|Ada, Bo; C|;", NULL},
    {"whichever the header has most of", "id;name,x;note\n1;a,b;c\n", "no header",
     "f.csv:1: name: this file is separated by semicolons and has no"},
    {"separators in a quoted header name", "id;name;\"a,b,c\"\n1;Ada;\n", "1|Ada|;", NULL},
    {"Excel's first line", "sep=;\nid;name\n1;Ada\n", "1|Ada|;", NULL},
    {"Excel's first line with a tab", "\xEF\xBB\xBFsep=\t\r\nid\tname\r\n1\tAda\r\n", "1|Ada|;", NULL},
    {"Excel's first line against the header", "sep=,\nid,name,\"a;b;c;d\"\n1,A;B,\n", "1|A;B|;", NULL},
    {"lines count from the first", "sep=;\nid;name\n1\n", "!", "f.csv:3: the row has 1 fields, the header has 2"},
    {"blanks around fields", " id ,name\t\n 1 ,\xC2\xA0 Ada\xE2\x80\xAF\n", "1|Ada|;", NULL},
    {"empty rows and columns at the end", "id,name,,\n1,Ada,,\n2,Bo\n3,C,,,,\n,,,\n,\n", "1|Ada|;2|Bo|;3|C|;", NULL},
    {"something behind the last column", "id,name,,\n1,Ada,,x\n", "!",
     "f.csv:2: the row has 4 fields, the header has 2"},
    {"empty lines", "id,name\n\n1,Ada\n\r\n\n2,Bo\n\n", "1|Ada|;2|Bo|;", NULL},
    {"Swedish letters", "id,name\n1,\xC3\x85sa\n", "1|\xC3\x85sa|;", NULL},
    {"no rows", "id,name\n", "", NULL},
    {"too few fields", "id,name\n1\n2,Bo\n", "!2|Bo|;", "f.csv:2: the row has 1 fields, the header has 2"},
    {"too many fields", "id,name\n1,2,3\n", "!", "f.csv:2: the row has 3 fields, the header has 2"},
    {"quote inside", "id,name\n1,A\"da\n2,Bo\n", "!2|Bo|;", "f.csv:2: name: a quote inside"},
    {"text after quote", "id,name\n1,\"A\"da\n2,Bo\n", "!2|Bo|;", "f.csv:2: name: a quote inside"},
    {"quote never closed", "id,name\n1,Ada\n2,\"Bo\n3,C\n", "1|Ada|;!", "f.csv:3: name: a quote that is never closed"},
    {"Latin-1", "id,name\n1,\xC5sa\n", "no header", "f.csv:2: not UTF-8 here: the file is most likely Windows-1252"},
    {"overlong UTF-8", "id,name\n1,\xC0\xAF\n", "no header",
     "f.csv:2: not UTF-8 here: the file is most likely Windows-1252"},
    {"surrogate", "id,name\n1,\xED\xA0\x80\n", "no header",
     "f.csv:2: not UTF-8 here: the file is most likely Windows-1252"},
    {"above U+10FFFF", "id,name\n1,\xF4\x90\x80\x80\n", "no header",
     "f.csv:2: not UTF-8 here: the file is most likely Windows-1252"},
    {"cut UTF-8", "id,name\n1,\xE2\x82", "no header", "f.csv:2: not UTF-8 here: the file is most likely Windows-1252"},
    {"lone carriage return", "id,name\n1,A\rB\n", "!", "f.csv:2: name: a carriage return"},
    {"missing column", "id,note\n1,x\n", "no header",
     "f.csv:1: name: this file is separated by commas and has no column \"name\"; found: id, note"},
    {"column twice", "id,name,id\n1,x,2\n", "no header", "f.csv:1: id: the header names this column twice"},
    {"the school's own name", "name;Nr\nAda;1\n", "1|Ada|;", NULL},
    {"empty file", "", "no header",
     "f.csv:1: id: this file is separated by commas and has no column \"id\"; found: nothing"},
};

static void reads_rfc_4180_and_says_what_is_wrong(void)
{
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct csv_case *c = &CASES[i];
        const char *rows = read_all(c->text, strlen(c->text));
        bool told = c->problem == NULL
                        ? problems.count == 0
                        : problems.count > 0 && strncmp(problems.lines[0], c->problem, strlen(c->problem)) == 0;
        if (strcmp(rows, c->rows) != 0 || !told)
            printf("# case \"%s\": rows %s, problem %s\n", c->name, rows, problems.lines[0]);
        CHECK(strcmp(rows, c->rows) == 0);
        CHECK(told);
    }
}

static void refuses_nul_bytes(void)
{
    static const char PLAIN[] = "id,name\n1,A\0B\n2,Bo\n", QUOTED[] = "id,name\n1,\"A\0B\"\n2,Bo\n";
    CHECK(strcmp(read_all(PLAIN, sizeof PLAIN - 1), "!2|Bo|;") == 0);
    CHECK(strcmp(read_all(QUOTED, sizeof QUOTED - 1), "!2|Bo|;") == 0);
}

static void bounds_the_length_of_a_field(void)
{
    static char text[8192] = "id,name\n1,";
    size_t length = strlen(text);
    memset(text + length, 'x', CSV_FIELD_BYTES_MAX + 1);
    CHECK(strcmp(read_all(text, length + CSV_FIELD_BYTES_MAX + 1), "!") == 0);
}

static void says_that_a_file_is_utf_16(void)
{
    static const struct {
        const char *bytes;
        size_t length;
    } FILES[] = {{"\xFF\xFEi\0d\0,\0", 8}, {"\xFE\xFF\0i\0d\0,", 8}, {"i\0d\0,\0", 6}, {"\0i\0d\0,", 6}};
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        CHECK(strcmp(read_all(FILES[i].bytes, FILES[i].length), "no header") == 0);
        CHECK(problems.count == 1 && strstr(problems.lines[0], "f.csv: the file is UTF-16") == problems.lines[0]);
        CHECK(strstr(problems.lines[0], "CSV UTF-8") != NULL);
    }
}

static void bounds_the_columns_of_a_file(void)
{
    static char text[4096];
    for (int more = 0; more <= 1; more++) {
        size_t length = (size_t)snprintf(text, sizeof text, "id,name");
        for (int i = 2; i < CSV_COLUMNS_MAX + more; i++)
            length += (size_t)snprintf(text + length, sizeof text - length, ",c%d", i);
        length += (size_t)snprintf(text + length, sizeof text - length, "\n");
        CHECK((strcmp(read_all(text, length), "no header") == 0) == (more == 1));
    }
}

/* Whatever is written is read back, one field after the other. */
static void writes_what_it_reads(void)
{
    static const char *const FIELDS[] = {"", "plain", "a,b", "\"", "a \"quoted\" word", "two\nlines", "\xC3\xA5"};
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
        char text[256] = "id,name\n1,";
        size_t length = strlen(text);
        length += csv_write(text_of(FIELDS[i]), text + length);
        char expected[128];
        snprintf(expected, sizeof expected, "1|%s|;", FIELDS[i]);
        CHECK(strcmp(read_all(text, length), expected) == 0);
    }
}

/* Any bytes at all end in an answer, and never in fields outside of the buffer. */
static void survives_random_bytes(void)
{
    static const char ALPHABET[] = {'a', ',', '"', '\n', '\r', '\0', '\xC3', '\xA5', 'b', '\n'};
    srandom(1);
    for (int round = 0; round < 20000; round++) {
        char text[64] = "id,name\n";
        size_t length = 8 + (size_t)(random() % 48);
        for (size_t i = 8; i < length; i++)
            text[i] = ALPHABET[(size_t)random() % sizeof ALPHABET];
        read_all(text, length);
        CHECK(problems.count <= 56);
    }
}

int main(void)
{
    TEST(reads_rfc_4180_and_says_what_is_wrong);
    TEST(refuses_nul_bytes);
    TEST(says_that_a_file_is_utf_16);
    TEST(bounds_the_length_of_a_field);
    TEST(bounds_the_columns_of_a_file);
    TEST(writes_what_it_reads);
    TEST(survives_random_bytes);
    return test_done();
}
