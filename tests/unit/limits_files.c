/* One past each limit of a school's files: they are refused with the number. The limits are those of docs/limits.md. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/filebytes.h"
#include "daemon/commands/import_told.h"
#include "daemon/core/school/attendance_csv.h"
#include "daemon/core/school/csv.h"
#include "daemon/core/school/periods.h"
#include "daemon/core/school/schoolfiles.h"
#include "tests/test.h"

static struct problems problems;

static bool told_only(const char *line)
{
    bool told = problems.count == 1 && strcmp(problems.lines[0], line) == 0;
    if (!told)
        printf("# expected \"%s\", told %d, first \"%s\"\n", line, problems.count, problems.lines[0]);
    return told;
}

/* So many rows of a calendar, behind its header. */
static char *calendar_of(size_t rows, size_t *length)
{
    static const char HEADER[] = "from,to,kind\n", ROW[] = ",,lov\n";
    char *text = malloc(sizeof HEADER + rows * (sizeof ROW - 1));
    *length = sizeof HEADER - 1;
    memcpy(text, HEADER, *length);
    for (; rows > 0; rows--, *length += sizeof ROW - 1)
        memcpy(text + *length, ROW, sizeof ROW - 1);
    return text;
}

static void one_row_past_a_file(void)
{
    static const uint8_t KEY[TOKEN_KEY_BYTES];
    static struct schoolfiles files;
    size_t length;
    char *text = calendar_of(SCHOOLFILES_ROWS_MAX + 1, &length);
    problems = (struct problems){0};
    schoolfiles_init(&files, KEY, &problems, &problems);
    CHECK(schoolfiles_read(&files, SCHOOLFILE_CALENDAR, text, length));
    CHECK(files.files[SCHOOLFILE_CALENDAR].count == SCHOOLFILES_ROWS_MAX);
    CHECK(told_only("calendar.csv:4000002: more than 4000000 rows; split the file"));
    schoolfiles_free(&files);
    free(text);
}

/* It holds no block of the disk. */
static void one_byte_past_a_file(void)
{
    char path[] = "/tmp/narvaro-limits-XXXXXX", *bytes = NULL;
    size_t length;
    int fd = mkstemp(path);
    unlink(path);
    CHECK(fd >= 0 && ftruncate(fd, (off_t)SCHOOLFILES_BYTES_MAX + 1) == 0);
    CHECK(!filebytes_read(fd, SCHOOLFILES_BYTES_MAX, &bytes, &length) && errno == EFBIG);
    close(fd);
}

/* A name of the header is shown whole, with its separator, or not at all. */
static void a_long_header_is_shown_with_a_sign_that_it_goes_on(void)
{
    static const struct csv_column COLUMNS[] = {{.name = "pupil_id", .required = true}};
    enum { FITS = CSV_SHOWN_BYTES_MAX - 2 };
    char header[FITS + 4], expected[PROBLEM_BYTES];
    for (size_t more = 0; more < 2; more++) {
        struct csv csv;
        memset(header, 'x', FITS);
        strcpy(header + FITS, more > 0 ? ",y\n" : "\n");
        snprintf(expected, sizeof expected,
                 "f.csv:1: pupil_id: this file is separated by commas and has no column \"pupil_id\"; found: %.*s%s",
                 FITS, header, more > 0 ? "…" : "");
        problems = (struct problems){0};
        CHECK(!csv_open(&csv, "f.csv", header, strlen(header), COLUMNS, 1, &problems));
        CHECK(told_only(expected));
    }
}

static void fill(struct names *names, uint32_t count)
{
    char name[16];
    for (uint32_t i = names->count; i < count; i++)
        names_add(names, (struct text){name, (size_t)snprintf(name, sizeof name, "%x", (unsigned)i)});
    CHECK(names->count == count);
}

