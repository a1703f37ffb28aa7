/* attendance.csv: rows that are alike are one, rows that contradict each other are an error that names both. */
#include "daemon/core/school/attendance_csv.h"

#include <string.h>
#include "tests/test.h"

#define HEADER "pupil_id,class,date,start,minutes,subject,status,absent_minutes\n"

static struct problems problems;

/* How many rows the files leave, in the order given; -1: they are refused. */
static int rows_of(const char *const texts[], size_t count)
{
    static const char *const NAMES[] = {"one.csv", "two.csv"};
    static char bytes[2][1024];
    struct attendance_csv attendance;
    problems.count = 0;
    CHECK(attendance_csv_open(&attendance));
    for (size_t i = 0; i < count; i++) {
        snprintf(bytes[i], sizeof bytes[i], HEADER "%s", texts[i]);
        CHECK(attendance_csv_read(&attendance, NAMES[i], bytes[i], strlen(bytes[i]), &problems));
    }
    CHECK(attendance_csv_sort(&attendance));
    int rows = attendance_csv_check(&attendance, &problems) ? (int)attendance.row_count : -1;
    attendance_csv_close(&attendance);
    return rows;
}

static void rows_that_are_alike_are_one(void)
{
    static const char *const ALIKE[] = {
        "a,7A,2026-10-26,08:10,50,ma,present,0\na,7A,2026-10-26,08:10,50,ma,present,0\n",
        "a,7A,2026-10-26,08:10,50,ma,present,0\n"};
    CHECK(rows_of(ALIKE, 2) == 1);
}

static void rows_that_contradict_each_other_are_an_error_with_both_places(void)
{
    static const char *const WITHIN[] = {"a,7A,2026-10-26,08:10,50,ma,present,0\na,7A,2026-10-26,08:10,50,ma,late,7\n"};
    static const char *const BETWEEN[] = {"a,7A,2026-10-26,08:10,50,ma,reported,50\n",
                                          "b,7A,2026-10-26,08:10,50,ma,present,0\n"
                                          "a,7A,2026-10-26,08:10,50,ma,present,0\n"};
    CHECK(rows_of(WITHIN, 1) == -1 && problems.count == 1);
    CHECK(strncmp(problems.lines[0], "one.csv:3: contradicts one.csv:2,", 33) == 0);
    CHECK(rows_of(BETWEEN, 2) == -1 && problems.count == 1);
    CHECK(strncmp(problems.lines[0], "two.csv:3: contradicts one.csv:2,", 33) == 0);
}

/* A lesson that did not count for the pupil, and one of another subject or start, contradict nothing. */
static void rows_that_may_stand_together(void)
{
    static const char *const BESIDE[] = {"a,7A,2026-10-26,08:10,50,ma,present,0\na,7A,2026-10-26,08:10,50,ma,exempt,0\n"
                                         "a,7A,2026-10-26,08:10,50,sv,late,7\na,7A,2026-10-26,09:10,50,ma,late,7\n"};
    CHECK(rows_of(BESIDE, 1) == 4);
}

int main(void)
{
    TEST(rows_that_are_alike_are_one);
    TEST(rows_that_contradict_each_other_are_an_error_with_both_places);
    TEST(rows_that_may_stand_together);
    return test_done();
}
