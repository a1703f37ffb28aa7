/* One past each limit of a school's files: they are refused with the number. The limits are those of docs/limits.md. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/filebytes.h"
#include "daemon/core/school/attendance_csv.h"
#include "daemon/core/school/csv.h"
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

static void a_long_header_is_shown_with_a_sign_that_it_goes_on(void)
{
    static const struct csv_column COLUMNS[] = {{"pupil_id", true, NULL}};
    char header[CSV_SHOWN_BYTES_MAX + 3], expected[PROBLEM_BYTES];
    for (size_t more = 0; more < 2; more++) {
        struct csv csv;
        size_t length = CSV_SHOWN_BYTES_MAX + more;
        memset(header, 'x', length);
        header[length] = '\n';
        snprintf(expected, sizeof expected,
                 "f.csv:1: pupil_id: the header has no such column; the file is separated by commas, found: %.*s%s",
                 CSV_SHOWN_BYTES_MAX, header, more > 0 ? "…" : "");
        problems = (struct problems){0};
        CHECK(!csv_open(&csv, "f.csv", header, length + 1, COLUMNS, 1, &problems));
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

int main(void)
{
    TEST(one_row_past_a_file);
    TEST(one_byte_past_a_file);
    TEST(a_long_header_is_shown_with_a_sign_that_it_goes_on);
    TEST(one_pupil_and_one_class_past_a_detector);
    return test_done();
}