static bool reads_row(struct attendance_csv *attendance, const char *pupil, const char *class)
{
    char text[256];
    int length = snprintf(text, sizeof text,
                          "pupil_id,class,date,start,minutes,subject,status,absent_minutes\n"
                          "%s,%s,2026-09-01,08:10,60,Svenska,present,0\n",
                          pupil, class);
    problems = (struct problems){0};
    return attendance_csv_read(attendance, "a.csv", text, (size_t)length, &problems);
}

static void one_pupil_and_one_class_past_a_detector(void)
{
    struct attendance_csv attendance;
    CHECK(attendance_csv_open(&attendance));
    fill(&attendance.classes, DETECT_CLASSES_MAX - 1);
    fill(&attendance.pupils, DETECT_PUPILS_MAX - 1);
    CHECK(reads_row(&attendance, "the last", "the last"));
    CHECK(!reads_row(&attendance, "the last", "one more") && told_only("a.csv:2: class: more than 200000 classes"));
    CHECK(!reads_row(&attendance, "one more", "the last") && told_only("a.csv:2: pupil_id: more than 2000000 pupils"));
    attendance_csv_close(&attendance);
}

/* A pupil who is elsewhere from each second day on. */
static void one_period_past_a_pupil(void)
{
    static struct periods periods;
    static const struct period_terms TERMS = {.today = 20000};
    struct period_changes changes;
    problems = (struct problems){0};
    for (int i = 0; i <= PERIODS_MAX; i++) {
        struct period_row row = {.from_day = 20000 + 2 * i,
                                 .to_day = 20000 + 2 * i,
                                 .label = {text_of("8B"), text_of("8")},
                                 .known_ms = 1,
                                 .file = "pupils.csv",
                                 .line = 2 + i};
        CHECK(periods_take(&periods, &row, &TERMS, &changes, &problems) == (i < PERIODS_MAX));
    }
    CHECK(periods.count == PERIODS_MAX && told_only("pupils.csv:66: from: more than 64 periods"));
}

/* A period that begins earlier, is another class's from today on, and ends. */
static void no_row_makes_more_changes_than_are_told(void)
{
    static const struct period_terms TERMS = {.today = 20020};
    static struct periods periods = {.count = 1, .list = {{.from_day = 20010, .to_day = 20090, .label = {"8B", "8"}}}};
    struct period_row row = {.from_day = 20000, .to_day = 20050, .label = {text_of("8C"), text_of("8")}, .known_ms = 1};
    struct period_changes changes;
    CHECK(periods_take(&periods, &row, &TERMS, &changes, &problems) && changes.count == PERIOD_CHANGES_MAX);
    CHECK(changes.list[0].change == PERIOD_LENGTHENED && changes.list[1].change == PERIOD_MOVED &&
          changes.list[2].change == PERIOD_LEFT);
}

static void one_name_past_what_an_import_tells(void)
{
    struct import_told told;
    import_told_init(&told);
    for (int i = 0; i <= IMPORT_TOLD_NAMES_MAX; i++)
        import_told_add(&told, SCHOOLFILE_PUPILS, "moved", text_of("p"), "7B", 20000);
    const json_t *entry = json_array_get(told.changes, 0);
    CHECK(json_array_size(told.changes) == 1);
    CHECK(json_integer_value(json_object_get(entry, "count")) == IMPORT_TOLD_NAMES_MAX + 1);
    CHECK(json_array_size(json_object_get(entry, "names")) == IMPORT_TOLD_NAMES_MAX);
    json_decref(told.changes);
    json_decref(told.unmet);
}

int main(void)
{
    TEST(one_row_past_a_file);
    TEST(one_byte_past_a_file);
    TEST(a_long_header_is_shown_with_a_sign_that_it_goes_on);
    TEST(one_pupil_and_one_class_past_a_detector);
    TEST(one_period_past_a_pupil);
    TEST(no_row_makes_more_changes_than_are_told);
    TEST(one_name_past_what_an_import_tells);
    return test_done();
}
